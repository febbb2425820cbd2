"""The server: one local Discord listens on loopback, with all that is asked of it over HTTP."""

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
from chandelier_sandbox.cast import Cast
from chandelier_sandbox.chat import Chat
from chandelier_sandbox.control import Control
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import PortTaken
from chandelier_sandbox.following import PATH, Following
from chandelier_sandbox.guard import Guard
from chandelier_sandbox.records import Guild
from chandelier_sandbox.rest.bodies import BODY_MOST_BYTES
from chandelier_sandbox.rest.door import API, Door
from chandelier_sandbox.ticking import ticking
from chandelier_sandbox.transcript.file import TranscriptFile

# A file that somebody sent is not a page of ours: nothing in it runs, though it has the chat page's origin.
_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}


class Server:
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
        self._cast = Cast(self._discord)
        self._desk = Desk(self._discord)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen; PortTaken if somebody else does."""
        guard = Guard(self._discord.clock, self._discord.transcript)
        app = web.Application(client_max_size=BODY_MOST_BYTES + 1, middlewares=[guard.middleware()])
        app.router.add_get("/gateway", self._discord.gateway.accept)
        app.router.add_get("/gateway/", self._discord.gateway.accept)
        app.router.add_get(r"/attachments/{channel_id:\d+}/{attachment_id:\d+}/{filename}", self._attachment)
        Control(self._discord, self._cast.member).install(app)
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
        for posting in list(self._discord.endpoint.under_way):
            posting.cancel()
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
                    return web.Response(body=one.content, headers={"Content-Type": one.content_type, **_INERT})
        sent = self._discord.interactions.file(int(request.match_info["attachment_id"]))
        if sent is not None:
            return web.Response(body=sent.content, headers={"Content-Type": sent.content_type, **_INERT})
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

    # Interactions over HTTP

    @property
    def public_key(self) -> str:
        """Return the application's public key: 64 hexadecimal digits, the same at every start."""
        return self._discord.endpoint.public_key

    async def use_interactions_url(self, url: str | None) -> None:
        """Post interactions to an address from now on, signed, in place of the gateway; None goes back to the gateway.

        The address is asked first, as Discord asks it: EndpointRefused says what it does not do.
        """
        if url is None:
            self._discord.endpoint.url = None
        else:
            await self._discord.endpoint.choose(url)

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
