"""The rows of which plugins a server uses, and how it has set them. Needs an open store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chandelier_core.store.models import GuildPlugin

if TYPE_CHECKING:
    from chandelier_core.store.store import Store

ENSURE = """
INSERT INTO core.guild_plugin (guild_id, plugin, enabled, config, updated_at) VALUES ($1, $2, true, '{}'::jsonb, now())
ON CONFLICT (guild_id, plugin) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one server has decided about one plugin. config: the settings that it has made, and no others."""

    guild_id: int
    plugin: str
    on: bool
    config: dict[str, object]


class GuildPluginRows:
    """Reads and writes the table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> list[Chosen]:
        """Give every server's decisions."""
        return [Chosen(int(row.guild_id), row.plugin, row.enabled, dict(row.config)) async for row in GuildPlugin.all()]

    async def set_on(self, guild_id: int, plugin: str, *, on: bool) -> None:
        """Keep whether a server uses a plugin."""
        async with self.changing(guild_id, plugin) as row:
            row.enabled = on

    @asynccontextmanager
    async def changing(self, guild_id: int, plugin: str) -> AsyncIterator[GuildPlugin]:
        """Change one row, with every other change of it waiting; nothing is kept if the block raises."""
        async with self._store.transaction():
            await self._store.rows(ENSURE, guild_id, plugin)
            row = await GuildPlugin.select_for_update().get(guild_id=guild_id, plugin=plugin)
            yield row
            await row.save()
