"""Caches: read once, forgotten everywhere when they change, and right while Redis or Postgres is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from chandelier_core.store.urls import parse_url

from ..redis_server import needs_redis, own_redis

NOTES = '''
from contextlib import asynccontextmanager
from tortoise import connections
from chandelier import Cache, Context, Plugin, UserError
from pydantic import BaseModel

notes = Cache("notes")
near = Cache("near", shared=False)
loads = 0

def database():
    return connections.get("default")

async def read(key):
    global loads
    loads += 1
    rows = await database().execute_query_dict("SELECT value FROM public.note WHERE key = $1", [key])
    return rows[0]["value"] if rows else None

@asynccontextmanager
async def tables(ctx):
    await database().execute_script("CREATE TABLE IF NOT EXISTS public.note (key text PRIMARY KEY, value text)")
    yield

class Note(BaseModel):
    value: str | None
    again: str | None
    loads: int

plugin = Plugin("notes", summary="Notes that are read often.", lifespan=tables, caches=[notes, near])

@plugin.command(http="GET /{key}")
async def look(ctx: Context, key: str) -> Note:
    """Read a note.

    Args:
        key: Which one.
    """
    value = await notes.get(key, lambda: read(key))
    return Note(value=value, again=value, loads=loads)

@plugin.command(http="GET /near/{key}")
async def look_near(ctx: Context, key: str) -> Note:
    """Read a note from this process's memory.

    Args:
        key: Which one.
    """
    async def load():
        return {"value": await read(key)}
    first, again = await near.get(key, load), await near.get(key, load)
    assert first is again
    return Note(value=first["value"], again=None, loads=loads)

@plugin.command(http="PUT /{key}")
async def write(ctx: Context, key: str, value: str, fail: bool = False) -> Note:
    """Write a note.

    Args:
        key: Which one.
        value: What it says.
        fail: Whether to change one's mind.
    """
    async with ctx.transaction():
        await database().execute_query(
            "INSERT INTO public.note VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, value]
        )
        await notes.drop(key)
        await near.drop(key)
        again = await notes.get(key, lambda: read(key))
        if fail:
            raise UserError("no", "That was not meant.")
    return Note(value=value, again=again, loads=loads)
'''


class Side:
    """One process of the bot, by its API."""

    def __init__(self, url: str, process, http: aiohttp.ClientSession) -> None:
        self.url, self.process, self.http = url, process, http

    async def read(self, key: str, *, near: bool = False) -> str | None:
        return (await self._get(key, near=near))["value"]

    async def loads(self, key: str) -> int:
        return int((await self._get(key))["loads"])

    async def write(self, key: str, value: str, *, fail: bool = False) -> dict:
        async with self.http.put(f"{self.url}/api/v1/notes/{key}", json={"value": value, "fail": fail}) as answer:
            return dict(await answer.json())

    async def until(self, key: str, value: str | None, *, near: bool = False) -> None:
        """Wait until it reads so; each process hears of a change for itself."""
        async with asyncio.timeout(10):
            while await self.read(key, near=near) != value:
                await asyncio.sleep(0.01)

    async def check(self, name: str) -> dict:
        async with self.http.get(f"{self.url}/health") as answer:
            body = await answer.json()
        return {**next(one for one in body["checks"] if one["name"] == name), "ready": answer.status == 200}

    async def _get(self, key: str, *, near: bool = False) -> dict:
        async with self.http.get(f"{self.url}/api/v1/notes/{'near/' if near else ''}{key}") as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())


@pytest.fixture
def two_sides(started, wiring, fresh_database, discord, shelf):
    """Run the bot and, apart, a second API, over one database."""
    shelf.add("notes", NOTES)

    @asynccontextmanager
    async def run(**more: str) -> AsyncIterator[tuple[Side, Side]]:
        wired = wiring(discord, fresh_database, "notes") | more
        async with (
            started("run", **wired) as bot,
            started("api", **wired) as api,
            aiohttp.ClientSession() as http,
        ):
            sides = []
            for process in (bot, api):
                await process.logged("ready")
                url = (await process.logged("service_started", service="api"))["url"]
                sides.append(Side(str(url), process, http))
            await asyncio.gather(*(warm(side) for side in sides))
            yield sides[0], sides[1]

    return run


async def warm(side: Side) -> None:
    """Wait until it hears of changes: only then does it keep anything."""
    async with asyncio.timeout(10):
        while (await side.loads("warm")) != await side.loads("warm"):
            await asyncio.sleep(0.01)


async def test_a_value_is_read_once_and_forgotten_in_every_process_when_it_changes(two_sides):
    async with two_sides() as (here, there):
        for side in (here, there):
            assert await side.read("a") is None
            before = await side.loads("a")
            assert [await side.read("a") for _ in range(5)] == [None] * 5
            assert await side.loads("a") == before, "that there is none is remembered, too"
        assert (await here.write("a", "one"))["again"] == "one", "a transaction sees what it has written"
        assert await here.read("a") == "one"
        assert await here.read("a", near=True) == "one"
        await there.until("a", "one")
        await there.until("a", "one", near=True)
        assert (await here.write("a", "two", fail=True))["detail"] == "That was not meant."
        assert [await side.read("a") for side in (here, there)] == ["one", "one"]
        await there.write("a", "three")
        await here.until("a", "three")
        await here.until("a", "three", near=True)


async def test_processes_that_read_and_write_at_once_end_with_the_last_value(two_sides):
    async with two_sides() as (here, there):
        over = asyncio.Event()

        async def keep_reading(side: Side) -> None:
            while not over.is_set():
                await side.read("b")

        async with asyncio.TaskGroup() as tasks:
            for side in (here, there) * 3:
                tasks.create_task(keep_reading(side))
            for number in range(60):
                side = (here, there)[number % 2]
                await side.write("b", str(number))
                assert await side.read("b") == str(number), "who writes reads what it wrote"
            over.set()
        await here.until("b", "59")
        await there.until("b", "59")


async def test_while_a_process_does_not_hear_of_changes_it_keeps_nothing(two_sides, fresh_database):
    async with two_sides() as (here, there):
        await here.write("c", "one")
        await there.until("c", "one")
        connection = await asyncpg.connect(**parse_url(fresh_database).arguments())
        deafened = await connection.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert deafened == 2
        await connection.execute("UPDATE public.note SET value = 'two' WHERE key = 'c'")  # and nobody tells
        await connection.close()
        for side in (here, there):
            await side.until("c", "two")


@needs_redis
async def test_what_one_process_has_loaded_another_takes_from_redis(two_sides, tmp_path: Path):
    async with own_redis(tmp_path) as redis, two_sides(REDIS_URL=redis.url) as (here, there):
        before = await here.loads("warm"), await there.loads("warm")
        assert await here.read("d") is None
        assert await there.read("d") is None
        assert (await here.loads("warm"), await there.loads("warm")) == (before[0] + 1, before[1])
        await there.write("d", "one")
        await here.until("d", "one")
        assert (await here.check("redis"))["sentence"] == "Redis answers."


@needs_redis
async def test_a_change_that_redis_missed_is_not_served_when_it_is_back(two_sides, tmp_path: Path):
    async with own_redis(tmp_path) as redis, two_sides(REDIS_URL=redis.url) as (here, there):
        await here.write("f", "one")
        await there.until("f", "one")
        assert await here.read("f") == "one"
        await redis.kill()
        assert (await here.write("f", "two"))["value"] == "two"
        await here.process.logged("redis_away")
        told = await here.check("redis")
        assert (told["ok"], told["ready"]) == (False, True), told
        await redis.start()  # with all that it had
        for side in (here, there):
            await side.process.logged("redis_back")
        for side in (here, there):
            assert await side.read("f") == "two"
            assert (await side.check("redis"))["ok"]


@needs_redis
async def test_without_redis_everything_goes_on_and_it_is_said_once(two_sides, tmp_path: Path):
    async with own_redis(tmp_path) as redis, two_sides(REDIS_URL=redis.url) as (here, there):
        await here.write("h", "one")
        redis.pause()
        assert await here.read("h") == "one"
        assert (await here.write("h", "two"))["value"] == "two"
        await redis.kill()
        for number in range(30):
            await here.write("h", str(number))
            assert await here.read("h") == str(number)
        await there.until("h", "29")
        assert sum('"redis_away"' in line for line in here.process.lines) == 1
        await redis.start()
        await here.process.logged("redis_back")
        await here.write("h", "back")
        await there.until("h", "back")
        assert not any(redis.url in line for side in (here, there) for line in side.process.lines)


@needs_redis
async def test_two_processes_count_a_caller_together_in_redis_and_apart_without_it(two_sides, tmp_path: Path):
    async with (
        own_redis(tmp_path) as redis,
        two_sides(REDIS_URL=redis.url, CHANDELIER_API_RATE="40", CHANDELIER_API_TOKEN="") as (here, there),
    ):
        seen = []
        for number in range(60):
            side = (here, there)[number % 2]
            async with side.http.get(f"{side.url}/nowhere", headers={"Authorization": "Bearer chd_nothing"}) as answer:
                seen.append(answer.status)
        assert 429 in seen
        assert seen.index(429) <= 21, "wrong tokens are counted together: twenty a minute"
        await redis.kill()
        async with here.http.get(f"{here.url}/nowhere", headers={"Authorization": "Bearer chd_nothing"}) as answer:
            assert answer.status == 401
        await here.process.logged("rates_counted_here")
