"""The route by which another process follows the sandbox's clock; the bot that runs as our child is told of it."""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

from chandelier_sandbox.clock import Clock

PATH = "/sandbox/clock"
HOLD_S = 25.0


class Following:
    """Answer by how much the clock is moved forward: at once to whoever knows another offset, else when it moves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def install(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get(PATH, self.offset)

    async def offset(self, request: web.Request) -> web.StreamResponse:
        """Answer {"offset_s": seconds}; held back for at most 25 s while ``known`` is still right."""
        try:
            known = float(request.query.get("known", "nan"))
        except ValueError:
            return _json({"error": "known is a number of seconds."}, 422)
        moved = asyncio.Event()
        forget = self._clock.watch(moved.set)
        try:
            if known == self._clock.offset_s:
                async with asyncio.timeout(HOLD_S):
                    await moved.wait()
        except TimeoutError:
            pass
        finally:
            forget()
        return _json({"offset_s": self._clock.offset_s})


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), headers={"Content-Type": "application/json"})
