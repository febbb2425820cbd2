"""Messages, what a forward carries of them, attachments and reactions as JSON."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.expressions import emoji_json
from chandelier_sandbox.payloads.pictures import picture_size
from chandelier_sandbox.payloads.polls import poll_json
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Attachment, Message, MessageFlag

_SPOILER = 1 << 3  # Discord: Attachment Object, Attachment Flags


def attachment_url(attachment: Attachment, channel_id: int, origin: str) -> str:
    """Return where a file of a message can be fetched."""
    return f"{origin}/attachments/{channel_id}/{attachment.id}/{attachment.filename}"


def attachment_json(attachment: Attachment, channel_id: int, origin: str) -> JsonObject:
    """Describe an attachment (Discord: Attachment Object)."""
    url = attachment_url(attachment, channel_id, origin)
    answer: JsonObject = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.content),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if size := picture_size(attachment.content):
        answer |= {"width": size[0], "height": size[1]}
    optional: JsonObject = {
        "description": attachment.description or None,
        "title": attachment.title,
        "duration_secs": attachment.duration_s,
        "waveform": attachment.waveform,
        "flags": _SPOILER if attachment.spoiler else None,
    }
    return answer | {name: value for name, value in optional.items() if value is not None}


def snapshot_json(message: Message, origin: str) -> JsonObject:
    """Describe what a forward carries of a message (Discord: Message Snapshot Object)."""
    whole = message_json(message, 0, origin)
    parts = (
        "type content embeds attachments timestamp edited_timestamp flags mentions mention_roles components "
        "sticker_items"
    )
    return {"message": {part: whole[part] for part in parts.split() if part in whole}}


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
        "attachments": [
            attachment_json(one, message.channel_id, origin) for one in message.attachments if not one.embedded
        ],
        "embeds": [] if message.flags & MessageFlag.SUPPRESS_EMBEDS else message.embeds,
        "components": message.components,
        "pinned": message.pinned,
        "type": int(message.kind),
        "flags": message.flags,
    }
    optional: dict[str, Any] = {
        "nonce": message.nonce,
        "message_reference": message.reference,
        "interaction_metadata": message.interaction,
        "interaction": _asked_json(message),
        "poll": None if message.poll is None else poll_json(message.poll, bot_id),
        "sticker_items": message.stickers or None,
        "message_snapshots": message.snapshots or None,
        "reactions": [_reaction_json(emoji, users, bot_id) for emoji, users in message.reactions.items()] or None,
    }
    answer |= {name: value for name, value in optional.items() if value is not None}
    webhook_id = message.webhook_id or message.application_id
    if message.application_id is not None:
        answer["application_id"] = str(message.application_id)
    if webhook_id is not None:
        answer["webhook_id"] = str(webhook_id)
    return answer


def _asked_json(message: Message) -> JsonObject | None:
    """Describe the command that was used, as Discord still does besides the metadata."""
    asked = message.interaction
    if asked is None or message.command_name is None:
        return None
    return {"id": asked["id"], "type": asked["type"], "name": message.command_name, "user": asked["user"]}


def _reaction_json(emoji: str, users: list[int], bot_id: int) -> JsonObject:
    return {
        "emoji": emoji_json(emoji),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": bot_id in users,
    }
