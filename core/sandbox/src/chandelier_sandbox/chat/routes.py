"""The chat page and its routes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from mimetypes import guess_type
from pathlib import Path

import orjson
from aiohttp import WSCloseCode, web

from chandelier_sandbox.chat import talking
from chandelier_sandbox.chat.asked import Asked, read
from chandelier_sandbox.chat.live import Line
from chandelier_sandbox.chat.using import Using
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend, DiscordError
from chandelier_sandbox.events import JsonObject

FAREWELL_S = 0.25
PAGE = Path(__file__).parent.parent / "page"
_FILE = re.compile(r"[a-z0-9_-]+\.(?:js|css|svg|png)")
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_Done = Callable[[Asked], JsonObject]
_Doing = Callable[[Asked], Awaitable[JsonObject]]
_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Chat:
    """Serve the page, and what it asks for."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._using = Using()
        self._sockets: set[web.WebSocketResponse] = set()

    def install(self, app: web.Application) -> None:
        """Add the routes; pages that listen are let go when the sandbox ends."""
        add, using = app.router.add_route, self._using
        add("GET", "/", self.page)
        add("GET", "/page/{file}", self.file)
        add("GET", "/sandbox/chat/live", self.live)
        add("GET", "/sandbox/chat/transcript/{number}", self._endpoint(self.entry))
        for method, path, done in (
            ("GET", "start", talking.start),
            ("POST", "people", talking.add_person),
            ("GET", "messages", talking.messages),
            ("POST", "messages", talking.post),
            ("PATCH", "messages", talking.edit),
            ("DELETE", "messages", talking.delete),
            ("POST", "reactions", talking.react),
            ("POST", "typing", talking.type_),
            ("POST", "vote", talking.vote),
            ("POST", "clock", talking.advance),
            ("GET", "commands", using.commands),
        ):
            add(method, f"/sandbox/chat/{path}", self._endpoint(_at_once(done)))
        for path in ("slash", "menu", "component", "modal", "autocomplete"):
            add("POST", f"/sandbox/chat/{path}", self._endpoint(getattr(using, path)))
        app.on_response_prepare.append(_confine)
        app.on_shutdown.append(self._end)

    async def _end(self, app: web.Application) -> None:
        goodbye = [one.close(code=WSCloseCode.GOING_AWAY, message=b"The sandbox stops") for one in self._sockets]
        with suppress(TimeoutError):  # a page that does not read takes no farewell either
            async with asyncio.timeout(FAREWELL_S):
                await asyncio.gather(*goodbye, return_exceptions=True)

    def _endpoint(self, doing: _Doing) -> _Endpoint:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            try:
                return _json(await doing(await read(self._discord, request)))
            except CannotSend as error:
                return _json({"error": str(error)}, 422)
            except DiscordError as error:
                return _json({"error": _sentence(error)}, 422)
            except TimeoutError as error:
                return _json({"error": str(error)}, 504)

        return endpoint

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Serve the page itself."""
        return web.Response(body=(PAGE / "index.html").read_bytes(), content_type="text/html", headers=_SECURITY)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Serve a script, a style sheet or a picture of the page."""
        name = request.match_info["file"]
        if _FILE.fullmatch(name) is None or not (PAGE / name).is_file():
            return _json({"error": "There is no such file."}, 404)
        kind = "text/javascript" if name.endswith(".js") else guess_type(name)[0]
        return web.Response(body=(PAGE / name).read_bytes(), content_type=kind, headers=_SECURITY)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Tell a page what happens, for as long as it listens."""
        try:
            user = (await read(self._discord, request)).user()
        except CannotSend as error:
            return _json({"error": str(error)}, 422)
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=4096, timeout=0.2)
        if not socket.can_prepare(request):
            return _json({"error": "This address is for a WebSocket."}, 400)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await Line(self._discord, user, socket, request.transport).serve()
        finally:
            self._sockets.discard(socket)
        return socket

    async def entry(self, asked: Asked) -> JsonObject:
        """Return an entry of the transcript, whole."""
        number = asked.number("number")
        for entry in self._discord.transcript.find(after=number - 1):
            if entry.number == number:
                return entry.shown()
        raise CannotSend(f"The transcript has no entry {number} (any more).")


async def _confine(request: web.Request, answer: web.StreamResponse) -> None:
    """Let a file that somebody sent be no page of ours, whatever it says it is."""
    if request.path.startswith("/attachments/"):
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        answer.headers["X-Content-Type-Options"] = "nosniff"


def _sentence(error: DiscordError) -> str:
    """Say what is wrong: the first thing in a body that is, where there is one."""
    inner: object = error.errors
    while isinstance(inner, dict):
        if named := inner.get("_errors"):
            return f"{error.message}: {named[0]['message']}"
        inner = next(iter(inner.values()), None)
    return error.message


def _at_once(done: _Done) -> _Doing:
    async def doing(asked: Asked) -> JsonObject:
        return done(asked)

    return doing


def _json(body: JsonObject, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), headers={"Content-Type": "application/json"})
