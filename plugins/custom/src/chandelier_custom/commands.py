"""The /custom commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from chandelier import BadOption, Context, Group, Length, NotFound, Suggest, Surface, UserError
from chandelier_custom import lookup, models
from chandelier_custom.answers import Added, Deleted, Edited, Entry, Page, Run
from chandelier_custom.config import Config
from chandelier_custom.names import check_name, fits, fold_name, from_cursor, nearest, to_cursor

custom = Group("custom", "Answers that this server makes for itself.", default="run")


async def suggest_names(ctx: Context, typed: str) -> Sequence[str]:
    """Offer the names that begin as typed."""
    return await models.read_names(ctx.here, fold_name(typed))


Name = Annotated[str, Suggest(suggest_names)]
Content = Annotated[str, Length(2000)]


@custom.command(where="guild", allow="manage_guild", http="POST /", short="/commands")
async def add(ctx: Context[Config], name: str, content: Content) -> Added:
    """Make a command that answers with your words.

    Args:
        name: What people will type: up to 32 letters, digits, - or _.
        content: What the bot answers.
    """
    folded = check_name(name, _own_words())
    _check_content(content)
    async with ctx.transaction():
        most = ctx.config.max_commands
        if await models.count_commands(ctx.here) >= most and await models.find(ctx.here, folded) is None:
            raise UserError(
                "too_many", f"This server already has {most} custom commands; delete one with `/custom delete`."
            )
        row = await models.insert(ctx.here, folded, content, ctx.actor.id, ctx.now())
        await lookup.changed(ctx.here)
    if row is None:
        raise UserError("exists", f"`{folded}` exists already; change it with `/custom edit`, or pick another name.")
    return Added.model_validate(row, from_attributes=True)


@custom.command(where="guild", http="POST /{name}/run")
async def run(ctx: Context[Config], name: Name) -> Run:
    """Say what a custom command says.

    Args:
        name: The command's name.
    """
    folded = fold_name(name)
    used = await models.count_use(ctx.here, folded, ctx.now()) if fits(folded) else None
    if used is None:
        raise await _unknown(ctx.here, folded)
    return Run.model_validate(used)


@custom.command(name="list", where="guild", ephemeral=True, http="GET /", short="/commands")
async def list_(
    ctx: Context[Config], limit: Annotated[int, Field(ge=1, le=100)] = 50, cursor: str | None = None
) -> Page:
    """Show this server's custom commands.

    Args:
        limit: How many at most, 1 to 100.
        cursor: Where to go on: "next" of the page before.
    """
    rows, more = await models.read_page(ctx.here, limit, None if cursor is None else from_cursor(cursor))
    items = [Entry.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, next=to_cursor(items[-1].name) if more else None, more=more)


@custom.command(where="guild", surfaces={Surface.REST}, http="GET /{name}")
async def show(ctx: Context[Config], name: str) -> Entry:
    """Give one custom command, without running it.

    Args:
        name: The command's name.
    """
    return Entry.model_validate(await _find(ctx.here, name), from_attributes=True)


@custom.command(where="guild", allow="manage_guild", http="PATCH /{name}")
async def edit(ctx: Context[Config], name: Name, content: Content) -> Edited:
    """Change what a custom command says.

    Args:
        name: The command's name.
        content: What the bot answers from now on.
    """
    _check_content(content)
    row = await _find(ctx.here, name)
    if not await models.change(row, content, ctx.now()):
        raise await _unknown(ctx.here, row.name)
    return Edited.model_validate(row, from_attributes=True)


@custom.command(where="guild", allow="manage_guild", http="DELETE /{name}")
async def delete(ctx: Context[Config], name: Name) -> Deleted:
    """Delete a custom command.

    Args:
        name: The command's name.
    """
    folded = fold_name(name)
    if not (fits(folded) and await models.remove(ctx.here, folded)):
        raise await _unknown(ctx.here, folded)
    await lookup.changed(ctx.here)
    return Deleted(name=folded)


def _own_words() -> frozenset[str]:
    return frozenset({custom.name, *(command.name for command in custom.commands)})


def _check_content(content: str) -> None:
    if not content.strip():
        raise BadOption("`content` must hold something to say; Discord sends no empty message.", option="content")


async def _find(guild_id: int, name: str) -> models.CustomCommand:
    folded = fold_name(name)
    row = await models.find(guild_id, folded) if fits(folded) else None
    if row is None:
        raise await _unknown(guild_id, folded)
    return row


async def _unknown(guild_id: int, name: str) -> NotFound:
    near = nearest(name, await models.read_names(guild_id, limit=1000))
    hint = f"Did you mean `{near}`?" if near else "See `/custom list`, or make it with `/custom add`."
    said = f"`{name}`" if fits(name) else "of that name"
    return NotFound(f"There is no custom command {said} here. {hint}")
