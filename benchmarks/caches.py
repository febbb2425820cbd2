"""What a value costs from a cache's memory, from Redis behind it, and from Postgres, in one run.

The same small row, read one after the other and by sixteen at once. Without a redis-server its line is left out.

    python benchmarks/caches.py [--seconds 1]
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chandelier import Cache
from chandelier_core.caching.keeper import Keeper
from chandelier_core.caching.shared import Shared
from chandelier_core.store.apps import CORE
from chandelier_core.store.changes import Changes
from chandelier_core.store.store import Store
from chandelier_core.store.throwaway import own_postgres

SPOT = ("bench", "kept", "key")
READ = "SELECT json_build_object('name', 'rules', 'content', 'Be kind.', 'uses', 7)::text AS value"


async def measure(ask: Callable[[], Awaitable[object]], seconds: float, at_once: int) -> float:
    """Ask for so long; give microseconds for each."""
    asked, began = 0, time.perf_counter()

    async def keep_asking() -> None:
        nonlocal asked
        while time.perf_counter() - began < seconds:
            for _ in range(10):
                await ask()
            asked += 10

    await asyncio.gather(*(keep_asking() for _ in range(at_once)))
    return (time.perf_counter() - began) / asked * 1e6


@asynccontextmanager
async def redis_server() -> AsyncIterator[str | None]:
    """Run a Redis that keeps nothing; None where there is none."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        yield None
        return
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        words = ("--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder)
        process = await asyncio.create_subprocess_exec(program, *words, stdout=asyncio.subprocess.DEVNULL)
        try:
            url = f"redis://127.0.0.1:{port}"
            async with asyncio.timeout(10), Redis.from_url(url) as client:
                while True:
                    with suppress(RedisError, OSError):
                        await client.ping()
                        break
                    await asyncio.sleep(0.02)
            yield url
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def kept(store: Store, shared: Shared | None, cache: Cache) -> AsyncIterator[Keeper]:
    """Give a keeper that hears of changes."""
    changes = Changes(store)
    keeper = Keeper(store, changes, shared)
    keeper.add(SPOT[0], [cache])
    listening = asyncio.create_task(changes.run())
    async with asyncio.timeout(10):
        while not changes.is_listening:
            await asyncio.sleep(0.01)
    try:
        yield keeper
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def compare(seconds: float) -> None:
    """Print the lines."""
    async with own_postgres() as url, redis_server() as redis_url, Store(url) as store:
        await store.migrate(CORE)
        await store.open([CORE])

        async def load() -> object:
            return (await store.rows(READ))[0]["value"]

        ways: dict[str, Callable[[], Awaitable[object]]] = {"Postgres": load}
        print(f"{'':26}{'alone us':>10}{'16 us':>10}{'ratio':>8}")
        async with (
            kept(store, None, Cache("kept")) as json_kept,
            kept(store, None, Cache("kept", shared=False)) as as_is,
        ):
            ways["memory, a copy"] = lambda: json_kept.get(SPOT, load)
            ways["memory, shared=False"] = lambda: as_is.get(SPOT, load)
            if redis_url is not None:
                shared = Shared(redis_url)
                await shared.renew()
                look = await shared.look("bench kept key")
                await shared.put(look, b'"{}"', 300)
                ways["Redis"] = lambda: shared.look("bench kept key")
            base = 0.0
            for name, ask in ways.items():
                alone, together = await measure(ask, seconds, 1), await measure(ask, seconds, 16)
                base = base or together
                print(f"{name:26}{alone:10.1f}{together:10.1f}{base / together:8.1f}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each is measured (at most 30)")
    asyncio.run(compare(min(parser.parse_args().seconds, 30.0)))


if __name__ == "__main__":
    main()
