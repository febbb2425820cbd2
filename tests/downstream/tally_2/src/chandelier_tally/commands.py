"""The commands of Tally."""

from datetime import timedelta

from pydantic import BaseModel

from chandelier import Context, Duration, Group, Listing, NotFound, Surface
from chandelier_tally.counting import add as count_up
from chandelier_tally.later import say_later
from chandelier_tally.models import Count
from chandelier_tally.settings import Config, GuildConfig

tally = Group("tally", "Counts things.")
Here = Context[Config, GuildConfig]


class Counted(BaseModel):
    """One count."""

    name: str
    count: int
    noun: str = "times"

    def __str__(self) -> str:
        return f"{self.name}: {self.count} {self.noun}."


class Tallied(Listing[Counted]):
    """All counts of a server."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.items)) or "Nothing was counted yet."


@tally.command(http="POST /", where="guild")
async def add(ctx: Here, what: str) -> Counted:
    """Count something.

    Args:
        what: What is counted.
    """
    return Counted(
        name=what, count=await count_up(ctx.here, what, ctx.config.step, ctx.actor.id), noun=ctx.guild_config.noun
    )


@tally.command(name="list", http="GET /", where="guild")
async def list_(ctx: Here) -> Tallied:
    """Show what was counted."""
    rows = await Count.filter(guild_id=ctx.here).order_by("name").limit(50)
    return Tallied(items=[Counted(name=row.name, count=row.count, noun=ctx.guild_config.noun) for row in rows])


@tally.command(where="guild", surfaces={Surface.SLASH, Surface.TEXT})
async def later(ctx: Here, what: str, after: Duration = timedelta(hours=1)) -> str:
    """Say a count later, here.

    Args:
        what: What was counted.
        after: When to say it, such as 2h.
    """
    await say_later.at(ctx.now() + after, guild=ctx.here, channel=ctx.channel_id, name=what)
    return f"I will say how many {what} there are then."


@tally.command(http="POST /note", where="guild", allow="manage_messages")
async def note(ctx: Here, what: str, words: str) -> str:
    """Note something beside a count.

    Args:
        what: What was counted.
        words: The note.
    """
    if not await Count.filter(guild_id=ctx.here, name=what).update(note=words[:100]):
        raise NotFound(f"Nobody has counted {what} here.")
    return f"Noted beside {what}: {words[:100]}"
