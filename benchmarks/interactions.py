"""How many interactions a second: a trivial client, a plain hikari bot and Chandelier, each against the sandbox.

The sandbox runs on one core, the bot on another where there are two. Fifty people use /ping at once. "sandbox" is the share
of its core that the sandbox was busy: while that stays below 100 %, it is the bot that is measured.

    python benchmarks/interactions.py [--count 5000] [--only trivial]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from chandelier_sandbox import Sandbox

PEOPLE = 50
ROUNDS = 3
BOTS = Path(__file__).parent / "bots"
PROGRAMS = {
    "trivial client": [sys.executable, str(BOTS / "trivial.py")],
    "hikari": [sys.executable, str(BOTS / "plain_hikari.py")],
    "Chandelier": [sys.executable, "-m", "chandelier_core", "run", "--without", "api"],
}


@dataclass(frozen=True)
class Measured:
    """One round: interactions a second by the clock, by the sandbox's CPU time, and how busy its core was."""

    per_second: float
    per_cpu_second: float
    busy: float


async def use_ping(sandbox: Sandbox, count: int) -> Measured:
    """Let people use /ping until all of it is done."""
    left = iter(range(count))

    async def person(number: int) -> None:
        member = sandbox.member(f"person{number}")
        for _ in left:
            await member.slash("ping")

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Measured(count / wall, count / cpu, cpu / wall)


async def measure(command: list[str], count: int) -> Measured:
    """Start a bot, warm it up, and return the best of three rounds."""
    async with Sandbox(rate_limits=False) as sandbox:
        with tempfile.TemporaryDirectory() as folder:
            plugins = Path(folder, "plugins.toml")
            plugins.write_text("[plugins.ping]\n")
            environment = os.environ | {
                "DISCORD_TOKEN": sandbox.token,
                "DISCORD_API_URL": sandbox.api_url,
                "CHANDELIER_PLUGINS": str(plugins),
                "CHANDELIER_DATA": str(Path(folder, "data")),
                "CHANDELIER_LOG_LEVEL": "error",
            }
            bot = await asyncio.create_subprocess_exec(*command, env=environment, preexec_fn=_on_the_other_core)
            try:
                await sandbox.wait_ready(60)
                await use_ping(sandbox, count // 10)
                rounds = [await use_ping(sandbox, count) for _ in range(ROUNDS)]
            finally:
                bot.send_signal(signal.SIGTERM)
                await asyncio.wait_for(bot.wait(), 15)
    return max(rounds, key=lambda one: one.per_second)


def _on_the_other_core() -> None:
    cores = sorted(os.sched_getaffinity(os.getppid()) | set(range(os.cpu_count() or 1)))
    os.sched_setaffinity(0, cores[1:2] or cores)


def main() -> None:
    """Measure each, and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--count", type=int, default=5000, help="interactions in each of three rounds (at most 100,000)"
    )
    parser.add_argument("--only", choices=PROGRAMS, help="measure one alone")
    given = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"{'':16}{'a second':>10}{'ratio':>8}{'sandbox':>10}{'a CPU second of the sandbox':>30}")
    first: float | None = None
    for name, command in PROGRAMS.items():
        if given.only in (None, name):
            one = asyncio.run(measure(command, min(given.count, 100_000)))
            first = first or one.per_second
            ratio = one.per_second / first
            print(f"{name:16}{one.per_second:10.0f}{ratio:8.2f}{one.busy:10.0%}{one.per_cpu_second:30.0f}", flush=True)


if __name__ == "__main__":
    main()
