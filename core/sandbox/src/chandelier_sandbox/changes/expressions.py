"""Emojis, stickers and sounds of a guild come, change and go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import emoji_object_json, sound_json, sticker_json
from chandelier_sandbox.records import Emoji, Guild, Sound, Sticker
from chandelier_sandbox.world import World


def put_emoji(world: World, guild: Guild, emoji: Emoji, facts: Mapping[str, Any], by: By) -> None:
    """Add an emoji, or change the one there is."""
    known = emoji.id in guild.emojis
    before: JsonObject = {"name": emoji.name} if known else {}
    _fill(emoji, facts)
    guild.emojis[emoji.id] = emoji
    _tell_emojis(world, guild)
    action = Action.EMOJI_UPDATE if known else Action.EMOJI_CREATE
    note(world, guild, by, action, emoji.id, changes=difference(before, {"name": emoji.name}))


def delete_emoji(world: World, guild: Guild, emoji: Emoji, by: By) -> None:
    """Delete an emoji."""
    del guild.emojis[emoji.id]
    _tell_emojis(world, guild)
    note(world, guild, by, Action.EMOJI_DELETE, emoji.id, changes=difference({"name": emoji.name}, {}))


def _tell_emojis(world: World, guild: Guild) -> None:
    emojis = [emoji_object_json(emoji) for emoji in guild.emojis.values()]
    world.publish("GUILD_EMOJIS_UPDATE", {"guild_id": str(guild.id), "emojis": emojis}, guild)


def put_sticker(world: World, guild: Guild, sticker: Sticker, facts: Mapping[str, Any], by: By) -> None:
    """Add a sticker, or change the one there is."""
    known = sticker.id in guild.stickers
    before = _sticker_facts(sticker) if known else {}
    _fill(sticker, facts)
    guild.stickers[sticker.id] = sticker
    _tell_stickers(world, guild)
    action = Action.STICKER_UPDATE if known else Action.STICKER_CREATE
    note(world, guild, by, action, sticker.id, changes=difference(before, _sticker_facts(sticker)))


def delete_sticker(world: World, guild: Guild, sticker: Sticker, by: By) -> None:
    """Delete a sticker."""
    del guild.stickers[sticker.id]
    _tell_stickers(world, guild)
    note(world, guild, by, Action.STICKER_DELETE, sticker.id, changes=difference(_sticker_facts(sticker), {}))


def _tell_stickers(world: World, guild: Guild) -> None:
    stickers = [sticker_json(sticker, guild.id) for sticker in guild.stickers.values()]
    world.publish("GUILD_STICKERS_UPDATE", {"guild_id": str(guild.id), "stickers": stickers}, guild)


def _sticker_facts(sticker: Sticker) -> JsonObject:
    return {"name": sticker.name, "tags": sticker.tags, "description": sticker.description}


def put_sound(world: World, guild: Guild, sound: Sound, facts: Mapping[str, Any], by: By) -> None:
    """Add a sound to the soundboard, or change the one there is."""
    known = sound.id in guild.sounds
    before: JsonObject = {"name": sound.name} if known else {}
    _fill(sound, facts)
    guild.sounds[sound.id] = sound
    name = "GUILD_SOUNDBOARD_SOUND_UPDATE" if known else "GUILD_SOUNDBOARD_SOUND_CREATE"
    world.publish(name, sound_json(sound, guild.id), guild)
    action = Action.SOUNDBOARD_SOUND_UPDATE if known else Action.SOUNDBOARD_SOUND_CREATE
    note(world, guild, by, action, sound.id, changes=difference(before, {"name": sound.name}))


def delete_sound(world: World, guild: Guild, sound: Sound, by: By) -> None:
    """Delete a sound."""
    del guild.sounds[sound.id]
    payload: JsonObject = {"sound_id": str(sound.id), "guild_id": str(guild.id)}
    world.publish("GUILD_SOUNDBOARD_SOUND_DELETE", payload, guild)
    note(world, guild, by, Action.SOUNDBOARD_SOUND_DELETE, sound.id, changes=difference({"name": sound.name}, {}))


def _fill(thing: Emoji | Sticker | Sound, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(thing, name, value)
