"""The table of custom commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model
from tortoise.transactions import in_transaction

from chandelier.models import SnowflakeField


class CustomCommand(Model):
    """One answer of one server. ``name`` is folded, and compared byte by byte (collation "C", see the migration)."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    name = fields.CharField(max_length=32)
    content = fields.TextField()
    author_id = SnowflakeField(null=True)
    uses = fields.BigIntField(default=0)
    last_used_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        schema = "custom"
        table = "command"
        table_description = "Custom commands: answers that a server makes for itself."
        constraints = (UniqueConstraint(fields=("guild_id", "name"), name="command_guild_id_name_key"),)


async def find(guild_id: int, name: str) -> CustomCommand | None:
    """Find a command by its folded name."""
    return await CustomCommand.get_or_none(guild_id=guild_id, name=name)


async def insert(guild_id: int, name: str, content: str, author_id: int | None, now: datetime) -> CustomCommand | None:
    """Store a new command; give None where the name is taken: the constraint decides, not a look beforehand."""
    try:
        async with in_transaction():  # a savepoint, where a transaction is open: the refusal leaves that one whole
            return await CustomCommand.create(
                guild_id=guild_id, name=name, content=content, author_id=author_id, created_at=now, updated_at=now
            )
    except IntegrityError:
        return None


async def count_commands(guild_id: int) -> int:
    """Count a server's commands, and make others who add there wait until this transaction ends."""
    await CustomCommand._meta.db.execute_query_dict(
        "SELECT pg_advisory_xact_lock(hashtextextended('custom.command', $1))", [guild_id]
    )
    return await CustomCommand.filter(guild_id=guild_id).count()


async def change(row: CustomCommand, content: str, now: datetime) -> bool:
    """Store another answer; say whether the command was still there."""
    row.content, row.updated_at = content, now
    return bool(await CustomCommand.filter(id=row.id).update(content=content, updated_at=now))


async def remove(guild_id: int, name: str) -> bool:
    """Delete a command; say whether there was one."""
    return bool(await CustomCommand.filter(guild_id=guild_id, name=name).delete())


async def count_use(guild_id: int, name: str, now: datetime) -> Mapping[str, Any] | None:
    """Count one use and give the command as it is then, in one statement; None where there is no such command."""
    rows = await CustomCommand._meta.db.execute_query_dict(
        'UPDATE "custom"."command" SET uses = uses + 1, last_used_at = $3 WHERE guild_id = $1 AND name = $2'
        " RETURNING name, content, uses, last_used_at",
        [guild_id, name, now],
    )
    return rows[0] if rows else None


async def read_page(guild_id: int, limit: int, after: str | None) -> tuple[list[CustomCommand], int]:
    """Give a server's commands by name, from after a name on; and how many follow those."""
    query = CustomCommand.filter(guild_id=guild_id)
    page = await (query.filter(name__gt=after) if after is not None else query).order_by("name").limit(limit)
    more = await query.filter(name__gt=page[-1].name).count() if len(page) == limit else 0
    return page, more


async def read_all_names(guild_id: int) -> frozenset[str]:
    """Give every name of a server."""
    found = await CustomCommand.filter(guild_id=guild_id).values_list("name", flat=True)
    return frozenset(str(name) for name in found)


async def read_names(guild_id: int, beginning: str = "", limit: int = 25) -> list[str]:
    """Give names that begin so, in order; the unique constraint's index answers it."""
    found = CustomCommand.filter(guild_id=guild_id, name__startswith=beginning).order_by("name").limit(limit)
    return [str(name) for name in await found.values_list("name", flat=True)]
