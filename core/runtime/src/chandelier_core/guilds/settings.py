"""What servers have set for themselves: today the prefix of text commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from chandelier import BadOption
from chandelier_core.guilds.prefix_rules import complain_of_prefix

if TYPE_CHECKING:
    from chandelier_core.store.records import Records

TOPIC = "guild_settings"


class Guilds:
    """Settings of servers, kept in memory: a message costs no query."""

    def __init__(self, records: Records, default_prefix: str, tell: Callable[[str], Awaitable[None]]) -> None:
        self._records = records
        self._tell = tell
        self._default = default_prefix
        self._prefixes: dict[int, str] = {}

    async def reread(self) -> None:
        """Read every server's settings again."""
        self._prefixes = await self._records.prefixes()

    @property
    def text_enabled(self) -> bool:
        """Say whether text commands are on at all."""
        return bool(self._default)

    def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with there; empty where they are switched off."""
        if not self._default or guild_id is None:
            return self._default
        return self._prefixes.get(guild_id, self._default)

    async def set_text_prefix(self, guild_id: int, prefix: str | None) -> str:
        """Set a server's prefix, or None for the host's own; give the one in use."""
        if not self._default:
            raise BadOption(
                "Text commands are switched off on this bot; its operator can switch them on in plugins.toml."
            )
        if prefix is not None:
            check_prefix(prefix)
        await self._records.set_prefix(guild_id, prefix)
        await self.reread()
        await self._tell(TOPIC)
        return self.text_prefix(guild_id)


def check_prefix(prefix: str) -> None:
    """Refuse a prefix that cannot be one."""
    if complaint := complain_of_prefix(prefix):
        raise BadOption(complaint, option="prefix")
