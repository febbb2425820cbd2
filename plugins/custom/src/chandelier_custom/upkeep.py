"""What the plugin takes part in: unknown text commands, leaving a server, a person's data, and what is no longer kept."""

from __future__ import annotations

from datetime import timedelta

from chandelier import JobContext, Resolution, job
from chandelier_custom import lookup
from chandelier_custom.answers import Entry
from chandelier_custom.models import CustomCommand, Draft, Edit, Pause, Variable
from chandelier_custom.names import fits, fold_name
from chandelier_custom.store import keeping


async def resolve_command(guild_id: int | None, name: str, rest: str) -> Resolution | None:
    """Answer for ``!hello`` if this server has made ``hello``."""
    folded = fold_name(name)
    if guild_id is None or not fits(folded) or folded not in (await lookup.index(guild_id)).names:
        return None
    return Resolution("custom run", {"name": folded, "arguments": rest})


@job(every=timedelta(hours=6))
async def sweep(ctx: JobContext) -> None:
    """Delete what can no longer be brought back, and cooldowns that have passed."""
    await keeping.forget_deleted(ctx.now())
    await Pause.filter(until__lt=ctx.now()).exclude(scope="schedule").delete()


async def guild_left(guild_id: int) -> None:
    """Delete everything of a server."""
    for model in (CustomCommand, Edit, Draft, Variable, Pause):
        await model.filter(guild_id=guild_id).delete()
    await lookup.changed(guild_id)


async def user_exported(user_id: int) -> dict[str, object] | None:
    """Give the commands that a person made, their edits, and what commands remember of them."""
    rows = await CustomCommand.filter(author_id=user_id).order_by("guild_id", "name")
    edits = await Edit.filter(author_id=user_id).order_by("guild_id", "command_id", "version")
    variables = await Variable.filter(owner="user", owner_id=user_id).order_by("guild_id", "name")
    if not rows and not edits and not variables:
        return None
    return {
        "commands": [Entry.of(row).model_dump(mode="json") | {"guild_id": str(row.guild_id)} for row in rows],
        "edits": [
            {"guild_id": str(one.guild_id), "version": one.version, "action": one.action, "at": one.at.isoformat(),
             "command": one.spec} for one in edits
        ],
        "variables": [{"guild_id": str(one.guild_id), "name": one.name, "value": one.value} for one in variables],
    }  # fmt: skip


async def user_erased(user_id: int) -> None:
    """Forget who made what, and what commands remember of them; the commands themselves are the server's."""
    await CustomCommand.filter(author_id=user_id).update(author_id=None)
    await Edit.filter(author_id=user_id).update(author_id=None)
    await Draft.filter(author_id=user_id).update(author_id=None)
    await Variable.filter(owner_id=user_id).delete()  # an id of Discord's is one person's, channel's or server's alone
    await Pause.filter(scope_id=user_id).delete()
