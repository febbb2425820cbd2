"""The time as this process has it: the machine's, or moved forward as a local Discord says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

ASK_AGAIN_S = 1.0
#: Longer than a local Discord holds back an answer while nothing moves.
ANSWER_LIMIT_S = 60.0

_log = structlog.get_logger("chandelier.clock")


class Clock:
    """Tells the instant: the machine's time plus an offset, which is zero unless somebody moves it."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset


async def follow(clock: Clock, url: str, moved: Callable[[], None]) -> None:
    """Keep the clock's offset equal to what is answered at an address, for ever; ``moved`` is called after each change.

    The address answers ``{"offset_s": seconds}`` to GET: at once where ``?known=`` names another offset, else when it moves.
    """
    limit = aiohttp.ClientTimeout(total=ANSWER_LIMIT_S)
    away = False
    async with aiohttp.ClientSession(timeout=limit) as session:
        while True:
            try:
                known = clock.offset.total_seconds()
                async with session.get(url, params={"known": repr(known)}, raise_for_status=True) as answer:
                    offset = timedelta(seconds=float((await answer.json())["offset_s"]))
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, OverflowError) as error:
                if not away:
                    _log.warning("clock_not_followed", url=url, error=type(error).__name__)
                away = True
                await asyncio.sleep(ASK_AGAIN_S)
                continue
            away = False
            if offset != clock.offset:
                clock.offset = offset
                _log.info("clock_moved", now=clock.now().isoformat(timespec="seconds"))
                moved()
