"""What a row keeps of a call, and where a page goes on."""

import math
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from chandelier import Actor, BadOption, Call, Outcome, Status, Surface
from chandelier_logging import plugin
from chandelier_logging.metadata import HIDDEN, describe_options
from chandelier_logging.reading import from_cursor, to_cursor
from chandelier_logging.uses import new_id, to_row

NOW = datetime(2026, 6, 10, 12, 0, 0, 123456, tzinfo=UTC)


def make_call(**arguments):
    return Call(
        reference="7F3K", surface=Surface.TEXT, plugin="custom", command="custom run", arguments=arguments,
        actor=Actor(id=5, name="alice"), received_at=NOW, guild_id=10, channel_id=20,
    )  # fmt: skip


def test_the_plugin_has_nothing_to_correct():
    assert plugin.declare().findings == ()


def test_a_row_says_who_where_what_and_how_it_ended():
    row = to_row(make_call(name="hello"), Outcome(status=Status.REFUSED, code="not_found", duration_ms=1.23456))
    assert (row.user_id, row.user_name, row.guild_id, row.channel_id) == (5, "alice", 10, 20)
    assert (row.plugin, row.command, row.surface, row.reference) == ("custom", "custom run", "text", "7F3K")
    assert (row.status, row.code, row.duration_ms, row.at) == ("refused", "not_found", 1.235, NOW)
    assert row.metadata == {"name": "hello"}


@pytest.mark.parametrize("name", ["token", "api_token", "Password", "client_secret", "apiKey", "key", "credentials"])
def test_an_option_named_like_a_secret_is_hidden(name):
    assert describe_options({name: "hunter2"}) == {name: HIDDEN}


def test_a_secret_inside_of_something_is_hidden_too():
    assert describe_options({"login": [{"password": "hunter2"}]}) == {"login": [{"password": HIDDEN}]}


def test_a_long_text_is_cut_at_two_hundred_characters():
    assert len(describe_options({"text": "x" * 4000})["text"]) == 200


def test_what_postgres_cannot_store_is_replaced():
    assert describe_options({"text": "a\0b\ud800c"}) == {"text": "a\ufffdb?c"}


def test_what_json_cannot_hold_is_written_in_words():
    said = describe_options(
        {"nan": math.nan, "big": 2**70, "at": NOW, "who": SimpleNamespace(id=7), "flag": True, "n": None}
    )
    assert said == {"nan": "nan", "big": str(2**70), "at": NOW.isoformat(), "who": "7", "flag": True, "n": None}


def test_ids_sort_by_time_and_are_version_seven():
    first, second = new_id(1_780_000_000_000_000_000), new_id(1_780_000_000_001_000_000)
    assert first < second
    assert first.version == second.version == 7
    assert first.variant == UUID(int=0x8 << 60).variant


def test_a_cursor_comes_back_as_the_position_it_was_made_of():
    id_ = new_id(1)
    assert from_cursor(to_cursor(NOW, id_)) == (NOW, id_)


@pytest.mark.parametrize(
    "cursor", ["", "%%%", "abc", "é", "MjAyNi0wMS0wMVQwMDowMDowMHwxMjM0NTY3ODEyMzQ1Njc4MTIzNDU2NzgxMjM0NTY3OA"]
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadOption) as refusal:
        from_cursor(cursor)
    assert refusal.value.option == "cursor"
