"""The door of the REST API: find the route, authorise, limit, read, call the handler, answer, note it all."""

from __future__ import annotations

import asyncio
import re
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

import orjson
from aiohttp import web

from chandelier_sandbox.errors import DiscordError, plain, refusal
from chandelier_sandbox.faults import Fault, FaultKind
from chandelier_sandbox.limits import Banished, Limited
from chandelier_sandbox.rest import ROUTES
from chandelier_sandbox.rest.bodies import Body, read_body
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Identity, Route
from chandelier_sandbox.rest.tree import RouteTree
from chandelier_sandbox.transcript.secrecy import without_tokens
from chandelier_sandbox.transcript.transcript import Exchange

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

API = "/api/v10"
_VERSIONS = re.compile(r"v(\d{1,3})")
_SERVED = range(6, 11)  # Discord: API Reference, API Versioning: 10 and 9, and the deprecated ones that still answer
_PHRASES: Mapping[int, str] = {
    403: "Forbidden",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


@dataclass(slots=True)
class _Visit:
    """One request on its way through the door."""

    request: web.Request
    began: float
    route: Route | None = None
    body: Body = field(default_factory=Body)
    headers: dict[str, str] = field(default_factory=dict)
    scope: str | None = None


class _Gone(Exception):
    """The connection ends without an answer; the fault says how."""


class Door:
    """Turn aiohttp requests into calls and answers into responses."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._tree = RouteTree(ROUTES)
        self._dated = (0, "")

    def install(self, app: web.Application) -> None:
        """Add everything under /api: one route of aiohttp's, below it a tree of our own, which costs nothing to begin."""
        app.router.add_route("*", "/api/{tail:.*}", self.serve)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, whatever it is."""
        visit = _Visit(request, time.perf_counter())
        try:
            answer = await self._answer(visit)
        except Banished as banished:
            return self._banish(visit, banished)
        except Limited as limited:
            answer = Answer(limited.body(), 429)
            visit.headers |= limited.headers()
            visit.scope = limited.scope
        except DiscordError as error:
            answer = self._refuse(visit, error)
        except _Gone:
            return self._vanish(visit)
        except Exception as error:  # a bug of the sandbox: loud, and not a broken connection
            traceback.print_exc()
            print(f"sandbox: {request.method} {without_tokens(request.path)} broke: {error!r}", file=sys.stderr)
            answer = Answer(plain(500, _PHRASES[500]).body(), 500)
        return self._respond(visit, answer)

    async def _answer(self, visit: _Visit) -> Answer:
        discord, request = self._discord, visit.request
        discord.limits.must_not_be_banished(discord.clock.time())
        path = self._find(visit)
        if visit.route is None:
            return Answer(status=204)
        fault = discord.faults.take(request.method, request.path, visit.route.template)
        if fault is not None:
            await _strike_before(fault, visit)
        identity = self.identity(visit.route, request)
        visit.headers |= discord.limits.admit(visit.route, _whose(identity), path, discord.clock.time())
        visit.body = body = await read_body(request, discord.snowflakes)
        call = Call(discord, path, request.query, body.decoded, body.files, identity, _reason(request))
        discord.limits.admit_work(visit.route, call, discord.clock.time())
        answer = visit.route.handler(call)
        if fault is not None:
            return _strike_after(fault, visit, answer)
        return answer

    def _find(self, visit: _Visit) -> dict[str, str]:
        """Set the visit's route and return its path parameters; None where the answer is only which methods there are."""
        request = visit.request
        segments = request.rel_url.raw_path[len("/api/") :].split("/")
        if "%" in request.rel_url.raw_path:
            segments = [unquote(segment) for segment in segments]
        if (version := _VERSIONS.fullmatch(segments[0])) is not None:
            del segments[0]
            if int(version.group(1)) not in _SERVED:
                raise refusal(50041)
        method = "GET" if request.method == "HEAD" else request.method
        found = self._tree.find(method, segments)
        if found is not None and method == "OPTIONS" and found.methods:
            visit.headers |= {"Allow": _METHODS}
            return {}
        if found is None or found.route is None:
            raise self._unknown(visit, () if found is None else found.methods)
        visit.route = found.route
        return found.path

    def _unknown(self, visit: _Visit, methods: tuple[str, ...]) -> DiscordError:
        """Make the loud answer for what the sandbox does not have: a header and a line that name it."""
        asked = f"{visit.request.method} {without_tokens(visit.request.path)}"
        visit.headers["X-Sandbox-Unknown"] = asked
        if not methods:
            print(f"sandbox: no such route: {asked}", file=sys.stderr)
            return plain(404, "Not Found")
        print(f"sandbox: no such route: {asked}; this path has {', '.join(methods)}", file=sys.stderr)
        visit.headers["Allow"] = ", ".join(methods)
        return plain(405, _PHRASES[405])

    def identity(self, route: Route, request: web.Request) -> Identity:
        """Return who calls, or raise 401 where the header does not hold what the route wants."""
        bot = Identity(self._discord.world.bot)
        if route.auth is Auth.NONE:
            return bot
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if route.auth is not Auth.USER and scheme == "Bot" and token == self._discord.token:
            return bot
        found = self._discord.oauth2.find(token) if scheme == "Bearer" and route.auth is not Auth.BOT else None
        if found is not None:
            return Identity(found.user, frozenset(found.scopes), is_bot=False, expires_at=found.expires_at)
        raise plain(401, "Unauthorized")

    def _refuse(self, visit: _Visit, error: DiscordError) -> Answer:
        body = error.body()
        if error.status == 429:
            visit.scope = "user"
            visit.headers |= {"Retry-After": "1", "X-RateLimit-Scope": "user"}
            message = body["message"] if error.code else "You are being rate limited."
            body |= {"retry_after": 1.0, "global": False, "message": message}
        return Answer(body, error.status)

    def _respond(self, visit: _Visit, answer: Answer) -> web.Response:
        status = answer.status
        raw = b"" if status == 204 else answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        self._discord.limits.note_invalid(status, visit.scope, self._discord.clock.time())
        self._note(visit, status, raw)
        headers = visit.headers
        headers["Date"] = self._date()
        headers["Server"] = "chandelier-sandbox"
        if status != 204:
            # exactly "application/json": some clients compare the whole header
            headers["Content-Type"] = "application/json"
        return web.Response(status=status, body=raw or None, headers=headers)

    def _date(self) -> str:
        second = int(self._discord.clock.time())
        if second != self._dated[0]:
            self._dated = (second, self._discord.clock.http_date())
        return self._dated[1]

    def _banish(self, visit: _Visit, banished: Banished) -> web.Response:
        headers = {"Retry-After": f"{banished.retry_after_s:.0f}", "Server": "cloudflare"}
        self._note(visit, 429, b"")
        return web.Response(status=429, text="error code: 1015", content_type="text/html", headers=headers)

    def _vanish(self, visit: _Visit) -> web.Response:
        self._note(visit, 0, b"")
        return web.Response(status=500)  # written to a connection that is closed already

    def _note(self, visit: _Visit, status: int, raw: bytes) -> None:
        transcript, request = self._discord.transcript, visit.request
        transcript.note(
            Exchange(
                transcript.next_number(),
                self._discord.clock.time(),
                request.method,
                "" if visit.route is None else visit.route.template,
                status,
                round((time.perf_counter() - visit.began) * 1000, 3),
                len(visit.body.files),
                request.path_qs,
                visit.body.raw,
                raw,
            )
        )


async def _strike_before(fault: Fault, visit: _Visit) -> None:
    """Do what a fault does before the work."""
    if fault.kind is FaultKind.HANG:
        try:
            async with asyncio.timeout(fault.delay_s):
                await fault.released.wait()
        except TimeoutError:
            return
    elif fault.delay_s:
        await asyncio.sleep(fault.delay_s)
    if fault.kind is FaultKind.RESET:
        if visit.request.transport is not None:
            visit.request.transport.abort()
        raise _Gone
    if fault.kind is FaultKind.LIMIT:
        raise Limited(fault.retry_after_s, fault.scope)
    if fault.kind is FaultKind.STATUS and not fault.after_work:
        raise plain(fault.status, _PHRASES.get(fault.status, "Sandbox Fault"))


def _strike_after(fault: Fault, visit: _Visit, answer: Answer) -> Answer:
    """Do what a fault does with the answer."""
    if fault.kind is FaultKind.LOST:
        if visit.request.transport is not None:
            visit.request.transport.close()
        raise _Gone
    if fault.kind is FaultKind.GARBLED:
        return Answer(b'{"id": ', answer.status if answer.status != 204 else 200)
    if fault.kind is FaultKind.STATUS:
        raise plain(fault.status, _PHRASES.get(fault.status, "Sandbox Fault"))
    return answer


def _whose(identity: Identity) -> str:
    return "bot" if identity.is_bot else f"user {identity.user.id}"


def _reason(request: web.Request) -> str | None:
    """Return what the audit log is to say (Discord: Audit Logs, X-Audit-Log-Reason): URL-encoded, at most 512."""
    given = request.headers.get("X-Audit-Log-Reason")
    return (unquote(given).strip()[:512] or None) if given else None
