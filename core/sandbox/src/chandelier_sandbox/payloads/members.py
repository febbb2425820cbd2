"""Members and bans as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Ban, Membership


def member_json(member: Membership, *, with_user: bool = True) -> JsonObject:
    """Describe a member (Discord: Guild Member Object)."""
    answer: JsonObject = {
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "roles": [str(role_id) for role_id in member.roles],
        "joined_at": timestamp(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": timestamp(member.muted_until),
        "deaf": member.deaf,
        "mute": member.mute,
        "pending": False,
        "flags": member.flags,
    }
    if with_user:
        answer["user"] = user_json(member.user)
    return answer


def ban_json(ban: Ban) -> JsonObject:
    """Describe a ban (Discord: Ban Object)."""
    return {"user": user_json(ban.user), "reason": ban.reason}
