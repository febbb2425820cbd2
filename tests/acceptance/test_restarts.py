"""What is killed comes back with everything; what is asked to stop stops in order, and in time."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

SLOW = """
import asyncio
from chandelier import Context, Plugin
plugin = Plugin("slow", summary="Takes its time.")

@plugin.command()
async def slow(ctx: Context, seconds: float) -> str:
    '''Wait.

    Args:
        seconds: How long.
    '''
    await asyncio.sleep(seconds)
    return "slept"
"""


@pytest.fixture
def open_folder():
    """Give a folder that the database's server may enter when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="chandelier-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def processes_of(folder: Path) -> list[int]:
    """Find every process that names a folder, and all their children: the bot, and its Postgres."""
    parents, found = {}, set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if str(folder).encode() in said:
                found.add(int(entry.name))
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes by /proc, which is Linux")
async def test_after_kill_9_of_everything_nothing_is_lost_and_no_lock_is_in_the_way(
    started, wiring, discord, open_folder
):
    wired = wiring(discord, None) | {"CHANDELIER_DATA": str(open_folder)}
    async with started("run", **wired) as process:
        await process.logged("ready", limit_s=60)
        alice = discord.member("alice")
        await alice.slash("custom add", name="hello", content="Still here")
        await alice.slash("remind me", after="4s", text="survive")
        await asyncio.sleep(0.3)  # a log row may be 60 ms on its way to the store, as the logging plugin says
        victims = {process.process.pid, *processes_of(open_folder)}
        assert len(victims) >= 3, "the bot, and Postgres with its children"
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        await process.process.wait()
    async with started("run", **wired) as process:
        await process.logged("ready", limit_s=60)
        assert "survive" in (await alice.next_message(timeout_s=15)).text
        assert (await alice.say("!hello")).text == "Still here"
        used = await alice.slash("log")
        assert "custom add" in used.text
        assert await process.end() == 0
    await asyncio.sleep(0.2)
    assert processes_of(open_folder) == [], "a clean stop leaves no Postgres behind"


async def test_a_running_command_is_finished_before_the_bot_stops(shelf, started, wiring, fresh_database, discord):
    shelf.add("slow", SLOW)
    async with started("run", **wiring(discord, fresh_database, "slow")) as process:
        await process.logged("ready")
        asked = asyncio.create_task(discord.member("alice").slash("slow", seconds=1.5))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        assert await process.end() == 0
        assert (await asked).text == "slept"
        assert time.monotonic() - began < 10


async def test_a_command_that_never_ends_does_not_keep_the_bot_from_stopping(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("slow", SLOW)
    async with started("run", **wiring(discord, fresh_database, "slow")) as process:
        await process.logged("ready")
        asked = asyncio.create_task(discord.member("alice").slash("slow", seconds=600, timeout_s=1))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        assert await process.end() == 0
        assert time.monotonic() - began < 10
        with pytest.raises(TimeoutError):
            await asked


async def test_a_second_signal_ends_it_at_once(shelf, started, wiring, fresh_database, discord):
    shelf.add("slow", SLOW)
    async with started("run", **wiring(discord, fresh_database, "slow")) as process:
        await process.logged("ready")
        asked = asyncio.create_task(discord.member("alice").slash("slow", seconds=600, timeout_s=1))
        await asyncio.sleep(0.3)
        process.process.send_signal(signal.SIGTERM)
        await process.logged("stopping")
        began = time.monotonic()
        assert await process.end() == 128 + signal.SIGTERM
        assert time.monotonic() - began < 1
        with pytest.raises(TimeoutError):
            await asked


async def test_commands_are_sent_once_and_not_again_by_a_restart(started, wiring, fresh_database, discord):
    wired = wiring(discord, fresh_database, "ping", "custom")
    async with started("run", **wired) as process:
        await process.logged("commands_sent")
        await process.logged("ready")
        await process.end()
    versions = {command["name"]: command["version"] for command in discord.commands}
    async with started("run", **wired) as process:
        await process.logged("commands_current")
        await process.logged("ready")
        await process.end()
    assert {command["name"]: command["version"] for command in discord.commands} == versions
    assert {"ping", "custom", "prefix"} <= versions.keys()


async def test_a_plugin_that_was_taken_out_takes_its_commands_along(started, wiring, fresh_database, discord):
    async with started("run", **wiring(discord, fresh_database, "ping", "custom")) as process:
        await process.logged("ready")
        await process.end()
    async with started("run", **wiring(discord, fresh_database, "ping")) as process:
        await process.logged("commands_sent")
        await process.logged("ready")
        names = {command["name"] for command in discord.commands}
        assert {"ping", "prefix"} <= names
        assert "custom" not in names
        await process.end()
