"""What the plugin forgets, keeps and gives away."""

import asyncio

from chandelier_custom import plugin


async def test_leaving_a_server_deletes_its_commands_and_no_others(bot):
    other = await bot.join("the other one of the upkeep")
    elsewhere = bot.sandbox.member("alice", guild=other)
    await bot.member("alice").slash("custom add", name="hello", content="here")
    await elsewhere.slash("custom add", name="hello", content="there")
    assert (await elsewhere.say("!hello")).text == "there"
    bot.sandbox.world.remove_guild(other)
    async with asyncio.timeout(10):
        while await bot.db.rows(f"SELECT id FROM custom.command WHERE guild_id = {other.id}"):
            await asyncio.sleep(0.01)
    assert (await bot.member("alice").say("!hello")).text == "here"


async def test_a_persons_export_has_the_commands_they_made(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="Hi")
    exported = await plugin.user_exported(alice.id)
    assert ("hello", str(bot.guild_id)) in {(made["name"], made["guild_id"]) for made in exported["commands"]}


async def test_erasing_a_person_keeps_the_servers_command_without_them(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="Hi")
    await plugin.user_erased(alice.id)
    shown = await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/hello")
    assert (shown.json["content"], shown.json["author_id"]) == ("Hi", None)
    assert await plugin.user_exported(alice.id) is None
