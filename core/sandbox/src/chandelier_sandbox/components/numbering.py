"""The ids of components: those that bring none get the next free one (Discord: Anatomy of a Component)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from chandelier_sandbox.events import JsonObject

_INNER = ("accessory", "component")


def numbered(components: list[Any]) -> list[JsonObject]:
    """Return copies of components that all have ids; 0 counts as none."""
    taken = set(_ids(components))
    return _numbered(components, (number for number in count(1) if number not in taken))


def _numbered(components: list[Any], free: Iterator[int]) -> list[JsonObject]:
    return [_with_id(component, free) for component in components]


def _with_id(component: JsonObject, free: Iterator[int]) -> JsonObject:
    copy = {**component, "id": component.get("id") or next(free)}
    if isinstance(component.get("components"), list):
        copy["components"] = _numbered(component["components"], free)
    for name in _INNER:
        if isinstance(component.get(name), dict):
            copy[name] = _with_id(component[name], free)
    return copy


def _ids(components: list[Any]) -> Iterator[int]:
    for component in components:
        if component.get("id"):
            yield component["id"]
        yield from _ids(component.get("components") or [])
        yield from _ids([component[name] for name in _INNER if component.get(name)])
