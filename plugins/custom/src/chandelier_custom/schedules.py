"""Commands that a clock triggers: every so often, or by a line of cron in a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from chandelier import JobContext, Occasion, job
from chandelier_custom.delivering import in_channel
from chandelier_custom.spec import Trigger
from chandelier_custom.store import schedules


def next_after(trigger: Trigger, now: datetime) -> datetime:
    """Give the first instant after another at which a trigger is due. Raises CronSimError for a line that is none."""
    if trigger.kind == "interval":
        return now + timedelta(seconds=trigger.every_s or 0)
    found = next(CronSim(trigger.text, now.astimezone(ZoneInfo(trigger.zone))))
    return found.astimezone(UTC)


def complain_of_line(trigger: Trigger) -> str | None:
    """Say what is wrong with a line of cron; one that is due more often than every five minutes is wrong, too."""
    try:
        instants = CronSim(trigger.text, datetime(2026, 1, 1, tzinfo=UTC))
        times = [next(instants) for _ in range(50)]
    except (CronSimError, StopIteration, ValueError):
        return f"`{trigger.text[:60]}` is no line of cron, such as `30 8 * * 1-5`."
    if any(later - earlier < timedelta(minutes=5) for earlier, later in pairwise(times)):
        return f"`{trigger.text[:60]}` is due more often than every five minutes."
    return None


@job(every=timedelta(minutes=1))
async def tick(ctx: JobContext) -> None:
    """Run what is due. What was missed while the bot was away runs once."""
    now = ctx.now()
    for due in await schedules.claim_due(now, next_after):
        if not ctx.is_on_in(due.guild_id):
            continue
        occasion = Occasion(guild_id=due.guild_id, channel_id=due.trigger.channel_id)
        outcome = await ctx.run("custom triggered", {"command_id": due.command_id}, occasion)
        if due.trigger.channel_id is not None:
            await in_channel(ctx, due.trigger.channel_id, outcome)
