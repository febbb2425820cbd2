"""The table of command uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.models import Model

from chandelier.models import SnowflakeField

Position = tuple[datetime, UUID]


class CommandUse(Model):
    """One use of one command. The id is made before the row is written, so that writing it twice leaves one."""

    id = fields.UUIDField(primary_key=True)
    at = fields.DatetimeField()
    reference = fields.CharField(max_length=64)
    user_id = SnowflakeField(null=True)
    user_name = fields.CharField(max_length=100, null=True)
    guild_id = SnowflakeField(null=True)
    channel_id = SnowflakeField(null=True)
    plugin = fields.CharField(max_length=64)
    command = fields.CharField(max_length=100)
    surface = fields.CharField(max_length=16)
    status = fields.CharField(max_length=16)
    code = fields.CharField(max_length=64, null=True)
    duration_ms = fields.FloatField()
    metadata: dict[str, Any] = fields.JSONField()

    class Meta:
        schema = "logging"
        table = "use"
        table_description = "One row for every command that was used."
        indexes = (
            Index(fields=("guild_id", "at", "id"), name="use_guild_id_at_id_idx"),
            Index(fields=("at", "id"), name="use_at_id_idx"),
            Index(fields=("user_id", "at"), name="use_user_id_at_idx"),
        )


@dataclass(slots=True, kw_only=True)
class NewUse:
    """A use before it is a row; the fields are the table's columns, in their order."""

    id: UUID
    at: datetime
    reference: str
    user_id: int | None
    user_name: str | None
    guild_id: int | None
    channel_id: int | None
    plugin: str
    command: str
    surface: str
    status: str
    code: str | None
    duration_ms: float
    metadata: dict[str, object]


_COLUMNS = tuple(field.name for field in dataclass_fields(NewUse))
_TYPES = (
    "uuid", "timestamptz", "text", "bigint", "text", "bigint", "bigint",
    "text", "text", "text", "text", "text", "float8", "jsonb",
)  # fmt: skip
_INSERT = (
    f'INSERT INTO "logging"."use" ({", ".join(_COLUMNS)}) SELECT * FROM unnest('  # noqa: S608  # our own names
    f"{', '.join(f'${place}::{type_}[]' for place, type_ in enumerate(_TYPES, 1))}) ON CONFLICT (id) DO NOTHING"
)
_read = attrgetter(*_COLUMNS[:-1])


async def write(rows: Sequence[NewUse]) -> None:
    """Store rows, all or none; those that are there already stay as they are.

    One statement with an array a column: a quarter of what ``bulk_create`` costs, and every command pays for it.
    """
    columns = [list(column) for column in zip(*map(_read, rows), strict=True)]
    columns.append([json.dumps(row.metadata) for row in rows])
    await CommandUse._meta.db.execute_query(_INSERT, columns)


async def read_page(limit: int, after: Position | None, **equal: object) -> list[CommandUse]:
    """Give the latest rows with these values, from a position on backwards."""
    query = CommandUse.filter(**equal)
    if after is not None:
        at, id_ = after
        query = query.filter(Q(at__lt=at) | Q(id__lt=id_), at__lte=at)
    return await query.order_by("-at", "-id").limit(limit)


async def delete_before(instant: datetime, at_most: int) -> int:
    """Delete the oldest rows from before an instant, only so many at once; give how many they were."""
    deleted = await CommandUse._meta.db.execute_query_dict(
        'WITH gone AS (DELETE FROM "logging"."use" WHERE id IN (SELECT id FROM "logging"."use" WHERE at < $1'
        " ORDER BY at LIMIT $2) RETURNING 1) SELECT count(*) AS rows FROM gone",
        [instant, at_most],
    )
    return int(deleted[0]["rows"])


def is_bad_row(error: BaseException) -> bool:
    """Say whether a row is to blame and not the store: it cannot be encoded, or breaks a rule (SQLSTATE 22, 23)."""
    causes = (error, error.__cause__, *error.args)
    states = [str(getattr(cause, "sqlstate", "") or "") for cause in causes]
    return isinstance(error, ValueError | TypeError) or any(state[:2] in ("22", "23") for state in states)
