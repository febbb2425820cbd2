"""The door of the REST API: read, authorise, call the handler, answer with Discord's headers, note it all."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from chandelier_sandbox.errors import DiscordError, plain, refusal
from chandelier_sandbox.limits import limit_headers, limited_headers
from chandelier_sandbox.records import Attachment
from chandelier_sandbox.rest import ROUTES
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Identity, Route
from chandelier_sandbox.transcript import Exchange, without_secrets, without_tokens

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

API = "/api/v10"
_PHRASES: Mapping[int, str] = {
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
_MAJOR = ("channel_id", "guild_id", "application_id")
_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Turn aiohttp requests into calls and answers into responses."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def install(self, app: web.Application) -> None:
        """Add every route of the API and the loud answer for what it does not have."""
        # Sorted, so that "@me" and "search" are tried before the parameter that would swallow them.
        for route in sorted(
            ROUTES, key=lambda route: [segment.startswith("{") for segment in route.template.split("/")]
        ):
            app.router.add_route(route.method, API + route.template, self._endpoint(route))
        app.router.add_route("*", "/api/{tail:.*}", self.unknown)

    def _endpoint(self, route: Route) -> _Endpoint:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            return await self._serve(route, request)

        return endpoint

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer what the sandbox does not know: 404, a header and a line that name it."""
        await request.read()
        path = without_tokens(request.path)
        print(f"sandbox: no such route: {request.method} {path}", file=sys.stderr)
        error = plain(404, "Not Found")
        headers = {"X-Sandbox-Unknown": f"{request.method} {path}"}
        return self._respond(request, None, Answer(error.body(), error.status), headers)

    async def _serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        discord, body = self._discord, None
        fault = discord.faults.take(request.method, request.path)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        headers = limit_headers(_bucket(route, request), discord.clock.time()) if route.limited else {}
        try:
            identity = self._identity(route, request)
            body, files = await self._read(request)
            lost = fault is not None and fault.status is not None
            answer = None
            if fault is None or not lost or fault.after_work:
                answer = route.handler(
                    Call(discord, request.match_info, request.query, body, files, identity, _reason(request))
                )
            if fault is not None and fault.status is not None:
                raise plain(fault.status, _PHRASES.get(fault.status, "Sandbox Fault"))
            assert answer is not None  # noqa: S101  # for the type checker: without a fault there is an answer
        except DiscordError as error:
            answer = Answer(error.body(), error.status)
            if error.status == 429:
                answer.body.update({"retry_after": 1.0, "global": False, "message": "You are being rate limited."})
                headers |= limited_headers(1.0)
        except Exception as error:  # a bug of the sandbox: loud, and not a broken connection
            traceback.print_exc()
            print(f"sandbox: {request.method} {without_tokens(request.path)} broke: {error!r}", file=sys.stderr)
            answer = Answer(plain(500, _PHRASES[500]).body(), 500)
        return self._respond(request, body, answer, headers)

    def _identity(self, route: Route, request: web.Request) -> Identity:
        """Return who calls, or raise 401 where the header does not hold what the route wants."""
        bot = Identity(self._discord.world.bot)
        if route.auth is Auth.NONE:
            return bot
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if route.auth is not Auth.USER and scheme == "Bot" and token == self._discord.token:
            return bot
        raise plain(401, "Unauthorized")

    async def _read(self, request: web.Request) -> tuple[Any, tuple[Attachment, ...]]:
        if request.content_type == "multipart/form-data":
            return await self._read_form(request)
        raw = await request.read()
        if not raw:
            return None, ()
        if request.content_type != "application/json":
            raise DiscordError(400, 50035, "Invalid Form Body", {"_errors": [_CONTENT_TYPE]})
        return _decoded(raw), ()

    async def _read_form(self, request: web.Request) -> tuple[Any, tuple[Attachment, ...]]:
        body: Any = {}
        files: list[Attachment] = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            if part.name == "payload_json":
                body = _decoded(content)
            elif (part.name or "").startswith("file"):
                kind = part.headers.get("Content-Type", "application/octet-stream")
                number = self._discord.snowflakes.make()
                files.append(Attachment(number, part.filename or "unnamed", content, kind))
        if isinstance(body, dict):
            body.pop("attachments", None)
        return body, tuple(files)

    def _respond(self, request: web.Request, body: Any, answer: Answer, headers: dict[str, str]) -> web.Response:
        clock = self._discord.clock
        self._discord.transcript.note(
            Exchange(
                clock.time(),
                request.method,
                without_tokens(request.path),
                answer.status,
                without_secrets(body),
                without_secrets(answer.body),
            )
        )
        headers = headers | {"Date": clock.http_date(), "Server": "chandelier-sandbox"}
        if answer.status == 204:
            return web.Response(status=204, headers=headers)
        # exactly "application/json": some clients compare the whole header
        headers["Content-Type"] = "application/json"
        return web.Response(status=answer.status, body=orjson.dumps(answer.body), headers=headers)


_CONTENT_TYPE: Mapping[str, str] = {
    "code": "CONTENT_TYPE_INVALID",
    "message": "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
}


def _decoded(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise refusal(50109) from None


def _reason(request: web.Request) -> str | None:
    """Return what the audit log is to say (Discord: Audit Logs, X-Audit-Log-Reason): URL-encoded, at most 512."""
    text = unquote(request.headers.get("X-Audit-Log-Reason", "")).strip()
    return text[:512] or None


def _bucket(route: Route, request: web.Request) -> str:
    """Name the rate-limit bucket: the route and its major parameter (Discord: Rate Limits)."""
    major = next((request.match_info[name] for name in _MAJOR if name in request.match_info), "")
    return f"{route.method} {route.template} {major}"
