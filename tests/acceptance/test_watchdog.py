"""Who blocks the event loop, or takes memory, is named."""

from __future__ import annotations

import aiohttp

SOURCE = """
import asyncio, time
from chandelier import Context, Plugin
plugin = Plugin("slow", summary="Blocks.")
hoard = []

@plugin.command()
async def block(ctx: Context) -> str:
    'Block.'
    return wait()

def wait() -> str:
    time.sleep(1.5)
    return "done"

@plugin.command()
async def grow(ctx: Context) -> str:
    'Take memory.'
    hoard.append(bytearray(b"x") * 400_000_000)
    return "full"
"""


async def test_who_blocks_the_loop_is_named_while_it_is_blocked_and_in_the_health_report(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("slow", SOURCE)
    async with (
        started("run", **wiring(discord, fresh_database, "ping", "slow")) as process,
        aiohttp.ClientSession() as http,
    ):
        await process.logged("ready")
        url = (await process.logged("service_started", service="api"))["url"]
        alice = discord.member("alice")
        assert (await alice.slash("block")).text == "done"
        blocked = await process.logged("loop_blocked", plugin="slow")
        assert blocked["where"] == "made_up_slow.py:13 wait"
        free = await process.logged("loop_free", plugin="slow")
        assert int(str(blocked["ms"])) < int(str(free["ms"]))
        async with http.get(f"{url}/health") as answer:
            assert answer.status == 200
            health = await answer.json()
        check = next(one for one in health["checks"] if one["name"] == "plugin slow")
        assert (health["status"], check["ok"], check["required"]) == ("degraded", False, False)
        assert check["sentence"].startswith("It blocked the loop for 1.")
        async with http.get(f"{url}/api/v1/plugins/slow") as answer:
            assert (await answer.json())["blocked"] == 1
        assert not [line for line in process.lines if '"loop_blocked"' in line and '"ping"' in line]


async def test_a_balloon_of_memory_is_told_with_who_ran_meanwhile(shelf, started, wiring, fresh_database, discord):
    shelf.add("slow", SOURCE)
    async with started("run", **wiring(discord, fresh_database, "slow")) as process:
        await process.logged("ready")
        assert (await discord.member("alice").slash("grow")).text == "full"
        grew = await process.logged("memory_grew")
        assert "slow" in grew["plugins"]
        assert int(str(grew["mb"])) >= 300
