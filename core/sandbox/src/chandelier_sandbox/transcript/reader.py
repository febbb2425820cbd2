"""`chandelier sandbox transcript FILE`: read a transcript that a sandbox has written, or is writing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
import orjson

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.transcript.transcript import Command, Dispatch, Exchange, Link

KINDS = (Exchange.kind, Dispatch.kind, Command.kind, Link.kind)
LOOK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show; empty fields admit all."""

    kind: str | None = None
    route: str = ""
    status: str = ""
    since: int = 0
    number: int | None = None

    def fits(self, entry: JsonObject) -> bool:
        """Tell whether an entry is wanted."""
        if self.number is not None:
            return bool(entry.get("number") == self.number)
        return (
            self.kind in (None, entry.get("kind"))
            and self.route.lower() in _what(entry).lower() + str(entry.get("route", "")).lower()
            and (not self.status or _has_status(entry, self.status))
            and int(entry.get("number", 0)) >= self.since
        )


@click.command("transcript")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="Only what is of this kind.")
@click.option(
    "--route", default="", metavar="TEXT", help="Only where the method, path, event or command has this text."
)
@click.option("--status", default="", metavar="CODE", help="Only REST answers such as 403, or 4xx.")
@click.option("--since", default=0, metavar="N", help="Only from entry N on.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N of these.")
@click.option("--number", type=int, metavar="N", help="Show entry N with its bodies.")
@click.option("--follow", is_flag=True, help="Go on as entries are written.")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON lines.")
def transcript(
    file: Path,
    kind: str | None,
    route: str,
    status: str,
    since: int,
    last: int | None,
    number: int | None,
    follow: bool,
    as_json: bool,
) -> None:
    """Show what a bot and the sandbox said to each other, from a FILE that `--transcript FILE` wrote."""
    wanted = Wanted(kind, route, status, since, number)
    show = _json_line if as_json else _details if number is not None else line
    found: deque[JsonObject] = deque(maxlen=last)
    with file.open("rb") as lines:
        found.extend(entry for entry in _entries(lines) if wanted.fits(entry))
        for entry in found:
            click.echo(show(entry))
        if number is not None and not found:
            raise click.ClickException(f"{file} has no entry {number}.")
        try:
            while follow:
                for entry in _entries(lines):
                    if wanted.fits(entry):
                        click.echo(show(entry))
                time.sleep(LOOK_AGAIN_S)
        except KeyboardInterrupt:
            return


def _entries(lines: BinaryIO) -> Iterator[JsonObject]:
    """Read the whole lines that there are; a line that is still being written is left for later."""
    while True:
        place = lines.tell()
        raw = lines.readline()
        if not raw.endswith(b"\n"):
            lines.seek(place)
            return
        try:
            entry = orjson.loads(raw)
        except orjson.JSONDecodeError:
            continue
        if isinstance(entry, dict):
            yield entry


def line(entry: JsonObject) -> str:
    """Tell an entry in one line: when, its number, its kind, what, and how it went."""
    moment = datetime.fromtimestamp(float(entry.get("at", 0)), UTC)
    lead = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d} {entry.get('number', 0):>5} {entry.get('kind', ''):<10}"
    return f"{lead} {_what(entry)}{_how(entry)}".rstrip()


def _what(entry: JsonObject) -> str:
    match entry.get("kind"):
        case "rest":
            query = f"?{entry['query']}" if entry.get("query") else ""
            return f"{entry['method']} {entry['path']}{query}"
        case "event":
            return str(entry.get("event"))
        case "command":
            return str(entry.get("command"))
        case "connection":
            return str(entry.get("connection"))
    return f"{entry.get('entries', 0)} entries came too fast to be written"


def _how(entry: JsonObject) -> str:
    match entry.get("kind"):
        case "rest":
            files = f"  {entry['files']} files" if entry.get("files") else ""
            answered = entry["status"] or "no answer"
            return f"  {answered}  {entry['ms']:g} ms{files}"
        case "event":
            return f"  #{entry.get('sequence')}  shard {_shard(entry)}"
        case "command":
            return f"  shard {_shard(entry)}" if entry.get("shard") else ""
        case "connection":
            code = "" if entry.get("code") is None else f"  {entry['code']}"
            return f"{code}  {entry.get('reason', '')}"
    return ""


def _shard(entry: JsonObject) -> str:
    return "/".join(str(one) for one in entry.get("shard") or ())


def _has_status(entry: JsonObject, status: str) -> bool:
    shown = str(entry.get("status", ""))
    pattern = status.lower().rstrip("x")
    return bool(shown) and (shown.startswith(pattern) if status.lower().endswith("x") else shown == status)


def _details(entry: JsonObject) -> str:
    bodies = [
        f"{name}:\n{orjson.dumps(entry[name], option=orjson.OPT_INDENT_2).decode()}"
        for name in ("request", "answer", "payload")
        if entry.get(name) is not None
    ]
    return "\n".join([line(entry), *bodies])


def _json_line(entry: JsonObject) -> str:
    return orjson.dumps(entry).decode()
