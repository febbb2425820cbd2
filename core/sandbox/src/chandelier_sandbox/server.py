"""The sandbox: one local Discord that listens on loopback."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from aiohttp import web

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.control import Control
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend, PortTaken
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.faults import Faults
from chandelier_sandbox.intents import Intent
from chandelier_sandbox.people import Member
from chandelier_sandbox.permissions import parse_permissions
from chandelier_sandbox.records import Channel, Guild, User
from chandelier_sandbox.rest.door import API, Door
from chandelier_sandbox.transcript import Transcript
from chandelier_sandbox.world import World

BODY_MOST_BYTES = 26 * 1024 * 1024
_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """Listen while the context lasts; inside it, everything below is ready.

    port: 0 takes a free one. token: what the bot must identify with; the default is the same at every start.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1", *, token: str | None = None) -> None:
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError(f"The sandbox listens on loopback only, not on {host!r}; leave host out.")
        self._host = host
        self._port = port
        self._discord = Discord(token)
        self._members: dict[tuple[int, int | None, int], Member] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen; PortTaken if somebody else does."""
        app = web.Application(client_max_size=BODY_MOST_BYTES, middlewares=[_refuse_strangers])
        app.router.add_get("/gateway", self._discord.gateway.accept)
        app.router.add_get("/gateway/", self._discord.gateway.accept)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        Control(self._discord, self.member).install(app)
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
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection; takes less than a second."""
        await self._discord.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        channel = self._discord.world.messages.get(int(request.match_info["channel_id"]), {})
        for message in channel.values():
            for one in message.attachments:
                if str(one.id) == request.match_info["attachment_id"]:
                    return web.Response(body=one.content, headers={"Content-Type": one.content_type})
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

    def drop_gateway(self, code: int = 4000) -> None:
        """Close the bot's gateway connections with a code; it may resume."""
        self._discord.gateway.drop(code)

    def ask_to_reconnect(self) -> None:
        """Ask the bot to reconnect (op 7)."""
        self._discord.gateway.ask_to_reconnect()

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


@web.middleware
async def _refuse_strangers(request: web.Request, handler: _Endpoint) -> web.StreamResponse:
    """Refuse pages of other origins and names that only resolve to loopback (DNS rebinding)."""
    origin = request.headers.get("Origin")
    host = request.url.host or ""
    local = host == "localhost" or _is_loopback(host)
    if not local or (origin is not None and origin != f"{request.url.scheme}://{request.host}"):
        return web.json_response({"error": "The sandbox talks to programs on this machine only."}, status=403)
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
