"""Recording uses: from the hook, through a queue that forgets the oldest first, to the table in batches."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import islice
from uuid import UUID

from chandelier import Backoff, Call, Outcome, PluginContext
from chandelier_logging import models
from chandelier_logging.metadata import clean, describe_options
from chandelier_logging.models import NewUse

QUEUE = 50_000
BATCH = 500
GATHER_S = 0.05
STOP_S = 4.0
DROPS_MATTER_S = 900.0
RETRY = Backoff(first_s=0.5, factor=2, longest_s=15)

Write = Callable[[Sequence[NewUse]], Awaitable[None]]


class Journal:
    """The uses that are not written yet, and the task that writes them."""

    def __init__(
        self, ctx: PluginContext, write: Write = models.write, *, size: int = QUEUE, retry: Backoff = RETRY
    ) -> None:
        self._log = ctx.log
        self._write_rows = write
        self._retry = retry
        self._waiting: deque[NewUse] = deque(maxlen=size)
        self._some = asyncio.Event()
        self._writing = asyncio.Lock()
        self._dropped_at_s = 0.0
        self.dropped = 0
        self.failures = 0

    @property
    def waiting(self) -> int:
        """Give how many uses are not written yet."""
        return len(self._waiting)

    def add(self, use: NewUse) -> None:
        """Queue a use; if the queue is full, the oldest one goes and is counted."""
        if len(self._waiting) == self._waiting.maxlen:
            self._count_dropped()
        self._waiting.append(use)
        self._some.set()

    async def write_forever(self) -> None:
        """Write batches as uses come; while the store is away, wait longer and longer."""
        while True:
            await self._some.wait()
            if len(self._waiting) < BATCH:
                await asyncio.sleep(GATHER_S)
            try:
                await self.write_all()
            except Exception as error:
                self.failures += 1
                if self.failures == 1:
                    self._log.warning("uses_cannot_be_written", error=repr(error), waiting=self.waiting)
                await asyncio.sleep(self._retry.delay_s(self.failures))

    async def write_all(self) -> None:
        """Write what waits. What could not be written still waits afterwards."""
        while self._waiting:
            async with self._writing:
                batch = list(islice(self._waiting, BATCH))
                await self._write(batch)
                self._forget_written({use.id for use in batch})
            if self.failures:
                self._log.info("uses_are_written_again", failures=self.failures)
                self.failures = 0
        self._some.clear()

    @contextlib.asynccontextmanager
    async def hold(self) -> AsyncIterator[deque[NewUse]]:
        """Give the waiting uses while nothing of them is being written."""
        async with self._writing:
            yield self._waiting

    def ailment(self) -> str | None:
        """Say what is wrong, if something is."""
        if self.failures:
            return f"Command uses cannot be written right now; {self.waiting} wait. Is Postgres reachable?"
        if self.dropped and time.monotonic() - self._dropped_at_s < DROPS_MATTER_S:
            return f"Command uses not recorded: {self.dropped}; Postgres was away for too long, or refused them."
        return None

    async def _write(self, batch: list[NewUse]) -> None:
        try:
            await self._write_rows(batch)
        except Exception as error:
            if not models.is_bad_row(error):
                raise
            if len(batch) == 1:
                self._count_dropped()
                self._log.error("use_cannot_be_stored", reference=batch[0].reference, error=repr(error))
                return
            middle = len(batch) // 2
            await self._write(batch[:middle])
            await self._write(batch[middle:])

    def _forget_written(self, ids: set[UUID]) -> None:
        while self._waiting and self._waiting[0].id in ids:
            self._waiting.popleft()

    def _count_dropped(self) -> None:
        self.dropped += 1
        self._dropped_at_s = time.monotonic()


class Recorder:
    """What the plugin's hooks share. The journal is made in the lifespan, and gone after it."""

    def __init__(self, write: Write = models.write) -> None:
        self._write = write
        self._journal: Journal | None = None

    @contextlib.asynccontextmanager
    async def open(self, ctx: PluginContext) -> AsyncIterator[None]:
        """Record for as long as the plugin runs; before leaving, write what waits."""
        journal = self._journal = Journal(ctx, self._write)
        task = ctx.spawn(journal.write_forever(), "write command uses")
        try:
            yield
        finally:
            self._journal = None
            task.cancel()
            await asyncio.wait([task], timeout=STOP_S)
            try:
                async with asyncio.timeout(STOP_S):
                    await journal.write_all()
            except Exception as error:
                ctx.log.warning("uses_are_lost", error=repr(error), uses=journal.waiting)

    def record(self, call: Call, outcome: Outcome) -> None:
        """Queue one row."""
        if self._journal is not None:
            self._journal.add(to_row(call, outcome))

    @contextlib.asynccontextmanager
    async def hold(self) -> AsyncIterator[deque[NewUse]]:
        """Give the uses that wait, while nothing is being written."""
        if self._journal is None:
            yield deque()
        else:
            async with self._journal.hold() as waiting:
                yield waiting

    async def write_all(self) -> None:
        """Write what waits."""
        if self._journal is not None:
            await self._journal.write_all()

    def ailment(self) -> str | None:
        """Say what is wrong, if something is."""
        return None if self._journal is None else self._journal.ailment()


def to_row(call: Call, outcome: Outcome) -> NewUse:
    """Make the row of one use."""
    return NewUse(
        id=new_id(time.time_ns()), at=call.received_at, reference=clean(call.reference, 64),
        user_id=call.actor.id, user_name=clean(call.actor.name, 100), guild_id=call.guild_id,
        channel_id=call.channel_id, plugin=clean(call.plugin, 64), command=clean(call.command, 100),
        surface=call.surface.value, status=outcome.status.value, code=outcome.code and clean(outcome.code, 64),
        duration_ms=round(outcome.duration_ms, 3), metadata=describe_options(call.arguments),
    )  # fmt: skip


def new_id(time_ns: int) -> UUID:
    """Make an id that sorts by time (RFC 9562, section 5.7; Python has its own from 3.14 on)."""
    random = int.from_bytes(os.urandom(10), "big")
    return UUID(int=(time_ns // 1_000_000) << 80 | 7 << 76 | (random >> 68) << 64 | 2 << 62 | random & (1 << 62) - 1)
