"""The test kit: the bot under test, its REST API, its database and its clock, as the pytest fixtures give them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zlib import crc32

import aiohttp

if TYPE_CHECKING:
    from chandelier_core.program import Program
    from chandelier_sandbox.faults import Faults
    from chandelier_sandbox.people import Member
    from chandelier_sandbox.records import Guild
    from chandelier_sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the REST API, read whole. ``json`` is None where the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """Read the body as JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


@dataclass(slots=True)
class Api:
    """The REST API of the bot under test, over real HTTP, as one Discord user or as the operator."""

    url: str
    session: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    def acting_as(self, member: Member) -> Api:
        """Give the API as it is for a member."""
        return Api(self.url, self.session, {**self.headers, "X-Discord-User-Id": str(member.id)})

    async def request(self, method: str, path: str, **more: Any) -> Response:
        """Send a request; ``json=`` and ``params=`` as in aiohttp."""
        headers = {**self.headers, **more.pop("headers", {})}
        async with self.session.request(method, self.url + path, headers=headers, **more) as answer:
            return Response(answer.status, answer.headers.copy(), await answer.text())

    async def get(self, path: str, **more: Any) -> Response:
        """Send a GET."""
        return await self.request("GET", path, **more)

    async def post(self, path: str, **more: Any) -> Response:
        """Send a POST."""
        return await self.request("POST", path, **more)

    async def put(self, path: str, **more: Any) -> Response:
        """Send a PUT."""
        return await self.request("PUT", path, **more)

    async def patch(self, path: str, **more: Any) -> Response:
        """Send a PATCH."""
        return await self.request("PATCH", path, **more)

    async def delete(self, path: str, **more: Any) -> Response:
        """Send a DELETE."""
        return await self.request("DELETE", path, **more)


@dataclass(slots=True)
class TestClock:
    """The clock of Discord and of the bot; tests move it forward."""

    __test__ = False
    sandbox: Sandbox
    program: Program

    def now(self) -> datetime:
        """Give the instant, in UTC."""
        return self.program.clock.now()

    def advance(self, seconds: float) -> None:
        """Let time pass; what is due meanwhile becomes due now."""
        self.sandbox.clock.advance(seconds)


@dataclass(frozen=True, slots=True)
class Database:
    """The Postgres of the bot under test."""

    program: Program

    async def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Run SQL with $1, $2 … for values; a plugin's tables are in the schema of its name: ``custom.command``."""
        return await self.program.store.rows(sql, *values)


@dataclass(slots=True)
class Bot:
    """The bot under test, in a server of its own: alice owns it, bob and whoever else is named are members.

    ``api`` is the REST API, ``api.acting_as(member)`` the same for a person; ``db`` the database, ``clock`` the time of bot
    and Discord, ``faults`` what goes wrong on Discord's side, ``sandbox`` the local Discord.
    """

    program: Program
    sandbox: Sandbox
    clock: TestClock
    api: Api
    db: Database
    guild: Guild

    @property
    def faults(self) -> Faults:
        """Give the trouble to inject into Discord; forgotten when the test ends."""
        return self.sandbox.faults

    @property
    def guild_id(self) -> int:
        """Give the id of this test's server."""
        return self.guild.id

    async def join(self, name: str, **more: Any) -> Guild:
        """Let the bot join another server, which stays for the tests after this one; back when the bot knows it."""
        guild = self.sandbox.world.add_guild(name, **more)
        await until_known(self.program, guild.id)
        return guild

    def member(self, name: str, **more: Any) -> Member:
        """Give a member of this test's server, made when first named; the person is in no other test."""
        return self.sandbox.member(person(name, self.guild.name), guild=self.guild, **more)


async def until_known(program: Program, guild_id: int) -> None:
    """Wait until the bot has been told of a server, for 5 s at most."""
    async with asyncio.timeout(5):
        while guild_id not in program.discord.guild_ids:
            await asyncio.sleep(0.005)


def person(name: str, guild: str) -> str:
    """Make the user name of a person who is in one test only."""
    return f"{name}-{crc32(guild.encode()):08x}"
