"""What is read of a server's commands: lists for people, and the little that messages are looked up in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tortoise import connections

from chandelier_custom.models import CustomCommand


async def read_page(guild_id: int, limit: int, after: str | None) -> tuple[list[CustomCommand], int]:
    """Give a server's commands by name, from after a name on; and how many follow those."""
    query = CustomCommand.filter(guild_id=guild_id, deleted_at=None)
    page = await (query.filter(name__gt=after) if after is not None else query).order_by("name").limit(limit)
    more = await query.filter(name__gt=page[-1].name).count() if len(page) == limit else 0
    return page, more


async def read_names(guild_id: int, beginning: str = "", limit: int = 25) -> list[str]:
    """Give names that begin so, in order; the unique index answers it."""
    query = CustomCommand.filter(guild_id=guild_id, deleted_at=None, name__startswith=beginning)
    return [str(name) for name in await query.order_by("name").limit(limit).values_list("name", flat=True)]


async def read_triggers(guild_id: int) -> list[Mapping[str, Any]]:
    """Give the id, name, aliases and triggers of every command of a server that is on: all that a message is looked up in."""
    rows = await connections.get("default").execute_query_dict(
        "SELECT id, name, spec->'aliases' AS aliases, spec->'triggers' AS triggers FROM \"custom\".\"command\""
        " WHERE guild_id = $1 AND deleted_at IS NULL AND spec->'enabled' IS DISTINCT FROM 'false'::jsonb ORDER BY id",
        [guild_id],
    )
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "aliases": _json(row["aliases"]) or (),
            "triggers": _json(row["triggers"]) or (),
        }
        for row in rows
    ]


async def read_slash(guild_id: int, most: int) -> list[tuple[int, Mapping[str, Any]]]:
    """Give the commands of a server that are slash commands of their own and on, the oldest first."""
    rows = await connections.get("default").execute_query_dict(
        'SELECT id, spec FROM "custom"."command" WHERE guild_id = $1 AND deleted_at IS NULL'
        " AND spec->'slash' = 'true'::jsonb AND spec->'enabled' IS DISTINCT FROM 'false'::jsonb ORDER BY id LIMIT $2",
        [guild_id, most],
    )
    return [(row["id"], _json(row["spec"])) for row in rows]


async def read_spec(command_id: int) -> Mapping[str, Any] | None:
    """Give what a command is; None for one that is gone."""
    sql = 'SELECT spec FROM "custom"."command" WHERE id = $1 AND deleted_at IS NULL'
    rows = await connections.get("default").execute_query_dict(sql, [command_id])
    return _json(rows[0]["spec"]) if rows else None


def _json(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
