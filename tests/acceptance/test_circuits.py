"""A part that keeps failing is taken out of use on its own, and comes back by itself."""

from __future__ import annotations

import aiohttp
import asyncpg

from chandelier_core.store.urls import parse_url

SHAKY = """
from datetime import timedelta
import hikari
from chandelier import Context, JobContext, Need, Plugin, job, on

state = {"broken": True, "heard": 0}

async def hear(ctx, event) -> None:
    state["heard"] += 1
    if event.content.startswith("fall"):
        raise OSError("fell")
    ctx.log.info("heard", content=event.content)

@job()
async def toil(ctx: JobContext, number: int) -> None:
    if state["broken"]:
        raise OSError("broken tool")
    ctx.log.info("toiled", number=number)

plugin = Plugin("shaky", summary="Fails.", jobs=[toil], listeners=[on(hikari.GuildMessageCreateEvent, hear)],
                needs=[Need.MESSAGE_CONTENT])

@plugin.command(http="GET /shake")
async def shake(ctx: Context) -> str:
    'Fail while broken.'
    if state["broken"]:
        raise RuntimeError("again")
    return "shaken"

@plugin.command()
async def steady(ctx: Context) -> str:
    'Work.'
    return "steady"

@plugin.command()
async def mend(ctx: Context) -> str:
    'Mend it.'
    state["broken"] = False
    return "mended"

@plugin.command()
async def work(ctx: Context) -> str:
    'Store a run of the job.'
    await toil.at(ctx.now(), number=1)
    return "stored"

@plugin.hook
async def command_finished(call, outcome) -> None:
    if call.command == "steady":
        raise OSError("deaf")
"""
GRANTED = 'grants = ["message_content"]\n'


async def test_a_part_that_keeps_failing_is_parked_and_the_rest_works(shelf, started, wiring, fresh_database, discord):
    shelf.add("shaky", SHAKY)
    wired = wiring(discord, fresh_database, "ping", "shaky", more=GRANTED) | {"CHANDELIER_CLOCK_URL": discord.clock_url}
    async with started("run", **wired) as process, aiohttp.ClientSession() as http:
        await process.logged("ready")
        url = (await process.logged("service_started", service="api"))["url"]
        alice = discord.member("alice")
        for _ in range(10):
            assert (await alice.slash("shake")).text.startswith("Something broke")
        parked = await process.logged("part_parked", plugin="shaky", part="command shake")
        said = (await alice.slash("shake")).text
        assert said.startswith("`shake` of Shaky is out of use after 10 failures; it is tried again at ")
        assert said.endswith(f"; reference {parked['reference']}.")
        async with http.get(f"{url}/api/v1/shaky/shake") as answer:
            assert (answer.status, (await answer.json())["code"]) == (503, "parked")
        degraded = await process.logged("plugin_changed", plugin="shaky", new="degraded")
        assert str(degraded["why"]).startswith("Command shake is out of use after 10 failures")
        assert (await alice.slash("steady")).text == "steady"
        async with http.get(f"{url}/api/v1/plugins/shaky") as answer:
            parts = {part["name"]: part for part in (await answer.json())["parts"]}
        assert parts["command shake"]["state"] == "parked"
        assert parts["command shake"]["reference"] == parked["reference"]
        assert parts["command steady"]["state"] == "in_use"

        discord.clock.advance(61)  # a try that fails: it waits twice as long
        await process.logged("clock_moved")
        assert (await alice.slash("shake")).text.startswith("Something broke")
        assert "is out of use" in (await alice.slash("shake")).text
        assert (await alice.slash("mend")).text == "mended"
        discord.clock.advance(121)
        while (said := (await alice.slash("shake")).text) != "shaken":
            assert "is out of use" in said  # the clock has not reached the bot yet
        await process.logged("part_resumed", plugin="shaky", part="command shake")
        await process.logged("plugin_changed", plugin="shaky", old="degraded", new="started")


async def test_listeners_hooks_and_jobs_that_keep_failing_are_skipped_and_no_run_is_lost(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("shaky", SHAKY)
    wired = wiring(discord, fresh_database, "ping", "shaky", more=GRANTED)
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        for number in range(10):
            await alice.say(f"fall {number}", expect=False, timeout_s=0.01)
        await process.logged("part_parked", plugin="shaky", part="listener hear")
        for _ in range(10):
            assert (await alice.slash("steady")).text == "steady"
        await process.logged("part_parked", plugin="shaky", part="hook command_finished")
        await alice.slash("bot park", name="shaky", part="toil")
        await process.logged("part_parked", plugin="shaky", part="job toil")
        await alice.slash("mend")
        assert (await alice.slash("work")).text == "stored"
        await alice.say("quiet", expect=False, timeout_s=0.01)
        assert (await alice.slash("ping")).text.startswith("Pong!")
        await alice.slash("bot resume", name="shaky", part="job toil")
        await process.logged("toiled", number=1)
        assert await guilds_of_runs(fresh_database) == [discord.guild.id]
        assert not [line for line in process.lines if '"heard"' in line]
        assert "In use" not in (await alice.slash("bot resume", name="shaky")).text
        await alice.say("loud", expect=False, timeout_s=0.01)
        await process.logged("heard", content="loud")


async def guilds_of_runs(database: str) -> list[int]:
    """Give the servers that the runs of shaky's job were asked for in."""
    connection = await asyncpg.connect(**parse_url(database).arguments())
    try:
        rows = await connection.fetch("SELECT guild_id FROM core.job WHERE plugin = 'shaky'")
    finally:
        await connection.close()
    return [row["guild_id"] for row in rows]
