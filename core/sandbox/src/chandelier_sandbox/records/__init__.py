"""What the world is made of. Records hold facts; payloads turn them into Discord's JSON."""

from __future__ import annotations

from chandelier_sandbox.records.channels import Channel, ChannelKind, Overwrite, ThreadFacts
from chandelier_sandbox.records.guilds import AuditEntry, Ban, Emoji, Guild, Invite, Membership, Role, Webhook
from chandelier_sandbox.records.messages import EPHEMERAL, LOADING, Attachment, Message, MessageKind
from chandelier_sandbox.records.users import User

__all__ = [
    "EPHEMERAL",
    "LOADING",
    "Attachment",
    "AuditEntry",
    "Ban",
    "Channel",
    "ChannelKind",
    "Emoji",
    "Guild",
    "Invite",
    "Membership",
    "Message",
    "MessageKind",
    "Overwrite",
    "Role",
    "ThreadFacts",
    "User",
    "Webhook",
]
