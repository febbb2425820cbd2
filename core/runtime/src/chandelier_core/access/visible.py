"""Which servers a caller may know of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from chandelier_core.access.callers import Identity
from chandelier_core.host import GuildView

#: How many servers are looked through for one person who names none.
MOST_ASKED = 200
AT_ONCE = 10


async def visible_guilds(
    guilds: Sequence[GuildView], identity: Identity, is_member: Callable[[int, int], Awaitable[bool]]
) -> tuple[GuildView, ...]:
    """Give those of the bot's servers that a caller's token names, and that the person is in; all for an operator."""
    named = [guild for guild in guilds if identity.guild_ids is None or guild.id in identity.guild_ids]
    user_id = identity.user_id
    if user_id is None:
        return tuple(named)
    room = asyncio.Semaphore(AT_ONCE)

    async def look(guild: GuildView) -> bool:
        async with room:
            return await is_member(guild.id, user_id)

    named = named[:MOST_ASKED]
    found = await asyncio.gather(*(look(guild) for guild in named))
    return tuple(guild for guild, here in zip(named, found, strict=True) if here)
