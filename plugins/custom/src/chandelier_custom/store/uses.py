"""How often commands were used, and what went wrong with them last."""

from __future__ import annotations

from datetime import datetime

from tortoise import connections

from chandelier import NotFound


async def count(command_id: int, now: datetime) -> int:
    """Count one use and give how many there were, this one included. Raises NotFound."""
    rows = await connections.get("default").execute_query_dict(
        'UPDATE "custom"."command" SET uses = uses + 1, last_used_at = $2 WHERE id = $1 AND deleted_at IS NULL RETURNING uses',
        [command_id, now],
    )
    if not rows:
        raise NotFound("That command was deleted a moment ago.")
    return int(rows[0]["uses"])


async def note_failure(command_id: int, sentence: str, now: datetime) -> None:
    """Keep what went wrong."""
    sql = 'UPDATE "custom"."command" SET last_error = $2, last_error_at = $3 WHERE id = $1'
    await connections.get("default").execute_query_dict(sql, [command_id, sentence[:300], now])
