"""Webhooks as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Channel, Guild, Webhook

INCOMING = 1
FOLLOWER = 2


def webhook_json(webhook: Webhook, api_url: str, *, with_creator: bool = True) -> JsonObject:
    """Describe a webhook (Discord: Webhook Object); one that follows a channel has no token."""
    answer: JsonObject = {
        "id": str(webhook.id),
        "type": webhook.kind,
        "name": webhook.name,
        "avatar": webhook.avatar,
        "guild_id": str(webhook.guild_id),
        "channel_id": str(webhook.channel_id),
        "application_id": None if webhook.application_id is None else str(webhook.application_id),
    }
    if with_creator:
        answer["user"] = user_json(webhook.creator)
    if webhook.kind == INCOMING:
        answer["token"] = webhook.token
        answer["url"] = f"{api_url}/webhooks/{webhook.id}/{webhook.token}"
    return answer


def source_json(guild: Guild, channel: Channel) -> JsonObject:
    """Describe what a follower follows, to be added to its description."""
    return {
        "source_guild": {"id": str(guild.id), "name": guild.name, "icon": None},
        "source_channel": {"id": str(channel.id), "name": channel.name},
    }
