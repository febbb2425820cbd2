"""A Redis of the test's own, which can be killed, stopped and started again at the same address."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")

needs_redis = pytest.mark.skipif(
    PROGRAM is None, reason="there is no redis-server; on Debian: apt-get install redis-server"
)


class RedisServer:
    """One server on a free port of 127.0.0.1; killed and started again, it has what it had."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        assert PROGRAM is not None
        words = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes",
                 "--appendfsync", "always", "--dir", str(self._folder))  # fmt: skip
        self._process = await asyncio.create_subprocess_exec(PROGRAM, *words, stdout=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(10), Redis.from_url(self.url) as client:
            while True:
                try:
                    return await client.ping() and None
                except (RedisError, OSError):
                    await asyncio.sleep(0.02)

    def pause(self) -> None:
        """Let it answer nothing, and forget nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def own_redis(folder: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(folder)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()
