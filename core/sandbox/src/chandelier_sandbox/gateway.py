"""The gateway: identify, heartbeat, resume, intents, close codes (Discord: Gateway; Opcodes and Status Codes)."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections import OrderedDict
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.compression import CompressionUnavailable, make_packer
from chandelier_sandbox.errors import plain
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.intents import PRIVILEGED, Intent, application_flags, needed_intent, unknown_bits
from chandelier_sandbox.payloads import guild_create_json, member_json, self_json
from chandelier_sandbox.sessions import GOING_AWAY, Connection, Session
from chandelier_sandbox.transcript import Dispatch, Transcript, without_secrets
from chandelier_sandbox.world import World

SESSIONS_MOST = 64
PAYLOAD_MOST_BYTES = 4096
COMMANDS_PER_MINUTE = 120


class Closed(Exception):
    """The client broke a rule; the connection ends with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Gateway:
    """Accept websockets, keep sessions, and pass events of the world to them."""

    def __init__(self, world: World, clock: Clock, transcript: Transcript, token: str) -> None:
        self.world = world
        self.url = ""
        self.heartbeat_interval_ms = 41_250
        self.privileged = PRIVILEGED
        self.connected = asyncio.Event()
        self.identified = 0
        self._clock = clock
        self._transcript = transcript
        self._token = token
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._open: set[Connection] = set()
        world.feed.subscribe(self._pass_on)

    # Connections

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        query = request.query
        try:
            packer = make_packer(query.get("compress"))
        except (CompressionUnavailable, ValueError) as error:
            print(f"sandbox: the gateway refuses a connection: {error}", file=sys.stderr)
            return web.json_response(plain(400, "Bad Request").body() | {"message": str(error)}, status=400)
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20, timeout=0.5)
        await socket.prepare(request)
        connection = Connection(socket, packer)
        self._open.add(connection)
        talk = Conversation(self, connection)
        try:
            if query.get("v", "10") != "10":
                raise Closed(4012, "Invalid API version")
            if query.get("encoding", "json") != "json":
                raise Closed(4002, "Error while decoding payload")
            await talk.run()
        except Closed as closed:
            await socket.close(code=closed.code, message=closed.reason.encode())
        finally:
            self._part(connection, talk.session, socket.close_code)
            await connection.abandon()
        return socket

    def _part(self, connection: Connection, session: Session | None, code: int | None) -> None:
        self._open.discard(connection)
        if session is not None and session.connection is connection:
            session.connection = None
            if code in (1000, 1001) and not connection.closed_by_us:
                self._sessions.pop(session.id, None)  # the client ended its session (Discord: Gateway, Disconnecting)
        if not any(known.connection for known in self._sessions.values()):
            self.connected.clear()

    def drop(self, code: int = 4000) -> None:
        """Close every connection with a code; sessions stay, to be resumed, unless the code ends them."""
        if code in (4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014):
            self._sessions.clear()
        for connection in tuple(self._open):
            connection.close(code, "Dropped by the sandbox")

    def ask_to_reconnect(self) -> None:
        """Send RECONNECT (op 7) to everybody."""
        for connection in tuple(self._open):
            connection.send({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send INVALID_SESSION (op 9) to everybody."""
        if not resumable:
            self._sessions.clear()
        for connection in tuple(self._open):
            connection.send({"op": 9, "d": resumable})

    async def stop(self) -> None:
        """Close every connection; returns within a second."""
        for connection in tuple(self._open):
            connection.close(GOING_AWAY, "The sandbox stops")
        for _ in range(60):
            if not self._open:
                return
            await asyncio.sleep(0.01)

    # Sessions

    def identify(self, data: JsonObject, connection: Connection) -> Session:
        """Begin a session: READY, then a GUILD_CREATE for each guild."""
        intents, shard = self._checked_identity(data)
        session = Session(id=secrets.token_hex(16), intents=intents, shard=shard, connection=connection)
        self._sessions[session.id] = session
        while len(self._sessions) > SESSIONS_MOST:
            self._sessions.popitem(last=False)
        self.identified += 1
        guilds = [guild for guild in self.world.guilds.values() if session.sees(guild.id)]
        flags = application_flags(self.privileged)
        ready: JsonObject = {
            "v": 10,
            "user": self_json(self.world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(shard),
            "application": {"id": str(self.world.application_id), "flags": flags, "flags_new": str(flags)},
        }
        self._send(session, "READY", ready)
        for guild in guilds:
            if Intent.GUILDS in intents:
                payload = guild_create_json(guild, guild.members.values()) | {"unavailable": False}
                self._send(session, "GUILD_CREATE", self._tailored("GUILD_CREATE", payload, session))
        self.connected.set()
        return session

    def _checked_identity(self, data: JsonObject) -> tuple[Intent, tuple[int, int]]:
        intents, shard = data.get("intents"), data.get("shard") or [0, 1]
        if not isinstance(data.get("token"), str) or not isinstance(data.get("properties"), dict):
            raise Closed(4002, "Error while decoding payload")
        if data["token"].removeprefix("Bot ") != self._token:
            raise Closed(4004, "Authentication failed.")
        if not isinstance(intents, int) or isinstance(intents, bool) or intents < 0 or unknown_bits(intents):
            raise Closed(4013, "Invalid intent(s).")
        if Intent(intents) & PRIVILEGED & ~self.privileged:
            raise Closed(4014, "Disallowed intent(s).")
        fits = isinstance(shard, list) and len(shard) == 2 and all(isinstance(one, int) for one in shard)
        if not fits or not 0 <= shard[0] < shard[1]:
            raise Closed(4010, "Invalid shard.")
        return Intent(intents), (shard[0], shard[1])

    def resume(self, data: JsonObject, connection: Connection) -> Session | None:
        """Go on with a session: replay what was missed, then RESUMED; None when it cannot be resumed."""
        if not isinstance(data.get("seq"), int) or not isinstance(data.get("session_id"), str):
            raise Closed(4002, "Error while decoding payload")
        if str(data.get("token")).removeprefix("Bot ") != self._token:
            raise Closed(4004, "Authentication failed.")
        session = self._sessions.get(data["session_id"])
        missed = None if session is None else session.missed(data["seq"])
        if session is None or missed is None:
            return None
        if session.connection is not None:
            session.connection.close(4000, "Resumed elsewhere")
        session.connection = connection
        for payload in missed:
            connection.send(payload)
        self._send(session, "RESUMED", {})
        self.connected.set()
        return session

    def send_members(self, session: Session, data: JsonObject) -> None:
        """Answer REQUEST_GUILD_MEMBERS (op 8) with chunks."""
        guild_id, wanted, limit = data.get("guild_id"), data.get("user_ids"), data.get("limit") or 0
        guild_id = guild_id[0] if isinstance(guild_id, list) and guild_id else guild_id
        if not str(guild_id).isdecimal() or not isinstance(limit, int) or not _are_ids(wanted):
            raise Closed(4002, "Error while decoding payload")
        guild = self.world.guilds.get(int(str(guild_id)))
        if guild is None:
            return
        if wanted is None and not data.get("query") and Intent.GUILD_MEMBERS not in session.intents:
            raise Closed(4014, "Disallowed intent(s).")
        ids = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])] if wanted is not None else None
        query, most = str(data.get("query") or "").lower(), limit
        members = [
            member
            for member in guild.members.values()
            if (str(member.user.id) in ids if ids is not None else member.user.name.lower().startswith(query))
        ]
        members = members[:most] if most and ids is None else members
        chunks = [members[start : start + 1000] for start in range(0, len(members), 1000)] or [[]]
        for index, chunk in enumerate(chunks):
            answer: JsonObject = {
                "guild_id": str(guild.id),
                "members": [member_json(member) for member in chunk],
                "chunk_index": index,
                "chunk_count": len(chunks),
            }
            answer |= {"nonce": data["nonce"]} if data.get("nonce") else {}
            answer |= {"presences": []} if data.get("presences") else {}
            if ids is not None:
                answer["not_found"] = [one for one in ids if int(one) not in guild.members]
            self._send(session, "GUILD_MEMBERS_CHUNK", answer)

    # Events

    def _pass_on(self, event: Event) -> None:
        if event.private_to is not None:
            return
        needed = needed_intent(event)
        for session in self._sessions.values():
            if session.sees(event.guild_id) and (needed is None or needed in session.intents):
                self._send(session, event.name, self._tailored(event.name, event.payload, session))

    def _tailored(self, name: str, payload: JsonObject, session: Session) -> JsonObject:
        """Withhold what the session's intents do not open."""
        own = str(self.world.bot.id)
        if name == "GUILD_CREATE" and Intent.GUILD_PRESENCES not in session.intents:
            # Discord: Gateway Events, Guild Create: without presences, the bot itself is the only member sent
            return payload | {"members": [one for one in payload["members"] if one["user"]["id"] == own]}
        if name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or Intent.MESSAGE_CONTENT in session.intents:
            return payload
        if "guild_id" not in payload or payload["author"]["id"] == own:
            return payload
        if any(user["id"] == own for user in payload["mentions"]):
            return payload
        return payload | {"content": "", "embeds": [], "attachments": [], "components": []}

    def _send(self, session: Session, name: str, data: Any) -> None:
        sequence = session.dispatch(name, data)
        self._transcript.note(Dispatch(self._clock.time(), name, sequence, without_secrets(data)))


def _are_ids(wanted: Any) -> bool:
    ids = wanted if isinstance(wanted, list) else [] if wanted is None else [wanted]
    return all(str(one).isdecimal() for one in ids)


class Conversation:
    """Listen to one client from HELLO to the end."""

    def __init__(self, gateway: Gateway, connection: Connection) -> None:
        self.session: Session | None = None
        self._gateway = gateway
        self._connection = connection
        self._received: list[float] = []

    async def run(self) -> None:
        """Greet the client and obey it; raise Closed when it breaks a rule."""
        interval_s = self._gateway.heartbeat_interval_ms / 1000
        self._connection.send({"op": 10, "d": {"heartbeat_interval": self._gateway.heartbeat_interval_ms}})
        loop = asyncio.get_running_loop()
        alive_until = loop.time() + interval_s * 1.5
        while True:
            try:
                async with asyncio.timeout_at(alive_until):
                    frame = await self._connection.socket.receive()
            except TimeoutError:
                raise Closed(4009, "Session timed out.") from None
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            message = self._decoded(frame.data)
            self._count(loop.time())
            if message["op"] == 1:
                alive_until = loop.time() + interval_s * 1.5
            self._obey(message["op"], message.get("d"))

    def _decoded(self, frame: str | bytes) -> JsonObject:
        if len(frame) > PAYLOAD_MOST_BYTES:
            raise Closed(4002, "Error while decoding payload")
        try:
            message = orjson.loads(frame)
        except orjson.JSONDecodeError:
            raise Closed(4002, "Error while decoding payload") from None
        if not isinstance(message, dict) or not isinstance(message.get("op"), int):
            raise Closed(4002, "Error while decoding payload")
        return message

    def _count(self, now: float) -> None:
        self._received = [moment for moment in self._received if now - moment < 60] + [now]
        if len(self._received) > COMMANDS_PER_MINUTE:
            raise Closed(4008, "You are being rate limited.")

    def _obey(self, operation: int, data: Any) -> None:
        if operation == 1:
            self._connection.send({"op": 11, "d": None})
            return
        if operation not in (2, 3, 4, 6, 8, 31, 43):
            raise Closed(4001, "Unknown opcode.")
        if not isinstance(data, dict):
            raise Closed(4002, "Error while decoding payload")
        if operation in (2, 6):
            self._begin(operation, data)
        elif self.session is None:
            raise Closed(4003, "Not authenticated.")
        elif operation == 8:
            self._gateway.send_members(self.session, data)
        # 3 (presence), 4 (voice), 31 and 43 are accepted and have no effect yet

    def _begin(self, operation: int, data: JsonObject) -> None:
        if self.session is not None:
            raise Closed(4005, "Already authenticated.")
        if operation == 2:
            self.session = self._gateway.identify(data, self._connection)
            return
        self.session = self._gateway.resume(data, self._connection)
        if self.session is None:
            self._connection.send({"op": 9, "d": False})
