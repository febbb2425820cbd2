"""From declarations to routes: what stands where, and what cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chandelier import Command, Finding, Surface

if TYPE_CHECKING:
    from chandelier.parameters import Parameter
    from chandelier_core.host import PluginView

PREFIX = "/api/v1"
#: The API's own names below /api/v1; a plugin cannot have them.
RESERVED = frozenset({"docs", "guilds", "openapi.json", "plugins"})
#: The API's own paths at the root.
RESERVED_SHORT = frozenset({"/api", "/health", "/metrics", "/problems"})
_SEGMENT = re.compile(r"\{[a-z_]\w*\}|[\w.-]+")


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a command over HTTP.

    ``guild`` says where the server comes from: there is none, it stands in the path, or it is sought (in the query or the
    body, else the only one the bot is in).
    """

    plugin: str
    command: Command
    method: str
    path: str
    guild: Literal["none", "path", "sought"]
    short: bool = False

    @property
    def in_path(self) -> tuple[str, ...]:
        """Give the names of the command's parameters that stand in the path."""
        return tuple(name for name in re.findall(r"{(\w+)}", self.path) if name != "guild_id" or self.guild != "path")

    @property
    def has_body(self) -> bool:
        """Say whether parameters come in a body; otherwise they come in the query string."""
        return self.method not in ("GET", "DELETE")

    @property
    def carried(self) -> tuple[Parameter, ...]:
        """Give the parameters that come in the query string or the body."""
        return tuple(parameter for parameter in self.command.parameters if parameter.name not in self.in_path)

    @property
    def status(self) -> int:
        """Give the status of a success that has a body."""
        return self.command.http.status if self.command.http is not None else 200

    @property
    def operation_id(self) -> str:
        """Give a name that no other route has: ``custom.command.add``."""
        return ".".join([self.plugin, *self.command.path.split(), *(["short"] if self.short else [])])


@dataclass(frozen=True, slots=True)
class Misfit:
    """A route that cannot be served: whose, and why."""

    plugin: str
    finding: Finding


def read_routes(plugins: Iterable[PluginView]) -> tuple[tuple[Route, ...], tuple[Misfit, ...]]:
    """Read the routes of every plugin that has a declaration. Of two that claim the same, the first has it."""
    taken: dict[tuple[str, str], Route] = {}
    misfits: list[Misfit] = []
    for view in plugins:
        for route in _claimed(view):
            spot = (route.method, re.sub(r"{\w+}", "{}", route.path))
            sentence = _misfit(route) or (
                f"{spot[0]} {route.path} is taken by {taken[spot].plugin}." if spot in taken else None
            )
            if sentence is None:
                taken[spot] = route
            else:
                misfits.append(Misfit(view.name, Finding(f"command {route.command.path}", sentence, level="warning")))
    return tuple(taken.values()), tuple(misfits)


def _claimed(view: PluginView) -> Iterator[Route]:
    for command in view.declaration.commands if view.declaration else ():
        if command.http is None or Surface.REST not in command.surfaces:
            continue
        method, rest, in_guild = command.http.method, command.http.path.rstrip("/"), command.where == "guild"
        front = f"{PREFIX}/guilds/{{guild_id}}" if in_guild else PREFIX
        yield Route(view.name, command, method, f"{front}/{view.name}{rest}", "path" if in_guild else "none")
        if command.http.short:
            guild: Literal["sought", "none"] = "sought" if in_guild else "none"
            yield Route(view.name, command, method, command.http.short, guild, short=True)


def _misfit(route: Route) -> str | None:
    names = {parameter.name for parameter in route.command.parameters}
    strange = [segment for segment in route.path[1:].split("/") if not _SEGMENT.fullmatch(segment)]
    if route.plugin in RESERVED:
        return f"{PREFIX}/{route.plugin} is the API's own; the plugin needs another name to have routes."
    if route.short and route.path in RESERVED_SHORT:
        return f"{route.path} is the API's own."
    if strange:
        return f'the path {route.path} holds "{strange[0]}", which is neither a word nor {{a_parameter}}.'
    if absent := [name for name in route.in_path if name not in names]:
        return f"the path {route.path} names {absent[0]}, which is no parameter of the command."
    return None
