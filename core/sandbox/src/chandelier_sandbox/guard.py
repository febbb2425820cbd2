"""Who is let in: programs of this machine. What other parts answer below /api is noted like the rest."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Middleware

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.transcript.secrecy import as_json
from chandelier_sandbox.transcript.transcript import Exchange, Transcript

DOOR = "/api/{tail}"  # notes its requests itself
_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Refuse pages of other origins and names that only resolve to loopback (DNS rebinding)."""

    def __init__(self, clock: Clock, transcript: Transcript) -> None:
        self._clock = clock
        self._transcript = transcript

    def middleware(self) -> Middleware:
        """Return what every request passes first."""

        @web.middleware
        async def guard(request: web.Request, handler: _Endpoint) -> web.StreamResponse:
            if not _is_local(request):
                return web.json_response({"error": "The sandbox talks to programs on this machine only."}, status=403)
            began = time.perf_counter()
            answer = await handler(request)
            if request.path.startswith("/api/") and isinstance(answer, web.Response):
                await self._note(request, answer, began)
            return answer

        return guard

    async def _note(self, request: web.Request, answer: web.Response, began: float) -> None:
        resource = request.match_info.route.resource
        if resource is not None and resource.canonical == DOOR:
            return
        self._transcript.note(
            Exchange(
                self._transcript.next_number(),
                self._clock.time(),
                request.method,
                "" if resource is None else resource.canonical,
                answer.status,
                round((time.perf_counter() - began) * 1000, 3),
                0,
                request.path_qs,
                as_json(await request.read()),
                as_json(answer.body if isinstance(answer.body, bytes) else b""),
            )
        )


def _is_local(request: web.Request) -> bool:
    named, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{named}":
        return False
    host = named.rpartition(":")[0] if named.rpartition(":")[2].isdecimal() else named
    return host in ("127.0.0.1", "localhost") or _is_loopback(host.strip("[]"))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
