"""``ETag``, ``If-None-Match`` and ``If-Match`` (RFC 9110, section 13), for every route that gives JSON.

The tag is made from the representation itself. A change with ``If-Match`` is held to what a GET of the same path gives at that
moment, while no other change with ``If-Match`` of that path runs, in any process.
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import hashlib
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from quart import Quart, Request, Response, g

from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from chandelier_core.host import Host

#: Marks the request by which this module itself looks: the application's own, and never one of a caller's.
LOOKS = "chandelier.looks"
_CARRIED = ("Authorization", "Cookie", "Host", "X-Discord-User-Id", "Origin", "X-Requested-With", "User-Agent")
_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})


async def tag(request: Request, response: Response) -> Response:
    """Tag what a GET gives, and leave out what the caller has already."""
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "application/json":
        return response
    body = await response.get_data(as_text=False)
    response.headers["ETag"] = etag = _tag_of(body)
    if matches(request.headers.get("If-None-Match"), etag, weak=True):
        response.status_code = 304
        response.set_data(b"")
        response.headers.pop("Content-Type", None)
    return response


async def hold(app: Quart, host: Host, request: Request) -> None:
    """Refuse a change whose ``If-Match`` is not what stands there now; else hold off others until it is done."""
    wanted = request.headers.get("If-Match")
    if request.method not in _CHANGES or wanted is None or request.routing_exception is not None:
        return
    held = g.chandelier_held = AsyncExitStack()
    await held.enter_async_context(host.exclusively(f"route {request.path}"))
    carried = {name: request.headers[name] for name in _CARRIED if name in request.headers}
    query = request.query_string.decode("ascii", "replace")
    path = f"{request.path}?{query}" if query else request.path
    looking = app.test_client(use_cookies=False).get(path, headers=carried, scope_base={LOOKS: True})
    # In a context of its own: it must not share the ``g`` of the request that it is made for.
    seen = await asyncio.create_task(looking, context=contextvars.Context())
    if seen.status_code == 405:
        raise Problem("no_etag", "There is nothing to read at this path, so If-Match cannot be checked; leave it out.")
    etag = seen.headers.get("ETag")
    if etag is None or not matches(wanted, etag, weak=False):
        headers = {} if etag is None else {"ETag": etag}
        raise Problem(
            "changed_meanwhile", "It has changed since you read it; read it again, then decide.", headers=headers
        )


async def release() -> None:
    """Let others change it again."""
    held: AsyncExitStack | None = g.pop("chandelier_held", None)
    if held is not None:
        await held.aclose()


def matches(header: str | None, etag: str, *, weak: bool) -> bool:
    """Say whether a list of tags, or ``*``, names this one; weak tags count where a comparison may be weak."""
    if header is None:
        return False
    named = [one.strip() for one in header.split(",")]
    if weak:
        named = [one.removeprefix("W/") for one in named]
    return "*" in named or etag in named


def _tag_of(body: bytes) -> str:
    return '"' + base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:18]).decode() + '"'
