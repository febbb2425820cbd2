"""The group of the /custom commands, and what all of them do: find a command, and check one before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NoReturn

from chandelier import Context, Group, NotAllowed, NotFound, Permission, Suggest, Surface
from chandelier_custom.checking import must_be_right, must_pass_examples
from chandelier_custom.config import Config
from chandelier_custom.models import CustomCommand
from chandelier_custom.names import fits, fold_name, nearest
from chandelier_custom.spec import Spec
from chandelier_custom.store import keeping, reading

custom = Group("custom", "Answers that this server makes for itself.", default="run")
REST = {Surface.REST}


async def suggest_names(ctx: Context, typed: str) -> Sequence[str]:
    """Offer the names that begin as typed."""
    return await reading.read_names(ctx.here, fold_name(typed))


Name = Annotated[str, Suggest(suggest_names)]


def own_words() -> frozenset[str]:
    """Give the words that the group uses itself."""
    return frozenset({custom.name, *(command.name for command in custom.commands)})


def right(ctx: Context[Config], spec: Spec) -> Spec:
    """Check a command before it is kept: itself, its examples, and that its author may ping whom it may."""
    spec = must_be_right(spec, own_words())
    if {"roles", "everyone"} & set(spec.mentions) and not ctx.actor.may(Permission.MENTION_EVERYONE):
        raise NotAllowed(
            f"You need the permission {Permission.MENTION_EVERYONE.words} to make a command that pings them."
        )
    must_pass_examples(spec)
    return spec


async def find(guild_id: int, name: str) -> CustomCommand:
    """Find a command by a name or an alias. Raises NotFound with the nearest name."""
    folded = fold_name(name)
    row = await keeping.find(guild_id, folded) if fits(folded) else None
    if row is None:
        await unknown(guild_id, folded)
    return row


async def unknown(guild_id: int, name: str) -> NoReturn:
    """Raise the NotFound that says what may have been meant."""
    near = nearest(name, await reading.read_names(guild_id, limit=1000))
    hint = f"Did you mean `{near}`?" if near else "See `/custom list`, or make it with `/custom add`."
    said = f"`{name}`" if fits(name) else "of that name"
    raise NotFound(f"There is no custom command {said} here. {hint}")
