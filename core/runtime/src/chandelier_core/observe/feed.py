"""What has happened, for whoever follows: written by every process, read by every process, in one order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from pydantic_core import to_jsonable_python

from chandelier_core.host import Happening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chandelier_core.store.changes import Changes
    from chandelier_core.store.happenings import HappeningRows

TOPIC = "happenings"
KEPT = timedelta(hours=1)
FORGET_EVERY = timedelta(minutes=1)
BATCH_S = 0.05
MOST_WAITING = 10_000
MOST_IN_BATCH = 500
#: Above this, JavaScript's numbers are no longer exact.
_EXACT = 2**53

_log = structlog.get_logger("chandelier.feed")


class Feed:
    """Takes what has happened at once, writes it in batches, and hands what others have written to whoever follows here."""

    def __init__(self, rows: HappeningRows, changes: Changes, now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._changes = changes
        self._now = now
        self._waiting: asyncio.Queue[Happening] = asyncio.Queue(MOST_WAITING)
        self._followers: set[asyncio.Event] = set()
        self._forget_at = now()
        self.dropped = 0
        changes.watch(TOPIC, self._wake)

    def tell(
        self, name: str, plugin: str, facts: object, *, guild_id: int | None = None, user_id: int | None = None
    ) -> None:
        """Tell that something has happened; returns at once. ``facts`` is a mapping, a dataclass or a model."""
        found = exact(to_jsonable_python(facts, fallback=str))
        kept = found if isinstance(found, dict) else {"value": found}
        try:
            self._waiting.put_nowait(Happening(name, plugin, guild_id, user_id, kept, self._now()))
        except asyncio.QueueFull:
            self.dropped += 1
            if self.dropped == 1:
                _log.warning("happenings_dropped", waiting=MOST_WAITING)

    def tell_emitted(self, plugin: str, event: object) -> None:
        """Tell what a plugin has emitted; the server and the person are those of its fields of these names."""
        guild_id, user_id = getattr(event, "guild_id", None), getattr(event, "user_id", None)
        self.tell(
            f"{plugin}.{type(event).__name__}", plugin, event,
            guild_id=guild_id if isinstance(guild_id, int) else None,
            user_id=user_id if isinstance(user_id, int) else None,
        )  # fmt: skip

    async def run(self) -> None:
        """Write until it is cancelled. What cannot be written is lost, and logged."""
        while True:
            batch = [await self._waiting.get()]
            await asyncio.sleep(BATCH_S)
            while len(batch) < MOST_IN_BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._write(batch)
            except Exception as error:
                _log.warning("happenings_not_written", count=len(batch), error=type(error).__name__)

    async def _write(self, batch: list[Happening]) -> None:
        await self._rows.add(batch)
        await self._changes.tell(TOPIC)
        if (now := self._now()) >= self._forget_at:
            self._forget_at = now + FORGET_EVERY
            await self._rows.forget(now - KEPT)

    async def follow(self, after: int | None) -> AsyncIterator[Happening]:
        """Give what happens from now on, or from after one that was seen before, for as long as it is asked."""
        with self._woken() as news:
            last = await self._rows.last() if after is None else after
            while True:
                news.clear()
                for happening in await self._rows.after(last):
                    last = happening.id
                    yield happening
                    news.set()  # there may be more than one page
                await news.wait()

    @contextmanager
    def _woken(self) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._followers.add(news)
        try:
            yield news
        finally:
            self._followers.discard(news)

    async def _wake(self) -> None:
        for news in self._followers:
            news.set()


def exact(value: object) -> object:
    """Write numbers that JavaScript would round, Discord's ids above all, as strings."""
    if isinstance(value, Mapping):
        return {str(key): exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [exact(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return str(value)
    return value
