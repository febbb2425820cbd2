"""Many sandboxes in one process: each begins and ends at once, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from pathlib import Path

import aiohttp
import pytest

from chandelier_sandbox import Sandbox


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts the open files in /proc")
async def test_fifty_sandboxes_leave_no_task_no_thread_and_no_file(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        for number in range(52):
            async with Sandbox(transcript=tmp_path / "said.jsonl") as sandbox:
                headers = {"Authorization": f"Bot {sandbox.token}", "Connection": "close"}
                async with session.get(sandbox.api_url + "/users/@me", headers=headers) as answer:
                    assert answer.status == 200
                socket = await session.ws_connect(sandbox.world.origin + "/gateway")
                await socket.send_json({"op": 2, "d": {"token": sandbox.token, "intents": 1, "properties": {}}})
                await sandbox.wait_connected(3)
            await socket.close()
            if number == 1:
                await asyncio.sleep(0.05)
                gc.collect()
                before = (len(asyncio.all_tasks()), open_files(), threading.active_count())
        await asyncio.sleep(0.05)
        gc.collect()
        after = (len(asyncio.all_tasks()), open_files(), threading.active_count())
    # Others in this process come and go; of fifty that leave one each, fifty would be left.
    assert all(now - then < 10 for now, then in zip(after, before, strict=True)), (before, after)


async def test_a_sandbox_ends_while_somebody_still_waits_for_an_answer() -> None:
    async with aiohttp.ClientSession() as session:
        async with Sandbox() as sandbox:
            fault = sandbox.faults.hang(most_s=60)
            asking = asyncio.create_task(session.get(sandbox.api_url + "/gateway"))
            async with asyncio.timeout(3):
                while not fault.hits:
                    await asyncio.sleep(0.005)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
