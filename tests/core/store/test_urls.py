"""DATABASE_URL: what is accepted, what is refused, and that a password never shows."""

from __future__ import annotations

import pytest

from chandelier_core.store.errors import StoreError
from chandelier_core.store.urls import parse_url, redact, tortoise_connection


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "asyncpg"])
def test_three_schemes_mean_the_same(scheme: str) -> None:
    address = parse_url(f"{scheme}://ada:s%40fe%2F%25@db.example:6543/bot")
    assert (address.host, address.port, address.database, address.user) == ("db.example", 6543, "bot", "ada")
    assert address.password == "s@fe/%"
    assert address.place == "db.example:6543/bot"
    assert "s@fe" not in repr(address)


def test_a_socket_folder_comes_in_the_query() -> None:
    address = parse_url("postgres://chandelier@/chandelier?host=/run/user/1000/chd")
    assert (address.host, address.port, address.password) == ("/run/user/1000/chd", 5432, None)
    assert address.place == "/run/user/1000/chd (socket)/chandelier"


def test_an_ipv6_host_is_understood() -> None:
    assert parse_url("postgres://u@[::1]:6000/bot").place == "[::1]:6000/bot"


def test_pool_and_driver_options_reach_the_driver_with_their_types() -> None:
    url = "postgres://u:p@h/bot?statement_cache_size=0&command_timeout=5&connect_timeout=3&application_name=x"
    credentials = tortoise_connection(parse_url(url), minsize=1, maxsize=7)["credentials"]
    assert isinstance(credentials, dict)
    assert (credentials["minsize"], credentials["maxsize"]) == (1, 7)
    assert (credentials["statement_cache_size"], credentials["command_timeout"], credentials["timeout"]) == (
        0,
        5.0,
        3.0,
    )
    assert credentials["server_settings"] == {"application_name": "x"}


@pytest.mark.parametrize(
    ("query", "expected"), [("sslmode=require", "require"), ("sslmode=disable", "disable"), ("ssl=true", "require")]
)
def test_an_sslmode_keeps_its_meaning(query: str, expected: str) -> None:
    assert parse_url(f"postgres://u@h/bot?{query}").arguments()["ssl"] == expected


def test_full_verification_makes_a_context_that_checks_names() -> None:
    context = parse_url("postgres://u@h/bot?sslmode=verify-full&channel_binding=require").arguments()["ssl"]
    assert getattr(context, "check_hostname", None) is True


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:hunter2@h/bot", "not the address of a Postgres database"),
        ("hunter2", "not the address of a Postgres database"),
        ("", "not the address of a Postgres database"),
        ("postgres:hunter2", "cannot be read"),
        ("postgres://u:hunter2#x@h/bot", "percent-encoded"),
        ("postgres://u:hunter2/x@h/bot", "percent-encoded"),
        ("postgres://u:hunter2[@h/bot", "percent-encoded"),
        ("postgres://u:hunter2@h:port/bot", "cannot be read"),
        ("postgres://u:hunter2@h", "names no database"),
        ("postgres://u:hunter2@h1,h2/bot", "several hosts"),
        ("postgres://u:hunter2@h/bot?sslmode=maybe", "sslmode that does not exist"),
        ("postgres://u:hunter2@h/bot?sslmode=verify-ca&sslrootcert=/nowhere", "certificate"),
        ("postgres://u:hunter2@h/bot?timeout=soon", "no number"),
        ("postgres://u:hunter2@h/bot?pool_size=3", "does not know, 'pool_size'"),
        ("postgres://u:hunter2@/bot?host=/x&port=no", "port that is no number"),
    ],
)
def test_a_bad_url_is_refused_in_one_sentence_without_the_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        parse_url(url)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://ada:hunter2@h:1/bot?x=1", "postgres://ada:***@h:1/bot?x=1"),
        ("postgres://ada:hun@ter2@h/bot", "postgres://ada:***@h/bot"),
        ("postgres://ada@h/bot", "postgres://ada@h/bot"),
        ("postgres://ada@/bot?host=/x&password=hunter2", "postgres://ada@/bot?host=/x&password=***"),
        ("postgres://ada:hunter2/x@h/bot", "postgres://***"),
        ("hunter2", "***"),
    ],
)
def test_redacting_hides_the_password_and_little_else(url: str, shown: str) -> None:
    assert redact(url) == shown
