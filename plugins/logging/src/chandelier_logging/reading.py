"""The commands that read the log."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chandelier import BadOption, Context, NotAllowed, Status
from chandelier_logging.answers import Page, Use
from chandelier_logging.config import Config
from chandelier_logging.models import CommandUse, Position, read_page

Limit = Annotated[int, Field(ge=1, le=100)]
_ID = re.compile(r"(?:<@!?)?(\d{1,19})>?")
_BIGGEST = 2**63


async def log(
    ctx: Context[Config], user: str | None = None, command: str | None = None, outcome: Status | None = None,
    limit: Limit = 20, cursor: str | None = None,
) -> Page:  # fmt: skip
    """Show the latest command uses here.

    Args:
        user: Only those of one person: a mention or an id.
        command: Only those of one command, such as "custom run".
        outcome: Only those that ended so.
        limit: How many at most, 1 to 100.
        cursor: Where to go on: "next" of the page before.
    """
    return await _read(
        limit, cursor, guild_id=ctx.here, user_id=_read_id(user, "user"), command=command, status=outcome
    )


async def everywhere(
    ctx: Context[Config], guild: str | None = None, user: str | None = None, command: str | None = None,
    outcome: Status | None = None, limit: Limit = 50, cursor: str | None = None,
) -> Page:  # fmt: skip
    """Give the latest command uses of all servers, direct messages and REST calls.

    Args:
        guild: Only those in one server: its id.
        user: Only those of one person: their id.
        command: Only those of one command, such as "custom run".
        outcome: Only those that ended so.
        limit: How many at most, 1 to 100.
        cursor: Where to go on: "next" of the page before.
    """
    if not ctx.actor.operator:
        raise NotAllowed("Only the operator may read the log of all servers; ask for that of one server instead.")
    return await _read(
        limit,
        cursor,
        guild_id=_read_id(guild, "guild"),
        user_id=_read_id(user, "user"),
        command=command,
        status=outcome,
    )


async def _read(limit: int, cursor: str | None, **equal: object) -> Page:
    after = None if cursor is None else from_cursor(cursor)
    wanted = {name: value for name, value in equal.items() if value is not None}
    if isinstance(said := wanted.get("command"), str):
        wanted["command"] = " ".join(said.lstrip("/!").split()).lower()
    rows: list[CommandUse] = await read_page(limit + 1, after, **wanted)
    items = [Use.model_validate(row, from_attributes=True) for row in rows[:limit]]
    return Page(items=items, next=to_cursor(items[-1].at, items[-1].id) if len(rows) > limit else None)


def _read_id(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    found = _ID.fullmatch(text.strip())
    if found is None or int(found[1]) >= _BIGGEST:
        raise BadOption(f"`{option}` must be an id, such as 175928847299117063.", option=option)
    return int(found[1])


def to_cursor(at: datetime, id_: UUID) -> str:
    """Write the cursor of the page that begins before a row."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{id_.hex}".encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> Position:
    """Read a cursor; refuse one that we did not write."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        at, _, id_ = text.partition("|")
        position = datetime.fromisoformat(at), UUID(hex=id_)
        if position[0].tzinfo is None:
            raise ValueError("no offset")
    except (binascii.Error, ValueError):
        raise BadOption("That is no cursor of this list; take it from `next` of the page before.",
                        option="cursor") from None  # fmt: skip
    return position
