"""A gateway session outlives its connections: it counts events and keeps them for a resume."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSCloseCode, web

from chandelier_sandbox.compression import Packer
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.intents import Intent

REPLAY_MOST = 1000


class Connection:
    """One websocket, written to by a single task so that messages keep their order."""

    def __init__(self, socket: web.WebSocketResponse, packer: Packer | None) -> None:
        self.socket = socket
        self.closed_by_us = False
        self._packer = packer
        self._queue: asyncio.Queue[bytes | tuple[int, str]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write(), name="sandbox gateway writer")

    def send(self, payload: JsonObject) -> None:
        """Queue a payload."""
        self._queue.put_nowait(orjson.dumps(payload))

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued."""
        self.closed_by_us = True
        self._queue.put_nowait((code, reason))

    async def abandon(self) -> None:
        """Stop writing; the socket is closed or about to be."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, tuple):
                await self._close(*item)
                return
            try:
                if self._packer is None:
                    await self.socket.send_str(item.decode())
                else:
                    await self.socket.send_bytes(self._packer(item))
            except (ConnectionError, RuntimeError):
                return  # the client is gone; what it missed is replayed when it resumes

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(0.5):
                await self.socket.close(code=code, message=reason.encode()[:120])
        except (TimeoutError, ConnectionError, RuntimeError):
            if (transport := self.socket.get_extra_info("transport")) is not None:
                transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What the gateway remembers of one identified shard."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    sequence: int = 0
    connection: Connection | None = None
    sent: deque[tuple[int, JsonObject]] = field(default_factory=lambda: deque(maxlen=REPLAY_MOST))

    def dispatch(self, name: str, data: Any) -> int:
        """Number an event, keep it for a resume and send it if somebody is connected."""
        self.sequence += 1
        payload: JsonObject = {"op": 0, "t": name, "s": self.sequence, "d": data}
        self.sent.append((self.sequence, payload))
        if self.connection is not None:
            self.connection.send(payload)
        return self.sequence

    def missed(self, sequence: int) -> list[JsonObject] | None:
        """Return what came after a sequence number; None when it cannot be replayed."""
        if sequence > self.sequence or sequence < 0:
            return None
        if self.sent and sequence < self.sent[0][0] - 1:
            return None
        return [payload for number, payload in self.sent if number > sequence]

    def sees(self, guild_id: int | None) -> bool:
        """Tell whether events of this guild belong to this shard (Discord: Gateway, Sharding)."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)


GOING_AWAY = int(WSCloseCode.GOING_AWAY)
