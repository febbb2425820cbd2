"""Emojis, stickers and soundboard sounds as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Emoji, Sound, Sticker


def emoji_json(emoji: str) -> JsonObject:
    """Describe an emoji from its form in a path: a character, or name:id."""
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def emoji_object_json(emoji: Emoji, *, with_creator: bool = False) -> JsonObject:
    """Describe a custom emoji (Discord: Emoji Object)."""
    answer: JsonObject = {
        "id": str(emoji.id),
        "name": emoji.name,
        "roles": [str(role_id) for role_id in emoji.roles],
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
    }
    return answer | ({"user": user_json(emoji.creator)} if with_creator else {})


def sticker_json(sticker: Sticker, guild_id: int, *, with_creator: bool = False) -> JsonObject:
    """Describe a sticker of a guild (Discord: Sticker Object)."""
    answer: JsonObject = {
        "id": str(sticker.id),
        "name": sticker.name,
        "tags": sticker.tags,
        "description": sticker.description or None,
        "type": 2,
        "format_type": int(sticker.format),
        "available": True,
        "guild_id": str(guild_id),
    }
    return answer | ({"user": user_json(sticker.creator)} if with_creator else {})


def sound_json(sound: Sound, guild_id: int, *, with_creator: bool = False) -> JsonObject:
    """Describe a soundboard sound (Discord: Soundboard Sound Object)."""
    answer: JsonObject = {
        "name": sound.name,
        "sound_id": str(sound.id),
        "volume": sound.volume,
        "emoji_id": None if sound.emoji_id is None else str(sound.emoji_id),
        "emoji_name": sound.emoji_name,
        "guild_id": str(guild_id),
        "available": True,
    }
    return answer | ({"user": user_json(sound.creator)} if with_creator else {})
