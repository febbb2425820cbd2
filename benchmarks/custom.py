"""Custom commands: what a message costs in a server with 1, 100 and 10,000 commands and 500 regular expressions.

"nothing/s": messages a second that trigger nothing, and how many transactions the database saw for each.
"!name": the time from a message to its answer, one after the other. "build ms": the first answer after a change, which reads
the server's commands and makes their automaton.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from statistics import median

import asyncpg
from running import RunningBot, running_bot

from chandelier_core.store.throwaway import own_postgres
from chandelier_core.store.urls import parse_url

SIZES = (1, 100, 10_000)
PATTERNS = 500
ANSWERS = 200


async def fill(connection: asyncpg.Connection, guild_id: int, commands: int) -> None:
    """Give a server so many commands: up to 500 of them with an expression of their own, the others with a word."""
    rows = []
    for number in range(commands):
        kind = "regex" if number < PATTERNS else "contains"
        text = rf"pattern{number}[a-z]+end(\d+)" if kind == "regex" else f"needle number {number}!"
        spec = {
            "name": f"c{number}",
            "messages": [{"content": "Hi {{ user.name }}."}],
            "triggers": [{"kind": kind, "text": text}],
        }
        rows.append((guild_id, f"c{number}", json.dumps(spec)))
    await connection.execute('DELETE FROM "custom"."command"')
    await connection.executemany(
        'INSERT INTO "custom"."command" (guild_id, name, spec, uses, created_at, updated_at)'
        " VALUES ($1, $2, $3::jsonb, 0, now(), now())",
        rows,
    )


async def measure(bot: RunningBot, connection: asyncpg.Connection, commands: int, messages: int) -> str:
    """Measure one size."""
    guild = bot.discord.world.add_guild(f"with {commands}")
    alice = bot.discord.member("alice", guild=guild)
    await fill(connection, guild.id, commands)
    began = time.perf_counter()
    assert (await alice.say("!c0")).text == "Hi alice."  # noqa: S101 a wrong answer is no figure
    build_ms = (time.perf_counter() - began) * 1000
    await asyncio.sleep(0.3)
    before = await transactions(connection)
    began = time.perf_counter()
    for number in range(messages):
        await alice.say(f"nothing of interest, number {number}, only words and more words", expect=False, timeout_s=0)
    await alice.say("!c0")
    seconds = time.perf_counter() - began
    await asyncio.sleep(0.3)
    asked = (await transactions(connection) - before) / messages
    taken = []
    for _ in range(ANSWERS):
        began = time.perf_counter()
        await alice.say("!c0")
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    p99 = taken[int(len(taken) * 0.99)]
    return f"{commands:10}{messages / seconds:12.0f}{asked:16.3f}{median(taken):10.1f}{p99:9.1f}{build_ms:11.1f}"


async def transactions(connection: asyncpg.Connection) -> int:
    """Count the transactions that the database has seen, without those of this connection's own counting."""
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    return int(await connection.fetchval("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))


async def compare(messages: int) -> None:
    """Print the lines."""
    tables = {"custom": "[plugins.custom.config]\nmax_commands = 10000\nuses_per_minute = 100000\n"}
    async with own_postgres() as url, running_bot(url, {"custom": ""}, tables) as bot:
        connection = await asyncpg.connect(**parse_url(url).arguments())
        print(f"{'commands':>10}{'nothing/s':>12}{'database/each':>16}{'!name ms':>10}{'p99 ms':>9}{'build ms':>11}")
        for size in SIZES:
            print(await measure(bot, connection, size, messages), flush=True)
        await connection.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000, help="how many messages trigger nothing (at most 20000)")
    asyncio.run(compare(min(parser.parse_args().messages, 20_000)))


if __name__ == "__main__":
    main()
