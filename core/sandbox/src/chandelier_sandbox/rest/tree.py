"""From a method and a path to its route: a tree of segments in which a literal wins over a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chandelier_sandbox.rest.routing import Route


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    routes: dict[str, tuple[Route, tuple[tuple[int, str], ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The route of a request and its path parameters; route None: the path is known, but only with other methods."""

    route: Route | None
    path: dict[str, str]
    methods: tuple[str, ...] = ()


class RouteTree:
    """Find routes in a time that does not grow with their number."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for position, segment in enumerate(route.template.strip("/").split("/")):
            if segment.startswith("{"):
                names.append((position, segment.strip("{}")))
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        node.routes[route.method] = (route, tuple(names))

    def find(self, method: str, segments: Sequence[str]) -> Found | None:
        """Return the route for decoded segments, or None where no route has such a path."""
        methods: set[str] = set()
        for node in _ends(self._root, segments, 0):
            if (known := node.routes.get(method)) is not None:
                route, names = known
                return Found(route, {name: segments[position] for position, name in names})
            methods.update(node.routes)
        return Found(None, {}, tuple(sorted(methods))) if methods else None


def _ends(node: _Node, segments: Sequence[str], depth: int) -> Iterator[_Node]:
    if depth == len(segments):
        if node.routes:
            yield node
        return
    segment = segments[depth]
    if (literal := node.literals.get(segment)) is not None:
        yield from _ends(literal, segments, depth + 1)
    if node.parameter is not None and segment:
        yield from _ends(node.parameter, segments, depth + 1)
