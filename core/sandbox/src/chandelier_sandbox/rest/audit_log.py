"""The audit log, and whom and what its entries name."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import audit_entry_json
from chandelier_sandbox.payloads import channel_json, user_json, webhook_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import AuditEntry
from chandelier_sandbox.rest.access import open_guild
from chandelier_sandbox.rest.routing import Answer, Call, Route
from chandelier_sandbox.rest.scheduled_events import shown_event
from chandelier_sandbox.snowflakes import moment_of

_KEPT_S = 45 * 86_400  # Discord: Audit Log, entries are stored for 45 days


def get_audit_log(call: Call) -> Answer:
    """List entries, newest first, or from `after` up."""
    guild, most = open_guild(call, Permission.VIEW_AUDIT_LOG), call.count("limit", 50, 100)
    wanted = {
        "user_id": call.marker("user_id"),
        "target_id": call.marker("target_id"),
        "action": call.marker("action_type"),
    }
    since = call.discord.clock.time() - _KEPT_S
    entries = [
        entry
        for entry in guild.audit_log
        if moment_of(entry.id).timestamp() >= since
        and all(value is None or getattr(entry, name) == value for name, value in wanted.items())
    ]
    chosen = _page(entries, call.marker("before"), call.marker("after"), most)
    users = call.discord.world.users
    named = {one for entry in chosen for one in (entry.user_id, entry.target_id) if one in users}
    targets = {entry.target_id for entry in chosen}
    return Answer(
        {
            "audit_log_entries": [audit_entry_json(entry) for entry in chosen],
            "users": [user_json(user) for user in users.values() if user.id in named],
            "webhooks": [
                webhook_json(one, f"{call.discord.world.origin}/api/v10")
                for one in guild.webhooks.values()
                if one.id in targets
            ],
            "guild_scheduled_events": [
                shown_event(guild, one) for one in guild.scheduled_events.values() if one.id in targets
            ],
            "threads": [channel_json(one) for one in guild.threads.values() if one.id in targets],
            "auto_moderation_rules": [rule for number, rule in guild.rules.items() if number in targets],
            "integrations": [],
            "application_commands": [],
        }
    )


def _page(entries: list[AuditEntry], before: int | None, after: int | None, most: int) -> list[AuditEntry]:
    if before is not None:
        entries = [entry for entry in entries if entry.id < before]
    if after is not None:
        return [entry for entry in entries if entry.id > after][:most]
    return entries[::-1][:most]


ROUTES: tuple[Route, ...] = (Route("GET", "/guilds/{guild_id}/audit-logs", get_audit_log),)
