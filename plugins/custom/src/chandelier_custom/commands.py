"""The /custom commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, NoReturn

import hikari
from pydantic import Field

from chandelier import (
    BadOption,
    Context,
    Group,
    Length,
    NotAllowed,
    NotFound,
    Permission,
    Reply,
    Suggest,
    Surface,
    UserError,
)
from chandelier_custom import carrying, lookup, rules, running, serving
from chandelier_custom.answers import (
    Added,
    Deleted,
    Detail,
    Edited,
    Entry,
    Gone,
    History,
    Page,
    Preview,
    Reason,
    Restored,
    SlashBudget,
    Switched,
    Version,
    Why,
    count,
)  # fmt: skip
from chandelier_custom.arguments import Read
from chandelier_custom.checking import must_be_right, must_pass_examples
from chandelier_custom.config import Config
from chandelier_custom.models import CustomCommand
from chandelier_custom.names import fits, fold_name, from_cursor, nearest, to_cursor
from chandelier_custom.spec import Message, Spec
from chandelier_custom.store import cooldowns, keeping, reading
from chandelier_custom.templates.rendering import TemplateFailed
from chandelier_custom.trying import preview as try_out

custom = Group("custom", "Answers that this server makes for itself.", default="run")
REST = {Surface.REST}
LARGEST_FILE = 1 << 20


async def suggest_names(ctx: Context, typed: str) -> Sequence[str]:
    """Offer the names that begin as typed."""
    return await reading.read_names(ctx.here, fold_name(typed))


async def suggest_deleted(ctx: Context, typed: str) -> Sequence[str]:
    """Offer the commands that can be brought back, and those that have older versions."""
    gone = [row.name for row in await keeping.deleted(ctx.here, ctx.now())]
    names = [*dict.fromkeys([*gone, *await reading.read_names(ctx.here, fold_name(typed))])]
    return [name for name in names if name.startswith(fold_name(typed))]


Name = Annotated[str, Suggest(suggest_names)]
Content = Annotated[str, Length(2000)]


@custom.command(where="guild", allow="manage_guild", http="POST /", short="/commands")
async def add(ctx: Context[Config], name: str, content: Content) -> Added:
    """Make a command that answers with your words.

    Args:
        name: What people will type: up to 32 letters, digits, - or _.
        content: What the bot answers; a template such as Hello {{ user.name }}!
    """
    spec = _right(ctx, Spec(name=name, messages=[Message(content=content)]))
    return Added.of(await keeping.add(ctx, spec))


@custom.command(where="guild", http="POST /{name}/run")
async def run(ctx: Context[Config], name: Name, arguments: Annotated[str, Length(1500, minimum=0)] = "") -> Reply:
    """Say what a custom command says.

    Args:
        name: The command's name.
        arguments: What comes after it.
    """
    folded = fold_name(name)
    command_id = (await lookup.index(ctx.here)).names.get(folded) if fits(folded) else None
    if command_id is None:
        row = await keeping.find(ctx.here, folded) if fits(folded) else None
        if row is None:
            await _unknown(ctx.here, folded)
        command_id = row.id  # it is switched off, which is told as such
    return await _use(ctx, running.Use(command_id, arguments))


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
    return Detail.whole(await _find(ctx.here, name))


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="PUT /{name}")
async def put(ctx: Context[Config], name: str, command: Spec) -> Detail:
    """Keep a whole command under its name: a new one, or another version of the one that is there.

    Args:
        name: The command's name.
        command: The command; its own name may be another, which is then its new one.
    """
    row = await keeping.find(ctx.here, fold_name(name))
    spec = _right(ctx, command)
    if row is not None:
        await keeping.change(ctx, row, spec)
    elif spec.name != fold_name(name):
        raise BadOption("A new command has the name of its address.", option="command")
    else:
        row = await keeping.add(ctx, spec)
    return Detail.whole(row)


@custom.command(where="guild", allow="manage_guild", http="PATCH /{name}")
async def edit(ctx: Context[Config], name: Name, content: Content) -> Edited:
    """Change what a custom command says.

    Args:
        name: The command's name.
        content: What the bot answers from now on.
    """
    row = await _find(ctx.here, name)
    spec = keeping.read(row)
    messages = [spec.messages[0].model_copy(update={"content": content}), *spec.messages[1:]]
    await keeping.change(ctx, row, _right(ctx, spec.model_copy(update={"messages": messages})))
    return Edited.of(row)


@custom.command(where="guild", allow="manage_guild", http="DELETE /{name}")
async def delete(ctx: Context[Config], name: Name) -> Deleted:
    """Delete a custom command.

    Args:
        name: The command's name.
    """
    row = await _find(ctx.here, name)
    if not await keeping.delete(ctx, row):
        await _unknown(ctx.here, row.name)
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


@custom.command(where="guild", allow="manage_guild", ephemeral=True, http="GET /{name}/history")
async def history(
    ctx: Context[Config], name: Name, limit: Annotated[int, Field(ge=1, le=50)] = 10, cursor: int | None = None
) -> History:
    """Show who changed a custom command, when, and what.

    Args:
        name: The command's name.
        limit: How many versions at most, 1 to 50.
        cursor: Where to go on: "next" of the page before.
    """
    row = await _find(ctx.here, name)
    edits = await keeping.versions(row, limit + 1, cursor)
    items = [Version.of(one, before) for one, before in zip(edits, [*edits[1:], None], strict=True)][:limit]
    return History(items=items, next=str(items[-1].version) if len(edits) > limit else None)


@custom.command(where="guild", allow="manage_guild", http="POST /{name}/restore")
async def restore(
    ctx: Context[Config],
    name: Annotated[str, Suggest(suggest_deleted)],
    version: Annotated[int | None, Field(ge=1)] = None,
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
        spec = _right(ctx, keeping.read(await keeping.version(row, version)))
        await keeping.change(ctx, row, spec, action="restored")
    return Restored.of(row)


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="GET /deleted")
async def deleted(ctx: Context[Config]) -> list[Gone]:
    """List the commands that were deleted and can be brought back."""
    return [
        Gone(name=row.name, deleted_at=row.deleted_at)
        for row in await keeping.deleted(ctx.here, ctx.now())
        if row.deleted_at
    ]


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="POST /preview")
async def draft(
    ctx: Context[Config], command: Spec, arguments: Annotated[str, Length(1500, minimum=0)] = ""
) -> Preview:
    """Say what a command would say to an invented member, without keeping it.

    Args:
        command: The command.
        arguments: What comes after its name.
    """
    return _preview(ctx, _right(ctx, command), arguments)


@custom.command(where="guild", allow="manage_guild", ephemeral=True, surfaces={Surface.SLASH})
async def preview(ctx: Context[Config], content: Content, arguments: str = "") -> Preview:
    """Show what a template would say to an invented member.

    Args:
        content: The template.
        arguments: What comes after the command.
    """
    return _preview(ctx, _right(ctx, Spec(name="preview-of-it", messages=[Message(content=content)])), arguments)


@custom.command(where="guild", ephemeral=True, http="GET /{name}/why")
async def why(ctx: Context[Config], name: Name, member: hikari.Member | None = None) -> Why:
    """Tell why a custom command answers here, or why not.

    Args:
        name: The command's name.
        member: For whom; without one for you.
    """
    if member is not None and member.id != ctx.actor.id and not ctx.actor.may(Permission.MANAGE_GUILD):
        raise NotAllowed(f"You need the permission {Permission.MANAGE_GUILD.words} to ask for somebody else.")
    row = await _find(ctx.here, name)
    spec = keeping.read(row)
    call = running.as_if(ctx.call, member)
    reasons = [Reason(ok=one.refusal is None, sentence=one.sentence) for one in rules.judge(spec, call)]
    rest = await cooldowns.rest_of(row.id, cooldowns.scopes_of(spec, call), ctx.now())
    if rest:
        reasons.append(Reason(ok=False, sentence=f"It rests for {round(rest.total_seconds())} s more."))
    answers = all(reason.ok for reason in reasons)
    if row.last_error is not None:
        reasons.append(Reason(ok=False, sentence=f"It failed last: {row.last_error}"))
    return Why(name=row.name, answers=answers, reasons=reasons)


@custom.command(where="guild", allow="manage_guild", ephemeral=True, http="GET /slash")
async def slash(ctx: Context[Config]) -> SlashBudget:
    """Tell how many slash commands of its own this server has, and how many more it can get today."""
    names = [str(kept["name"]) for _, kept in await reading.read_slash(ctx.here, 10_000)]
    made = await ctx.commands_made_today(ctx.here)
    return SlashBudget(shown=names[: serving.MOST], waiting=names[serving.MOST :], most=serving.MOST, made_today=made)


@custom.command(name="export", where="guild", allow="manage_guild", ephemeral=True, http="GET /export")
async def export_(ctx: Context[Config]) -> Reply:
    """Give all custom commands in a file, for another server or as a copy."""
    found = await carrying.export(ctx.here)
    return Reply(
        text=f"{count(len(found.commands), 'command')}, in a file.", body=found, ephemeral=True,
        files={"custom-commands.json": found.file()},
    )  # fmt: skip


@custom.command(name="import", where="guild", allow="manage_guild", ephemeral=True, surfaces={Surface.SLASH})
async def import_(
    ctx: Context[Config], file: hikari.Attachment, source: carrying.Source = "chandelier", replace: bool = False,
    only_check: bool = False,
) -> Reply:  # fmt: skip
    """Take custom commands over from a file, of this bot or another.

    Args:
        file: The file: at most 1 MB.
        source: Which bot wrote it.
        replace: Put its commands in the place of those of the same name.
        only_check: Only tell what would become of each.
    """
    if file.size > LARGEST_FILE:
        raise BadOption(f"`file` has {file.size // 1024} KiB; 1024 are the most.", option="file")
    text = (await file.read()).decode("utf-8", "replace")
    report = await _import(ctx, source, text, replace=replace, only_check=only_check)
    return Reply(text=str(report), body=report, ephemeral=True, files={"import.txt": report.file()})


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="POST /import")
async def take(
    ctx: Context[Config], text: Annotated[str, Length(250_000)], source: carrying.Source = "chandelier",
    replace: bool = False, only_check: bool = False,
) -> carrying.Report:  # fmt: skip
    """Take custom commands over from a file, of this bot or another.

    Args:
        text: The file, as text.
        source: Which bot wrote it.
        replace: Put its commands in the place of those of the same name.
        only_check: Only tell what would become of each.
    """
    return await _import(ctx, source, text, replace=replace, only_check=only_check)


async def _import(
    ctx: Context[Config], source: carrying.Source, text: str, *, replace: bool, only_check: bool
) -> carrying.Report:
    found = carrying.read_file(source, text)
    return await carrying.carry(ctx, found, lambda spec: _right(ctx, spec), replace=replace, only_check=only_check)


def _own_words() -> frozenset[str]:
    return frozenset({custom.name, *(command.name for command in custom.commands)})


def _right(ctx: Context[Config], spec: Spec) -> Spec:
    """Check a command before it is kept: itself, its examples, and that its author may ping whom it may."""
    spec = must_be_right(spec, _own_words())
    if {"roles", "everyone"} & set(spec.mentions) and not ctx.actor.may(Permission.MENTION_EVERYONE):
        raise NotAllowed(
            f"You need the permission {Permission.MENTION_EVERYONE.words} to make a command that pings them."
        )
    must_pass_examples(spec)
    return spec


async def _use(ctx: Context[Config], wanted: running.Use) -> Reply:
    try:
        return await running.use(ctx, wanted)
    except UserError as error:
        await running.note_failure(error)
        raise


async def _switch(ctx: Context[Config], name: str, *, on: bool) -> Switched:
    row = await _find(ctx.here, name)
    spec = keeping.read(row)
    if spec.enabled != on:
        await keeping.change(ctx, row, spec.model_copy(update={"enabled": on}))
    return Switched.of(row)


def _preview(ctx: Context[Config], spec: Spec, arguments: str) -> Preview:
    try:
        return Preview(messages=try_out(spec, arguments, ctx.now()))
    except TemplateFailed as failed:
        raise BadOption(failed.sentence, option="content") from None


async def _find(guild_id: int, name: str) -> CustomCommand:
    folded = fold_name(name)
    row = await keeping.find(guild_id, folded) if fits(folded) else None
    if row is None:
        await _unknown(guild_id, folded)
    return row


async def _unknown(guild_id: int, name: str) -> NoReturn:
    near = nearest(name, await reading.read_names(guild_id, limit=1000))
    hint = f"Did you mean `{near}`?" if near else "See `/custom list`, or make it with `/custom add`."
    said = f"`{name}`" if fits(name) else "of that name"
    raise NotFound(f"There is no custom command {said} here. {hint}")
