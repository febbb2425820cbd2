"""The table of hostile plugins: a file each in ``plugins``, whose first lines say what it does and what is seen of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "plugins"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile plugin, read from its file.

    when: "start", or "use" for what is hostile only later. seen: a pattern for what the log says (its fields event, plugin,
    part, error, why, finding, and then all of it), or, after "say:", for what the person is answered; "nothing:" where
    nothing is to be seen.
    use: a slash command, "!" for any message, "~" before one whose option completes itself, "&" before one that
    does not answer, or a method and a path. table: what stands in its table of plugins.toml.
    """

    name: str
    does: str
    when: str
    seen: str
    use: str
    times: int
    table: str
    source: str


def read(file: Path) -> Hostile:
    """Read one file."""
    source = file.read_text("utf-8")
    does, _, rest = source.lstrip("r").removeprefix('"""').partition('"""')[0].strip().partition("\n")
    told = dict(re.findall(r"^(\w+): (.+)$", rest, re.MULTILINE))
    use, _, times = told.get("Use", "").partition(" (times ")
    return Hostile(
        file.stem, does, told["When"], told["Seen"], use, int(times.rstrip(")") or 1), told.get("Table", ""), source
    )


ALL = [read(file) for file in sorted(FOLDER.iterdir()) if file.suffix in (".py", ".txt")]
STARTING = [one for one in ALL if one.when == "start"]
RUNNING = [one for one in ALL if one.when == "use"]


def table() -> str:
    """Write the table for the documentation."""
    lines = ["| plugin | what it does | what the owner, or whoever used it, sees |", "| --- | --- | --- |"]
    for one in ALL:
        seen = re.sub(r"\\(.)", r"\1", re.sub(r"\\d\+|\.\*", "…", one.seen.removeprefix("say:")))
        lines.append(f"| `{one.name}` | {one.does} | {seen.replace('|', ' or ')} |")
    return "\n".join(lines) + "\n"
