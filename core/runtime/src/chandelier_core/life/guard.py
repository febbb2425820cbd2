"""The guard around plugins' code: what it raises stays with it, and what it swallows does not keep it running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import structlog

from chandelier_core.host import PartTooSlow

#: How long code that was ended may take to end; then it is left behind.
GRACE_S = 1.0
Value = TypeVar("Value")

_log = structlog.get_logger("chandelier.guard")


class Escaped(Exception):
    """A plugin raised what would have ended more than itself: SystemExit, CancelledError, a BaseException of its own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        self.error = error


async def contained(work: Awaitable[Value]) -> Value:
    """Await a plugin's code; whatever it raises is an Exception."""
    try:
        return await work
    except Exception:
        raise
    except BaseException as error:  # SystemExit in a task would end the loop, and with it everybody
        raise Escaped(error) from error


async def within(limit_s: float, work: Awaitable[Value], name: str) -> Value:
    """Run a plugin's code as a task of its own, for so long. Raises only Exceptions, but for the caller's own cancellation.

    In a task of its own a plugin can cancel nobody but itself. Raises PartTooSlow at the limit, whether the code ends or not.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(contained(work), name=name)
    over: asyncio.Future[None] = (
        loop.create_future()
    )  # by hand what asyncio.wait does in twice the time: this is every call's way
    timer = loop.call_later(limit_s, _settle, over)
    task.add_done_callback(lambda _: _settle(over))
    try:
        await over
    except asyncio.CancelledError:
        await end({task})
        raise
    finally:
        timer.cancel()
    if task.done():
        return result_of(task)
    await end({task})
    raise PartTooSlow(f"it took longer than {limit_s:g} s")


def _settle(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)


def result_of(task: asyncio.Task[Value]) -> Value:
    """Give what a task gave; one that was cancelled before it began has failed like any other."""
    if task.cancelled():
        raise Escaped(asyncio.CancelledError())
    return task.result()


async def end(tasks: set[asyncio.Task[Value]]) -> None:
    """Cancel tasks and wait 1 s for them; who does not end is left behind, and named in the log."""
    for task in tasks:
        task.cancel()
        task.add_done_callback(_look_at)
    _, late = await asyncio.wait(tasks, timeout=GRACE_S) if tasks else (set(), set())
    if late:
        _log.warning("tasks_left_behind", tasks=sorted({task.get_name() for task in late})[:10], count=len(late))


def _look_at(task: asyncio.Task[Value]) -> None:
    if not task.cancelled():
        task.exception()  # what it ends with is nobody's any more; asyncio would complain that nobody looked
