"""The world as Discord's JSON: every field that Discord documents as present is present."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import guild_permissions
from chandelier_sandbox.records import Attachment, Channel, ChannelKind, Guild, Membership, Message, Role, User

DISCOVERABLE_LOCALE = "en-US"


def timestamp(moment: datetime | None) -> str | None:
    """Write a moment as Discord does: ISO 8601, microseconds, +00:00."""
    return None if moment is None else moment.isoformat(timespec="microseconds")


def user_json(user: User) -> JsonObject:
    """Describe a user (Discord: User Object)."""
    answer: JsonObject = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0000" if user.bot else "0",
        "global_name": user.display_name,
        "avatar": None,
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
        "locale": DISCOVERABLE_LOCALE,
        "verified": True,
        "email": None,
        "banner": None,
        "accent_color": None,
        "premium_type": 0,
    }


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
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    if with_user:
        answer["user"] = user_json(member.user)
    return answer


def role_json(role: Role) -> JsonObject:
    """Describe a role (Discord: Role Object)."""
    answer: JsonObject = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": role.managed,
        "mentionable": False,
        "flags": 0,
    }
    if role.bot_id is not None:
        answer["tags"] = {"bot_id": str(role.bot_id)}
    return answer


def channel_json(channel: Channel) -> JsonObject:
    """Describe a channel (Discord: Channel Object)."""
    last = None if channel.last_message_id is None else str(channel.last_message_id)
    if channel.kind is ChannelKind.DM:
        recipients = [user_json(user) for user in channel.recipients if not user.bot]
        return {"id": str(channel.id), "type": 1, "flags": 0, "last_message_id": last, "recipients": recipients}
    return {
        "id": str(channel.id),
        "type": int(channel.kind),
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "topic": channel.topic,
        "position": channel.position,
        "flags": 0,
        "nsfw": False,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "last_message_id": last,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)} for o in channel.overwrites
        ],
    }


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
        "emojis": [],
        "stickers": [],
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "preferred_locale": DISCOVERABLE_LOCALE,
        "premium_progress_bar_enabled": False,
    }


def guild_create_json(guild: Guild, members: Iterable[Membership]) -> JsonObject:
    """Describe a guild for GUILD_CREATE (Discord: Gateway Events, Guild Create)."""
    return guild_json(guild) | {
        "joined_at": timestamp(guild.joined_at),
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_json(member) for member in members],
        "channels": [channel_json(channel) for channel in guild.channels.values()],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def own_guild_json(guild: Guild, member: Membership) -> JsonObject:
    """Describe a guild in the answer of GET /users/@me/guilds."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == member.user.id,
        "permissions": str(guild_permissions(guild, member)),
        "features": [],
        "approximate_member_count": len(guild.members),
        "approximate_presence_count": len(guild.members),
    }


def application_json(application_id: int, bot: User, owner: User, flags: int, guild_count: int) -> JsonObject:
    """Describe the bot's application (Discord: Application Object); verify_key is hexadecimal."""
    nothing = "icon interactions_endpoint_url role_connections_verification_url team type"
    answer: JsonObject = {
        **dict.fromkeys(nothing.split()),
        "id": str(application_id),
        "name": bot.display_name or bot.name,
        "description": "A bot in the sandbox.",
        "bot": user_json(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": f"{application_id:064x}",
        "flags": flags,
        "flags_new": str(flags),
        "owner": user_json(owner),
        "redirect_uris": [],
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }
    return answer


def emoji_json(emoji: str) -> JsonObject:
    """Describe an emoji from its form in a path: a character, or name:id."""
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}


def attachment_json(attachment: Attachment, channel_id: int, origin: str) -> JsonObject:
    """Describe an attachment (Discord: Attachment Object)."""
    url = f"{origin}/attachments/{channel_id}/{attachment.id}/{attachment.filename}"
    answer: JsonObject = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.content),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    return answer | ({"description": attachment.description} if attachment.description else {})


def message_json(message: Message, bot_id: int, origin: str) -> JsonObject:
    """Describe a message without the message it refers to (Discord: Message Object)."""
    answer: JsonObject = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": timestamp(message.sent_at),
        "edited_timestamp": timestamp(message.edited_at),
        "tts": message.tts,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [str(role_id) for role_id in message.mention_roles],
        "attachments": [attachment_json(one, message.channel_id, origin) for one in message.attachments],
        "embeds": message.embeds,
        "components": message.components,
        "pinned": message.pinned,
        "type": int(message.kind),
        "flags": message.flags,
    }
    optional: dict[str, Any] = {
        "nonce": message.nonce,
        "message_reference": message.reference,
        "interaction_metadata": message.interaction,
        "reactions": [_reaction_json(emoji, users, bot_id) for emoji, users in message.reactions.items()] or None,
    }
    answer |= {name: value for name, value in optional.items() if value is not None}
    if message.application_id is not None:
        answer |= {"application_id": str(message.application_id), "webhook_id": str(message.application_id)}
    return answer


def _reaction_json(emoji: str, users: list[int], bot_id: int) -> JsonObject:
    return {
        "emoji": emoji_json(emoji),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": bot_id in users,
    }
