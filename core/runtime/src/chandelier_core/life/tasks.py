"""The tasks that plugins start by themselves, beside ``ctx.spawn``: they end nobody else, and none is forgotten."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

from chandelier_core.life.guard import contained
from chandelier_core.running import plugin_in_use

if TYPE_CHECKING:
    from chandelier_core.life.owners import Owners

Work = Coroutine[Any, Any, Any] | Generator[Any, Any, Any]


class OwnTasks:
    """Sees every task that a plugin's code makes of its own coroutines. Costs the host's own tasks one look at a variable."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._tasks: dict[str, WeakSet[asyncio.Task[Any]]] = {}
        self._before: Any = None

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the loop's tasks here from now on."""
        self._before = loop.get_task_factory()
        loop.set_task_factory(self._make)

    def uninstall(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the loop's tasks as before."""
        loop.set_task_factory(self._before)

    def left(self, plugin: str) -> set[asyncio.Task[Any]]:
        """Give the tasks of a plugin that still run."""
        return {task for task in self._tasks.get(plugin, ()) if not task.done()}

    def _make(self, loop: asyncio.AbstractEventLoop, work: Work, **more: Any) -> asyncio.Task[Any]:
        plugin = plugin_in_use.get()
        if not plugin or not inspect.iscoroutine(work) or self._owner_of(work) is None:
            return asyncio.Task(cast("Coroutine[Any, Any, Any]", work), loop=loop, **more)
        task = asyncio.Task(contained(work), loop=loop, **more)
        task.add_done_callback(lambda _: work.close())  # one that was cancelled before it began
        self._tasks.setdefault(plugin, WeakSet()).add(task)
        return task

    def _owner_of(self, work: Coroutine[Any, Any, Any]) -> str | None:
        frame = getattr(work, "cr_frame", None)
        return None if frame is None else self._owners.of_module(frame.f_globals.get("__name__"))
