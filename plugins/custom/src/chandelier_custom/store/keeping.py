"""Keeping commands: every change is one transaction that writes the command, its version, and tells every process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chandelier import Context, NotFound, UserError
from chandelier_custom import lookup
from chandelier_custom.config import Config
from chandelier_custom.models import CustomCommand, Draft, Edit, Pause
from chandelier_custom.spec import Spec

#: For so long a deleted command can be brought back.
KEPT = timedelta(days=30)
MOST_VERSIONS = 200


async def find(guild_id: int, name: str) -> CustomCommand | None:
    """Find a command by its folded name, or by an alias."""
    return await CustomCommand.get_or_none(guild_id=guild_id, name=name, deleted_at=None) or await _by_alias(
        guild_id, name
    )


async def by_id(guild_id: int, command_id: int) -> CustomCommand:
    """Give a command of a server. Raises NotFound."""
    row = await CustomCommand.get_or_none(id=command_id, guild_id=guild_id, deleted_at=None)
    if row is None:
        raise NotFound("That command was deleted. `/custom restore` brings it back.")
    return row


async def add(ctx: Context[Config], spec: Spec) -> CustomCommand:
    """Keep a new command. Raises UserError where its names are taken, or the server has as many as it may."""
    guild_id, author_id, now, most = ctx.here, ctx.actor.id, ctx.now(), ctx.config.max_commands
    async with ctx.transaction():
        await _alone(guild_id)
        await _must_be_free(guild_id, spec, None)
        if await CustomCommand.filter(guild_id=guild_id, deleted_at=None).count() >= most:
            sentence = f"This server already has {most} custom commands; delete one with `/custom delete`."
            raise UserError("too_many", sentence)
        row = await CustomCommand.create(
            guild_id=guild_id, name=spec.name, spec=dump(spec), author_id=author_id, created_at=now, updated_at=now
        )
        await _write(ctx, row, "created")
    return row


async def change(ctx: Context[Config], row: CustomCommand, spec: Spec, *, action: str = "edited") -> None:
    """Keep another version of a command. Raises UserError where a name is taken, and NotFound where it was deleted meanwhile."""
    async with ctx.transaction():
        await _alone(row.guild_id)
        held = await CustomCommand.get_or_none(id=row.id, deleted_at=None)
        if held is None:
            raise NotFound(f"`{row.name}` was deleted meanwhile. `/custom restore` brings it back.")
        await _must_be_free(row.guild_id, spec, row.id)
        row.version = held.version + 1
        row.name, row.spec, row.updated_at, row.uses = spec.name, dump(spec), ctx.now(), held.uses
        await row.save(update_fields=["name", "spec", "version", "updated_at"])
        await _write(ctx, row, action)


async def delete(ctx: Context[Config], row: CustomCommand) -> bool:
    """Take a command out of use; say whether it was there."""
    async with ctx.transaction():
        await _alone(row.guild_id)
        if not await CustomCommand.filter(id=row.id, deleted_at=None).update(deleted_at=ctx.now()):
            return False
        row.version += 1
        await CustomCommand.filter(id=row.id).update(version=row.version)
        await _write(ctx, row, "deleted")
    return True


async def restore(ctx: Context[Config], name: str) -> CustomCommand:
    """Bring back the command of this name that was deleted last. Raises NotFound, and UserError where the name is taken."""
    guild_id, now = ctx.here, ctx.now()
    async with ctx.transaction():
        await _alone(guild_id)
        row = (
            await CustomCommand.filter(guild_id=guild_id, name=name, deleted_at__gt=now - KEPT)
            .order_by("-deleted_at")
            .first()
        )
        if row is None:
            raise NotFound(f"No command `{name}` was deleted here in the last {KEPT.days} days.")
        await _must_be_free(guild_id, read(row), row.id)
        row.deleted_at, row.version, row.updated_at = None, row.version + 1, now
        await row.save(update_fields=["deleted_at", "version", "updated_at"])
        await _write(ctx, row, "restored")
    return row


async def versions(row: CustomCommand, limit: int, before: int | None) -> list[Edit]:
    """Give versions of a command, the newest first."""
    query = Edit.filter(command_id=row.id)
    return await (query if before is None else query.filter(version__lt=before)).order_by("-version").limit(limit)


async def version(row: CustomCommand, number: int) -> Edit:
    """Give one version. Raises NotFound."""
    found = await Edit.filter(command_id=row.id, version=number).first()
    if found is None:
        raise NotFound(f"`{row.name}` has no version {number} any more; `/custom history` shows those that are kept.")
    return found


async def deleted(guild_id: int, now: datetime) -> Sequence[CustomCommand]:
    """Give the commands that can be brought back, the last deleted first."""
    return await CustomCommand.filter(guild_id=guild_id, deleted_at__gt=now - KEPT).order_by("-deleted_at").limit(100)


async def forget_deleted(now: datetime) -> None:
    """Delete what can no longer be brought back, with all its versions."""
    gone = await CustomCommand.filter(deleted_at__lte=now - KEPT).values_list("id", flat=True)
    if gone:
        await Edit.filter(command_id__in=gone).delete()
        await CustomCommand.filter(id__in=gone).delete()


def read(row: CustomCommand | Edit | Draft) -> Spec:
    """Give what a row keeps. A field that is no longer known is left out."""
    known = {name: value for name, value in row.spec.items() if name in Spec.model_fields}
    return Spec.model_validate(known)


def dump(spec: Spec) -> dict[str, object]:
    """Give a command as it is kept and exported: without what is as it is by default."""
    return {"name": spec.name, **spec.model_dump(mode="json", exclude_defaults=True)}


async def _write(ctx: Context[Config], row: CustomCommand, action: str) -> None:
    """Keep the version, and tell every process and Discord; all of it with the transaction."""
    await Edit.create(
        guild_id=row.guild_id, command_id=row.id, version=row.version, action=action, spec=row.spec, author_id=ctx.actor.id,
        at=ctx.now(),
    )  # fmt: skip
    await ctx.show_commands(row.guild_id)
    await Pause.filter(command_id=row.id, scope="schedule").delete()  # another time may be meant now
    await Edit.filter(command_id=row.id, version__lte=row.version - MOST_VERSIONS).delete()
    await lookup.changed(row.guild_id, row.id)


async def _alone(guild_id: int) -> None:
    """Make others who change commands there wait until this transaction ends."""
    sql = "SELECT pg_advisory_xact_lock(hashtextextended('custom.command', $1))"
    await CustomCommand._meta.db.execute_query_dict(sql, [guild_id])


async def _must_be_free(guild_id: int, spec: Spec, own_id: int | None) -> None:
    names = [spec.name, *spec.aliases]
    rows = await CustomCommand._meta.db.execute_query_dict(
        'SELECT name, spec->\'aliases\' AS aliases FROM "custom"."command" WHERE guild_id = $1 AND deleted_at IS NULL'
        " AND id IS DISTINCT FROM $3 AND (name = ANY($2) OR spec->'aliases' ?| $2)",
        [guild_id, names, own_id],
    )
    if rows:
        taken = next((name for name in names if any(name == row["name"] for row in rows)), None)
        said = taken or next(name for name in names if any(name in str(row["aliases"]) for row in rows))
        raise UserError("exists", f"`{said}` exists already; change it with `/custom edit`, or pick another name.")


async def _by_alias(guild_id: int, name: str) -> CustomCommand | None:
    known = await lookup.index(guild_id)
    found = known.names.get(name)
    return None if found is None else await CustomCommand.get_or_none(id=found, deleted_at=None)
