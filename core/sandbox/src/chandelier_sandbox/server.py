"""The sandbox: one local Discord that listens on loopback."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from chandelier_sandbox.authorize import Choice, Desk, TokenDesk
from chandelier_sandbox.chat import Chat
from chandelier_sandbox.clock import Clock
from chandelier_sandbox.control import Control
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend, PortTaken
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.faults import Faults
from chandelier_sandbox.following import PATH, Following
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.guard import Guard
from chandelier_sandbox.people import Member
from chandelier_sandbox.permissions import parse_permissions
from chandelier_sandbox.records import Channel, Guild, User
from chandelier_sandbox.rest.bodies import BODY_MOST_BYTES
from chandelier_sandbox.rest.door import API, Door
from chandelier_sandbox.ticking import ticking
from chandelier_sandbox.transcript.file import TranscriptFile
from chandelier_sandbox.transcript.transcript import Transcript
from chandelier_sandbox.world import World


class Sandbox:
    """Listen while the context lasts; inside it, everything below is ready.

    port: 0 takes a free one. token: what the bot must identify with; the default is the same at every start.
    rate_limits: whether bots are limited as Discord limits them. transcript: a file for everything that is said.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        token: str | None = None,
        rate_limits: bool = True,
        transcript: Path | None = None,
    ) -> None:
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError(f"The sandbox listens on loopback only, not on {host!r}; leave host out.")
        self._host = host
        self._port = port
        self._discord = Discord(token)
        self._discord.limits.enforced = rate_limits
        self._file = None if transcript is None else TranscriptFile(transcript, self._discord.transcript)
        self._members: dict[tuple[int, int | None, int], Member] = {}
        self._desk = Desk(self._discord)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen; PortTaken if somebody else does."""
        guard = Guard(self._discord.clock, self._discord.transcript)
        app = web.Application(client_max_size=BODY_MOST_BYTES + 1, middlewares=[guard.middleware()])
        app.router.add_get("/gateway", self._discord.gateway.accept)
        app.router.add_get("/gateway/", self._discord.gateway.accept)
        app.router.add_get(r"/attachments/{channel_id:\d+}/{attachment_id:\d+}/{filename}", self._attachment)
        Control(self._discord, self.member).install(app)
        app.cleanup_ctx.append(ticking(self._discord.clock))
        Following(self._discord.clock).install(app)
        Chat(self._discord).install(app)
        self._desk.install(app)
        TokenDesk(self._discord).install(app)
        Door(self._discord).install(app)
        self._runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self._host, self._port)
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    errno.EADDRINUSE,
                    f"The sandbox cannot listen on {self._host}:{self._port}, because another program does; "
                    "stop that one or choose another port with --port.",
                ) from None
            raise
        self._port = int(self._runner.addresses[0][1])
        address = f"[{self._host}]" if ":" in self._host else self._host
        self._discord.world.origin = f"http://{address}:{self._port}"
        self._discord.gateway.url = f"ws://{address}:{self._port}/gateway"
        await self._begin_file()
        return self

    async def _begin_file(self) -> None:
        try:
            if self._file is not None:
                self._file.__enter__()
        except OSError:
            await self.__aexit__(None, None, None)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection; takes less than a second."""
        self._discord.faults.clear()  # what hangs on a fault goes on
        await self._discord.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._file is not None:
            self._file.__exit__(kind, error, trace)

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        channel = self._discord.world.messages.get(int(request.match_info["channel_id"]), {})
        for message in channel.values():
            for one in message.attachments:
                if str(one.id) == request.match_info["attachment_id"]:
                    return web.Response(body=one.content, headers={"Content-Type": one.content_type})
        sent = self._discord.interactions.file(int(request.match_info["attachment_id"]))
        if sent is not None:
            return web.Response(body=sent.content, headers={"Content-Type": sent.content_type})
        return web.Response(status=404)

    # Where the bot connects

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return self._port

    @property
    def api_url(self) -> str:
        """Return what DISCORD_API_URL is set to."""
        return f"{self._discord.world.origin}{API}"

    @property
    def clock_url(self) -> str:
        """Return where a bot may ask by how much the clock is moved."""
        return f"{self._discord.world.origin}{PATH}"

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self._discord.token

    @property
    def bot_id(self) -> int:
        """Return the bot's user id."""
        return self._discord.world.bot.id

    @property
    def application_id(self) -> int:
        """Return the application's id."""
        return self._discord.world.application_id

    @property
    def connected(self) -> asyncio.Event:
        """Return the event that is set while an identified session is connected."""
        return self._discord.gateway.connected

    async def wait_ready(self, timeout_s: float = 20.0) -> None:
        """Wait until the bot is connected and has registered its commands, or has answered something."""
        try:
            async with asyncio.timeout(timeout_s):
                await self.connected.wait()
                await self._discord.commands_known.wait()
        except TimeoutError:
            known = (
                "it is connected but has registered no commands" if self.connected.is_set() else "it never connected"
            )
            raise TimeoutError(f"The bot was not ready within {timeout_s:g} s: {known}.") from None

    async def wait_connected(self, timeout_s: float = 20.0) -> None:
        """Wait until the bot is connected."""
        try:
            async with asyncio.timeout(timeout_s):
                await self.connected.wait()
        except TimeoutError:
            raise TimeoutError(f"No bot connected to the sandbox within {timeout_s:g} s.") from None

    # Logging in

    @property
    def client_id(self) -> str:
        """Return the application's OAuth2 client id, which is its id."""
        return self._discord.oauth2.client_id

    @property
    def client_secret(self) -> str:
        """Return the application's OAuth2 client secret; the same at every start."""
        return self._discord.oauth2.client_secret

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """Return where people may be sent back to; empty, the default, means any loopback URL."""
        return self._discord.oauth2.redirect_uris

    @redirect_uris.setter
    def redirect_uris(self, uris: Iterable[str]) -> None:
        self._discord.oauth2.redirect_uris = uris

    async def authorize(
        self,
        name: str,
        *,
        scopes: Iterable[str] = ("identify", "guilds"),
        redirect_uri: str = "http://127.0.0.1/callback",
        code_challenge: str | None = None,
        guild: Guild | None = None,
    ) -> str:
        """Allow the application these scopes as somebody, made at need; return the code for the token endpoint."""
        query = {"scope": " ".join(scopes), "redirect_uri": redirect_uri, "code_challenge": code_challenge}
        return self._desk.code(query, name, Choice(None if guild is None else guild.id))

    async def approve(self, url: str, name: str, *, guild: Guild | None = None) -> str:
        """Press Authorize on the page at this URL as somebody, made at need; return where the browser is sent."""
        return self._desk.approve(url, name, Choice(None if guild is None else guild.id))

    # The world and its tools

    @property
    def world(self) -> World:
        """Return the state."""
        return self._discord.world

    @property
    def guild(self) -> Guild:
        """Return the default server."""
        return self._discord.guild

    @property
    def clock(self) -> Clock:
        """Return the clock, which tests may advance."""
        return self._discord.clock

    @property
    def faults(self) -> Faults:
        """Return the faults to inject."""
        return self._discord.faults

    @property
    def transcript(self) -> Transcript:
        """Return what was said so far."""
        return self._discord.transcript

    @property
    def commands(self) -> list[JsonObject]:
        """Return the application's global commands."""
        return self._discord.commands.all()

    def guild_commands(self, guild: Guild | None = None) -> list[JsonObject]:
        """Return the commands of one server."""
        return self._discord.commands.all((guild or self.guild).id)

    @property
    def nonce_window_s(self) -> float:
        """Return for how long a nonce counts as already used, in seconds of the sandbox's clock."""
        return self._discord.nonce_window_s

    @nonce_window_s.setter
    def nonce_window_s(self, seconds: float) -> None:
        self._discord.nonce_window_s = seconds

    @property
    def rate_limits(self) -> bool:
        """Return whether bots are limited as Discord limits them; the headers are there either way."""
        return self._discord.limits.enforced

    @rate_limits.setter
    def rate_limits(self, enforced: bool) -> None:
        self._discord.limits.enforced = enforced

    @property
    def privileged_intents(self) -> Intent:
        """Return which privileged intents are switched on for the application; all, unless set."""
        return self._discord.gateway.privileged

    @privileged_intents.setter
    def privileged_intents(self, intents: Intent) -> None:
        self._discord.gateway.privileged = intents

    @property
    def heartbeat_interval_ms(self) -> int:
        """Return how often the next clients to connect are asked to send a heartbeat."""
        return self._discord.gateway.heartbeat_interval_ms

    @heartbeat_interval_ms.setter
    def heartbeat_interval_ms(self, milliseconds: int) -> None:
        self._discord.gateway.heartbeat_interval_ms = milliseconds

    @property
    def session_start_limit(self) -> int:
        """Return how many sessions may begin in a day; setting it counts anew."""
        return self._discord.gateway.starts.total

    @session_start_limit.setter
    def session_start_limit(self, total: int) -> None:
        self._discord.gateway.set_starts(total)

    @property
    def max_concurrency(self) -> int:
        """Return how many shards may identify within the same five seconds."""
        return self._discord.gateway.starts.max_concurrency

    @max_concurrency.setter
    def max_concurrency(self, shards: int) -> None:
        self._discord.gateway.starts.max_concurrency = shards

    @property
    def guilds_per_shard(self) -> int:
        """Return how many servers a shard may have; beyond that identifying is refused with 4011."""
        return self._discord.gateway.guilds_per_shard

    @guilds_per_shard.setter
    def guilds_per_shard(self, most: int) -> None:
        self._discord.gateway.guilds_per_shard = most

    def take_guild_down(self, guild: Guild) -> None:
        """Make a server unavailable to the bot, as an outage of Discord's does."""
        self._discord.gateway.take_down(guild)

    def bring_back(self, guild: Guild) -> None:
        """End a server's outage."""
        self._discord.gateway.bring_back(guild)

    def set_presence(self, who: Member, status: str = "online", *, activities: Iterable[JsonObject] = ()) -> None:
        """Let somebody be online, idle, dnd or offline, doing something."""
        self._discord.gateway.presences.set(self.world.users[who.id], status, activities)

    def cut_gateway(self) -> None:
        """Cut the bot's gateway connections without a close code, as a broken line does; it may resume."""
        self._discord.gateway.cut()

    def ask_for_heartbeat(self) -> None:
        """Ask the bot for a heartbeat at once (op 1)."""
        self._discord.gateway.tell({"op": 1, "d": None})

    def drop_gateway(self, code: int = 4000) -> None:
        """Close the bot's gateway connections with a code; it may resume."""
        self._discord.gateway.drop(code)

    def ask_to_reconnect(self) -> None:
        """Ask the bot to reconnect (op 7)."""
        self._discord.gateway.tell({"op": 7, "d": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Declare the bot's sessions invalid (op 9)."""
        self._discord.gateway.invalidate(resumable=resumable)

    # People

    def member(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        channel: str | int | Channel | None = None,
        permissions: int | Iterable[str] | None = None,
    ) -> Member:
        """Return the member of this name, made at need; the same object for the same person and channel.

        permissions: bits or names such as "MANAGE_GUILD", given on top of what everyone may.
        """
        world, place = self._discord.world, guild or self.guild
        if permissions is not None:
            bits = parse_permissions(permissions)
        user = world.add_user(name)
        membership = world.add_member(place, user)
        if permissions is not None:
            self._grant(place, user, bits)
        wanted = channel.id if isinstance(channel, Channel) else channel
        try:
            spot = place.channel(wanted) if wanted is not None else next(iter(place.channels.values()))
        except LookupError as error:
            raise CannotSend(str(error)) from None
        key = (membership.user.id, place.id, spot.id)
        if key not in self._members:
            self._members[key] = Member(self._discord, user, place, spot)
        return self._members[key]

    def _grant(self, guild: Guild, user: User, bits: int) -> None:
        world, called = self._discord.world, f"{user.name}'s permissions"
        try:
            role = guild.role(called)
        except LookupError:
            role = world.add_role(guild, called, bits)
        if role.permissions != bits:
            world.change_role(guild, role, bits)
        world.give_role(guild, guild.members[user.id], role)
