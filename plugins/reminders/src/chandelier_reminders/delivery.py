"""Saying a reminder: send first, mark afterwards, with a nonce that makes a second try harmless."""

from __future__ import annotations

from datetime import timedelta

import hikari

from chandelier import Backoff, JobContext, job
from chandelier_reminders.api import ReminderDelivered
from chandelier_reminders.config import Config
from chandelier_reminders.models import Row, find_unsaid

RETRY = Backoff(first_s=5, factor=2, attempts=24, longest_s=3600)  # some fifteen hours in all
LATE = timedelta(seconds=60)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CLOSED = (hikari.NotFoundError, hikari.ForbiddenError, hikari.BadRequestError)


@job(retry=RETRY)
async def deliver(ctx: JobContext[Config], reminder: int) -> None:
    """Say what was asked, where it was asked; at least once, and only once if Discord answered."""
    row = await find_unsaid(reminder)
    if row is None:
        return  # cancelled, or said already
    try:
        message = await _send(ctx, row)
    except _CLOSED as error:
        place = "to you directly" if row.channel_id is None else "there, nor to you directly"
        await _mark_failed(row, f"I may not write {place}")
        ctx.log.info("reminder_cannot_be_delivered", reminder=row.id, error=str(error))
        return
    except Exception:
        if ctx.attempt >= RETRY.attempts:
            await _mark_failed(row, "Discord did not take it for hours")
        raise
    link = message.make_link(None if row.channel_id != message.channel_id else row.guild_id)
    await Row.filter(id=row.id).update(said_at=ctx.now(), message_id=int(message.id), message_link=link, failure=None)
    ctx.emit(ReminderDelivered(row.id, row.user_id, row.guild_id, int(message.id)))


async def _send(ctx: JobContext[Config], row: Row) -> hikari.Message:
    words = word_reminder(row, ctx.now() - row.due_at)
    if row.channel_id is not None:
        try:
            return await _say(ctx, row.channel_id, words, row)
        except _CLOSED as error:
            ctx.log.info("reminder_channel_is_closed", reminder=row.id, error=str(error))
    channel = await ctx.rest.create_dm_channel(row.user_id)
    return await _say(ctx, int(channel.id), words, row)


async def _say(ctx: JobContext[Config], channel_id: int, words: str, row: Row) -> hikari.Message:
    # Discord gives back the first message when it sees a nonce again within a few minutes (Create Message, enforce_nonce).
    return await ctx.rest.create_message(channel_id, words, user_mentions=[row.user_id], nonce=nonce_of(row.id))


async def _mark_failed(row: Row, why: str) -> None:
    await Row.filter(id=row.id).update(failure=why)


def word_reminder(row: Row, late_by: timedelta) -> str:
    """Word the message: who, when it was due if that has passed, and the text as a quotation to the end."""
    late = f" (this was due {word_span(late_by)} ago)" if late_by > LATE else ""
    return f"<@{row.user_id}>, your reminder from <t:{int(row.created_at.timestamp())}:f>{late}:\n>>> {row.text}"


def word_span(span: timedelta) -> str:
    """Give a span in its largest whole unit: ``3 h``."""
    seconds = int(span.total_seconds())
    for unit, length_s in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length_s:
            return f"{seconds // length_s} {unit}"
    return f"{seconds} s"


def nonce_of(id_: int) -> str:
    """Give the reminder's nonce: at most 25 characters, the same in every try."""
    digits = ""
    while id_:
        id_, digit = divmod(id_, 36)
        digits = _DIGITS[digit] + digits
    return f"r{digits or '0'}"
