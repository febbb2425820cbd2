"""What the host opens to each plugin while it runs: its doors, its scheduler, its tasks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import structlog

from chandelier import Config, Occasion, Outcome, UserError
from chandelier.context import PluginContext
from chandelier.current import caches_in_use, scheduler_in_use
from chandelier_core.doors import PluginDoors
from chandelier_core.life.circuits import Circuits, Parked
from chandelier_core.life.guard import Escaped, contained, end, within
from chandelier_core.outside import Outside
from chandelier_core.parts.events import Events

if TYPE_CHECKING:
    from chandelier_core.caching.keeper import Keeper
    from chandelier_core.clock import Clock
    from chandelier_core.discord import Discord
    from chandelier_core.guilds.plugins import GuildPlugins
    from chandelier_core.guilds.settings import Guilds
    from chandelier_core.life.failures import Failures
    from chandelier_core.parts.scheduling import JobStore
    from chandelier_core.registry import Entry
    from chandelier_core.store.store import Store

S = TypeVar("S")
_log = structlog.get_logger("chandelier.running")
#: Which plugin's code is running, for logs and for whoever asks why the loop stands still.
plugin_in_use: ContextVar[str] = ContextVar("chandelier_plugin", default="")
#: For which server it runs: the jobs that it asks for there belong to it.
guild_in_use: ContextVar[int | None] = ContextVar("chandelier_guild", default=None)


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
    circuits: Circuits
    keeper: Keeper
    #: Tells every process that something has changed, by a topic.
    tell: Callable[[str], Awaitable[None]]
    #: How a plugin calls its own commands; set once there is a dispatch.
    occur: Callable[[str, str, Mapping[str, object], Occasion], Awaitable[Outcome]] | None = None
    outside: Outside = field(default_factory=Outside)
    events: Events = field(default_factory=Events)
    services: dict[type, tuple[str, object]] = field(default_factory=dict)
    tasks: dict[str, set[asyncio.Task[None]]] = field(default_factory=dict)
    #: When each plugin's code was last begun (``time.monotonic``).
    ran: dict[str, float] = field(default_factory=dict)
    _doors: dict[str, PluginDoors] = field(default_factory=dict)

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return self.clock.now()

    def doors(self, entry: Entry) -> PluginDoors:
        """Give the doors of one plugin."""
        if entry.name not in self._doors:
            self._doors[entry.name] = PluginDoors(entry, self)
        return self._doors[entry.name]

    def context(self, entry: Entry) -> PluginContext[Config]:
        """Make the context of a listener, a lifespan, or a service's factory."""
        return PluginContext(self.doors(entry), entry.config)

    @contextmanager
    def code_of(self, plugin: str, guild_id: int | None = None) -> Iterator[None]:
        """Mark that this plugin's code runs inside, for this server; ``job.at(...)`` and logs look here."""
        self.ran[plugin] = time.monotonic()
        named = plugin_in_use.set(plugin)
        here = guild_in_use.set(guild_id)
        scheduling = scheduler_in_use.set(self.jobs.scheduler(plugin))
        caching = caches_in_use.set(self.keeper.of(plugin))
        try:
            yield
        finally:
            caches_in_use.reset(caching)
            scheduler_in_use.reset(scheduling)
            guild_in_use.reset(here)
            plugin_in_use.reset(named)

    async def run(
        self, plugin: str, part: str, work: Callable[[], Awaitable[S]], *, limit_s: float, guild_id: int | None = None
    ) -> S:
        """Run one part of a plugin, guarded: the one way from the host into its parts.

        Raises Parked where the part is out of use, PartTooSlow at the limit, and what the part raises, which is always an
        Exception. Whoever catches a failure records it: that is what the part's circuit counts.
        """
        self.circuits.enter(plugin, part)
        try:
            with self.code_of(plugin, guild_id):
                value = await within(limit_s, _call(work), f"{plugin}: {part}")
        except UserError:
            self.circuits.worked(plugin, part)
            raise
        else:
            self.circuits.worked(plugin, part)
            return value
        finally:
            self.circuits.leave(plugin, part)

    async def run_task(self, plugin: str, work: Awaitable[None], name: str) -> None:
        """Run a task that a plugin has spawned. What it raises is recorded; that somebody cancels it is no failure."""
        part = f"task {name}"
        try:
            self.circuits.enter(plugin, part)
            with self.code_of(plugin, guild_in_use.get()):
                await contained(work)
            self.circuits.worked(plugin, part)
        except Parked as parked:
            _log.warning("task_not_run", plugin=plugin, task=name, why=parked.sentence)
        except Escaped as error:
            task = asyncio.current_task()
            if isinstance(error.error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise error.error from None
            await self.failures.record(error, plugin=plugin, part=part)
        except Exception as error:
            await self.failures.record(error, plugin=plugin, part=part)
        finally:
            self.circuits.leave(plugin, part)

    async def end_tasks(self, plugin: str) -> None:
        """Cancel what a plugin has spawned, and wait for it; who does not end is left behind."""
        await end(self.tasks.pop(plugin, set()))


async def _call(work: Callable[[], Awaitable[S]]) -> S:
    """Call inside the task that guards it: what is raised before the first await is guarded too."""
    return await work()
