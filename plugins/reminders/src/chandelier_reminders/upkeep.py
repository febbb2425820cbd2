"""A person's reminders, a server's, and old ones."""

from __future__ import annotations

from datetime import timedelta

from chandelier import JobContext, job
from chandelier_reminders.answers import Reminder
from chandelier_reminders.config import Config
from chandelier_reminders.models import Row


@job(every=timedelta(days=1))
async def sweep(ctx: JobContext[Config]) -> None:
    """Delete what was said, or failed, longer ago than the operator wants to keep."""
    oldest = ctx.now() - timedelta(days=ctx.config.keep_days)
    await Row.filter(said_at__lt=oldest).delete()
    await Row.filter(due_at__lt=oldest, failure__isnull=False).delete()


async def guild_left(guild_id: int) -> None:
    """Forget the server: what was said there is deleted, what waits will come as a direct message."""
    await Row.filter(guild_id=guild_id, said_at__isnull=False).delete()
    await Row.filter(guild_id=guild_id).update(guild_id=None, channel_id=None)


async def user_exported(user_id: int) -> dict[str, object] | None:
    """Give a person's reminders, said ones included."""
    rows = await Row.filter(user_id=user_id).order_by("id")
    if not rows:
        return None
    return {"reminders": [_export(row) for row in rows]}


async def user_erased(user_id: int) -> None:
    """Delete a person's reminders; a run that still waits for one finds nothing."""
    await Row.filter(user_id=user_id).delete()


def _export(row: Row) -> dict[str, object]:
    said = {"said_at": row.said_at and row.said_at.isoformat(), "message_link": row.message_link}
    return Reminder.model_validate(row, from_attributes=True).model_dump(mode="json") | said
