"""Which plugin's code is running: how ``job.at(...)`` finds the host without a global."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from chandelier.errors import NotRunning


class Scheduler(Protocol):
    """Schedules the jobs of one plugin."""

    async def schedule(self, job: str, when: datetime, arguments: Mapping[str, object], key: str | None) -> int:
        """Store a run; give its id."""
        ...

    async def cancel(self, job: str, key: str) -> bool:
        """Cancel the waiting run with this key; say whether there was one."""
        ...


#: Set by the host around every piece of plugin code that it calls; each task sees its own.
scheduler_in_use: ContextVar[Scheduler] = ContextVar("chandelier_scheduler")


def current_scheduler() -> Scheduler:
    """Give the scheduler of the plugin whose code runs. Raises NotRunning outside of any."""
    try:
        return scheduler_in_use.get()
    except LookupError:
        raise NotRunning from None


class Caches(Protocol):
    """Keeps the values of one plugin's caches."""

    async def get(self, cache: str, key: str, load: Callable[[], Awaitable[object]]) -> object:
        """Give a value, loaded where it is not kept."""
        ...

    async def drop(self, cache: str, key: str) -> None:
        """Forget a value, in every process."""
        ...


#: Set by the host around every piece of plugin code that it calls.
caches_in_use: ContextVar[Caches] = ContextVar("chandelier_caches")


def current_caches() -> Caches:
    """Give the caches of the plugin whose code runs. Raises NotRunning outside of any."""
    try:
        return caches_in_use.get()
    except LookupError:
        raise NotRunning from None
