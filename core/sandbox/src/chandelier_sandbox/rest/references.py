"""Replies and forwards: what a new message may refer to (Discord: Message, Message Reference)."""

from __future__ import annotations

from chandelier_sandbox.errors import DiscordError, FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import snapshot_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message, MessageFlag, MessageKind
from chandelier_sandbox.rest.routing import Call

FORWARD = 1


def reply_to(call: Call, channel: Channel, body: JsonObject) -> JsonObject | None:
    """Return the reference of a reply; None where there is none or where it may be missing."""
    wanted = body.get("message_reference")
    if not isinstance(wanted, dict) or wanted.get("type") == FORWARD or wanted.get("message_id") is None:
        return None
    world, message_id = call.discord.world, int(wanted["message_id"])
    if not world.permissions_in(channel, call.user) & Permission.READ_MESSAGE_HISTORY:
        raise refusal(160002)
    if wanted.get("channel_id") is not None and int(wanted["channel_id"]) != channel.id:
        raise _refused("REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", "Cannot reply to a message in a different channel")
    replied = world.messages[channel.id].get(message_id)
    if replied is None:
        if wanted.get("fail_if_not_exists") in (False, "false", "False"):
            return None
        raise _refused("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
    if replied.kind.is_system:
        raise _refused("REPLIES_CANNOT_REFERENCE_SYSTEM_MESSAGE", "Cannot reply to a system message")
    return reference_to(replied)


def forwarded(call: Call, body: JsonObject) -> Message | None:
    """Return the message that is to be forwarded, or None; it must be readable, and come without additions."""
    wanted = body.get("message_reference")
    if not isinstance(wanted, dict) or wanted.get("type") != FORWARD:
        return None
    errors = FormErrors()
    for name in ("channel_id", "message_id"):
        if wanted.get(name) is None:
            errors.missing(("message_reference", name))
    errors.raise_any()
    if any(body.get(part) for part in ("content", "embeds", "components", "sticker_ids", "poll")) or call.files:
        raise refusal(160011)
    world, channel_id, message_id = call.discord.world, int(wanted["channel_id"]), int(wanted["message_id"])
    source = world.channels.get(channel_id)
    if source is None or not world.permissions_in(source, call.user) & Permission.VIEW_CHANNEL:
        raise refusal(160014)
    if not world.permissions_in(source, call.user) & Permission.READ_MESSAGE_HISTORY:
        raise refusal(160009)
    message = world.messages[source.id].get(message_id)
    if message is None or message.ephemeral:
        raise _refused("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
    if message.kind.is_system or message.poll is not None:
        raise refusal(160012)
    return message


def carry(call: Call, message: Message) -> JsonObject:
    """Return the facts that make a new message the forward of this one."""
    snapshots = message.snapshots or [snapshot_json(message, call.discord.world.origin)]
    reference = reference_to(message) | {"type": FORWARD}
    return {"reference": reference, "snapshots": snapshots, "flags": int(MessageFlag.HAS_SNAPSHOT)}


def reference_to(message: Message) -> JsonObject:
    """Describe where a message is."""
    answer: JsonObject = {"type": 0, "channel_id": str(message.channel_id), "message_id": str(message.id)}
    return answer | ({} if message.guild_id is None else {"guild_id": str(message.guild_id)})


def kind_of(reference: JsonObject | None) -> MessageKind:
    """Return the kind of a message with this reference."""
    return MessageKind.DEFAULT if reference is None or reference["type"] == FORWARD else MessageKind.REPLY


def _refused(code: str, sentence: str) -> DiscordError:
    about = {"message_reference": {"_errors": [{"code": code, "message": sentence}]}}
    return DiscordError(400, 50035, "Invalid Form Body", about)
