"""How long /ping takes beside each hostile plugin of tests/hostile, and beside none: p50 and p99 of the clean run and of each.

Ten people use /ping ten times a second each, while somebody uses the hostile plugin once a second. What holds the event loop
(blocking, ballooning) holds everybody: Python in one process cannot do otherwise, and the bot names who it was.

    python benchmarks/hostile.py [--seconds 10] [--only NAME]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from pathlib import Path
from statistics import median

from running import RunningBot, running_bot

from chandelier_core.store.throwaway import own_postgres

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "hostile"))
from table import RUNNING, Hostile

PEOPLE = 10
ROUNDS = 5  # the median of them counts: the machine has hiccups of its own
PING_EVERY_S = 0.1
EVERY_S = 1.0


async def ping(bot: RunningBot, until: float) -> list[float]:
    """Let people use /ping; give the milliseconds of each."""
    taken: list[float] = []

    async def once(number: int) -> None:
        began = time.perf_counter()
        with contextlib.suppress(TimeoutError):
            await bot.discord.member(f"person{number}").slash("ping")
        taken.append((time.perf_counter() - began) * 1000)

    async def person(number: int) -> None:
        await asyncio.sleep(PING_EVERY_S * number / PEOPLE)
        asked = []
        while time.perf_counter() < until:  # whether the one before was answered or not
            asked.append(asyncio.create_task(once(number)))
            await asyncio.sleep(PING_EVERY_S)
        await asyncio.gather(*asked)

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    return taken


async def vex(bot: RunningBot, hostile: Hostile | None, until: float) -> None:
    """Use the hostile plugin again and again."""
    mallory = bot.discord.member("mallory")

    async def once(use: str) -> None:
        with contextlib.suppress(Exception):
            if use == "!":
                mallory.post("anything")
            elif use.startswith("~"):
                await mallory.autocomplete(use[1:], "what", "x")
            elif use and not use.startswith("GET "):
                await mallory.slash(use.lstrip("&"), timeout_s=2)

    tasks = []
    while hostile is not None and time.perf_counter() < until:
        tasks.append(asyncio.create_task(once(hostile.use)))
        await asyncio.sleep(EVERY_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def measure(url: str, hostile: Hostile | None, seconds: float) -> tuple[float, float]:
    """Run a bot beside one hostile plugin; give p50 and p99 of /ping in milliseconds."""
    plugins = {} if hostile is None else {hostile.name: hostile.source}
    tables = {} if hostile is None else {hostile.name: hostile.table}
    async with running_bot(url, plugins, tables) as bot:
        await ping(bot, time.perf_counter() + 1)
        rounds = []
        for _ in range(ROUNDS):
            until = time.perf_counter() + seconds / ROUNDS
            taken, _ = await asyncio.gather(ping(bot, until), vex(bot, hostile, until))
            taken.sort()
            rounds.append((taken[len(taken) // 2], taken[int(len(taken) * 0.99)]))
    return median(p50 for p50, _ in rounds), median(p99 for _, p99 in rounds)


async def compare(seconds: float, only: str | None) -> None:
    """Print every hostile plugin beside the clean run."""
    async with own_postgres() as url:
        clean = await measure(url, None, seconds)
        print(f"{'':16}{'p50':>8}{'p99':>8}{'p99 ratio':>11}")
        print(f"{'none':16}{clean[0]:8.1f}{clean[1]:8.1f}{1:11.2f}", flush=True)
        for hostile in RUNNING:
            if only in (None, hostile.name):
                p50, p99 = await measure(url, hostile, seconds)
                print(f"{hostile.name:16}{p50:8.1f}{p99:8.1f}{p99 / clean[1]:11.2f}", flush=True)
        again = await measure(url, None, seconds)
        print(f"{'none, again':16}{again[0]:8.1f}{again[1]:8.1f}{again[1] / clean[1]:11.2f}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each is measured (at most 60)")
    parser.add_argument("--only", help="measure one alone")
    given = parser.parse_args()
    asyncio.run(compare(min(given.seconds, 60.0), given.only))


if __name__ == "__main__":
    main()
