"""Cooldowns: until when a command rests, for whom and where. They survive a restart."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise import connections

from chandelier import Call, TooSoon
from chandelier_custom.models import Pause
from chandelier_custom.spec import Spec

_TAKE = """
INSERT INTO "custom"."pause" (guild_id, command_id, scope, scope_id, until)
SELECT $1, $2, scope, scope_id, $3::timestamptz + make_interval(secs => seconds)
FROM unnest($4::text[], $5::bigint[], $6::float8[]) AS wanted (scope, scope_id, seconds)
ON CONFLICT (command_id, scope, scope_id) DO UPDATE SET until = excluded.until
"""


def scopes_of(spec: Spec, call: Call) -> list[tuple[str, int, int]]:
    """Give what a use takes: the scope, its id, and the seconds."""
    cooldowns = spec.cooldowns
    wanted = [("user", call.actor.id, cooldowns.user_s), ("channel", call.channel_id, cooldowns.channel_s),
              ("server", call.guild_id, cooldowns.server_s)]  # fmt: skip
    return [(scope, number, seconds) for scope, number, seconds in wanted if seconds and number is not None]


async def take(command_id: int, spec: Spec, call: Call, now: datetime) -> None:
    """Take what a use costs. Raises TooSoon while an earlier one rests; of two at once, one gets it."""
    scopes = scopes_of(spec, call)
    if not scopes:
        return
    sql = "SELECT pg_advisory_xact_lock(hashtextextended('custom.pause', $1))"
    await connections.get("default").execute_query_dict(sql, [command_id])
    left = await rest_of(command_id, scopes, now)
    if left > timedelta():
        seconds = max(1, round(left.total_seconds()))
        raise TooSoon(f"`{spec.name}` rests: try again in {seconds} s.", retry_after_s=left.total_seconds())
    columns: tuple[list[object], ...] = tuple(list(column) for column in zip(*scopes, strict=True))
    seconds_wanted = [float(str(one)) for one in columns[2]]
    values = [call.guild_id, command_id, now, columns[0], columns[1], seconds_wanted]
    await connections.get("default").execute_query_dict(_TAKE, values)


async def rest_of(command_id: int, scopes: list[tuple[str, int, int]], now: datetime) -> timedelta:
    """Give how long a command still rests for these."""
    longest = timedelta()
    for scope, number, _ in scopes:
        found = await Pause.get_or_none(command_id=command_id, scope=scope, scope_id=number, until__gt=now)
        if found is not None:
            longest = max(longest, found.until - now)
    return longest
