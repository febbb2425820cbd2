"""Invites as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Guild, Invite


def invite_json(guild: Guild, invite: Invite, *, with_counts: bool = False, with_facts: bool = False) -> JsonObject:
    """Describe an invite (Discord: Invite Object); with_facts: what only who manages the channel is told."""
    channel = guild.channels[invite.channel_id]
    answer: JsonObject = {
        "type": 0,
        "code": invite.code,
        "inviter": user_json(invite.inviter),
        "expires_at": timestamp(invite.expires_at),
        "guild": invite_guild_json(guild),
        "guild_id": str(guild.id),
        "channel": {"id": str(channel.id), "type": int(channel.kind), "name": channel.name},
    }
    if with_counts:
        answer |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    if with_facts:
        answer |= {
            "uses": invite.uses,
            "max_uses": invite.max_uses,
            "max_age": invite.max_age_s,
            "temporary": invite.temporary,
            "created_at": timestamp(invite.created_at),
        }
    return answer


def invite_guild_json(guild: Guild) -> JsonObject:
    """Describe a guild to who is not in it yet."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "splash": None,
        "banner": guild.settings.get("banner"),
        "description": guild.settings.get("description"),
        "icon": guild.settings.get("icon"),
        "features": guild.features(),
        "verification_level": guild.settings.get("verification_level", 0),
        "vanity_url_code": None,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_subscription_count": 0,
    }


def invite_created_json(guild: Guild, invite: Invite) -> JsonObject:
    """Describe an invite for INVITE_CREATE."""
    return {
        "channel_id": str(invite.channel_id),
        "code": invite.code,
        "created_at": timestamp(invite.created_at),
        "guild_id": str(guild.id),
        "inviter": user_json(invite.inviter),
        "max_age": invite.max_age_s,
        "max_uses": invite.max_uses,
        "temporary": invite.temporary,
        "uses": invite.uses,
        "expires_at": timestamp(invite.expires_at),
    }
