"""What a server's managers change about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import guild_json
from chandelier_sandbox.records import Guild
from chandelier_sandbox.world import World

_KEYS = {"icon": "icon_hash", "banner": "banner_hash", "splash": "splash_hash"}  # as the audit log names them
_UNLOGGED = ("features", "discovery_splash", "home_header", "premium_progress_bar_enabled")


def modify_guild(world: World, guild: Guild, settings: Mapping[str, Any], by: By) -> None:
    """Set settings, under Discord's names, and tell GUILD_UPDATE."""
    before = _logged(guild, settings)
    guild.name = settings.get("name", guild.name)
    guild.settings.update({name: value for name, value in settings.items() if name != "name"})
    changes = difference(before, _logged(guild, settings))
    world.publish("GUILD_UPDATE", guild_json(guild), guild)
    if changes:
        note(world, guild, by, Action.GUILD_UPDATE, guild.id, changes=changes)


def _logged(guild: Guild, settings: Mapping[str, Any]) -> JsonObject:
    described = guild_json(guild)
    return {_KEYS.get(name, name): described.get(name) for name in settings if name not in _UNLOGGED}
