"""Which operation of the REST API a request is: a method and a template, told apart as a router does it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from chandelier_sandbox.events import JsonObject

_PREFIX = re.compile(r"^/api(/v\d+)?(?=/)")
_PARAMETER = "{}"
_METHODS = ("get", "post", "put", "patch", "delete")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the description.

    about: what it does, in Discord's words. parameters: those of the path and of the query.
    """

    method: str
    template: str
    about: str
    responses: JsonObject = field(repr=False)
    request: JsonObject | None = field(repr=False)
    parameters: tuple[tuple[tuple[str, ...], JsonObject], ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    def place(self, *keys: str) -> tuple[str, ...]:
        """Return where something of the operation stands in the document."""
        return ("paths", self.template, self.method.lower(), *keys)

    def status(self, status: int) -> str | None:
        """Return the key under which a status is described: itself, its class, or the default."""
        names = (str(status), f"{status // 100}XX", "default")
        return next((name for name in names if name in self.responses), None)

    def path_values(self, path: str) -> Mapping[str, str]:
        """Return what a path has for each parameter of the template."""
        pairs = zip(self.template.split("/"), relative(path).split("/"), strict=True)
        return {name[1:-1]: unquote(value) for name, value in pairs if name.startswith("{")}


def operations_of(openapi: JsonObject) -> list[Operation]:
    """Return every operation, in the order of the document."""
    found = []
    for template, item in openapi["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            one = item[method]
            places = (("paths", template, "parameters"), ("paths", template, method, "parameters"))
            described = (item.get("parameters", []), one.get("parameters", []))
            parameters = tuple(
                ((*place, str(number), "schema"), parameter)
                for place, some in zip(places, described, strict=True)
                for number, parameter in enumerate(some)
            )
            about = one["operationId"].replace("_", " ")
            found.append(
                Operation(method.upper(), template, about, one["responses"], one.get("requestBody"), parameters)
            )
    return found


def relative(path: str) -> str:
    """Return a path without /api/v10 and without its query."""
    return _PREFIX.sub("", path.partition("?")[0])


@dataclass(slots=True)
class _Node(Generic[T]):
    item: T | None = None
    children: dict[str, _Node[T]] = field(default_factory=dict)


class Matcher(Generic[T]):
    """Find what belongs to a method and a path; a literal segment wins over a parameter, from left to right."""

    def __init__(self, templates: Iterable[tuple[str, str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for method, template, item in templates:
            node = self._root
            for segment in (method, *template.split("/")):
                key = _PARAMETER if segment.startswith("{") else segment
                node = node.children.setdefault(key, _Node())
            node.item = item

    def find(self, method: str, path: str) -> T | None:
        """Return what fits best, or None."""
        return _search(self._root, (method.upper(), *map(unquote, relative(path).split("/"))))


def _search(node: _Node[T], segments: tuple[str, ...]) -> T | None:
    if not segments:
        return node.item
    for key in (segments[0], _PARAMETER):
        child = node.children.get(key)
        found = None if child is None else _search(child, segments[1:])
        if found is not None:
            return found
    return None
