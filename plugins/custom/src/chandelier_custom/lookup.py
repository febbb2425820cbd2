"""Which names a server has given: kept in memory, so that a message that is no custom command costs no query."""

from __future__ import annotations

from chandelier import Cache
from chandelier_custom import models

known = Cache("known", most=5000, shared=False)


async def knows(guild_id: int, folded: str) -> bool:
    """Say whether a server has a command of this name."""

    async def load() -> frozenset[str]:
        return await models.read_all_names(guild_id)

    return folded in await known.get(str(guild_id), load)


async def changed(guild_id: int) -> None:
    """Forget what is known of a server: a command has come or gone."""
    await known.drop(str(guild_id))
