"""What the plugin takes part in: unknown text commands, leaving a server, a person's data."""

from __future__ import annotations

from chandelier import Resolution
from chandelier_custom import lookup
from chandelier_custom.answers import Entry
from chandelier_custom.models import CustomCommand
from chandelier_custom.names import fits, fold_name


async def resolve_command(guild_id: int | None, name: str) -> Resolution | None:
    """Answer for ``!hello`` if this server has made ``hello``."""
    folded = fold_name(name)
    if guild_id is None or not fits(folded) or not await lookup.knows(guild_id, folded):
        return None
    return Resolution("custom run", {"name": folded})


async def guild_left(guild_id: int) -> None:
    """Delete a server's commands."""
    await CustomCommand.filter(guild_id=guild_id).delete()
    await lookup.changed(guild_id)


async def user_exported(user_id: int) -> dict[str, object] | None:
    """Give the commands that a person made."""
    rows = await CustomCommand.filter(author_id=user_id).order_by("guild_id", "name")
    if not rows:
        return None
    made = [Entry.model_validate(row, from_attributes=True).model_dump(mode="json") for row in rows]
    return {"commands": [entry | {"guild_id": str(row.guild_id)} for row, entry in zip(rows, made, strict=True)]}


async def user_erased(user_id: int) -> None:
    """Forget who made a command; the command itself is the server's."""
    await CustomCommand.filter(author_id=user_id).update(author_id=None)
