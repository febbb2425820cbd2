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


def self_json(user: User, *, with_email: bool = True) -> JsonObject:
    """Describe somebody to themselves, as GET /users/@me and READY do; the address needs the scope email."""
    answer = user_json(user) | {
        "mfa_enabled": True,
        "locale": LOCALE,
        "banner": user.banner,
        "accent_color": None,
        "premium_type": 0,
    }
    return answer | ({"verified": True, "email": user.email} if with_email else {})


def userinfo_json(user: User, scopes: frozenset[str]) -> JsonObject:
    """Describe somebody as OpenID Connect does; more than the id needs identify, the address needs email."""
    answer: JsonObject = {"sub": str(user.id)}
    if "identify" in scopes:
        answer |= {"preferred_username": user.name, "nickname": user.display_name, "locale": LOCALE}
    if "email" in scopes:
        answer |= {"email": user.email, "email_verified": True}
    return answer
