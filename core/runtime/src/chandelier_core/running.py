"""What the host opens to each plugin while it runs: its doors, its scheduler, its tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from chandelier import Config
from chandelier.context import PluginContext
from chandelier.current import scheduler_in_use
from chandelier_core.doors import PluginDoors

if TYPE_CHECKING:
    from chandelier_core.clock import Clock
    from chandelier_core.discord import Discord
    from chandelier_core.guilds.plugins import GuildPlugins
    from chandelier_core.guilds.settings import Guilds
    from chandelier_core.life.failures import Failures
    from chandelier_core.parts.scheduling import JobStore
    from chandelier_core.registry import Entry
    from chandelier_core.store.store import Store

S = TypeVar("S")
#: Which plugin's code is running, for logs and for whoever asks why the loop stands still.
plugin_in_use: ContextVar[str] = ContextVar("chandelier_plugin", default="")


@dataclass(slots=True)
class Running:
    """Everything that runs, and each plugin's doors to it."""

    discord: Discord
    store: Store
    jobs: JobStore
    guilds: Guilds
    failures: Failures
    clock: Clock
    guild_plugins: GuildPlugins
    services: dict[type, tuple[str, object]] = field(default_factory=dict)
    tasks: dict[str, set[asyncio.Task[None]]] = field(default_factory=dict)
    _doors: dict[str, PluginDoors] = field(default_factory=dict)

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return self.clock.now()

    def doors(self, plugin: str) -> PluginDoors:
        """Give the doors of one plugin."""
        if plugin not in self._doors:
            self._doors[plugin] = PluginDoors(plugin, self)
        return self._doors[plugin]

    def context(self, entry: Entry) -> PluginContext[Config]:
        """Make the context of a listener, a lifespan, or a service's factory."""
        return PluginContext(self.doors(entry.name), entry.config)

    @contextmanager
    def code_of(self, plugin: str) -> Iterator[None]:
        """Mark that this plugin's code runs inside; ``job.at(...)`` and logs look here."""
        named = plugin_in_use.set(plugin)
        scheduling = scheduler_in_use.set(self.jobs.scheduler(plugin))
        try:
            yield
        finally:
            scheduler_in_use.reset(scheduling)
            plugin_in_use.reset(named)

    async def end_tasks(self, plugin: str) -> None:
        """Cancel what a plugin has spawned, and wait for it."""
        tasks = self.tasks.pop(plugin, set())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
