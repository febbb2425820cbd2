"""The audit log: every entry is kept with its guild and told (Discord: Audit Log)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import AuditEntry, Guild, User
from chandelier_sandbox.world import World

ENTRIES_MOST = 1000


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change, and why (X-Audit-Log-Reason)."""

    actor: User
    reason: str | None = None


class Action(IntEnum):
    """Discord: Audit Log, Audit Log Events (those that the sandbox writes)."""

    GUILD_UPDATE = 1
    CHANNEL_CREATE = 10
    CHANNEL_UPDATE = 11
    CHANNEL_DELETE = 12
    CHANNEL_OVERWRITE_CREATE = 13
    CHANNEL_OVERWRITE_UPDATE = 14
    CHANNEL_OVERWRITE_DELETE = 15
    MEMBER_KICK = 20
    MEMBER_PRUNE = 21
    MEMBER_BAN_ADD = 22
    MEMBER_BAN_REMOVE = 23
    MEMBER_UPDATE = 24
    MEMBER_ROLE_UPDATE = 25
    MEMBER_MOVE = 26
    MEMBER_DISCONNECT = 27
    BOT_ADD = 28
    ROLE_CREATE = 30
    ROLE_UPDATE = 31
    ROLE_DELETE = 32
    INVITE_CREATE = 40
    INVITE_UPDATE = 41
    INVITE_DELETE = 42
    WEBHOOK_CREATE = 50
    WEBHOOK_UPDATE = 51
    WEBHOOK_DELETE = 52
    EMOJI_CREATE = 60
    EMOJI_UPDATE = 61
    EMOJI_DELETE = 62
    MESSAGE_DELETE = 72
    MESSAGE_BULK_DELETE = 73
    MESSAGE_PIN = 74
    MESSAGE_UNPIN = 75
    STAGE_INSTANCE_CREATE = 83
    STAGE_INSTANCE_UPDATE = 84
    STAGE_INSTANCE_DELETE = 85
    STICKER_CREATE = 90
    STICKER_UPDATE = 91
    STICKER_DELETE = 92
    GUILD_SCHEDULED_EVENT_CREATE = 100
    GUILD_SCHEDULED_EVENT_UPDATE = 101
    GUILD_SCHEDULED_EVENT_DELETE = 102
    THREAD_CREATE = 110
    THREAD_UPDATE = 111
    THREAD_DELETE = 112
    APPLICATION_COMMAND_PERMISSION_UPDATE = 121
    SOUNDBOARD_SOUND_CREATE = 130
    SOUNDBOARD_SOUND_UPDATE = 131
    SOUNDBOARD_SOUND_DELETE = 132
    AUTO_MODERATION_RULE_CREATE = 140
    AUTO_MODERATION_RULE_UPDATE = 141
    AUTO_MODERATION_RULE_DELETE = 142


def record(  # the facts of an entry are that many
    world: World,
    guild: Guild,
    actor: User,
    action: Action,
    target_id: int | None,
    *,
    changes: Iterable[JsonObject] = (),
    options: JsonObject | None = None,
    reason: str | None = None,
) -> AuditEntry:
    """Write an entry and tell GUILD_AUDIT_LOG_ENTRY_CREATE; the oldest beyond 1,000 are forgotten."""
    number = world.snowflakes.make()
    entry = AuditEntry(number, actor.id, int(action), target_id, list(changes), options, reason or None)
    guild.audit_log.append(entry)
    del guild.audit_log[:-ENTRIES_MOST]
    payload = audit_entry_json(entry) | {"guild_id": str(guild.id)}
    world.publish("GUILD_AUDIT_LOG_ENTRY_CREATE", payload, guild)
    return entry


def note(
    world: World,
    guild: Guild,
    by: By,
    action: Action,
    target_id: int | None,
    *,
    changes: Iterable[JsonObject] = (),
    options: JsonObject | None = None,
) -> None:
    """Write an entry about a change that somebody made."""
    record(world, guild, by.actor, action, target_id, changes=changes, options=options, reason=by.reason)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[JsonObject]:
    """Return the changes between two descriptions of a thing (Discord: Audit Log Change Object)."""
    changes: list[JsonObject] = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        change: JsonObject = {"key": name}
        change |= {} if old is None else {"old_value": old}
        change |= {} if new is None else {"new_value": new}
        changes.append(change)
    return changes


def audit_entry_json(entry: AuditEntry) -> JsonObject:
    """Describe an entry (Discord: Audit Log Entry Object)."""
    answer: JsonObject = {
        "id": str(entry.id),
        "user_id": str(entry.user_id),
        "target_id": None if entry.target_id is None else str(entry.target_id),
        "action_type": entry.action,
    }
    optional = {"changes": entry.changes or None, "options": entry.options, "reason": entry.reason}
    return answer | {name: value for name, value in optional.items() if value is not None}
