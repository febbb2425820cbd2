"""Requests a second and p99 of the API beside a bare Quart and a bare FastAPI application that do the same work.

GET /api/v1/ping, GET /commands (50 rows) and POST /commands (one row each), sixteen connections, three rounds of which the
median counts. The server has one core and the clients the other, where there are two.

    python benchmarks/rest.py [--seconds 4]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import aiohttp
from running import running_bot

from chandelier_core.store.throwaway import own_postgres

APPS = Path(__file__).parent / "apps"
CONNECTIONS, ROUNDS, ROWS = 16, 3, 50
CONFIG = {"custom": "[plugins.custom.config]\nmax_commands = 10000\n"}
_numbers = count()


@dataclass(frozen=True)
class Target:
    """A server's address."""

    url: str


@dataclass(frozen=True)
class Work:
    """One kind of request."""

    name: str
    method: str
    path: str

    def body(self) -> dict[str, str] | None:
        """Give a body that nobody has sent before."""
        return {"name": f"made{next(_numbers)}", "content": "Hello there!"} if self.method == "POST" else None


WORKS = (
    Work("GET ping", "GET", "/api/v1/ping"),
    Work("GET 50 rows", "GET", "/commands"),
    Work("POST a row", "POST", "/commands"),
)


async def load(target: Target, work: Work, seconds: float) -> tuple[float, float]:
    """Ask for so long; give requests a second and the p99 in milliseconds."""
    taken: list[float] = []
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as http:
        until = time.perf_counter() + seconds

        async def ask() -> None:
            while (began := time.perf_counter()) < until:
                async with http.request(work.method, target.url + work.path, json=work.body()) as answer:
                    await answer.read()
                    assert answer.status in (200, 201), await answer.text()  # noqa: S101 a failure is no figure
                taken.append((time.perf_counter() - began) * 1000)

        began = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
        passed = time.perf_counter() - began
    taken.sort()
    return len(taken) / passed, taken[int(len(taken) * 0.99)]


async def fill(target: Target) -> None:
    """Add the rows that a page shows."""
    async with aiohttp.ClientSession() as http:
        for number in range(ROWS):
            body = {"name": f"a{number:03}", "content": "Hello there!"}
            async with http.post(f"{target.url}/commands", json=body) as answer:
                assert answer.status == 201, await answer.text()  # noqa: S101 a failure is no figure


@asynccontextmanager
async def bare(name: str, url: str) -> AsyncIterator[Target]:
    """Run a bare application."""
    environment = {**os.environ, "DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(APPS / f"bare_{name}.py"), env=environment, stdout=asyncio.subprocess.PIPE
    )
    pin(process.pid)
    assert process.stdout is not None  # noqa: S101 it is a pipe
    port = int(await process.stdout.readline())
    try:
        await _answers(f"http://127.0.0.1:{port}/api/v1/ping")
        yield Target(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _answers(url: str) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def pin(pid: int) -> None:
    """Give a server the first core, and this process the second."""
    if (os.cpu_count() or 1) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {0})
        os.sched_setaffinity(0, {1})


async def compare(seconds: float) -> None:
    """Print the three beside each other."""
    async with own_postgres() as url, running_bot(url, {"custom": ""}, CONFIG, api=True) as bot:
        pin(bot.process.pid)
        async with bare("quart", url) as quart, bare("fastapi", url) as fastapi:
            targets = {"Quart": quart, "FastAPI": fastapi, "Chandelier": Target(bot.url)}
            for target in (quart, targets["Chandelier"]):
                await fill(target)
            print(f"{'':14}" + "".join(f"{name:>11}{'p99 ms':>9}{'ratio':>7}" for name in targets))
            for work in WORKS:
                rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
                for _ in range(ROUNDS):
                    for name, target in targets.items():
                        rounds[name].append(await load(target, work, seconds / ROUNDS))
                rates = {name: median(rate for rate, _ in found) for name, found in rounds.items()}
                line = "".join(
                    f"{rates[name]:11.0f}{median(p99 for _, p99 in rounds[name]):9.1f}{rates[name] / rates['Quart']:7.2f}"
                    for name in targets
                )
                print(f"{work.name:14}{line}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each is measured in all (at most 60)")
    asyncio.run(compare(min(parser.parse_args().seconds, 60.0)))


if __name__ == "__main__":
    main()
