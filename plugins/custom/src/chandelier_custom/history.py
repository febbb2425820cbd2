"""Who changed a command, when and what; and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Annotated

from pydantic import Field

from chandelier import (
    BadOption,
    Context,
    Suggest,
    Surface,
)
from chandelier_custom.answers import (
    Gone,
    History,
    Restored,
    Version,
)  # fmt: skip
from chandelier_custom.config import Config
from chandelier_custom.group import REST, Name, custom, find, right
from chandelier_custom.names import fits, fold_name
from chandelier_custom.store import keeping, reading

#: What the column of a version holds at the most.
LAST_VERSION = 2**31 - 1


async def suggest_deleted(ctx: Context, typed: str) -> Sequence[str]:
    """Offer the commands that can be brought back, and those that have older versions."""
    gone = [row.name for row in await keeping.deleted(ctx.here, ctx.now())]
    names = [*dict.fromkeys([*gone, *await reading.read_names(ctx.here, fold_name(typed))])]
    return [name for name in names if name.startswith(fold_name(typed))]


@custom.command(where="guild", allow="manage_guild", ephemeral=True, http="GET /{name}/history")
async def history(
    ctx: Context[Config],
    name: Name,
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
    cursor: Annotated[int | None, Field(ge=1, le=LAST_VERSION)] = None,
) -> History:
    """Show who changed a custom command, when, and what.

    Args:
        name: The command's name.
        limit: How many versions at most, 1 to 50.
        cursor: Where to go on: "next" of the page before.
    """
    row = await find(ctx.here, name)
    edits = await keeping.versions(row, limit + 1, cursor)
    items = [Version.of(one, before) for one, before in zip_longest(edits, edits[1:])][:limit]
    return History(command_id=row.id, items=items, next=str(items[-1].version) if len(edits) > limit else None)


@custom.command(where="guild", allow="manage_guild", http="POST /{name}/restore")
async def restore(
    ctx: Context[Config],
    name: Annotated[str, Suggest(suggest_deleted)],
    version: Annotated[int | None, Field(ge=1, le=LAST_VERSION)] = None,
) -> Restored:
    """Bring a deleted command back, or an older version of one.

    Args:
        name: The command's name.
        version: Which version; without one the command that was deleted.
    """
    folded = fold_name(name)
    row = await keeping.find(ctx.here, folded) if fits(folded) else None
    if row is None:
        row = await keeping.restore(ctx, folded)
    elif version is None:
        raise BadOption(f"`{row.name}` is not deleted; say which `version` it is to be again.", option="version")
    if version is not None and version != row.version:
        spec = right(ctx, keeping.read(await keeping.version(row, version)))
        await keeping.change(ctx, row, spec, action="restored")
    return Restored.of(row)


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="GET /all/deleted")
async def deleted(ctx: Context[Config]) -> list[Gone]:
    """List the commands that were deleted and can be brought back."""
    return [
        Gone(name=row.name, deleted_at=row.deleted_at)
        for row in await keeping.deleted(ctx.here, ctx.now())
        if row.deleted_at
    ]


@custom.command(where="guild", allow="manage_guild", ephemeral=True, surfaces={Surface.EVENT})
async def restored(ctx: Context[Config], command_id: int, version: int) -> Restored:
    """Bring a version of a custom command back, by its button.

    Args:
        command_id: Which command.
        version: Which version.
    """
    row = await keeping.by_id(ctx.here, command_id)
    if version != row.version:
        spec = right(ctx, keeping.read(await keeping.version(row, version)))
        await keeping.change(ctx, row, spec, action="restored")
    return Restored.of(row)
