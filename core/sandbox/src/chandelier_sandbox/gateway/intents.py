"""Which event needs which intent (Discord: Gateway, List of Intents)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag
from functools import cache

from chandelier_sandbox.events import Event


class Intent(IntFlag):
    """Discord: Gateway, List of Intents."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_INTEGRATIONS = 1 << 4
    GUILD_WEBHOOKS = 1 << 5
    GUILD_INVITES = 1 << 6
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16
    AUTO_MODERATION_CONFIGURATION = 1 << 20
    AUTO_MODERATION_EXECUTION = 1 << 21
    GUILD_MESSAGE_POLLS = 1 << 24
    DIRECT_MESSAGE_POLLS = 1 << 25


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
# Discord: Application Object, Application Flags
_APPLICATION_FLAGS: Mapping[Intent, int] = {
    Intent.GUILD_PRESENCES: 1 << 12,
    Intent.GUILD_MEMBERS: 1 << 14,
    Intent.MESSAGE_CONTENT: 1 << 18,
}
_BY_PREFIX: tuple[tuple[str, Intent, Intent | None], ...] = (
    ("MESSAGE_REACTION_", Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS),
    ("MESSAGE_POLL_", Intent.GUILD_MESSAGE_POLLS, Intent.DIRECT_MESSAGE_POLLS),
    ("MESSAGE_", Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    ("TYPING_START", Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING),
    ("GUILD_MEMBER_", Intent.GUILD_MEMBERS, None),
    ("GUILD_BAN_", Intent.GUILD_MODERATION, None),
    ("GUILD_AUDIT_LOG_", Intent.GUILD_MODERATION, None),
    ("GUILD_EMOJIS_", Intent.GUILD_EXPRESSIONS, None),
    ("GUILD_STICKERS_", Intent.GUILD_EXPRESSIONS, None),
    ("GUILD_SOUNDBOARD_", Intent.GUILD_EXPRESSIONS, None),
    ("GUILD_INTEGRATIONS_", Intent.GUILD_INTEGRATIONS, None),
    ("INTEGRATION_", Intent.GUILD_INTEGRATIONS, None),
    ("WEBHOOKS_", Intent.GUILD_WEBHOOKS, None),
    ("INVITE_", Intent.GUILD_INVITES, None),
    ("VOICE_STATE_", Intent.GUILD_VOICE_STATES, None),
    ("VOICE_CHANNEL_EFFECT_", Intent.GUILD_VOICE_STATES, None),
    ("PRESENCE_UPDATE", Intent.GUILD_PRESENCES, None),
    ("GUILD_SCHEDULED_EVENT_", Intent.GUILD_SCHEDULED_EVENTS, None),
    ("AUTO_MODERATION_RULE_", Intent.AUTO_MODERATION_CONFIGURATION, None),
    ("AUTO_MODERATION_ACTION_", Intent.AUTO_MODERATION_EXECUTION, None),
    ("GUILD_", Intent.GUILDS, None),
    ("CHANNEL_PINS_", Intent.GUILDS, Intent.DIRECT_MESSAGES),
    ("CHANNEL_", Intent.GUILDS, None),
    ("STAGE_INSTANCE_", Intent.GUILDS, None),
    ("THREAD_MEMBERS_", Intent.GUILDS, None),
    ("THREAD_", Intent.GUILDS, None),
)


def needed_intent(event: Event) -> Intent | None:
    """Return the intent without which a session does not get this event; None when all get it."""
    in_guild, in_direct = _needed(event.name)
    return in_guild if event.guild_id is not None else in_direct


@cache
def _needed(name: str) -> tuple[Intent | None, Intent | None]:
    return next(((guild, direct) for prefix, guild, direct in _BY_PREFIX if name.startswith(prefix)), (None, None))


def application_flags(privileged: Intent) -> int:
    """Return the application flags that say which privileged intents are switched on."""
    return sum(flag for intent, flag in _APPLICATION_FLAGS.items() if intent in privileged)


def unknown_bits(intents: int) -> int:
    """Return the bits that are no intent of Discord's."""
    known = 0
    for intent in Intent:
        known |= int(intent)
    return intents & ~known
