"""What the host opens to each plugin while it runs: its doors, its scheduler, its tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import structlog

from chandelier import Config, ServiceUnavailable
from chandelier.context import Gateway, Log, PluginContext
from chandelier.current import scheduler_in_use

if TYPE_CHECKING:
    import hikari

    from chandelier_core.clock import Clock
    from chandelier_core.discord import Discord
    from chandelier_core.failures import Failures
    from chandelier_core.guilds import Guilds
    from chandelier_core.registry import Entry
    from chandelier_core.scheduling import JobStore
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


class PluginDoors:
    """The doors of one plugin: what ``ctx`` stands in front of."""

    def __init__(self, plugin: str, running: Running) -> None:
        self._plugin = plugin
        self._running = running
        self._log: Log = structlog.get_logger("chandelier.plugin").bind(plugin=plugin)

    @property
    def plugin(self) -> str:
        """Give the plugin's name."""
        return self._plugin

    @property
    def gateway(self) -> Gateway:
        """Give the connection to Discord."""
        return self._running.discord

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Give hikari's REST client."""
        return self._running.discord.rest

    @property
    def cache(self) -> hikari.api.Cache:
        """Give hikari's cache."""
        return self._running.discord.cache

    @property
    def log(self) -> Log:
        """Give a log that is bound to the plugin."""
        return self._log

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return self._running.now()

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Open a transaction on the store."""
        return self._running.store.transaction()

    def find_service(self, protocol: type[S]) -> S:
        """Give the service that a running plugin provides."""
        found = self._running.services.get(protocol)
        if found is None:
            raise ServiceUnavailable(f"No running plugin provides {protocol.__name__}, which {self._plugin} asked for.")
        return found[1]  # type: ignore[return-value]  # services are kept under the Protocol they implement

    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run a task of the plugin's; one that fails is recorded."""
        task = asyncio.create_task(self._guard(work, name), name=f"{self._plugin}: {name}")
        mine = self._running.tasks.setdefault(self._plugin, set())
        mine.add(task)
        task.add_done_callback(mine.discard)
        task.add_done_callback(lambda _: work.close())  # one that was cancelled before it began
        return task

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with there."""
        return await self._running.guilds.text_prefix(guild_id)

    async def _guard(self, work: Coroutine[object, object, None], name: str) -> None:
        try:
            with self._running.code_of(self._plugin):
                await work
        except Exception as error:
            await self._running.failures.record(error, plugin=self._plugin, part=f"task {name}")
