"""The /custom commands."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field

from chandelier import (
    Context,
    Length,
    Paragraph,
    Reply,
    Surface,
    UserError,
    command,
)
from chandelier_custom import lookup, running
from chandelier_custom.answers import (
    Added,
    Deleted,
    Detail,
    Edited,
    Entry,
    Page,
    Switched,
)  # fmt: skip
from chandelier_custom.arguments import Read
from chandelier_custom.config import Config
from chandelier_custom.group import REST, Name, custom, find, right, unknown
from chandelier_custom.names import fits, fold_name, from_cursor, to_cursor
from chandelier_custom.spec import Message, Spec
from chandelier_custom.store import keeping, reading


async def current_content(ctx: Context) -> str:
    """Give what the command says now, for the form in which it is changed."""
    row = await find(ctx.here, str(ctx.call.arguments.get("name", "")))
    return keeping.read(row).messages[0].content


Content = Annotated[str, Length(2000), Paragraph()]
Changed = Annotated[str, Length(2000), Paragraph(current_content)]


@custom.command(where="guild", allow="manage_guild", http="POST /", short="/commands")
async def add(ctx: Context[Config], name: str, content: Content) -> Added:
    """Make a command that answers with your words.

    Args:
        name: What people will type: up to 32 letters, digits, - or _.
        content: What the bot answers; a template such as Hello {{ user.name }}!
    """
    spec = right(ctx, Spec(name=name, messages=[Message(content=content)]))
    return Added.of(await keeping.add(ctx, spec))


@custom.command(where="guild", http="POST /{name}/run")
async def run(ctx: Context[Config], name: Name, arguments: Annotated[str, Length(1500, minimum=0)] = "") -> Reply:
    """Say what a custom command says.

    Args:
        name: The command's name.
        arguments: What comes after it.
    """
    return await say_by_name(ctx, name, arguments)


@command(name="c", where="guild", surfaces={Surface.SLASH})
async def c(ctx: Context[Config], name: Name, arguments: Annotated[str, Length(1500, minimum=0)] = "") -> Reply:
    """Say what a custom command of this server says.

    Args:
        name: The command's name.
        arguments: What comes after it.
    """
    return await say_by_name(ctx, name, arguments)


@custom.command(where="guild", surfaces={Surface.EVENT})
async def triggered(
    ctx: Context[Config], command_id: int, text: str = "", caught: str = "", given: str = "{}"
) -> Reply:
    """Say what a command says, because something has happened or its own slash command was used.

    Args:
        command_id: Which one.
        text: The message.
        caught: What a regular expression caught, each in a line.
        given: The typed options, as JSON.
    """
    options: dict[str, Read] = json.loads(given)
    said = text or " ".join(str(one["mention"] if isinstance(one, dict) else one) for one in options.values())
    return await _use(ctx, running.Use(command_id, said, tuple(caught.split("\n")) if caught else (), options))


@custom.command(name="list", where="guild", ephemeral=True, http="GET /", short="/commands")
async def list_(
    ctx: Context[Config], limit: Annotated[int, Field(ge=1, le=100)] = 50, cursor: str | None = None
) -> Page:
    """Show this server's custom commands.

    Args:
        limit: How many at most, 1 to 100.
        cursor: Where to go on: "next" of the page before.
    """
    rows, more = await reading.read_page(ctx.here, limit, None if cursor is None else from_cursor(cursor))
    items = [Entry.of(row) for row in rows]
    return Page(items=items, next=to_cursor(items[-1].name) if more else None, more=more)


@custom.command(where="guild", surfaces=REST, http="GET /{name}")
async def show(ctx: Context[Config], name: str) -> Detail:
    """Give one custom command, whole, without running it.

    Args:
        name: The command's name.
    """
    return Detail.whole(await find(ctx.here, name))


@custom.command(where="guild", allow="manage_guild", http="PATCH /{name}")
async def edit(ctx: Context[Config], name: Name, content: Changed) -> Edited:
    """Change what a custom command says.

    Args:
        name: The command's name.
        content: What the bot answers from now on.
    """
    row = await find(ctx.here, name)
    spec = keeping.read(row)
    messages = [spec.messages[0].model_copy(update={"content": content}), *spec.messages[1:]]
    await keeping.change(ctx, row, right(ctx, spec.model_copy(update={"messages": messages})))
    return Edited.of(row)


@custom.command(where="guild", allow="manage_guild", http="DELETE /{name}")
async def delete(ctx: Context[Config], name: Name) -> Deleted:
    """Delete a custom command.

    Args:
        name: The command's name.
    """
    row = await find(ctx.here, name)
    if not await keeping.delete(ctx, row):
        await unknown(ctx.here, row.name)
    return Deleted(name=row.name)


@custom.command(where="guild", allow="manage_guild", http="POST /{name}/enable")
async def enable(ctx: Context[Config], name: Name) -> Switched:
    """Switch a custom command on.

    Args:
        name: The command's name.
    """
    return await _switch(ctx, name, on=True)


@custom.command(where="guild", allow="manage_guild", http="POST /{name}/disable")
async def disable(ctx: Context[Config], name: Name) -> Switched:
    """Switch a custom command off; it is kept.

    Args:
        name: The command's name.
    """
    return await _switch(ctx, name, on=False)


async def _use(ctx: Context[Config], wanted: running.Use) -> Reply:
    try:
        return await running.use(ctx, wanted)
    except UserError as error:
        await running.note_failure(error, ctx.call.reference)
        raise


async def _switch(ctx: Context[Config], name: str, *, on: bool) -> Switched:
    row = await find(ctx.here, name)
    spec = keeping.read(row)
    if spec.enabled != on:
        await keeping.change(ctx, row, spec.model_copy(update={"enabled": on}))
    return Switched.of(row)


async def say_by_name(ctx: Context[Config], name: str, arguments: str) -> Reply:
    """Use the command of this name or alias."""
    folded = fold_name(name)
    command_id = (await lookup.index(ctx.here)).names.get(folded) if fits(folded) else None
    if command_id is None:
        row = await keeping.find(ctx.here, folded) if fits(folded) else None
        if row is None:
            await unknown(ctx.here, folded)
        command_id = row.id  # it is switched off, which is told as such
    return await _use(ctx, running.Use(command_id, arguments))
