"""Channels and threads as JSON."""

from __future__ import annotations

from datetime import datetime

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Channel, ChannelKind, ThreadFacts


def channel_json(channel: Channel) -> JsonObject:
    """Describe a channel or thread (Discord: Channel Object)."""
    if channel.kind is ChannelKind.DM:
        return _direct_json(channel)
    if channel.thread is not None:
        return _thread_json(channel, channel.thread)
    answer: JsonObject = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "flags": channel.flags,
        "parent_id": _id(channel.parent_id),
        "permission_overwrites": [
            {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)} for o in channel.overwrites
        ],
    }
    if channel.kind is ChannelKind.CATEGORY:
        return answer
    answer |= {
        "nsfw": channel.nsfw,
        "rate_limit_per_user": channel.slowmode_s,
        "last_message_id": _id(channel.last_message_id),
        **_defaults(channel.kind),
        **channel.settings,
    }
    if channel.kind not in (ChannelKind.VOICE, ChannelKind.STAGE):
        answer["topic"] = channel.topic
    return answer | _last_pin(channel)


def thread_member_json(thread: Channel, user_id: int, joined_at: datetime) -> JsonObject:
    """Describe somebody's membership of a thread (Discord: Thread Member Object)."""
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": timestamp(joined_at), "flags": 0}


def _direct_json(channel: Channel) -> JsonObject:
    recipients = [user_json(user) for user in channel.recipients if not user.bot]
    last = _id(channel.last_message_id)
    answer: JsonObject = {"id": str(channel.id), "type": 1, "flags": 0, "last_message_id": last}
    return answer | {"recipients": recipients, **_last_pin(channel)}


def _thread_json(channel: Channel, facts: ThreadFacts) -> JsonObject:
    metadata: JsonObject = {
        "archived": facts.archived,
        "archive_timestamp": timestamp(facts.archive_moved_at),
        "auto_archive_duration": facts.auto_archive_minutes,
        "locked": facts.locked,
        "create_timestamp": timestamp(facts.created_at),
    }
    if channel.kind is ChannelKind.PRIVATE_THREAD:
        metadata["invitable"] = facts.invitable
    answer: JsonObject = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "guild_id": str(channel.guild_id),
        "parent_id": _id(channel.parent_id),
        "owner_id": str(facts.owner_id),
        "name": channel.name,
        "flags": channel.flags,
        "rate_limit_per_user": channel.slowmode_s,
        "last_message_id": _id(channel.last_message_id),
        "message_count": facts.message_count,
        "total_message_sent": facts.total_messages,
        "member_count": len(facts.members),
        "thread_metadata": metadata,
        **_last_pin(channel),
    }
    if facts.applied_tags:
        answer["applied_tags"] = [str(tag) for tag in facts.applied_tags]
    return answer


def _last_pin(channel: Channel) -> JsonObject:
    return {} if channel.last_pin_at is None else {"last_pin_timestamp": timestamp(channel.last_pin_at)}


def _defaults(kind: ChannelKind) -> JsonObject:
    if kind in (ChannelKind.VOICE, ChannelKind.STAGE):
        return {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if kind in (ChannelKind.FORUM, ChannelKind.MEDIA):
        defaults: JsonObject = {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        return {**defaults, "default_forum_layout": 0} if kind is ChannelKind.FORUM else {**defaults}
    return {}


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
