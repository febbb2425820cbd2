"""The doors of one plugin: what ``ctx`` stands in front of."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import structlog

from chandelier import GuildConfig, ServiceUnavailable
from chandelier.context import Gateway, Log

if TYPE_CHECKING:
    import hikari

    from chandelier_core.registry import Entry
    from chandelier_core.running import Running

S = TypeVar("S")


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

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with there."""
        return await self._running.guilds.text_prefix(guild_id)
