"""Emojis as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Emoji


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
