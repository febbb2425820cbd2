"""A gateway session outlives its connections: it counts events and keeps them for a resume."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections import deque
from dataclasses import dataclass, field

import orjson
from aiohttp import WSCloseCode, web

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.faults import Faults
from chandelier_sandbox.gateway.compression import Packer
from chandelier_sandbox.gateway.intents import Intent

REPLAY_MOST = 1000
REPLAY_MOST_BYTES = 16 * 1024 * 1024
GOING_AWAY = int(WSCloseCode.GOING_AWAY)
STOPPING_S = 0.02  # a client that reads answers on loopback within a millisecond


class Connection:
    """One websocket, written to by a single task so that messages keep their order."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, packer: Packer | None, faults: Faults
    ) -> None:
        self.socket = socket
        self._transport = transport
        self.close_code: int | None = None
        self.reading: asyncio.Timeout | None = None  # how long the reader waits for the next frame, while it does
        self._reason = ""
        self._packer = packer
        self._faults = faults
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write(), name="sandbox gateway writer")

    @property
    def closed_by_us(self) -> bool:
        """Tell whether it was the sandbox that closed it."""
        return self.close_code is not None

    def send(self, payload: JsonObject | bytes) -> None:
        """Queue a payload."""
        if self.close_code is None:
            self._queue.put_nowait(payload if isinstance(payload, bytes) else orjson.dumps(payload))

    def compress_each(self) -> None:
        """Compress each payload by itself (Discord: Gateway, Payload Compression), unless the whole transport is."""
        self._packer = self._packer or zlib.compress

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued; the reader is told when it is time."""
        if self.close_code is None:
            self.close_code, self._reason = code, reason
            self._queue.put_nowait(None)

    def cut(self) -> None:
        """Cut the line without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def finish(self) -> None:
        """Send what is queued and the close frame, and hear the client's; a client that is silent is cut off."""
        await asyncio.wait([self._writer], timeout=0.5)
        patience_s = STOPPING_S if self.close_code == GOING_AWAY else 0.5
        try:
            async with asyncio.timeout(patience_s):
                await self.socket.close(code=self.close_code or GOING_AWAY, message=self._reason.encode()[:120])
        except (TimeoutError, ConnectionError, RuntimeError):
            self.cut()

    async def abandon(self) -> None:
        """Stop writing; the socket is closed or about to be."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        ended = False
        while not ended:
            # Everything that waits leaves at once: to the system, each write costs more than what it carries.
            waiting = [await self._queue.get()]
            while not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            ended = waiting[-1] is None
            if delay_s := self._faults.gateway.delay_events_s:
                await asyncio.sleep(delay_s)
            if self._transport is None or self._transport.is_closing():
                return  # the client is gone; what it missed is replayed when it resumes
            self._transport.write(b"".join(self._frame(payload) for payload in waiting if payload is not None))
        # The reader closes: aiohttp 3.14 does not wait for the client's close frame while another task reads.
        if self.reading is not None:
            self.reading.reschedule(0)

    def _frame(self, payload: bytes) -> bytes:
        """Wrap a payload as one unmasked message (RFC 6455, section 5.2): text, or binary where it is packed."""
        opcode = 0x81
        if self._packer is not None:
            opcode, payload = 0x82, self._packer(payload)
        if len(payload) < 126:
            return struct.pack("!BB", opcode, len(payload)) + payload
        if len(payload) < 1 << 16:
            return struct.pack("!BBH", opcode, 126, len(payload)) + payload
        return struct.pack("!BBQ", opcode, 127, len(payload)) + payload

    @property
    def is_finished(self) -> bool:
        """Tell whether everything up to the end has been sent."""
        return self._writer.done()


@dataclass(slots=True, eq=False)
class Session:
    """What the gateway remembers of one identified shard."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    large_threshold: int = 50
    sequence: int = 0
    connection: Connection | None = None
    sent: deque[tuple[int, bytes]] = field(default_factory=deque)
    sent_bytes: int = 0
    members_asked_at: dict[int, float] = field(default_factory=dict)

    def dispatch(self, name: str, data: bytes) -> int:
        """Number an event, keep it for a resume and send it if somebody is connected; data: the payload's JSON."""
        self.sequence += 1
        frame = b'{"op":0,"t":"%b","s":%d,"d":%b}' % (name.encode(), self.sequence, data)
        self.sent.append((self.sequence, frame))
        self.sent_bytes += len(frame)
        while len(self.sent) > REPLAY_MOST or (self.sent_bytes > REPLAY_MOST_BYTES and len(self.sent) > 1):
            self.sent_bytes -= len(self.sent.popleft()[1])
        if self.connection is not None:
            self.connection.send(frame)
        return self.sequence

    def missed(self, sequence: int) -> list[bytes] | None:
        """Return what came after a sequence number; None when it cannot be replayed."""
        if self.sent and sequence < self.sent[0][0] - 1:
            return None
        return [frame for number, frame in self.sent if number > sequence]

    def sees(self, guild_id: int | None) -> bool:
        """Tell whether events of this guild belong to this shard (Discord: Gateway, Sharding)."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)
