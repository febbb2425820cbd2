"""The live line to a page: events, the bot's coming and going, the clock, the transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import orjson
from aiohttp import web

from chandelier_sandbox.chat.hearing import Hearing
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.records import User
from chandelier_sandbox.transcript.transcript import Entry, Exchange, Link

WAITING_MOST = 5000
GATHER_S = 0.05
SHOWN_AT_FIRST = 200


class Line:
    """One page that listens; one that does not read what it is sent is dropped rather than waited for."""

    def __init__(
        self, discord: Discord, user: User, socket: web.WebSocketResponse, transport: asyncio.Transport | None
    ) -> None:
        self._discord = discord
        self._transport = transport
        self._hearing = Hearing(discord, user)
        self._connected: bool | None = None  # as the page was told last
        self._socket = socket
        self._waiting: list[JsonObject] = []
        self._news = asyncio.Event()
        self._entries: list[JsonObject] = []

    async def serve(self) -> None:
        """Send until the page goes."""
        discord = self._discord
        ends: list[Callable[[], None]] = [
            discord.feed.subscribe(self._hear),
            discord.transcript.watch(self._note),
            discord.clock.watch(self._tell_time),
        ]
        self._entries = [entry_json(entry) for entry in discord.transcript.find(last=SHOWN_AT_FIRST)]
        self._wake()
        sending = asyncio.create_task(self._send(), name="sandbox chat line")
        try:
            async for _ in self._socket:
                pass  # a page only listens here
        finally:
            sending.cancel()
            for end in ends:
                end()
            await asyncio.gather(sending, return_exceptions=True)

    def _put(self, what: JsonObject) -> None:
        self._waiting.append(what)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        if len(self._waiting) + len(self._entries) > WAITING_MOST and self._transport is not None:
            self._transport.abort()

    def _hear(self, event: Event) -> None:
        if (seen := self._hearing.event(event)) is not None:
            self._put(seen)

    def _note(self, entry: Entry) -> None:
        self._entries.append(entry_json(entry))
        self._wake()

    def _tell_time(self) -> None:
        self._put({"t": "CLOCK", "d": {"now": self._discord.clock.time()}})

    async def _send(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER_S)  # what happens together is sent together
            self._news.clear()
            try:
                for one in self._taken():
                    await self._socket.send_str(orjson.dumps(one).decode())
            except ConnectionError:
                return  # the page is gone

    def _taken(self) -> list[JsonObject]:
        """Take what waits to be sent; the bot's coming and going shows in the transcript, so it is looked at here."""
        waiting, self._waiting = self._waiting, []
        connected = self._discord.gateway.connected.is_set()
        if connected is not self._connected:
            self._connected = connected
            waiting.insert(0, {"t": "CONNECTED", "d": {"connected": connected}})
        if self._entries:
            waiting.append({"t": "TRANSCRIPT", "d": self._entries})
            self._entries = []
        return waiting


def entry_json(entry: Entry) -> JsonObject:
    """Describe an entry of the transcript in one line; what it holds is asked for apart."""
    shown: JsonObject = {"n": entry.number, "at": entry.at, "kind": entry.kind}
    if isinstance(entry, Exchange):
        return shown | {"title": f"{entry.method} {entry.path}", "status": entry.status, "ms": entry.ms}
    if isinstance(entry, Link):
        return shown | {"title": f"{entry.name} {entry.code or ''}".strip()}
    return shown | {"title": entry.name}
