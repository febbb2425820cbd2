"""Whole commands, as JSON: kept at once, or as a draft that is published later."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import ValidationError

from chandelier import BadOption, Context, Length, NotFound, Paragraph, UserError
from chandelier_custom.answers import Detail, Drafted, Dropped
from chandelier_custom.config import Config
from chandelier_custom.group import REST, Name, custom, right
from chandelier_custom.models import CustomCommand
from chandelier_custom.names import fits, fold_name
from chandelier_custom.spec import Message, Spec
from chandelier_custom.store import drafts, keeping


async def current_draft(ctx: Context) -> str:
    """Give the draft, or what is kept, or an empty command, for the form."""
    folded = fold_name(str(ctx.call.arguments.get("name", "")))
    if (draft := await drafts.find(ctx.here, folded)) is not None:
        return _written(keeping.read(draft))
    return await current_command(ctx)


async def current_command(ctx: Context) -> str:
    """Give what is kept, or an empty command, for the form."""
    folded = fold_name(str(ctx.call.arguments.get("name", "")))
    row = await keeping.find(ctx.here, folded) if fits(folded) else None
    return _written(keeping.read(row) if row is not None else Spec(name=folded, messages=[Message(content="…")]))


Whole = Annotated[str, Length(4000), Paragraph(current_command)]
WholeDraft = Annotated[str, Length(4000), Paragraph(current_draft)]


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="PUT /{name}")
async def put(ctx: Context[Config], name: str, command: Spec) -> Detail:
    """Keep a whole command under its name: a new one, or another version of the one that is there.

    Args:
        name: The command's name.
        command: The command; its own name may be another, which is then its new one.
    """
    return Detail.whole(await _keep(ctx, name, command))


@custom.command(where="guild", allow="manage_guild", ephemeral=True)
async def whole(ctx: Context[Config], name: Name, command: Whole) -> Detail:
    """Keep a whole command, written as JSON.

    Args:
        name: The command's name.
        command: All of it; without it a form has what is there.
    """
    return Detail.whole(await _keep(ctx, name, _read(command)))


@custom.command(name="draft", where="guild", allow="manage_guild", ephemeral=True, http="PUT /{name}/draft")
async def draft_(ctx: Context[Config], name: Name, command: WholeDraft) -> Drafted:
    """Keep a command as a draft, written as JSON: it does nothing until it is published.

    Args:
        name: The command's name.
        command: All of it; without it a form has the draft, or what is kept.
    """
    spec = right(ctx, _read(command))
    await drafts.keep(ctx, fold_name(name), spec)
    return Drafted(name=fold_name(name), command=spec)


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="GET /{name}/draft")
async def drafted(ctx: Context[Config], name: str) -> Drafted:
    """Give a draft.

    Args:
        name: The command's name.
    """
    found = await drafts.find(ctx.here, fold_name(name))
    if found is None:
        raise _no_draft(name)
    return Drafted(name=found.name, command=keeping.read(found))


@custom.command(where="guild", allow="manage_guild", http="POST /{name}/publish")
async def publish(ctx: Context[Config], name: Name) -> Detail:
    """Put a draft in the place of its command.

    Args:
        name: The command's name.
    """
    found = await drafts.find(ctx.here, fold_name(name))
    if found is None:
        raise _no_draft(name)
    async with ctx.transaction():
        row = await _keep(ctx, name, keeping.read(found))
        await drafts.drop(ctx.here, found.name)
    return Detail.whole(row)


@custom.command(where="guild", allow="manage_guild", http="DELETE /{name}/draft")
async def undraft(ctx: Context[Config], name: Name) -> Dropped:
    """Drop a draft; its command stays as it is.

    Args:
        name: The command's name.
    """
    if not await drafts.drop(ctx.here, fold_name(name)):
        raise _no_draft(name)
    return Dropped(name=fold_name(name))


async def _keep(ctx: Context[Config], name: str, command: Spec) -> CustomCommand:
    folded = fold_name(name)
    row = await keeping.find(ctx.here, folded) if fits(folded) else None
    spec = right(ctx, command)
    if row is not None:
        await keeping.change(ctx, row, spec)
        return row
    if spec.name != folded:
        raise BadOption("A new command has the name that it is kept under.", option="command")
    return await keeping.add(ctx, spec)


def _read(text: str) -> Spec:
    try:
        return Spec.model_validate(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise BadOption(f"`command` is no JSON: {str(error)[:100]}.", option="command") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(["command", *(str(part) for part in first["loc"])])
        raise BadOption(f"`{place}`: {first['msg'][:1].lower()}{first['msg'][1:]}.", option="command") from None


def _written(spec: Spec) -> str:
    return orjson.dumps(keeping.dump(spec), option=orjson.OPT_INDENT_2).decode()


def _no_draft(name: str) -> UserError:
    return NotFound(f"There is no draft of `{fold_name(name)[:32]}` here. Make one with `/custom draft`.")
