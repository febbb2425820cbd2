"""Reading files of strangers: JSON and YAML with limits on size and depth, without aliases, and every scalar of YAML a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped]

from chandelier import BadOption

LARGEST = 4 << 20
DEEPEST = 40
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def refuse(sentence: str) -> BadOption:
    """Give the error of a file that is none of the kind."""
    return BadOption(sentence, option="text")


def check_size(text: str) -> None:
    """Raise BadOption for a file that is larger than any export should be."""
    if len(text) > LARGEST:
        raise refuse(f"The file has more than {LARGEST >> 20} million characters; import it in parts.")


def read_json(text: str, what: str) -> object:
    """Read JSON. Raises BadOption naming what it should be."""
    check_size(text)
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_doubles)
    except _Doubled as error:
        raise refuse(f"This is no {what}: the key `{error.args[0]}` is there twice.") from None
    except json.JSONDecodeError as error:
        raise refuse(f"This is no {what}: it is not JSON (line {error.lineno}, column {error.colno}).") from None
    except (ValueError, RecursionError):
        raise refuse(f"This is no {what}: it is nested too deeply, or has a number that is too long.") from None


class _Doubled(Exception):
    """A key that is there twice: one of the two would be lost."""


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Doubled(shown(key))
        found[key] = value
    return found


def read_yaml(text: str, what: str) -> object:
    """Read YAML of which every scalar is a text: `yes`, `12:30` and `null` may be triggers. Raises BadOption."""
    check_size(text)
    building = _Building(what)
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=_LOADER):
            building.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
        raise refuse(f"This is no {what}: it is not YAML{place}.") from None
    except (ValueError, RecursionError):
        raise refuse(f"This is no {what}: it is not YAML.") from None
    return building.document


@dataclass(slots=True)
class _Building:
    """Puts the events of a YAML file together, without recursion."""

    what: str
    document: object = None
    open: list[Any] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    documents: int = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise refuse(
                f"This is no {self.what}: it has an alias (`*{shown(str(event.anchor))}`), which no export has."
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise refuse(f"This is no {self.what}: it holds several documents.")
        elif isinstance(event, yaml.ScalarEvent):
            self._put(str(event.value))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()
            self.keys.pop()

    def _open(self, container: dict[str, object] | list[object]) -> None:
        self._put(container)
        self.open.append(container)
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            raise refuse(f"This is no {self.what}: it is nested too deeply.")

    def _put(self, value: object) -> None:
        if not self.open:
            self.document = value
        elif isinstance(self.open[-1], list):
            self.open[-1].append(value)
        elif self.keys[-1] is None:
            self.keys[-1] = self._key(value)
        else:
            self.open[-1][self.keys[-1]] = value
            self.keys[-1] = None

    def _key(self, value: object) -> str:
        if not isinstance(value, str):
            raise refuse(f"This is no {self.what}: a key in it is no text.")
        if value in self.open[-1]:
            raise refuse(f"This is no {self.what}: the key `{shown(value)}` is there twice.")
        return value


def shown(text: object, most: int = 60) -> str:
    """Give a text so that it can stand between backticks in a sentence."""
    line = " ".join(str(text).replace("`", "'").split())
    clean = "".join(one if one.isprintable() else "\ufffd" for one in line)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def as_mapping(value: object) -> Mapping[str, object]:
    """Give a mapping, empty for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Give a list, empty for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Give a text, and a number as one; empty for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def as_ids(value: object) -> list[int]:
    """Give the ids of a list that are some."""
    return [
        int(text) for one in as_list(value) if (text := as_text(one)).isascii() and text.isdigit() and len(text) < 20
    ]
