"""Counting: on a command, on a mark, for another plugin; and forgetting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import hikari

from chandelier import PluginContext
from chandelier_tally.models import Count
from chandelier_tally.settings import Config


async def add(guild_id: int, name: str, step: int, user_id: int | None) -> int:
    """Count something; give its count."""
    rows = await Count._meta.db.execute_query_dict(
        'INSERT INTO "tally"."count" (guild_id, name, count, last_by) VALUES ($1, $2, $3, $4)'
        " ON CONFLICT (guild_id, name) DO UPDATE SET count = count.count + $3, last_by = $4 RETURNING count",
        [guild_id, name, step, user_id],
    )
    return int(rows[0]["count"])


async def seen_mark(ctx: PluginContext[Config], event: hikari.GuildReactionAddEvent) -> None:
    """Count a mark under a message."""
    if event.emoji_name == "✅":
        await add(int(event.guild_id), "marks", ctx.config.step, int(event.user_id))


class Counts:
    """The service."""

    async def count(self, guild_id: int, name: str) -> int:
        """Give how often something was counted."""
        row = await Count.get_or_none(guild_id=guild_id, name=name)
        return 0 if row is None else row.count


@asynccontextmanager
async def open_tallies(ctx: PluginContext[Config]) -> AsyncIterator[Counts]:
    """Offer the counts to other plugins."""
    yield Counts()


async def guild_left(guild_id: int) -> None:
    """Forget a server."""
    await Count.filter(guild_id=guild_id).delete()


async def user_erased(user_id: int) -> None:
    """Forget who counted last."""
    await Count.filter(last_by=user_id).update(last_by=None)
