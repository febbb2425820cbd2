"""Commands in files, and the slash commands that a server has."""

from __future__ import annotations

from typing import Annotated

import hikari

from chandelier import (
    BadOption,
    Context,
    Length,
    Reply,
    Surface,
)
from chandelier_custom import carrying, serving
from chandelier_custom.answers import (
    SlashBudget,
    count,
)  # fmt: skip
from chandelier_custom.config import Config
from chandelier_custom.group import REST, custom, right
from chandelier_custom.store import reading

LARGEST_FILE = 1 << 20


@custom.command(where="guild", allow="manage_guild", ephemeral=True, http="GET /all/slash")
async def slash(ctx: Context[Config]) -> SlashBudget:
    """Tell how many slash commands of its own this server has, and how many more it can get today."""
    names = [str(kept["name"]) for _, kept in await reading.read_slash(ctx.here, 10_000)]
    made = await ctx.commands_made_today(ctx.here)
    return SlashBudget(shown=names[: serving.MOST], waiting=names[serving.MOST :], most=serving.MOST, made_today=made)


@custom.command(name="export", where="guild", allow="manage_guild", ephemeral=True, http="GET /all/export")
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


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="POST /all/import")
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
    return await carrying.carry(ctx, found, lambda spec: right(ctx, spec), replace=replace, only_check=only_check)
