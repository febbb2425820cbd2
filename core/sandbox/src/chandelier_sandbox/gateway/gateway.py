"""The gateway: connections, sessions, and the events that pass to them (Discord: Gateway)."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from chandelier_sandbox.errors import plain
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.gateway.closing import FINAL, Closed
from chandelier_sandbox.gateway.compression import CompressionUnavailable, make_packer
from chandelier_sandbox.gateway.frames import Conversation
from chandelier_sandbox.gateway.identity import Identify, checked_identify, is_whole, must_be_token
from chandelier_sandbox.gateway.intents import PRIVILEGED, Intent, application_flags
from chandelier_sandbox.gateway.presences import Presences
from chandelier_sandbox.gateway.sessions import GOING_AWAY, Connection, Session
from chandelier_sandbox.gateway.starts import Starts
from chandelier_sandbox.gateway.visibility import Visibility, wants, without_content
from chandelier_sandbox.payloads import guild_create_json, self_json
from chandelier_sandbox.records import Guild
from chandelier_sandbox.transcript.transcript import Dispatch, Link

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

SESSIONS_MOST = 64
FRAME_MOST_BYTES = 1 << 20
VERSIONS = ("9", "10")
GUILDS_PER_SHARD = 2500


class Gateway:
    """Accept websockets, keep sessions, and pass events of the world to them."""

    def __init__(self, discord: Discord) -> None:
        self.world = discord.world
        self.clock = discord.clock
        self.transcript = discord.transcript
        self.limits = discord.limits
        self.faults = discord.faults
        self.presences = Presences(self.world)
        self.visibility = Visibility(self.world)
        self.starts = Starts()
        self.url = ""
        self.heartbeat_interval_ms = 41_250
        self.privileged = PRIVILEGED
        self.guilds_per_shard = GUILDS_PER_SHARD
        self.connected = asyncio.Event()
        self.identified = 0
        self._token = discord.token
        self._locked_out = False
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._open: set[Connection] = set()
        self._down: set[int] = set()
        self.world.feed.subscribe(self._pass_on)

    # Connections

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        query = request.query
        try:
            packer = make_packer(query.get("compress"))
        except (CompressionUnavailable, ValueError) as error:
            print(f"sandbox: the gateway refuses a connection: {error}", file=sys.stderr)
            return web.json_response(plain(400, "Bad Request").body() | {"message": str(error)}, status=400)
        socket = web.WebSocketResponse(compress=False, max_msg_size=FRAME_MOST_BYTES, timeout=0.2)
        if not socket.can_prepare(request):
            return web.json_response(plain(426, "Upgrade Required").body(), status=426)
        await socket.prepare(request)
        connection = Connection(socket, request.transport, packer, self.faults)
        self._open.add(connection)
        self._note_link("connect", None, request.query_string[:200])
        talk, closed = Conversation(self, connection), None
        try:
            _check_query(query.get("v", "10"), query.get("encoding", "json"))
            await talk.run()
        except Closed as found:
            closed = found
            connection.close(found.code, found.reason)
        except (ConnectionError, RuntimeError):
            pass  # cut off in the middle
        finally:
            if connection.closed_by_us:
                await connection.finish()
            self._part(connection, talk.session, closed)
            await connection.abandon()
        return socket

    def _part(self, connection: Connection, session: Session | None, closed: Closed | None) -> None:
        self._open.discard(connection)
        code = connection.close_code if connection.closed_by_us else connection.socket.close_code
        whose = "closed by the sandbox" if connection.closed_by_us else "closed by the client"
        self._note_link("close", code, whose if closed is None else closed.reason)
        if session is not None and session.connection is connection:
            session.connection = None
            # Discord: Gateway, Disconnecting: with 1000 and 1001 a client ends its session; our own 1001 does not
            if code in FINAL and not (connection.closed_by_us and code in (1000, GOING_AWAY)):
                self._sessions.pop(session.id, None)
        self._tell_connected()

    def _tell_connected(self) -> None:
        if not any(known.connection for known in self._sessions.values()):
            self.connected.clear()

    def _note_link(self, name: str, code: int | None, reason: str) -> None:
        self.transcript.note(Link(self.transcript.next_number(), self.clock.time(), name, code, reason))

    def drop(self, code: int = 4000) -> None:
        """Close every connection with a code; sessions stay, to be resumed, unless the code ends them."""
        if code in FINAL - {1000, GOING_AWAY}:
            self._sessions.clear()
        for connection in tuple(self._open):
            connection.close(code, "Dropped by the sandbox")

    def cut(self) -> None:
        """Cut every connection without a word, as a broken line does."""
        for connection in tuple(self._open):
            connection.cut()

    def tell(self, payload: JsonObject) -> None:
        """Send a payload that is no event to everybody, such as RECONNECT (op 7) or a heartbeat (op 1)."""
        for connection in tuple(self._open):
            connection.send(payload)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send INVALID_SESSION (op 9) to everybody."""
        if not resumable:
            for session in self._sessions.values():
                session.connection = None
            self._sessions.clear()
            self._tell_connected()
        self.tell({"op": 9, "d": resumable})

    async def stop(self) -> None:
        """Close every connection; returns within a second."""
        for connection in tuple(self._open):
            connection.close(GOING_AWAY, "The sandbox stops")
        for _ in range(60):
            if not self._open:
                return
            await asyncio.sleep(0.01)

    # Sessions

    @property
    def shards(self) -> int:
        """Return with how many shards to connect: as many as keep every one below its threshold."""
        return max(1, -(-len(self.world.guilds) // max(1, self.guilds_per_shard)))

    def set_starts(self, total: int) -> None:
        """Allow so many sessions a day, from now on; who was locked out for beginning too many may begin again."""
        self.starts.set_total(total)
        self._locked_out = False

    def identify(self, data: JsonObject, connection: Connection) -> Session | None:
        """Begin a session: READY, then a GUILD_CREATE for each guild; None when it comes too soon after another."""
        who = checked_identify(data, self._token, self.privileged)
        self._must_fit(who)
        if not self._may_start(who.shard[0]):
            return None
        session = Session(secrets.token_hex(16), who.intents, who.shard, who.large_threshold, connection=connection)
        self._sessions[session.id] = session
        while len(self._sessions) > SESSIONS_MOST:
            self._sessions.popitem(last=False)
        self.identified += 1
        if who.compress:
            connection.compress_each()
        presence = who.presence or {"status": "online", "activities": []}
        self.presences.set(self.world.bot, presence["status"], presence["activities"])
        self._welcome(session)
        self.connected.set()
        return session

    def _may_start(self, shard_id: int) -> bool:
        now = self.clock.time()
        if not self.limits.enforced:
            self.starts.take(now)
            return True
        if self._locked_out:
            raise Closed(4004)
        if self.starts.is_too_soon(shard_id, now):
            return False
        if not self.starts.take(now):
            # Discord: Gateway, Session Start Limit: every session ends and the token is reset
            print("sandbox: more sessions began than may; the token is void until the limit is set.", file=sys.stderr)
            self._locked_out = True
            self.drop(4004)
            raise Closed(4004)
        return True

    def _must_fit(self, who: Identify) -> None:
        number, count = who.shard
        mine = sum(1 for guild_id in self.world.guilds if (guild_id >> 22) % count == number)
        if mine > self.guilds_per_shard:
            raise Closed(4011)

    def _welcome(self, session: Session) -> None:
        guilds = [guild for guild in self.world.guilds.values() if session.sees(guild.id)]
        flags = application_flags(self.privileged)
        ready: JsonObject = {
            "v": 10,
            "user": self_json(self.world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self.world.application_id), "flags": flags, "flags_new": str(flags)},
        }
        self.send(session, "READY", ready)
        for guild in guilds:
            self.visibility.look(guild)
            if Intent.GUILDS in session.intents and guild.id not in self._down:
                self.send(session, "GUILD_CREATE", self._guild(guild, session))

    def resume(self, data: JsonObject, connection: Connection) -> Session | None:
        """Go on with a session: replay what was missed, then RESUMED; None when it cannot be resumed."""
        if not is_whole(data.get("seq")) or not isinstance(data.get("session_id"), str):
            raise Closed(4002)
        must_be_token(data.get("token"), self._token)
        session = self._sessions.get(data["session_id"])
        if session is None or self.faults.gateway.refuses_resume():
            self._sessions.pop(data["session_id"], None)
            return None
        if not 0 <= data["seq"] <= session.sequence:
            del self._sessions[session.id]
            raise Closed(4007)
        if (missed := session.missed(data["seq"])) is None:
            return None
        if session.connection is not None:
            session.connection.close(4000, "Resumed elsewhere")
        session.connection = connection
        for frame in missed:
            connection.send(frame)
        self.send(session, "RESUMED", {})
        self.connected.set()
        return session

    # Outages

    def take_down(self, guild: Guild) -> None:
        """Make a guild unavailable, as an outage does; its events are not sent meanwhile."""
        self._to_all(guild, "GUILD_DELETE", {"id": str(guild.id), "unavailable": True})
        self._down.add(guild.id)

    def bring_back(self, guild: Guild) -> None:
        """End a guild's outage."""
        self._down.discard(guild.id)
        for session in tuple(self._sessions.values()):
            if session.sees(guild.id) and Intent.GUILDS in session.intents:
                self.send(session, "GUILD_CREATE", self._guild(guild, session))

    def _to_all(self, guild: Guild, name: str, payload: JsonObject) -> None:
        for session in tuple(self._sessions.values()):
            if session.sees(guild.id) and Intent.GUILDS in session.intents:
                self.send(session, name, payload)

    # Events

    def _pass_on(self, event: Event) -> None:
        own = str(self.world.bot.id)
        # Who wants it first: to most events of most bots nobody does, and then nothing else is computed.
        wanting = [one for one in self._sessions.values() if _is_for(event, one) and wants(event, one.intents, own)]
        if event.guild_id in self._down or not (wanting or self.visibility.may_open(event)):
            return
        if not self.visibility.reaches_bot(event):
            return
        shared: bytes | None = None  # encoded once for all who get the same
        for session in wanting:
            payload = self._tailored(event, session, own)
            if payload is not event.payload:
                self._send_raw(session, event.name, orjson.dumps(payload))
                continue
            shared = shared or orjson.dumps(payload)
            self._send_raw(session, event.name, shared)
        self._open_up(event)

    def _open_up(self, event: Event) -> None:
        sync = self.visibility.newly_opened(event)
        guild = self.world.guilds.get(event.guild_id or 0)
        if sync is not None and guild is not None:
            self._to_all(guild, "THREAD_LIST_SYNC", sync)

    def _tailored(self, event: Event, session: Session, own: str) -> JsonObject:
        if event.name == "GUILD_CREATE" and event.guild_id in self.world.guilds:
            payload = self._guild(self.world.guilds[event.guild_id], session)
            del payload["unavailable"]  # by its absence clients know a server just joined from one that loads
            return payload
        if Intent.MESSAGE_CONTENT in session.intents:
            return event.payload
        return without_content(event.name, event.payload, own)

    def _guild(self, guild: Guild, session: Session) -> JsonObject:
        """Describe a guild as this session's intents let it be seen (Discord: Gateway Events, Guild Create)."""
        large = len(guild.members) > session.large_threshold
        with_presences = Intent.GUILD_PRESENCES in session.intents
        bot = self.world.bot.id
        members = [
            member
            for member in guild.members.values()
            # without presences the bot itself is the only member sent; in a large guild only who is online
            if member.user.id == bot
            or (with_presences and not (large and self.presences.status(member.user) == "offline"))
        ]
        return guild_create_json(guild, members) | {
            "unavailable": False,
            "large": large,
            "threads": self.visibility.listed_threads(guild),
            "presences": self.presences.of_guild(guild) if with_presences else [],
        }

    def send(self, session: Session, name: str, data: Any) -> None:
        """Send an event to one session."""
        self._send_raw(session, name, orjson.dumps(data))

    def _send_raw(self, session: Session, name: str, raw: bytes) -> None:
        sequence = session.dispatch(name, raw)
        number = self.transcript.next_number()
        self.transcript.note(Dispatch(number, self.clock.time(), name, sequence, session.shard, raw))
        if self.faults.gateway.counts_down_to_drop():
            self.drop(self.faults.gateway.drop_code)


def _is_for(event: Event, session: Session) -> bool:
    """Tell whether it concerns a session's shard: USER_UPDATE goes to all, other events without a guild to shard 0."""
    return event.name == "USER_UPDATE" or session.sees(event.guild_id)


def _check_query(version: str, encoding: str) -> None:
    if version not in VERSIONS:
        raise Closed(4012)
    if encoding != "json":
        print(f"sandbox: the gateway speaks JSON only, not {encoding[:20]!r}.", file=sys.stderr)
        raise Closed(4002)
