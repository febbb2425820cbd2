"""Carrying commands from one server to another: our own file, and those of other bots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import orjson
from pydantic import BaseModel, ValidationError

from chandelier import BadOption, Context, UserError
from chandelier_custom import importers
from chandelier_custom.config import Config
from chandelier_custom.models import CustomCommand
from chandelier_custom.names import fold_name
from chandelier_custom.spec import Spec
from chandelier_custom.store import keeping

FORMAT = "chandelier.custom/1"
Source = Literal["chandelier", "yagpdb", "red", "nadeko", "carl"]


class Export(BaseModel):
    """Every command of a server, by name: what ``import`` takes."""

    format: Literal["chandelier.custom/1"] = "chandelier.custom/1"
    commands: list[dict[str, object]]

    def file(self) -> bytes:
        """Give the file: the same commands give the same bytes."""
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class Carried(BaseModel):
    """What became of one command of a file: ``added``, ``replaced`` or ``left``, and what is to be known of it."""

    name: str
    outcome: Literal["added", "replaced", "left"]
    notes: list[str]


class Report(BaseModel):
    """What became of a file. ``only_checked``: nothing was kept."""

    only_checked: bool
    commands: list[Carried]

    def __str__(self) -> str:
        counts = {word: sum(one.outcome == word for one in self.commands) for word in ("added", "replaced", "left")}
        front = "It would be: " if self.only_checked else ""
        words = front + ", ".join(f"{number} {word}" for word, number in counts.items() if number) + "."
        for one in self.commands:
            for note in one.notes:
                words += f"\n`{one.name[:32]}`: {note}"
        return words if len(words) <= 1900 else words[:1899] + "…"

    def file(self) -> bytes:
        """Give it whole, for people."""
        lines = [f"{one.name}: {one.outcome}" + "".join(f"\n    {note}" for note in one.notes) for one in self.commands]
        return ("\n".join(lines) + "\n").encode()


@dataclass(slots=True)
class Found:
    """One command of a file, and what its reader says of it; ``spec`` is None where it cannot be carried over."""

    name: str
    spec: Spec | None
    notes: list[str] = field(default_factory=list)


async def export(guild_id: int) -> Export:
    """Give every command of a server."""
    rows = await CustomCommand.filter(guild_id=guild_id, deleted_at=None).order_by("name")
    return Export(commands=[keeping.dump(keeping.read(row)) for row in rows])


def read_file(source: Source, text: str) -> list[Found]:
    """Read a file. Raises BadOption for what is no such file."""
    if source == "chandelier":
        return _read_own(text)
    found = importers.read(source, text)
    carried = [Found(one.name, one.spec, list(one.notes)) for one in found.commands]
    return carried + [Found(one.name, None, [one.why]) for one in found.skipped]


async def carry(
    ctx: Context[Config], found: Sequence[Found], right: Callable[[Spec], Spec], *, replace: bool, only_check: bool
) -> Report:
    """Keep what a file holds, command by command; what is wrong with one is told, and the others are kept."""
    return Report(
        only_checked=only_check,
        commands=[await _carry(ctx, one, right, replace=replace, only_check=only_check) for one in found],
    )


async def _carry(
    ctx: Context[Config], found: Found, right: Callable[[Spec], Spec], *, replace: bool, only_check: bool
) -> Carried:
    if found.spec is None:
        return Carried(name=found.name, outcome="left", notes=found.notes)
    try:
        spec = right(found.spec)
        row = await keeping.find(ctx.here, fold_name(spec.name))
        if row is not None and not replace:
            return _left(found, "a command of this name is here already; say replace to put this one in its place.")
        if only_check:
            pass
        elif row is not None:
            await keeping.change(ctx, row, spec, action="imported")
        else:
            await keeping.add(ctx, spec)
    except UserError as error:
        return _left(found, error.sentence)
    return Carried(name=spec.name, outcome="added" if row is None else "replaced", notes=found.notes)


def _left(found: Found, why: str) -> Carried:
    return Carried(name=found.name, outcome="left", notes=[*found.notes, why])


def _read_own(text: str) -> list[Found]:
    try:
        file = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadOption(
            f"That is no file of custom commands: it is no JSON ({str(error)[:80]}).", option="text"
        ) from None
    if not isinstance(file, dict) or file.get("format") != FORMAT or not isinstance(file.get("commands"), list):
        raise BadOption(f"That is no file of custom commands: its `format` is not `{FORMAT}`.", option="text")
    return [_read_one(one, number) for number, one in enumerate(file["commands"], 1)]


def _read_one(one: object, number: int) -> Found:
    name = str(one.get("name", ""))[:32] if isinstance(one, dict) else ""
    try:
        return Found(name, Spec.model_validate(one))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return Found(name or f"command {number}", None, [f"`{place}`: {first['msg'][:1].lower()}{first['msg'][1:]}."])
