"""Server-sent events: what happens, as it happens, for whoever may know of it (WHATWG HTML, Server-sent events)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

import orjson
from quart import Blueprint, Response, request

from chandelier import NotFound, Permission
from chandelier_api.calls import guild_in_path
from chandelier_api.identity import identity
from chandelier_api.problems import Problem
from chandelier_api.requests import check_names, read_query, refusal
from chandelier_api.routes import PREFIX

if TYPE_CHECKING:
    from chandelier_core.host import Happening, Host, Identity

MOST_STREAMS = 4
HEARTBEAT_S = 15.0
#: For so long a permission that was found holds: one that is taken away is gone within a minute.
LOOKED_S = 30.0
RETRY_MS = 3000
_FILTERS = ("guild_id", "name", "last_event_id")
_MOST_ID = 2**63 - 1


def event_routes(host: Host) -> Blueprint:
    """Make the route."""
    routes = Blueprint("events", __name__)
    streams: Counter[str] = Counter()

    @routes.get(f"{PREFIX}/events")
    async def events() -> Response:
        caller, given = identity(), read_query(request)
        check_names(given, _FILTERS, (), "query")
        guild_id = None if given.get("guild_id") is None else await guild_in_path(host, str(given["guild_id"]))
        after = _after(request.headers.get("Last-Event-ID") or given.get("last_event_id"))
        if streams[caller.caller] >= MOST_STREAMS:
            raise Problem("too_soon", f"You follow {MOST_STREAMS} streams already; close one.").retry_after(HEARTBEAT_S)
        viewer = Viewer(host, caller, guild_id, None if given.get("name") is None else str(given["name"]))
        response = Response(_stream(host, viewer, after, streams), 200, content_type="text/event-stream; charset=utf-8")
        response.timeout = None  # Quart would end it after 60 s
        response.headers["X-Accel-Buffering"] = "no"
        return response

    return routes


@dataclass(slots=True)
class Viewer:
    """Who follows, and what of it they may see and want to."""

    host: Host
    caller: Identity
    guild_id: int | None
    name: str | None
    _manages: dict[int, tuple[float, bool]] = field(default_factory=dict)

    async def sees(self, happening: Happening) -> bool:
        """Say whether somebody gets this: the operator all, managers their server's, everybody what they did themselves."""
        if self.guild_id not in (None, happening.guild_id) or self.name not in (None, happening.name):
            return False
        if self.caller.guild_ids is not None and happening.guild_id not in self.caller.guild_ids:
            return False
        user_id = self.caller.user_id
        if user_id is None or user_id == happening.user_id:
            return True
        if happening.guild_id is None:
            return await self.host.access.is_operator(self.caller)
        return await self._may_manage(user_id, happening.guild_id)

    async def _may_manage(self, user_id: int, guild_id: int) -> bool:
        looked, may = self._manages.get(guild_id, (0.0, False))
        if time.monotonic() - looked > LOOKED_S:
            try:
                may = (await self.host.actor(user_id, guild_id)).may(Permission.MANAGE_GUILD)
            except NotFound:
                may = False
            self._manages[guild_id] = (time.monotonic(), may)
        return may


async def _stream(host: Host, viewer: Viewer, after: int | None, streams: Counter[str]) -> AsyncIterator[bytes]:
    """Write events until the reader goes or the program ends; a comment every 15 s keeps the way open."""
    streams[viewer.caller.caller] += 1
    following = host.follow(after)
    ending = asyncio.ensure_future(host.ending())
    coming = asyncio.ensure_future(anext(following))
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        while not ending.done():
            await asyncio.wait({coming, ending}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                happening = coming.result()
                coming = asyncio.ensure_future(anext(following))
                if await viewer.sees(happening):
                    yield _event(happening)
            elif not ending.done():
                yield b": still here\n\n"
        yield b"event: bye\ndata: {}\n\n"
    finally:
        streams[viewer.caller.caller] -= 1
        ending.cancel()
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await following.aclose()  # type: ignore[attr-defined]  # an async generator's, which the Protocol does not say


def _event(happening: Happening) -> bytes:
    body = {
        "name": happening.name, "plugin": happening.plugin, "at": happening.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "guild_id": None if happening.guild_id is None else str(happening.guild_id), **happening.facts,
    }  # fmt: skip
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (happening.id, happening.name.encode(), orjson.dumps(body))


def _after(given: object) -> int | None:
    if given is None:
        return None
    text = str(given)
    if not (text.isascii() and text.isdecimal() and int(text) <= _MOST_ID):
        raise refusal(
            "bad_option", "query", {"last_event_id": "`last_event_id` must be the id of an event, a whole number."}
        )
    return int(text)
