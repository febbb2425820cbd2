"""The table of reminders."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.models import Model

from chandelier.models import SnowflakeField

Position = tuple[datetime, int]
BIGGEST_ID = 2**63 - 1


class Row(Model):
    """One reminder. It waits until ``said_at`` is set; ``failure`` says why it could not be said, in words."""

    id = fields.BigIntField(primary_key=True)
    user_id = SnowflakeField()
    guild_id = SnowflakeField(null=True)
    channel_id = SnowflakeField(null=True)
    text = fields.TextField()
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    said_at = fields.DatetimeField(null=True)
    message_id = SnowflakeField(null=True)
    message_link = fields.CharField(max_length=200, null=True)
    failure = fields.CharField(max_length=200, null=True)

    class Meta:
        schema = "reminders"
        table = "reminder"
        table_description = "What people asked to be told later."
        indexes = (
            Index(fields=("user_id", "due_at", "id"), name="reminder_user_id_due_at_id_idx"),
            Index(fields=("guild_id",), name="reminder_guild_id_idx"),
            Index(fields=("said_at",), name="reminder_said_at_idx"),
        )


async def count_waiting(user_id: int) -> int:
    """Count a person's waiting reminders, and make their other requests wait until this transaction ends."""
    await Row._meta.db.execute_query_dict(
        "SELECT pg_advisory_xact_lock(hashtextextended('reminders.reminder', $1))", [user_id]
    )
    return await Row.filter(user_id=user_id, said_at=None, failure=None).count()


async def read_page(user_id: int, limit: int, after: Position | None) -> list[Row]:
    """Give a person's reminders that were not said, soonest first, from a position on."""
    query = Row.filter(user_id=user_id, said_at=None)
    if after is not None:
        due_at, id_ = after
        query = query.filter(Q(due_at__gt=due_at) | Q(id__gt=id_), due_at__gte=due_at)
    return await query.order_by("due_at", "id").limit(limit)


async def find_unsaid(id_: int) -> Row | None:
    """Find a reminder that was neither said nor cancelled."""
    return await Row.get_or_none(id=id_, said_at=None)


async def remove(id_: int, user_id: int) -> Row | None:
    """Delete a person's own reminder that was not said yet, and give what it was."""
    if not 0 < id_ <= BIGGEST_ID:
        return None
    row = await Row.get_or_none(id=id_, user_id=user_id, said_at=None)
    gone = row is not None and await Row.filter(id=id_, said_at=None).delete()
    return row if gone else None
