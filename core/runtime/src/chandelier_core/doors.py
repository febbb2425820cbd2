"""The doors of one plugin: what ``ctx`` stands in front of."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast

import structlog

from chandelier import (
    ContractError,
    GuildConfig,
    Need,
    NeedMissing,
    Occasion,
    Outcome,
    ServiceUnavailable,
    Unavailable,
)
from chandelier.context import Gateway, Log
from chandelier_core.rest_door import GuardedRest

if TYPE_CHECKING:
    import aiohttp
    import hikari

    from chandelier_core.registry import Entry
    from chandelier_core.running import Running

S = TypeVar("S")
#: The topic of a change of a server's own slash commands, before its id.
GUILD_COMMANDS = "guild_commands "
#: Whose command's handler runs, and what it needs beside its plugin's needs.
needs_in_use: ContextVar[tuple[str, Collection[Need]]] = ContextVar("chandelier_needs", default=("", ()))


class PluginDoors:
    """The doors of one plugin: what ``ctx`` stands in front of."""

    def __init__(self, entry: Entry, running: Running) -> None:
        self._entry = entry
        self._plugin = plugin = entry.name
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
        """Give hikari's REST client, for what the plugin's needs allow."""
        discord = self._running.discord
        return cast(
            "hikari.api.RESTClient", GuardedRest(discord.rest, self._plugin, lambda: discord.user_id, self._held)
        )

    @property
    def http(self) -> aiohttp.ClientSession:
        """Give an HTTP client, for a plugin that has the need of it."""
        if Need.OUTBOUND_HTTP not in self._held():
            raise NeedMissing(
                f"{self._plugin} used ctx.http without Need.OUTBOUND_HTTP; list it among the needs of its Plugin."
            )
        return self._running.outside.session_of(self._plugin)

    def emit(self, event: object) -> None:
        """Tell other plugins of an event."""
        if not isinstance(event, self._entry.declared.emits):
            raise ContractError(
                f"{self._plugin} emitted {type(event).__name__}, which its Plugin does not list in emits."
            )
        self._running.events.emit(self._plugin, event)

    def _held(self) -> Collection[Need]:
        """Give the plugin's needs, and those of the command whose handler runs."""
        plugin, needs = needs_in_use.get()
        return {*self._entry.needs, *(needs if plugin == self._plugin else ())}

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
        task = asyncio.create_task(self._running.run_task(self._plugin, work, name), name=f"{self._plugin}: {name}")
        mine = self._running.tasks.setdefault(self._plugin, set())
        mine.add(task)
        task.add_done_callback(mine.discard)
        task.add_done_callback(lambda _: work.close())  # one that was cancelled before it began
        return task

    def uses(self, guild_id: int | None) -> bool:
        """Say whether the plugin is on in a server."""
        return self._running.guild_plugins.uses(self._plugin, guild_id)

    def guild_config(self, guild_id: int | None) -> GuildConfig:
        """Give a server's settings for the plugin."""
        return self._running.guild_plugins.config(self._entry, guild_id)

    async def run(self, command: str, arguments: Mapping[str, object], occasion: Occasion) -> Outcome:
        """Run a command of the plugin's own."""
        if self._running.occur is None:
            raise Unavailable("The bot is starting. Try again in a moment.", code="starting")
        return await self._running.occur(self._plugin, command, arguments, occasion)

    async def show_commands(self, guild_id: int) -> None:
        """Tell whoever holds the gateway that a server's commands have changed."""
        await self._running.tell(f"{GUILD_COMMANDS}{guild_id}")

    async def commands_made_today(self, guild_id: int) -> int:
        """Give how many new slash commands a server was given today."""
        sql = "SELECT created FROM core.command_budget WHERE guild_id = $1 AND day = $2"
        rows = await self._running.store.rows(sql, guild_id, self.now().date())
        return int(rows[0]["created"]) if rows else 0

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with there."""
        return self._running.guilds.text_prefix(guild_id)
