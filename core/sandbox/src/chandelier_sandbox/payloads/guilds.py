"""Servers and their roles as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.channels import channel_json
from chandelier_sandbox.payloads.expressions import emoji_object_json, sound_json, sticker_json
from chandelier_sandbox.payloads.happenings import scheduled_event_json, stage_json, voice_state_json
from chandelier_sandbox.payloads.members import member_json
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import LOCALE
from chandelier_sandbox.permissions import guild_permissions
from chandelier_sandbox.records import Channel, Guild, Membership, Role


def role_json(role: Role) -> JsonObject:
    """Describe a role (Discord: Role Object)."""
    answer: JsonObject = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {
            "primary_color": role.color,
            "secondary_color": role.secondary_color,
            "tertiary_color": role.tertiary_color,
        },
        "hoist": role.hoist,
        "icon": None,
        "unicode_emoji": role.unicode_emoji,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    if role.bot_id is not None:
        answer["tags"] = {"bot_id": str(role.bot_id)}
    return answer


def guild_json(guild: Guild) -> JsonObject:
    """Describe a guild (Discord: Guild Object)."""
    nothing = (
        "icon splash discovery_splash description banner application_id afk_channel_id "
        "system_channel_id widget_channel_id vanity_url_code rules_channel_id safety_alerts_channel_id "
        "public_updates_channel_id incidents_data hub_type"
    )
    zero = (
        "system_channel_flags verification_level default_message_notifications mfa_level explicit_content_filter "
        "premium_tier premium_subscription_count nsfw_level"
    )
    return {
        **dict.fromkeys(nothing.split()),
        **dict.fromkeys(zero.split(), 0),
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "region": "deprecated",
        "afk_timeout": 300,
        "features": [],
        "widget_enabled": False,
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [emoji_object_json(emoji) for emoji in guild.emojis.values()],
        "stickers": [sticker_json(sticker, guild.id) for sticker in guild.stickers.values()],
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "preferred_locale": LOCALE,
        "premium_progress_bar_enabled": False,
        **guild.settings,
    }


def guild_create_json(guild: Guild, members: Iterable[Membership]) -> JsonObject:
    """Describe a guild for GUILD_CREATE (Discord: Gateway Events, Guild Create)."""
    return guild_json(guild) | {
        "joined_at": timestamp(guild.joined_at),
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "voice_states": [voice_state_json(guild, one, in_guild=True) for one in guild.voice_states.values()],
        "members": [member_json(member) for member in members],
        "channels": [channel_json(channel) for channel in guild.channels.values()],
        "threads": [channel_json(thread) for thread in guild.threads.values() if _is_open(thread)],
        "presences": [],
        "stage_instances": [stage_json(guild, stage) for stage in guild.stages.values()],
        "guild_scheduled_events": [scheduled_event_json(guild, event) for event in guild.scheduled_events.values()],
        "soundboard_sounds": [sound_json(sound, guild.id) for sound in guild.sounds.values()],
    }


def own_guild_json(guild: Guild, member: Membership) -> JsonObject:
    """Describe a guild in the answer of GET /users/@me/guilds."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": guild.settings.get("icon"),
        "banner": guild.settings.get("banner"),
        "owner": guild.owner_id == member.user.id,
        "permissions": str(guild_permissions(guild, member)),
        "features": guild.features(),
        "approximate_member_count": len(guild.members),
        "approximate_presence_count": len(guild.members),
    }


def _is_open(thread: Channel) -> bool:
    return thread.thread is not None and not thread.thread.archived
