"""The /remind commands."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from chandelier import BadOption, Choice, Context, Duration, Group, Length, NotFound, Suggest, UserError
from chandelier_reminders import models
from chandelier_reminders.answers import Cancelled, Page, Reminder, shorten
from chandelier_reminders.config import Config
from chandelier_reminders.delivery import deliver
from chandelier_reminders.models import Position, Row

remind = Group("remind", "Ask now, be told later.", default="me")


async def suggest_reminders(ctx: Context, typed: str) -> Sequence[Choice]:
    """Offer the person's own reminders, by number or by a word of theirs."""
    wanted = typed.strip().casefold()
    rows = [row for row in await models.read_page(ctx.user_id, 100, None)
            if str(row.id).startswith(wanted) or wanted in row.text.casefold()]  # fmt: skip
    return [Choice(shorten(f"{row.id}: {row.text}", 100), row.id) for row in rows[:25]]


@remind.command(http="POST /")
async def me(ctx: Context[Config], after: Duration, text: Annotated[str, Length(1500)]) -> Reminder:
    """Remind you of something later.

    Args:
        after: How long from now, such as 2h30m.
        text: What to say when the time comes.
    """
    if not text.strip():
        raise BadOption("`text` must hold something to say; write what you want to be told.", option="text")
    channel_id = None if ctx.guild_id is None else ctx.channel_id  # without a channel it comes as a direct message
    now = ctx.now()
    async with ctx.transaction():
        most = ctx.config.max_per_user
        if await models.count_waiting(ctx.user_id) >= most:
            raise UserError("too_many", f"You already have {most} reminders; cancel one with `/remind cancel`.")
        row = await Row.create(user_id=ctx.user_id, guild_id=ctx.guild_id, channel_id=channel_id, text=text,
                               created_at=now, due_at=now + after)  # fmt: skip
        await deliver.at(row.due_at, reminder=row.id)
    return Reminder.model_validate(row, from_attributes=True)


@remind.command(name="list", http="GET /", ephemeral=True)
async def list_(
    ctx: Context[Config], limit: Annotated[int, Field(ge=1, le=100)] = 50, cursor: str | None = None
) -> Page:
    """Show your reminders, soonest first.

    Args:
        limit: How many at most, 1 to 100.
        cursor: Where to go on: "next" of the page before.
    """
    after = None if cursor is None else from_cursor(cursor)
    rows = await models.read_page(ctx.user_id, limit + 1, after)
    items = [Reminder.model_validate(row, from_attributes=True) for row in rows[:limit]]
    return Page(items=items, next=to_cursor(items[-1].due_at, items[-1].id) if len(rows) > limit else None)


@remind.command(http="DELETE /{reminder}", ephemeral=True)
async def cancel(ctx: Context[Config], reminder: Annotated[int, Suggest(suggest_reminders)]) -> Cancelled:
    """Cancel one of your reminders.

    Args:
        reminder: The reminder's number.
    """
    row = await models.remove(reminder, ctx.user_id)
    if row is None:
        raise NotFound(f"You have no reminder {reminder}; `/remind list` shows those you have.")
    return Cancelled(id=row.id, text=row.text)


def to_cursor(due_at: datetime, id_: int) -> str:
    """Write the cursor of the page that begins after a reminder."""
    return base64.urlsafe_b64encode(f"{due_at.isoformat()}|{id_}".encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> Position:
    """Read a cursor; refuse one that we did not write."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        due_at, _, id_ = text.partition("|")
        position = datetime.fromisoformat(due_at), int(id_)
        if position[0].tzinfo is None or not 0 < position[1] <= models.BIGGEST_ID:
            raise ValueError("not one of ours")
    except (binascii.Error, ValueError):
        raise BadOption("That is no cursor of this list; take it from `next` of the page before.",
                        option="cursor") from None  # fmt: skip
    return position
