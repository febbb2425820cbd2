"""Users as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import User

LOCALE = "en-US"


def user_json(user: User) -> JsonObject:
    """Describe a user (Discord: User Object)."""
    answer: JsonObject = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0000" if user.bot else "0",
        "global_name": user.display_name,
        "avatar": user.avatar,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    if user.bot:
        answer["bot"] = True
    return answer


def self_json(user: User) -> JsonObject:
    """Describe the bot to itself, as GET /users/@me and READY do."""
    return user_json(user) | {
        "mfa_enabled": True,
        "locale": LOCALE,
        "verified": True,
        "email": None,
        "banner": None,
        "accent_color": None,
        "premium_type": 0,
    }
