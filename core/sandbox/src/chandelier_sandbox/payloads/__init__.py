"""The world as Discord's JSON: every field that Discord documents as present is present."""

from __future__ import annotations

from chandelier_sandbox.payloads.applications import application_json
from chandelier_sandbox.payloads.channels import channel_json, thread_member_json
from chandelier_sandbox.payloads.expressions import emoji_json, emoji_object_json
from chandelier_sandbox.payloads.guilds import guild_create_json, guild_json, member_json, own_guild_json, role_json
from chandelier_sandbox.payloads.messages import attachment_json, message_json
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import self_json, user_json

__all__ = [
    "application_json",
    "attachment_json",
    "channel_json",
    "emoji_json",
    "emoji_object_json",
    "guild_create_json",
    "guild_json",
    "member_json",
    "message_json",
    "own_guild_json",
    "role_json",
    "self_json",
    "thread_member_json",
    "timestamp",
    "user_json",
]
