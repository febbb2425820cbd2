"""Commands that go from one server to another in a file."""

from __future__ import annotations

import json
from itertools import count

from chandelier_custom.carrying import FORMAT

COMMANDS = [
    {"name": "alpha", "messages": [{"content": "{{ user.name }} ä \u2028 \"quoted\""}], "aliases": ["first"]},
    {"name": "beta", "messages": [{"embeds": [{"title": "T"}]}, {"content": "two", "weight": 3}], "pick": "random",
     "triggers": [{"kind": "regex", "text": "b(e)ta", "case_sensitive": True}], "cooldowns": {"user_s": 5},
     "allow": {"roles": ["41771983423143937"]}, "examples": []},
    {"name": "gamma", "messages": [{"content": "{{ options.n | plus: 1 }}"}], "options": [{"name": "n", "kind": "integer"}],
     "examples": [{"arguments": "4", "expect": "5"}]},
]  # fmt: skip


_numbers = count()


def file_of(*commands) -> str:
    return json.dumps({"format": FORMAT, "commands": list(commands)})


async def other_server(bot):
    """Give another server, alice in it, and the path of its commands."""
    guild = await bot.join(f"another one, {next(_numbers)}")
    return bot.sandbox.member("alice", guild=guild), f"/api/v1/guilds/{guild.id}/custom"


async def test_what_is_exported_and_imported_elsewhere_is_byte_for_byte_the_same(bot):
    _, one = await other_server(bot)
    _, two = await other_server(bot)
    for command in COMMANDS:
        assert (await bot.api.put(f"{one}/{command['name']}", json={"command": command})).status == 200
    first = (await bot.api.get(f"{one}/all/export")).text
    report = (await bot.api.post(f"{two}/all/import", json={"text": first})).json
    assert [command["outcome"] for command in report["commands"]] == ["added"] * 3
    assert (await bot.api.get(f"{two}/all/export")).text == first


async def test_a_file_goes_through_discord_too(bot):
    alice, path = await other_server(bot)
    await alice.slash("custom add", name="hello", content="Hi")
    reply = await alice.slash("custom export")
    assert (reply.text, reply.ephemeral) == ("1 command, in a file.", True)
    assert reply.attachments == ["custom-commands.json"]
    assert (await bot.api.get(f"{path}/all/export")).json["commands"] == [
        {"name": "hello", "messages": [{"content": "Hi"}]}
    ]


async def test_what_is_there_is_left_unless_it_is_to_be_replaced_and_a_check_keeps_nothing(bot):
    alice, path = await other_server(bot)
    await alice.slash("custom add", name="alpha", content="mine")
    text = file_of(
        {"name": "alpha", "messages": [{"content": "theirs"}]}, {"name": "new", "messages": [{"content": "n"}]}
    )
    checked = (await bot.api.post(f"{path}/all/import", json={"text": text, "only_check": True})).json
    assert [(one["name"], one["outcome"]) for one in checked["commands"]] == [("alpha", "left"), ("new", "added")]
    assert (await bot.api.get(f"{path}/new")).status == 404
    await bot.api.post(f"{path}/all/import", json={"text": text})
    assert (await alice.say("!alpha")).text == "mine"
    await bot.api.post(f"{path}/all/import", json={"text": text, "replace": True})
    assert (await alice.say("!alpha")).text == "theirs"
    history = (await bot.api.get(f"{path}/alpha/history")).json["items"]
    assert history[0]["action"] == "imported"


async def test_what_is_wrong_with_one_command_is_told_and_the_others_are_kept(bot):
    _, path = await other_server(bot)
    text = file_of(
        {"name": "good", "messages": [{"content": "fine"}]},
        {"name": "typo", "messages": [{"content": "{{ usr }}"}]},
        {"name": "odd", "messages": [], "colour": 1},
        "nothing",
        {"name": "two words", "messages": [{"content": "x"}]},
    )
    report = (await bot.api.post(f"{path}/all/import", json={"text": text})).json["commands"]
    assert [one["outcome"] for one in report] == ["added", "left", "left", "left", "left"]
    notes = [" ".join(one["notes"]) for one in report]
    assert "There is no object `usr`" in notes[1]
    assert "`messages`: list should have at least 1 item" in notes[2] or "`colour`" in notes[2]
    assert "That is no name for a command" in notes[4]


async def test_what_is_no_file_is_refused_in_a_sentence(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/custom/all/import"
    for text, said in (
        ("{", "it is no JSON"),
        ("[]", "its `format` is not"),
        ('{"format": "x"}', "its `format` is not"),
    ):
        answer = await bot.api.post(path, json={"text": text})
        assert (answer.status, said in answer.json["detail"]) == (422, True), answer.json


async def test_files_of_other_bots_come_in_with_a_note_for_each_part_that_does_not(bot):
    _, path = await other_server(bot)
    nadeko = (
        "hello:\n- id: 1\n  res: Hi %user.mention%!\n- id: 2\n  res: Second\n'odd %thing%':\n- res: x\n  at: true\n"
    )
    checked = (await bot.api.post(f"{path}/all/import", json={"text": nadeko, "source": "nadeko"})).json["commands"]
    assert checked, "every trigger has a line"
    carl = await bot.api.post(f"{path}/all/import", json={"text": "no JSON", "source": "carl"})
    assert carl.status in (200, 422), carl.json
