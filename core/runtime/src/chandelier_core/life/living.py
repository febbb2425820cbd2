"""One plugin's services and lifespan, entered and left by one task: what they hold may insist on that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from chandelier_core.host import PartTooSlow
from chandelier_core.life.guard import contained, end, result_of

Enter = Callable[[AsyncExitStack], Awaitable[None]]


class Living:
    """Holds what a plugin has opened. ``fell`` is called when that ends by itself while the plugin should run."""

    def __init__(self, name: str, enter: Enter, fell: Callable[[BaseException | None], None]) -> None:
        self._name = name
        self._enter = enter
        self._fell = fell
        self._leave = asyncio.Event()
        self._entered = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def begin(self, limit_s: float) -> None:
        """Enter within a limit. Raises PartTooSlow, or what entering raised; all is left again then."""
        task = self._task = asyncio.create_task(contained(self._live()), name=f"{self._name}: lifespan")
        waiting = asyncio.create_task(self._entered.wait())
        try:
            await asyncio.wait({task, waiting}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await end({task})
            raise
        finally:
            waiting.cancel()
        if task.done():
            result_of(task)
        elif not self._entered.is_set():
            await end({task})
            raise PartTooSlow(f"it did not start within {limit_s:.0f} s")
        task.add_done_callback(self._ended)

    async def finish(self, limit_s: float) -> None:
        """Leave within a limit. Raises PartTooSlow, or what leaving raised."""
        task = self._task
        self._leave.set()
        if task is None:
            return
        await asyncio.wait({task}, timeout=limit_s)
        if not task.done():
            await end({task})
            raise PartTooSlow(f"it did not stop within {limit_s:.0f} s")
        result_of(task)

    async def _live(self) -> None:
        async with AsyncExitStack() as stack:
            await self._enter(stack)
            self._entered.set()
            await self._leave.wait()

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not self._leave.is_set():
            self._fell(asyncio.CancelledError() if task.cancelled() else task.exception())
