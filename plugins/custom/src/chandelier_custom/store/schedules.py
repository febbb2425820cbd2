"""When commands are due next: kept beside the cooldowns, so that a restart forgets nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tortoise import connections
from tortoise.transactions import in_transaction

from chandelier_custom.models import Pause
from chandelier_custom.spec import Trigger

SCOPE = "schedule"
MOST_AT_ONCE = 500
_SCHEDULED = """
SELECT id, guild_id, spec->'triggers' AS triggers FROM "custom"."command"
WHERE deleted_at IS NULL AND spec->'enabled' IS DISTINCT FROM 'false'::jsonb
AND (spec->'triggers' @> '[{"kind": "cron"}]' OR spec->'triggers' @> '[{"kind": "interval"}]')
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One command that is due."""

    command_id: int
    guild_id: int
    trigger: Trigger


async def claim_due(now: datetime, next_after: Callable[[Trigger, datetime], datetime]) -> list[Due]:
    """Give what is due and put it off until it is due again; what is seen for the first time is due later."""
    due: list[Due] = []
    async with in_transaction():
        known = {(row.command_id, row.scope_id): row.until for row in await Pause.filter(scope=SCOPE)}
        for row in await connections.get("default").execute_query_dict(_SCHEDULED):
            found = json.loads(row["triggers"]) if isinstance(row["triggers"], str) else row["triggers"]
            for number, one in enumerate(found):
                trigger = Trigger.model_validate(one)
                if trigger.kind not in ("cron", "interval"):
                    continue
                until = known.get((row["id"], number))
                if until is not None and until > now:
                    continue
                await _put_off(row["id"], row["guild_id"], number, next_after(trigger, now))
                if until is not None and len(due) < MOST_AT_ONCE:
                    due.append(Due(row["id"], row["guild_id"], trigger))
    return due


async def _put_off(command_id: int, guild_id: int, number: int, until: datetime) -> None:
    key = {"command_id": command_id, "scope": SCOPE, "scope_id": number}
    if not await Pause.filter(**key).update(until=until):
        await Pause.create(guild_id=guild_id, command_id=command_id, scope=SCOPE, scope_id=number, until=until)
