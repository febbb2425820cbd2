"""Which plugin's code is running: how ``job.at(...)`` finds the host without a global."""

from __future__ import annotations

from collections.abc import Mapping
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
