"""The stream of events, in a running bot: who is told what, in which order, and how a reader goes on where it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from ..house import OPERATOR, House, open_house


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(chandelier_database, tmp_path_factory.mktemp("events")) as found:
        yield found


@dataclass
class Stream:
    """A stream that is being read."""

    events: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended: bool = False

    async def read(self, answer: aiohttp.ClientResponse) -> None:
        """Keep what comes."""
        lines: dict[str, str] = {}
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            async with self.news:
                if line.startswith(":"):
                    self.comments.append(line)
                elif line:
                    name, _, value = line.partition(": ")
                    lines[name] = value
                elif "event" in lines:
                    self.events.append((lines["event"], int(lines.get("id", 0)), json.loads(lines["data"])))
                    lines = {}
                self.news.notify_all()
        async with self.news:
            self.ended = True
            self.news.notify_all()

    async def next(self, name: str, **facts: object) -> tuple[int, dict[str, Any]]:
        """Wait for an event with these facts."""
        async with asyncio.timeout(10), self.news:
            while True:
                for event, number, body in self.events:
                    if event == name and facts.items() <= body.items():
                        return number, body
                assert not self.ended, self.events
                await self.news.wait()


@asynccontextmanager
async def following(
    house: House, token: str = OPERATOR, query: str = "", url: str = "", **headers: str
) -> AsyncIterator[Stream]:
    given = {name.replace("_", "-"): value for name, value in headers.items()} | {"Authorization": f"Bearer {token}"}
    timeout = aiohttp.ClientTimeout(total=None)
    async with (
        aiohttp.ClientSession(timeout=timeout) as http,
        http.get(f"{url or house.url}/api/v1/events{query}", headers=given) as answer,
    ):
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        stream = Stream()
        reading = asyncio.create_task(stream.read(answer))
        try:
            async with asyncio.timeout(5):
                while not answer.content.total_bytes:  # the first line says that it is begun
                    await asyncio.sleep(0.01)
            yield stream
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def test_commands_and_plugins_are_told_as_they_happen(house: House):
    alice = house.discord.member("alice", guild=house.one)
    async with following(house) as stream:
        await alice.slash("ping")
        _, call = await stream.next("call", command="ping", outcome="answered")
        assert (call["plugin"], call["guild_id"], call["user_id"]) == ("ping", str(house.one.id), str(alice.id))
        for act in ("stop", "start"):
            assert (await house.ask("POST", f"/api/v1/plugins/ping/{act}"))[0] == 200
        await stream.next("plugin", plugin="ping", new="stopped")
        await stream.next("plugin", plugin="ping", new="started")


async def test_what_a_plugin_emits_is_told_too(house: House):
    alice = house.discord.member("alice", guild=house.one)
    async with following(house, query="?name=reminders.ReminderDelivered") as stream:
        await alice.slash("remind me", after="10s", text="tea")
        house.discord.clock.advance(11)
        _, told = await stream.next("reminders.ReminderDelivered")
        assert told["user_id"] == str(alice.id)
        assert {name for name, _, _ in stream.events} == {"reminders.ReminderDelivered"}


async def test_everybody_is_told_what_is_theirs(house: House):
    alice, carol = (house.discord.member(name, guild=house.one) for name in ("alice", "carol"))
    bob = house.discord.member("bob", guild=house.two)
    async with (
        following(house, await house.token("alice", "host:read")) as managers,
        following(house, await house.token("carol", "host:read")) as members,
        following(house, await house.token("bob", "host:read")) as elsewhere,
        following(house, query=f"?guild_id={house.two.id}") as filtered,
    ):
        for person in (alice, carol, bob):
            await person.slash("ping")
        for stream, known in (
            (managers, {alice, carol}), (members, {carol}), (elsewhere, {bob}), (filtered, {bob})
        ):  # fmt: skip
            last = max(known, key=lambda person: [alice, carol, bob].index(person))
            await stream.next("call", user_id=str(last.id))
            seen = {body["user_id"] for name, _, body in stream.events if name == "call"}
            assert seen == {str(person.id) for person in known}


async def test_a_reader_goes_on_where_it_was(house: House):
    alice = house.discord.member("alice", guild=house.one)
    async with following(house) as stream:
        await alice.slash("ping")
        last, _ = await stream.next("call", command="ping")
    for _ in range(3):
        await alice.slash("custom list")
    async with following(house, Last_Event_ID=str(last)) as again:
        async with asyncio.timeout(10), again.news:
            while sum(body.get("command") == "custom list" for _, _, body in again.events) < 3:
                await again.news.wait()
        assert all(number > last for _, number, _ in again.events)
        assert [number for _, number, _ in again.events] == sorted(number for _, number, _ in again.events)


async def test_another_process_tells_the_same(house: House, started):
    alice = house.discord.member("alice", guild=house.one)
    async with started("api", **house.wired) as process:
        url = str((await process.logged("service_started", service="api"))["url"])
        async with following(house) as here, following(house, url=url) as there:
            await alice.slash("ping")
            assert await here.next("call", command="ping") == await there.next("call", command="ping")
        assert await process.end() == 0


async def test_nobody_follows_more_than_four_streams(house: House):
    token = await house.token("alice", "host:read")
    async with following(house, token), following(house, token), following(house, token), following(house, token):
        status, body, _ = await house.ask("GET", "/api/v1/events", token=token)
        assert (status, body["code"]) == (429, "too_soon")
    async with asyncio.timeout(10):  # what was closed may be opened again
        while True:
            try:
                async with following(house, token):
                    break
            except AssertionError:
                await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    "query", ["?guild_id=x", "?what=1", "?last_event_id=-1", "?last_event_id=99999999999999999999"]
)
async def test_what_cannot_be_asked_for_is_refused(house: House, query: str):
    status, body, _ = await house.ask("GET", f"/api/v1/events{query}")
    assert status in (404, 422)
    assert body["detail"]


async def test_a_token_without_the_scope_follows_nothing(house: House):
    status, body, _ = await house.ask("GET", "/api/v1/events", token=await house.token("alice", "custom:read"))
    assert (status, body["code"]) == (403, "scope_missing")


async def test_a_stream_is_told_goodbye_and_does_not_hold_the_bot_up(started, house: House):
    async with started("api", **house.wired) as process:
        url = str((await process.logged("service_started", service="api"))["url"])
        async with following(house, url=url) as stream:
            assert await process.end(limit_s=4) == 0
            await stream.next("bye")
