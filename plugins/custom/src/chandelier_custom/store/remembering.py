"""What commands remember: variables of a member, a channel or the server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tortoise.expressions import Q

from chandelier import Call, UserError
from chandelier_custom.models import Variable
from chandelier_custom.templates.objects import Value

MOST_OF_ONE = 50
MOST_OF_SERVER = 20_000


async def recall(call: Call) -> dict[tuple[str, str], Value]:
    """Give everything that is remembered of who asks, of the channel and of the server."""
    wanted = Q(owner="server", owner_id=call.guild_id)
    for owner, number in (("user", call.actor.id), ("channel", call.channel_id)):
        if number is not None:
            wanted |= Q(owner=owner, owner_id=number)
    rows = await Variable.filter(wanted, guild_id=call.guild_id).limit(3 * MOST_OF_ONE)
    return {(row.owner, row.name): row.value for row in rows}  # type: ignore[misc]  # only values go in


async def remember(call: Call, saved: Mapping[tuple[str, str], Value], now: datetime) -> None:
    """Keep what a run has saved. Raises UserError where that would be too much."""
    ids = {"user": call.actor.id, "channel": call.channel_id, "server": call.guild_id}
    for (owner, name), value in saved.items():
        number = ids[owner]
        if number is None:
            continue  # nobody asked, or nowhere: there is nobody whose it could be
        kept = Variable.filter(guild_id=call.guild_id, owner=owner, owner_id=number, name=name)
        if not await kept.update(value=value, updated_at=now):
            await _must_have_room(call, owner, number)
            await Variable.create(
                guild_id=call.guild_id, owner=owner, owner_id=number, name=name, value=value, updated_at=now
            )


async def _must_have_room(call: Call, owner: str, number: int) -> None:
    kept = Variable.filter(guild_id=call.guild_id)
    if await kept.filter(owner=owner, owner_id=number).count() >= MOST_OF_ONE:
        raise UserError(
            "too_many", f"There are {MOST_OF_ONE} variables of this {owner} already; this one was not saved."
        )
    if await kept.count() >= MOST_OF_SERVER:
        raise UserError("too_many", f"This server has {MOST_OF_SERVER} variables already; this one was not saved.")
