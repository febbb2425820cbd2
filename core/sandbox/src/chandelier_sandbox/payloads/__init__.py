"""The world as Discord's JSON: every field that Discord documents as present is present."""

from __future__ import annotations

from chandelier_sandbox.payloads.applications import application_json, entitlement_json, public_application_json
from chandelier_sandbox.payloads.channels import channel_json, thread_member_json
from chandelier_sandbox.payloads.expressions import emoji_json, emoji_object_json, sound_json, sticker_json
from chandelier_sandbox.payloads.guilds import guild_create_json, guild_json, own_guild_json, role_json
from chandelier_sandbox.payloads.happenings import scheduled_event_json, stage_json, voice_state_json
from chandelier_sandbox.payloads.invites import invite_created_json, invite_guild_json, invite_json
from chandelier_sandbox.payloads.members import ban_json, member_json
from chandelier_sandbox.payloads.messages import attachment_json, attachment_url, message_json, snapshot_json
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import self_json, user_json, userinfo_json
from chandelier_sandbox.payloads.webhooks import source_json, webhook_json

__all__ = [
    "application_json",
    "attachment_json",
    "attachment_url",
    "ban_json",
    "channel_json",
    "emoji_json",
    "emoji_object_json",
    "entitlement_json",
    "guild_create_json",
    "guild_json",
    "invite_created_json",
    "invite_guild_json",
    "invite_json",
    "member_json",
    "message_json",
    "own_guild_json",
    "public_application_json",
    "role_json",
    "scheduled_event_json",
    "self_json",
    "snapshot_json",
    "sound_json",
    "source_json",
    "stage_json",
    "sticker_json",
    "thread_member_json",
    "timestamp",
    "user_json",
    "userinfo_json",
    "voice_state_json",
    "webhook_json",
]
