"""What hangs on the gateway: surfaces, listeners, native loaders, the commands that Discord shows, and jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import hikari
import structlog

from chandelier_core.discord import explain
from chandelier_core.life.consents import needs_of
from chandelier_core.parts.events import is_gateway, is_granted
from chandelier_core.parts.jobs import JobWorker
from chandelier_core.parts.listeners import Listeners
from chandelier_core.surfaces.definitions import build_definitions
from chandelier_core.surfaces.native import NativeCommands
from chandelier_core.surfaces.sync import CommandSync

if TYPE_CHECKING:
    from chandelier_core.discord import GatewayDiscord
    from chandelier_core.life.lifecycle import Lifecycle
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running
    from chandelier_core.store.records import Records
    from chandelier_core.surfaces.slash import SlashSurface
    from chandelier_core.surfaces.text import TextSurface

WORKER_LIMIT_S = 2.0

_log = structlog.get_logger("chandelier.attachment")


class Attachment:
    """Attaches what runs to the gateway, and whoever starts later when it starts."""

    def __init__(
        self, discord: GatewayDiscord, registry: Registry, running: Running, lifecycle: Lifecycle, records: Records
    ) -> None:
        self._discord = discord
        self._registry = registry
        self._running = running
        self._lifecycle = lifecycle
        self._records = records
        self._sync = CommandSync(discord, running.store, records)
        self._worker = JobWorker(registry, running, records)
        self._working: asyncio.Task[None] | None = None
        self._native: NativeCommands | None = None
        self._attached: set[str] = set()

    async def begin(self, slash: SlashSurface, text: TextSurface) -> None:
        """Let events in; then show the commands; then run jobs."""
        self._discord.listen(hikari.InteractionCreateEvent, slash.receive)
        if self._running.guilds.text_enabled:
            self._discord.listen(hikari.MessageCreateEvent, text.receive)
        self._discord.listen(hikari.GuildLeaveEvent, self._forget_guild)
        listeners = Listeners(self._running)
        self._running.events.begin(self._registry.validated, listeners)
        for entry in self._registry.validated:
            for listener in filter(lambda one: is_gateway(one.event), entry.declared.listeners):
                if is_granted(listener.event, needs_of(entry)):
                    self._discord.listen(listener.event, listeners.callback(entry, listener))
        self._lifecycle.attach, self._lifecycle.detach = self._attach_late, self._detach
        for entry in self._registry.running:
            await self._attach(entry)
        await self._show_commands()
        self._working = asyncio.create_task(self._worker.work(), name="jobs")

    async def end(self) -> None:
        """Claim no more jobs, and stop what lightbulb runs."""
        if self._working is not None:
            await self._worker.stop(WORKER_LIMIT_S)
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        if self._native is not None:
            await self._native.stop()

    async def _attach(self, entry: Entry) -> None:
        if entry.name in self._attached:  # it has started while others were attached
            return
        self._attached.add(entry.name)
        await self._attach_native(entry)
        await self._worker.start_intervals(entry)

    async def _attach_late(self, entry: Entry) -> None:
        await self._attach(entry)
        if entry.declared.native:
            await self._show_commands()

    async def _detach(self, entry: Entry) -> None:
        """Take out what asks nobody before it acts: all else looks at the plugin's state each time."""
        self._attached.discard(entry.name)
        if self._native is not None and entry.declared.native:
            await self._native.detach(entry)
            await self._show_commands()

    async def _attach_native(self, entry: Entry) -> None:
        if not entry.declared.native:
            return
        if self._native is None:
            self._native = NativeCommands(self._discord.bot, self._running.guild_plugins.uses, self._running.failures)
            await self._native.start()
        try:
            await self._native.attach(entry)
        except Exception as error:
            reference = await self._running.failures.record(error, plugin=entry.name, part="native loaders")
            entry.trouble("native", f"Its lightbulb loaders failed; recorded as {reference}.")
            await self._lifecycle.settle(entry)

    async def _show_commands(self) -> None:
        """Send the definitions of every plugin that fits: one that cannot start keeps its commands, and says so when used."""
        builders: list[hikari.api.CommandBuilder] = [*build_definitions(self._registry.validated)]
        if self._native is not None:
            builders += await self._native.definitions()
        try:
            await self._sync.sync(builders)
        except hikari.HikariError as error:
            # Text and REST work without: the bot stays up, and says what is missing.
            _log.error("commands_not_sent", why=explain(error, self._discord.api_url), detail=str(error)[:500])

    async def _forget_guild(self, event: hikari.GuildLeaveEvent) -> None:
        guild_id = int(event.guild_id)
        _log.info("guild_left", guild_id=guild_id)
        await self._lifecycle.hooks.fan_out("guild_left", guild_id=guild_id)
        await self._records.forget_guild(guild_id)
