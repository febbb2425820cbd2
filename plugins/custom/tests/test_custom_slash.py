"""Commands that are slash commands of their own in their server."""

from __future__ import annotations

import asyncio
from typing import Any


async def keep(bot: Any, name: str, content: str, **more: Any) -> None:
    command = {"name": name, "messages": [{"content": content}], "slash": True, **more}
    answer = await bot.api.put(f"/api/v1/guilds/{bot.guild_id}/custom/{name}", json={"command": command})
    assert answer.status == 200, answer.json


def shown(bot: Any) -> dict[str, dict[str, Any]]:
    guild = bot.sandbox.world.guild(bot.guild_id)
    return {one["name"]: one for one in bot.sandbox.guild_commands(guild)}


async def until(bot: Any, *names: str, without: str = "") -> dict[str, dict[str, Any]]:
    """Wait until Discord shows these."""
    async with asyncio.timeout(15):
        while not (set(names) <= set(shown(bot))) or without in shown(bot):
            await asyncio.sleep(0.05)
    return shown(bot)


async def test_a_command_that_opts_in_is_shown_with_typed_options_and_answers(bot):
    options = [{"name": "sides", "kind": "integer", "description": "How many."},
               {"name": "whom", "kind": "user", "required": False},
               {"name": "colour", "choices": ["red", "green"], "required": False}]  # fmt: skip
    content = "{{ options.whom.mention | default: 'nobody' }} {{ options.sides | plus: 1 }} {{ options.colour }}"
    await keep(bot, "dice", content, options=options, description="Roll it.")
    found = (await until(bot, "dice"))["dice"]
    assert found["description"] == "Roll it."
    assert [(one["name"], one["type"], one.get("required", False)) for one in found["options"]] == [
        ("sides", 4, True), ("whom", 6, False), ("colour", 3, False)
    ]  # fmt: skip
    alice, bob = bot.member("alice"), bot.member("bob")
    assert (await alice.slash("dice", sides=6, whom=bob, colour="red")).text == f"{bob.mention} 7 red"
    assert (await alice.slash("dice", sides=1)).text == "nobody 2"


async def test_only_what_changed_is_sent_and_what_is_gone_is_taken_out(bot):
    for name in ("one", "two"):
        await keep(bot, name, name)
    before = await until(bot, "one", "two")
    await keep(bot, "two", "other words")
    await keep(bot, "three", "three")
    after = await until(bot, "three")
    assert {name: after[name]["version"] for name in ("one", "two")} == {
        name: before[name]["version"] for name in ("one", "two")
    }
    await keep(bot, "two", "two", description="Described.")
    async with asyncio.timeout(15):
        while shown(bot)["two"]["description"] != "Described.":
            await asyncio.sleep(0.05)
    assert shown(bot)["two"]["id"] == before["two"]["id"], "it was edited, not made anew"
    await bot.api.delete(f"/api/v1/guilds/{bot.guild_id}/custom/one")
    await until(bot, "two", "three", without="one")


async def test_what_was_made_today_is_counted_in_the_database(bot):
    sql = f"SELECT created FROM core.command_budget WHERE guild_id = {bot.guild_id}"
    await keep(bot, "counted", "x")
    await until(bot, "counted")
    (row,) = await bot.db.rows(sql)
    made = row["created"]
    await keep(bot, "counted", "y", description="Another.")
    await keep(bot, "counted-too", "x")
    await until(bot, "counted-too")
    assert (await bot.db.rows(sql))[0]["created"] == made + 1, "an edit makes none"


async def test_past_the_budget_of_the_day_commands_wait_and_work_by_their_name(bot):
    other = await bot.join("of many commands")
    alice = bot.sandbox.member("alice", guild=other)
    path = f"/api/v1/guilds/{other.id}/custom"
    for number in range(2):
        command = {"name": f"made{number}", "messages": [{"content": "x"}], "slash": True}
        if number == 1:
            await bot.db.rows(f"UPDATE core.command_budget SET created = 200 WHERE guild_id = {other.id} RETURNING day")
        assert (await bot.api.put(f"{path}/made{number}", json={"command": command})).status == 200
        if number == 0:
            async with asyncio.timeout(15):
                while not bot.sandbox.guild_commands(other):
                    await asyncio.sleep(0.05)
    assert (await alice.slash("custom slash")).text == "2 of 100 slash commands; 200 of 200 were made today."
    assert (await alice.slash("custom run", name="made1")).text == "x"
    assert [one["name"] for one in bot.sandbox.guild_commands(other)] == ["made0"]
