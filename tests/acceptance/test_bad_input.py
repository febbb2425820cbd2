"""What an operator gets wrong is told in one clear sentence, with the right exit code, no traceback, and no secret."""

from __future__ import annotations

import socket

import asyncpg
import pytest

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.local.sandbox"
NOWHERE = "http://127.0.0.1:9/api/v10"


def one_sentence(ended, *parts):
    """Check that the command said these parts in one line of its own, and nothing that only a programmer reads."""
    lines = [line for line in ended.err.splitlines() if line.startswith("chandelier: ")]
    assert len(lines) == 1, ended.said
    for part in parts:
        assert part in lines[0], lines[0]
    assert "Traceback" not in ended.said
    assert TOKEN not in ended.said


@pytest.fixture
def ping_only(plugins_file):
    return {"CHANDELIER_PLUGINS": str(plugins_file("ping")), "CHANDELIER_BIND": "127.0.0.1:0"}


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({}, ("DISCORD_TOKEN is not set", "Developer Portal")),
        ({"DISCORD_TOKEN": "hunter2hunter2"}, ("DISCORD_TOKEN is not a bot token", "Copy it again")),
        ({"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": "discord"}, ("DISCORD_API_URL must be an address",)),
        ({"DISCORD_TOKEN": TOKEN, "CHANDELIER_BIND": "8080"}, ("CHANDELIER_BIND must be an address and a port",)),
        ({"DISCORD_TOKEN_FILE": "/nowhere/token"}, ("DISCORD_TOKEN_FILE names /nowhere/token", "cannot be read")),
        ({"DISCORD_TOKEN": TOKEN, "CHANDELIER_API_TOKEN": "short"}, ("CHANDELIER_API_TOKEN must be at least 24",)),
    ],
)
async def test_a_wrong_setting_is_told_before_anything_starts(chandelier, ping_only, tmp_path, settings, parts):
    ended = await chandelier("run", **{**ping_only, **settings})
    assert ended.code == 2
    one_sentence(ended, *parts)
    assert "hunter2" not in ended.said
    assert not (tmp_path / ".chandelier").exists()


async def test_everything_that_is_wrong_is_told_at_once(chandelier, ping_only):
    ended = await chandelier("run", **{**ping_only, "DISCORD_TOKEN": "x", "CHANDELIER_BIND": "y"})
    assert ended.code == 2
    assert "DISCORD_TOKEN" in ended.err
    assert "CHANDELIER_BIND" in ended.err


async def test_an_unreachable_discord_is_named_with_its_address(chandelier, ping_only, fresh_database):
    ended = await chandelier(
        "run", **ping_only, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=NOWHERE, DATABASE_URL=fresh_database
    )
    assert ended.code == 1
    one_sentence(ended, "Discord at 127.0.0.1:9 cannot be reached", "DISCORD_API_URL")


async def test_a_token_that_discord_refuses_is_told_so(chandelier, ping_only, fresh_database, discord):
    ended = await chandelier(
        "run", **ping_only, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=discord.api_url, DATABASE_URL=fresh_database
    )
    assert ended.code == 1
    one_sentence(ended, "refuses DISCORD_TOKEN", "Copy the token again")


async def test_an_unreachable_database_is_named_without_its_password(chandelier, ping_only):
    url = "postgres://bot:s3cretpassword@127.0.0.1:9/bot"
    ended = await chandelier("run", **ping_only, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=NOWHERE, DATABASE_URL=url)
    assert ended.code == 1
    one_sentence(ended, "127.0.0.1:9/bot", "DATABASE_URL")
    assert "s3cretpassword" not in ended.said


@pytest.mark.parametrize(
    "url", ["mysql://bot:s3cretpassword@host/bot", "not a url s3cretpassword", "postgres://[::1:s3cretpassword"]
)
async def test_a_malformed_database_url_is_told_without_its_password(chandelier, ping_only, url):
    ended = await chandelier("run", **ping_only, DISCORD_TOKEN=TOKEN, DATABASE_URL=url)
    assert ended.code == 1
    one_sentence(ended, "DATABASE_URL")
    assert "s3cretpassword" not in ended.said


async def test_a_busy_port_is_told_and_the_bot_works_without_its_api(started, wiring, fresh_database, discord):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        wired = wiring(discord, fresh_database, "ping") | {"CHANDELIER_BIND": f"127.0.0.1:{port}"}
        async with started("run", **wired) as process:
            failed = await process.logged("service_failed", service="api")
            assert f"127.0.0.1:{port}" in str(failed["why"])
            assert "another program has the port" in str(failed["why"])
            await process.logged("ready")
            assert (await discord.member("alice").slash("ping")).text.startswith("Pong!")
            assert await process.end() == 0


async def test_the_api_apart_ends_where_its_port_is_busy(chandelier, ping_only, fresh_database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        more = {**ping_only, "CHANDELIER_BIND": f"127.0.0.1:{port}"}
        ended = await chandelier("api", **more, DATABASE_URL=fresh_database)
    assert ended.code == 1
    one_sentence(ended, f"127.0.0.1:{port}", "CHANDELIER_BIND")


async def test_an_open_address_without_a_token_is_refused(chandelier, ping_only, fresh_database):
    more = {**ping_only, "CHANDELIER_BIND": "0.0.0.0:0"}
    ended = await chandelier("api", **more, DATABASE_URL=fresh_database)
    assert ended.code == 1
    one_sentence(ended, "CHANDELIER_API_TOKEN")


async def test_an_unknown_key_in_plugins_toml_is_named_with_its_line_and_the_others_are_ready(chandelier, plugins_file):
    path = plugins_file("ping", "reminders", more="[plugins.reminders.config]\nmax_per_usr = 3\n")
    ended = await chandelier("plugins", CHANDELIER_PLUGINS=str(path))
    assert ended.code == 1
    assert f"{path}, line 4" in ended.out
    assert "max_per_usr: there is no such setting. Did you mean max_per_user?" in ended.out
    assert "ready" in next(line for line in ended.out.splitlines() if line.startswith("ping"))
    assert "Traceback" not in ended.said


async def test_a_plugin_that_is_listed_and_not_installed_is_named(chandelier, plugins_file):
    ended = await chandelier("plugins", CHANDELIER_PLUGINS=str(plugins_file("ping", "remindrs")))
    assert ended.code == 1
    assert "line 2: no plugin remindrs is installed" in ended.err
    assert "Did you mean reminders?" in ended.err


@pytest.mark.parametrize(
    ("text", "part"),
    [("[plugins.ping\n", "it is not TOML"), ("[plugin.ping]\n", "there is no table plugin. Did you mean plugins?")],
)
async def test_a_plugins_file_that_cannot_be_read_ends_the_program(chandelier, tmp_path, text, part):
    path = tmp_path / "plugins.toml"
    path.write_text(text)
    ended = await chandelier("run", CHANDELIER_PLUGINS=str(path), DISCORD_TOKEN=TOKEN)
    assert ended.code == 2
    one_sentence(ended, part, "line 1")


async def test_a_missing_plugins_file_says_what_to_write(chandelier, tmp_path):
    ended = await chandelier("run", CHANDELIER_PLUGINS=str(tmp_path / "none.toml"), DISCORD_TOKEN=TOKEN)
    assert ended.code == 2
    one_sentence(ended, "there is no such file", "[plugins.ping]")


async def test_an_unknown_service_and_an_unknown_command_are_named(chandelier):
    ended = await chandelier("run", "--without", "apis")
    assert ended.code == 2
    assert "There is no service apis; there is: api." in ended.err
    assert "No such command 'rum'" in (await chandelier("rum")).err


async def test_nothing_is_half_written_when_the_start_fails(chandelier, ping_only, fresh_database):
    """Discord out of reach ends the start after the tables are made: they are there, and whole."""
    ended = await chandelier(
        "run", **ping_only, DISCORD_TOKEN=TOKEN, DISCORD_API_URL=NOWHERE, DATABASE_URL=fresh_database
    )
    one_sentence(ended, "cannot be reached")
    from chandelier_core.store.urls import parse_url

    connection = await asyncpg.connect(**parse_url(fresh_database).arguments())
    try:
        tables = await connection.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = 'core'")
    finally:
        await connection.close()
    assert {"job", "guild", "command_sync", "failure"} <= {row["table_name"] for row in tables}
