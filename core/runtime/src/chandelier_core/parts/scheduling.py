"""Stores runs of jobs for plugins: what stands behind ``job.at(...)``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chandelier.current import Scheduler
from chandelier_core.running import guild_in_use

if TYPE_CHECKING:
    from chandelier_core.store.records import Records


class JobStore:
    """Stores runs for plugins; wakes the worker of this process when one is due soon."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.changed = asyncio.Event()

    def scheduler(self, plugin: str) -> Scheduler:
        """Give the scheduler that stands behind ``job.at(...)`` in one plugin's code."""
        return _PluginScheduler(plugin, self._records, self.changed)


class _PluginScheduler:
    def __init__(self, plugin: str, records: Records, changed: asyncio.Event) -> None:
        self._plugin = plugin
        self._records = records
        self._changed = changed

    async def schedule(self, job: str, when: datetime, arguments: Mapping[str, object], key: str | None) -> int:
        """Store a run, for the server that is being served; a run with the same key that still waits is moved."""
        if when.tzinfo is None:
            raise ValueError(f"{self._plugin}: the job {job} was given a time without a zone")
        run_id = await self._records.add_job(
            self._plugin, job, dict(arguments), when.astimezone(UTC), key, guild_in_use.get()
        )
        self._changed.set()
        return run_id

    async def cancel(self, job: str, key: str) -> bool:
        """Cancel the waiting run with this key."""
        return await self._records.cancel_job(self._plugin, job, key)
