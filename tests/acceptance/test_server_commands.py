"""Slash commands of servers: a crash in the middle of sending them costs nothing but time."""

from __future__ import annotations

import asyncio
import signal

import aiohttp
import asyncpg

from chandelier_core.store.urls import parse_url

MANY = 40


async def test_after_kill_9_in_the_middle_of_a_sync_the_commands_converge_within_the_budget(
    started, wiring, fresh_database, discord
):
    wired = wiring(discord, fresh_database)
    guild = discord.guild

    def shown() -> set[str]:
        return {str(one["name"]) for one in discord.guild_commands(guild)}

    wanted = set()
    async with started("run", **wired) as bot, aiohttp.ClientSession() as http:
        await bot.logged("ready")
        url = (await bot.logged("service_started", service="api"))["url"]
        for number in range(MANY):
            name = f"cmd{number:02}"
            wanted.add(name)
            command = {"name": name, "messages": [{"content": f"This is {number}."}], "slash": True}
            path = f"{url}/api/v1/guilds/{guild.id}/custom/{name}"
            async with http.put(path, json={"command": command}) as answer:
                assert answer.status == 200, await answer.text()
        async with asyncio.timeout(20):
            while len(shown()) < 5:
                await asyncio.sleep(0.001)
        await bot.end(signal.SIGKILL)
    halfway = len(shown())
    async with started("run", **wired) as bot:
        await bot.logged("ready")
        async with asyncio.timeout(60):
            while shown() != wanted:
                await asyncio.sleep(0.05)
        assert (await discord.member("alice").slash("cmd07")).text == "This is 7."
        assert await bot.end() == 0
    connection = await asyncpg.connect(**parse_url(fresh_database).arguments())
    counted = await connection.fetchval("SELECT created FROM core.command_budget")
    await connection.close()
    assert halfway < MANY, "it was killed in the middle"
    assert MANY <= counted <= MANY + 1, "at most the one that was under way is counted twice"
