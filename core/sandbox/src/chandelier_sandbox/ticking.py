"""Time that passes by itself: whoever watches the clock is woken now and then, not only when a test moves it."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from chandelier_sandbox.clock import Clock

EVERY_S = 15.0


def ticking(clock: Clock) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return what lets the clock tick while an application runs: threads archive themselves, polls end."""

    async def tick(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(_tick(clock), name="sandbox clock")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return tick


async def _tick(clock: Clock) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            clock.advance(0)
        except Exception:  # one watcher's fault must not stop the clock for the others
            traceback.print_exc(file=sys.stderr)
