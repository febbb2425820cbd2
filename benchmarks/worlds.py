"""Many tests with a world each, in one process: how long, and what they leave behind.

The tests are those of a plugin author: pytest's fixture `bot`, a server and people of its own, slash, text, REST and database.
Beside them as many bare sandboxes, one for each test, with a raw client that identifies and answers.

    python benchmarks/worlds.py [--count 500]
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import orjson

from chandelier_sandbox import Sandbox

CONFTEST = """
import asyncio, gc, os, pytest

WARM = 20

def left():
    gc.collect()
    return len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))

@pytest.fixture(autouse=True)
async def counted(request, bot):
    yield
    done = request.session.items.index(request.node) + 1
    if done == WARM:  # by then every pool has its connections
        request.config.before = left()
    if done == len(request.session.items):
        await asyncio.sleep(0.2)
        tasks, files = left()
        print(f"LEFT {tasks - request.config.before[0]} tasks, {files - request.config.before[1]} files since test {WARM}")
"""
TESTS = """
import pytest

@pytest.mark.parametrize("number", range({count}))
async def test_a_world_of_its_own(bot, number):
    alice, bob = bot.member("alice"), bot.member("bob")
    assert "Added" in (await alice.slash("custom add", name="hello", content=f"Hello {{number}}")).text
    assert (await bob.say("!hello")).text == f"Hello {{number}}"
    answer = await bot.api.get(f"/api/v1/guilds/{{bot.guild_id}}/custom")
    assert [item["name"] for item in answer.json["items"]] == ["hello"]
    assert len(await bot.db.rows("SELECT 1 FROM custom.command WHERE guild_id = $1", bot.guild_id)) == 1
"""
SETTINGS = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = session
asyncio_default_test_loop_scope = session
chandelier_plugins = ping custom
addopts = -p no:cacheprovider -p no:xdist
"""


def measure_tests(count: int) -> None:
    """Run the tests in a pytest of their own, and print what it says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "test_worlds.py").write_text(TESTS.format(count=count))
        (folder / "pytest.ini").write_text(SETTINGS)
        began = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", "-s", "--durations=3", "--durations-min=0.1", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=folder, check=False)
        seconds = time.perf_counter() - began
    print(f"{count} tests with the whole bot: {seconds:.1f} s with its start, {seconds / count * 1000:.0f} ms each")
    shown = [line for line in done.stdout.splitlines() if "LEFT" in line or "passed" in line or "failed" in line]
    print("\n".join(f"    {line.lstrip('.').lower()}" for line in shown) or done.stdout[-3000:])


async def measure_sandboxes(count: int) -> None:
    """Begin a sandbox, let a client answer one command in it, end it; again and again."""
    async with aiohttp.ClientSession() as session:
        await _one_world(session)
        await asyncio.sleep(0.1)
        before = len(asyncio.all_tasks()), open_files()
        began = time.perf_counter()
        for _ in range(count):
            await _one_world(session)
        seconds = time.perf_counter() - began
    await asyncio.sleep(0.3)
    after = len(asyncio.all_tasks()), open_files()
    print(f"{count} sandboxes of their own: {seconds:.1f} s, {seconds / count * 1000:.0f} ms each")
    print(f"    left: {after[0] - before[0]} tasks, {after[1] - before[1]} files")


def open_files() -> int:
    """Count what this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def _one_world(session: aiohttp.ClientSession) -> None:
    async with Sandbox() as sandbox:
        headers = {"Authorization": f"Bot {sandbox.token}", "Connection": "close"}
        commands = f"{sandbox.api_url}/applications/{sandbox.application_id}/commands"
        async with session.put(commands, json=[{"name": "ping", "description": "p"}], headers=headers) as answer:
            answer.raise_for_status()
        async with session.ws_connect(f"{sandbox.world.origin}/gateway?v=10&encoding=json") as socket:
            await socket.send_json({"op": 2, "d": {"token": sandbox.token, "intents": 1, "properties": {}}})
            await sandbox.wait_connected(5)
            asking = asyncio.create_task(sandbox.member("alice").slash("ping"))
            async for frame in socket:
                payload = orjson.loads(frame.data)
                if payload.get("t") == "INTERACTION_CREATE":
                    place = f"{sandbox.api_url}/interactions/{payload['d']['id']}/{payload['d']['token']}/callback"
                    body = {"type": 4, "data": {"content": "Pong!"}}
                    async with session.post(place, json=body, headers={"Connection": "close"}) as answer:
                        answer.raise_for_status()
                    break
            if (await asking).text != "Pong!":
                raise SystemExit("The sandbox did not pass the answer on.")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="how many worlds (30 to 5,000)")
    count = max(30, min(parser.parse_args().count, 5000))
    measure_tests(count)
    asyncio.run(measure_sandboxes(count))


if __name__ == "__main__":
    main()
