"""One client's side of the gateway, from HELLO to the end: its frames, decoded, counted and obeyed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import WSMessage, WSMsgType

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.closing import Closed
from chandelier_sandbox.gateway.requests import REQUESTS
from chandelier_sandbox.gateway.sessions import Connection, Session
from chandelier_sandbox.transcript.transcript import Command

if TYPE_CHECKING:
    from chandelier_sandbox.gateway.gateway import Gateway

PAYLOAD_MOST_BYTES = 4096
COMMANDS_PER_MINUTE = 120
_NAMES: Mapping[int, str] = {
    1: "HEARTBEAT",
    2: "IDENTIFY",
    3: "PRESENCE_UPDATE",
    4: "VOICE_STATE_UPDATE",
    6: "RESUME",
    8: "REQUEST_GUILD_MEMBERS",
    31: "REQUEST_SOUNDBOARD_SOUNDS",
    43: "REQUEST_CHANNEL_INFO",
}


class Conversation:
    """Listen to one client."""

    def __init__(self, gateway: Gateway, connection: Connection) -> None:
        self.session: Session | None = None
        self._gateway = gateway
        self._connection = connection
        self._received: deque[float] = deque()

    async def run(self) -> None:
        """Greet the client and obey it; raise Closed when it breaks a rule."""
        interval_s = self._gateway.heartbeat_interval_ms / 1000
        self._connection.send({"op": 10, "d": {"heartbeat_interval": self._gateway.heartbeat_interval_ms}})
        loop = asyncio.get_running_loop()
        alive_until = loop.time() + interval_s * 1.5
        while True:
            frame = await self._receive(alive_until)
            if frame is None or frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            if self._connection.closed_by_us:
                continue  # what arrives after we said goodbye is not heard
            message = self._decoded(frame.data)
            if message["op"] == 1:
                alive_until = loop.time() + interval_s * 1.5
            self._obey(message["op"], message.get("d"))

    async def _receive(self, until: float) -> WSMessage | None:
        """Wait for a frame; None when the sandbox closes meanwhile, 4009 when the time is up."""
        connection = self._connection
        if connection.closed_by_us and connection.is_finished:
            return None
        try:
            async with asyncio.timeout_at(until) as connection.reading:
                return await connection.socket.receive()
        except TimeoutError:
            if connection.closed_by_us:
                return None
            raise Closed(4009) from None
        finally:
            connection.reading = None

    def _decoded(self, frame: str | bytes) -> JsonObject:
        raw = frame.encode(errors="replace") if isinstance(frame, str) else frame
        try:
            message = orjson.loads(raw) if len(raw) <= PAYLOAD_MOST_BYTES else None
        except orjson.JSONDecodeError:
            message = None
        operation = message.get("op") if isinstance(message, dict) else None
        known = operation if isinstance(operation, int) and not isinstance(operation, bool) else None
        self._note(known, raw)
        self._count()
        if known is None:
            raise Closed(4002)
        return {"op": known, "d": None if message is None else message.get("d")}

    def _note(self, operation: int | None, raw: bytes) -> None:
        transcript, shard = self._gateway.transcript, None if self.session is None else self.session.shard
        number, at = transcript.next_number(), self._gateway.clock.time()
        name = "UNREADABLE" if operation is None else _NAMES.get(operation, f"OP {operation}")
        kept = raw if operation is not None else b""  # what cannot be read might hold a token
        transcript.note(Command(number, at, name, -1 if operation is None else operation, shard, kept))

    def _count(self) -> None:
        now = self._gateway.clock.time()
        while self._received and now - self._received[0] >= 60:
            self._received.popleft()
        self._received.append(now)
        if self._gateway.limits.enforced and len(self._received) > COMMANDS_PER_MINUTE:
            raise Closed(4008)

    def _obey(self, operation: int, data: Any) -> None:
        if operation == 1:
            if not self._gateway.faults.gateway.swallows_ack():
                self._connection.send(b'{"op":11,"d":null}')
            return
        if operation not in (2, 6) and operation not in REQUESTS:
            raise Closed(4001)
        if not isinstance(data, dict):
            raise Closed(4002)
        if operation in (2, 6):
            self._begin(operation, data)
        elif self.session is None or self.session.connection is not self._connection:
            raise Closed(4003)
        else:
            REQUESTS[operation](self._gateway, self.session, data)

    def _begin(self, operation: int, data: JsonObject) -> None:
        if self.session is not None and self.session.connection is self._connection:
            raise Closed(4005)
        begin = self._gateway.identify if operation == 2 else self._gateway.resume
        self.session = begin(data, self._connection)
        if self.session is None:
            self._connection.send({"op": 9, "d": False})
