"""Saying a count later: a job."""

from chandelier import JobContext, job
from chandelier_tally.counting import Counts
from chandelier_tally.settings import Config


@job()
async def say_later(ctx: JobContext[Config], guild: int, channel: int, name: str) -> None:
    """Say a count where it was asked for."""
    await ctx.rest.create_message(channel, f"By now: {await Counts().count(guild, name)} {name}.")
