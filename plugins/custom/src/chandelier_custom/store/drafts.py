"""Drafts: commands as they are to be."""

from __future__ import annotations

from chandelier import Context, UserError
from chandelier_custom.config import Config
from chandelier_custom.models import Draft
from chandelier_custom.spec import Spec
from chandelier_custom.store.keeping import dump

MOST = 100


async def find(guild_id: int, name: str) -> Draft | None:
    """Find the draft of a command, by its folded name."""
    return await Draft.get_or_none(guild_id=guild_id, name=name)


async def keep(ctx: Context[Config], name: str, spec: Spec) -> None:
    """Keep a draft in the place of the one that was there. Raises UserError where a server has too many."""
    values = {"spec": dump(spec), "author_id": ctx.actor.id, "at": ctx.now()}
    if await Draft.filter(guild_id=ctx.here, name=name).update(**values):
        return
    if await Draft.filter(guild_id=ctx.here).count() >= MOST:
        raise UserError("too_many", f"This server has {MOST} drafts already; publish or drop one.")
    await Draft.update_or_create(defaults=values, guild_id=ctx.here, name=name)


async def drop(guild_id: int, name: str) -> bool:
    """Drop a draft; say whether there was one."""
    return bool(await Draft.filter(guild_id=guild_id, name=name).delete())
