"""Which plugins a server uses, and how it has set them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import structlog
from pydantic import ValidationError

from chandelier import BadOption, GuildConfig, UserError
from chandelier_core.loading.plugins_file import nearest, read_model_errors

if TYPE_CHECKING:
    from chandelier_core.registry import Entry
    from chandelier_core.store.guild_plugins import Chosen, GuildPluginRows

TOPIC = "guild_plugins"
HOST = "host"
Key = tuple[int, str]

_log = structlog.get_logger("chandelier.guilds")


class GuildPlugins:
    """What servers have decided about plugins, kept in memory: asking costs no query."""

    def __init__(self, rows: GuildPluginRows, tell: Callable[[str], Awaitable[None]]) -> None:
        self._rows = rows
        self._tell = tell
        self._chosen: dict[Key, Chosen] = {}
        self._configs: dict[Key, GuildConfig] = {}

    async def reread(self) -> None:
        """Read every server's decisions again."""
        self._chosen = {(one.guild_id, one.plugin): one for one in await self._rows.all()}
        self._configs.clear()

    def uses(self, plugin: str, guild_id: int | None) -> bool:
        """Say whether a plugin is on in a server; always in direct messages, and until a server says otherwise."""
        if guild_id is None:
            return True
        chosen = self._chosen.get((guild_id, plugin))
        return chosen is None or chosen.on

    def config(self, entry: Entry, guild_id: int | None) -> GuildConfig:
        """Give a server's settings for a plugin; the defaults for what it has not set, or what no longer fits."""
        if guild_id is None:
            return entry.declared.guild_config()
        key = (guild_id, entry.name)
        if key not in self._configs:
            chosen = self._chosen.get(key)
            self._configs[key] = _build(entry, {} if chosen is None else chosen.config, guild_id)
        return self._configs[key]

    def misfits(self, entry: Entry, guild_id: int) -> list[str]:
        """Name the settings that a server has made and that the plugin no longer takes."""
        chosen = self._chosen.get((guild_id, entry.name))
        return _misfits(entry, {} if chosen is None else chosen.config)

    async def switch(self, entry: Entry, guild_id: int, *, on: bool) -> None:
        """Switch a plugin on or off in a server. Raises UserError for the host's own."""
        if entry.name == HOST:
            raise UserError("host_stays", "The bot's own commands cannot be switched off.")
        await self._rows.set_on(guild_id, entry.name, on=on)
        await self._changed()

    async def change(self, entry: Entry, guild_id: int, changes: Mapping[str, object]) -> GuildConfig:
        """Make some settings of a server; null puts one back to its default. Gives all of them as they are then.

        Raises BadOption naming the setting, and changes nothing, where they would not fit together.
        """
        fields = entry.declared.guild_config.model_fields
        for name in changes:
            if name not in fields:
                raise BadOption(
                    f"{entry.name.capitalize()} has no setting `{name}`. {nearest(name, fields)}", option=name
                )
        async with self._rows.changing(guild_id, entry.name) as row:
            stored = {name: value for name, value in row.config.items() if name not in _misfits(entry, row.config)}
            merged = {name: value for name, value in {**stored, **changes}.items() if value is not None}
            config = _validate(entry, merged)
            row.config = config.model_dump(mode="json", include=set(merged))
        await self._changed()
        return config

    async def reset(self, entry: Entry, guild_id: int) -> GuildConfig:
        """Put all settings of a server back to their defaults."""
        async with self._rows.changing(guild_id, entry.name) as row:
            row.config = {}
        await self._changed()
        return entry.declared.guild_config()

    async def _changed(self) -> None:
        await self.reread()
        await self._tell(TOPIC)


def _build(entry: Entry, stored: Mapping[str, object], guild_id: int) -> GuildConfig:
    wrong = _misfits(entry, stored)
    if wrong:
        _log.warning("guild_settings_misfit", plugin=entry.name, guild_id=guild_id, settings=wrong)
    return entry.declared.guild_config.model_validate(
        {name: value for name, value in stored.items() if name not in wrong}
    )


def _misfits(entry: Entry, stored: Mapping[str, object]) -> list[str]:
    """Name what does not fit; what only does not fit together is all of it."""
    model = entry.declared.guild_config
    try:
        model.model_validate(dict(stored))
    except ValidationError as error:
        named = {str(one["loc"][0]) for one in error.errors() if one["loc"]} & set(stored)
        return sorted(named or stored)
    return []


def _validate(entry: Entry, settings: Mapping[str, object]) -> GuildConfig:
    try:
        return entry.declared.guild_config.model_validate(dict(settings))
    except ValidationError as error:
        told = read_model_errors(error, entry.declared.guild_config)
        words = " ".join(f"`{key}`: {sentence} {remedy}".strip() if key else sentence for key, sentence, remedy in told)
        raise BadOption(f"{words} Nothing was changed.", option=told[0][0].partition(".")[0] or None) from None
