"""Read a slash command typed as a line: `/custom add name:hello content:Hello there!`."""

from __future__ import annotations

import re

from chandelier_sandbox.client.options import Choice, choose
from chandelier_sandbox.commands import fields as kinds
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject


def read_line(line: str, commands: list[JsonObject]) -> tuple[Choice, dict[str, str]]:
    """Return the command and its values as text; values run to the next option's name."""
    words = line.strip().removeprefix("/").split(" ")
    choice, rest = choose(commands, [word for word in words if word])
    tail = " ".join(rest)
    names = [option["name"] for option in choice.options]
    marks = _marks(line, names)
    if marks:
        return choice, marks
    return choice, _positional(choice, tail)


def _marks(line: str, names: list[str]) -> dict[str, str]:
    """Split at each `name:` that follows a blank and names an option not yet seen."""
    if not names:
        return {}
    pattern = re.compile(r"(?:^|\s)(" + "|".join(map(re.escape, names)) + r"):\s?")
    found: list[tuple[str, int, int]] = []
    for match in pattern.finditer(line):
        if match.group(1) not in [name for name, _, _ in found]:
            found.append((match.group(1), match.start(), match.end()))
    if not found:
        return {}
    ends = [start for _, start, _ in found[1:]] + [len(line)]
    return {name: line[begin:end].strip() for (name, _, begin), end in zip(found, ends, strict=True)}


def _positional(choice: Choice, tail: str) -> dict[str, str]:
    """Give each option one word; the last string option takes the rest."""
    values: dict[str, str] = {}
    strings = [option["name"] for option in choice.options if option["type"] == kinds.STRING]
    left = tail.strip()
    for option in choice.options:
        if not left:
            break
        if option["name"] in strings[-1:]:
            value, left = left, ""
        else:
            value, _, left = left.partition(" ")
        values[option["name"]], left = value, left.strip()
    if left:
        raise CannotSend(f"/{choice.name} has no option for {left!r}; write its options as name:value.")
    return values
