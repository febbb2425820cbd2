"""Commands and groups: one typed handler, ready for every surface."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from chandelier.calls import Surface
from chandelier.errors import ContractError
from chandelier.findings import Finding
from chandelier.parameters import Parameter, read_parameters, read_result, read_words
from chandelier.permissions import Permission

if TYPE_CHECKING:
    from chandelier.needs import Need

Handler = Callable[..., Awaitable[object]]
Where = Literal["anywhere", "guild", "dm"]
EVERY_SURFACE = frozenset({Surface.SLASH, Surface.TEXT, Surface.REST})


@dataclass(frozen=True, slots=True)
class Http:
    """A command's route: the method, the path below the plugin's own, and a short path at the root, if it has one."""

    method: str
    path: str
    short: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the path's parameters."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def status(self) -> int:
        """Give the status of a success: 201 where a POST creates, 200 where it acts on a thing (``POST /{name}/run``)."""
        acts = re.search(r"}/[\w-]+$", self.path) is not None
        return 201 if self.method == "POST" and not acts else 200


@dataclass(frozen=True, slots=True)
class Cooldown:
    """At most ``uses`` calls of one actor in ``every``."""

    uses: int
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A named handler with typed parameters.

    ``group`` is the name it stands under. ``findings`` are what is wrong with it, told by validation with everything else.
    """

    name: str
    summary: str
    handler: Handler = field(compare=False)
    parameters: tuple[Parameter, ...] = ()
    result: object = field(default=None, compare=False)
    group: str | None = None
    http: Http | None = None
    surfaces: frozenset[Surface] = EVERY_SURFACE
    allow: Permission = Permission.NONE
    needs: tuple[Need, ...] = ()
    where: Where = "anywhere"
    ephemeral: bool = False
    aliases: tuple[str, ...] = ()
    cooldown: Cooldown | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def path(self) -> str:
        """Give the name as people type it: ``remind me``."""
        return f"{self.group} {self.name}" if self.group else self.name


@dataclass(frozen=True, slots=True)
class Resolution:
    """What ``resolve_command`` answers: a command of the plugin's own, by path, and the arguments to call it with."""

    command: str
    arguments: dict[str, object] = field(default_factory=dict)


class CommandOptions(TypedDict, total=False):
    """How a command may be set up: the words of ``@plugin.command(...)``, ``@group.command(...)`` and ``@command(...)``.

    ``http`` is a method and a path; it stands below ``/api/v1/<plugin>``, or below ``/api/v1/guilds/{guild_id}/<plugin>``
    with ``where="guild"``; ``short`` adds a path at the root. ``allow`` is the permission a person needs. ``ephemeral``
    answers so that only the caller sees it (slash). The docstring's first line is the description, its ``Args:`` the options'.
    """

    name: str
    http: str
    short: str
    surfaces: Collection[Surface]
    allow: Permission | str
    needs: Collection[Need]
    where: Where
    ephemeral: bool
    aliases: Collection[str]
    cooldown: Cooldown


def command(**options: Unpack[CommandOptions]) -> Callable[[Handler], Command]:
    """Declare a command unbound, in a module of its own; the plugin lists it: ``Plugin(..., commands=[log])``."""
    return lambda handler: build_command(handler, options)


def build_command(handler: Handler, options: CommandOptions, group: str | None = None) -> Command:
    """Read a handler into a Command. What the handler's author got wrong becomes a finding, never an exception."""
    name = options.get("name") or handler.__name__.rstrip("_").lower()
    words = read_words(handler)
    command = Command(
        name=name,
        summary=words.summary,
        handler=handler,
        group=group,
        surfaces=frozenset(options.get("surfaces", EVERY_SURFACE)),
        needs=tuple(options.get("needs", ())),
        where=options.get("where", "anywhere"),
        ephemeral=options.get("ephemeral", False),
        aliases=tuple(options.get("aliases", ())),
        cooldown=options.get("cooldown"),
    )
    complaints: list[str] = []
    if not inspect.iscoroutinefunction(handler):
        complaints.append("it must be an `async def` function.")
    changes: dict[str, object] = {}
    readers: dict[str, Callable[[], object]] = {
        "parameters": lambda: read_parameters(handler),
        "result": lambda: read_result(handler),
        "http": lambda: _read_http(options),
        "allow": lambda: _read_allow(options.get("allow", Permission.NONE)),
    }
    for attribute, read in readers.items():
        try:
            changes[attribute] = read()
        except ContractError as error:
            if str(error) not in complaints:
                complaints.append(str(error))
    command = replace(command, **changes)  # type: ignore[arg-type]  # each reader gives its attribute's type
    findings = tuple(Finding(f"command {command.path}", complaint) for complaint in complaints)
    return replace(command, findings=findings)


def _read_http(options: CommandOptions) -> Http | None:
    http, short = options.get("http"), options.get("short")
    if http is None:
        return None
    method, _, path = http.partition(" ")
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE") or not re.fullmatch(r"/[\w{}/.-]*", path):
        raise ContractError(f'http="{http}" must be a method and a path, such as "GET /" or "DELETE /{{name}}".')
    if short is not None and not re.fullmatch(r"/[a-z][a-z0-9-]*", short):
        raise ContractError(f'short="{short}" must be one word below the root, such as "/commands".')
    return Http(method, path, short)


def _read_allow(allow: Permission | str) -> Permission:
    if isinstance(allow, Permission):
        return allow
    try:
        return Permission[allow.upper()]
    except KeyError:
        near = get_close_matches(allow.upper(), Permission.__members__, n=1)
        hint = f" Did you mean {near[0].lower()}?" if near else ""
        raise ContractError(f'allow="{allow}" is no permission of Discord.{hint}') from None


class Group:
    """A set of commands under one name: ``/remind me``, ``!remind me``.

    ``default`` is the command that text runs when the word after the name is none of them: ``!custom hello``.
    """

    def __init__(self, name: str, summary: str, *, default: str | None = None) -> None:
        self.name = name
        self.summary = summary
        self.default = default
        self._commands: list[Command] = []

    @property
    def commands(self) -> tuple[Command, ...]:
        """Give its commands in the order of their declaration."""
        return tuple(self._commands)

    def adopt(self, commands: Collection[Command]) -> None:
        """Take over commands that were made elsewhere, under this group's name."""
        self._commands += [replace(command, group=self.name) for command in commands]

    def add(self, handler: Handler, options: CommandOptions) -> Command:
        """Add a command made from a handler."""
        command = build_command(handler, options, self.name)
        self._commands.append(command)
        return command

    def command(self, **options: Unpack[CommandOptions]) -> Callable[[Handler], Command]:
        """Declare a command of this group."""
        return lambda handler: self.add(handler, options)
