"""Before a command is kept, and when it does not answer: what it would say, and why it would not."""

from __future__ import annotations

from typing import Annotated

import hikari

from chandelier import (
    BadOption,
    Context,
    Length,
    NotAllowed,
    Permission,
    Surface,
)
from chandelier_custom import rules, running
from chandelier_custom.answers import (
    Preview,
    Reason,
    Why,
)  # fmt: skip
from chandelier_custom.config import Config
from chandelier_custom.group import REST, Name, custom, find, right
from chandelier_custom.spec import Message, Spec
from chandelier_custom.store import cooldowns, keeping
from chandelier_custom.templates.rendering import TemplateFailed
from chandelier_custom.trying import preview as try_out

Content = Annotated[str, Length(2000)]


@custom.command(where="guild", surfaces=REST, allow="manage_guild", http="POST /all/preview")
async def try_(ctx: Context[Config], command: Spec, arguments: Annotated[str, Length(1500, minimum=0)] = "") -> Preview:
    """Say what a command would say to an invented member, without keeping it.

    Args:
        command: The command.
        arguments: What comes after its name.
    """
    return _preview(ctx, right(ctx, command), arguments)


@custom.command(where="guild", allow="manage_guild", ephemeral=True, surfaces={Surface.SLASH})
async def preview(ctx: Context[Config], content: Content, arguments: str = "") -> Preview:
    """Show what a template would say to an invented member.

    Args:
        content: The template.
        arguments: What comes after the command.
    """
    return _preview(ctx, right(ctx, Spec(name="preview-of-it", messages=[Message(content=content)])), arguments)


@custom.command(where="guild", ephemeral=True, http="GET /{name}/why")
async def why(ctx: Context[Config], name: Name, member: hikari.Member | None = None) -> Why:
    """Tell why a custom command answers here, or why not.

    Args:
        name: The command's name.
        member: For whom; without one for you.
    """
    if member is not None and member.id != ctx.actor.id and not ctx.actor.may(Permission.MANAGE_GUILD):
        raise NotAllowed(f"You need the permission {Permission.MANAGE_GUILD.words} to ask for somebody else.")
    row = await find(ctx.here, name)
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


def _preview(ctx: Context[Config], spec: Spec, arguments: str) -> Preview:
    try:
        return Preview(messages=try_out(spec, arguments, ctx.now()))
    except TemplateFailed as failed:
        raise BadOption(failed.sentence, option="content") from None
