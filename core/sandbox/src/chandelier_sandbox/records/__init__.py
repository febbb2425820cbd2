"""What the world is made of. Records hold facts; payloads turn them into Discord's JSON."""

from __future__ import annotations

from chandelier_sandbox.records.applications import Application, Entitlement
from chandelier_sandbox.records.channels import Channel, ChannelKind, Overwrite, ThreadFacts
from chandelier_sandbox.records.expressions import Sound, Sticker, StickerFormat
from chandelier_sandbox.records.guilds import AuditEntry, Ban, Emoji, Guild, Invite, Membership, Role, Webhook
from chandelier_sandbox.records.happenings import EventPlace, EventStatus, ScheduledEvent, StageInstance, VoiceState
from chandelier_sandbox.records.messages import EPHEMERAL, LOADING, Attachment, Message, MessageFlag, MessageKind, Poll
from chandelier_sandbox.records.users import User

__all__ = [
    "EPHEMERAL",
    "LOADING",
    "Application",
    "Attachment",
    "AuditEntry",
    "Ban",
    "Channel",
    "ChannelKind",
    "Emoji",
    "Entitlement",
    "EventPlace",
    "EventStatus",
    "Guild",
    "Invite",
    "Membership",
    "Message",
    "MessageFlag",
    "MessageKind",
    "Overwrite",
    "Poll",
    "Role",
    "ScheduledEvent",
    "Sound",
    "StageInstance",
    "Sticker",
    "StickerFormat",
    "ThreadFacts",
    "User",
    "VoiceState",
    "Webhook",
]
