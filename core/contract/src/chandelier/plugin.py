"""A plugin is one value that lists its parts."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, Unpack

from chandelier.caching import Cache
from chandelier.commands import Command, CommandOptions, Group, Handler, build_command
from chandelier.config import Config, GuildConfig
from chandelier.declaration import Declaration, Lifespan
from chandelier.findings import Finding
from chandelier.hooks import HOOK_NAMES, hookimpl
from chandelier.needs import Need
from chandelier.parts import Job, Listener, Page
from chandelier.services import Factory, Provided, Used

if TYPE_CHECKING:
    import lightbulb
    import quart

Hook = TypeVar("Hook", bound=Callable[..., object])


class Plugin:
    """Collects a plugin's parts; pluggy asks it for the declaration.

    Nothing here does I/O or keeps the host: a plugin can be imported, declared and read with no bot at all.
    """

    def __init__(
        self, name: str, *, summary: str,
        commands: Sequence[Command | Group] = (), jobs: Sequence[Job[...]] = (), listeners: Sequence[Listener] = (),
        pages: Sequence[Page] = (), config: type[Config] = Config, guild_config: type[GuildConfig] = GuildConfig,
        models: str | None = None, provides: Mapping[type, Factory] | None = None, uses: Sequence[type | Used] = (),
        emits: Sequence[type] = (), caches: Sequence[Cache] = (), needs: Collection[Need] = (),
        wants: Collection[Need] = (), lifespan: Lifespan | None = None, native: Sequence[lightbulb.Loader] = (),
        blueprint: quart.Blueprint | None = None, requires: str | None = None,
    ) -> None:  # fmt: skip
        """List the parts.

        ``models`` is the module of Tortoise models; its migrations are the package ``migrations`` beside it. ``native`` takes
        lightbulb loaders and ``blueprint`` a Quart blueprint, for what the contract does not model; both are mounted
        under the plugin's name. ``emits`` lists the classes of events that it tells other plugins, ``caches`` what it keeps
        near at hand. ``wants`` are needs that it has where they were granted, and does without elsewhere. ``requires`` is the
        range of the contract (such as ``>=1,<2``), only for a plugin that has no distribution to read it from.
        """
        self.name = name
        self.summary = summary
        self._commands: list[Command] = [part for part in commands if isinstance(part, Command)]
        self._groups: list[Group] = [part for part in commands if isinstance(part, Group)]
        self._jobs = list(jobs)
        self._listeners = list(listeners)
        self._hooks: list[str] = []
        self._findings: list[Finding] = []
        self._rest = {
            "pages": tuple(pages), "config": config, "guild_config": guild_config, "models": models,
            "migrations": f"{models.rpartition('.')[0]}.migrations" if models else None,
            "provides": tuple(Provided(protocol, factory) for protocol, factory in (provides or {}).items()),
            "uses": tuple(part if isinstance(part, Used) else Used(part) for part in uses), "needs": tuple(needs),
            "emits": tuple(emits), "caches": tuple(caches), "wants": tuple(wants), "lifespan": lifespan, "native": tuple(native),
            "blueprint": blueprint, "requires": requires,
        }  # fmt: skip

    def command(self, **options: Unpack[CommandOptions]) -> Callable[[Handler], Command]:
        """Declare a command: slash and text at once, and REST where ``http`` names a method and a path.

        What each word means stands with ``chandelier.commands.CommandOptions``.
        """

        def declare(handler: Handler) -> Command:
            command = build_command(handler, options)
            self._commands.append(command)
            return command

        return declare

    def group(self, name: str, summary: str, *, default: str | None = None) -> Group:
        """Declare a group and give it, for its commands."""
        group = Group(name, summary, default=default)
        self._groups.append(group)
        return group

    def listen(self, event: type) -> Callable[[Handler], Listener]:
        """Declare a listener: an async function of the context and the event."""

        def declare(handler: Handler) -> Listener:
            listener = Listener(event, handler)  # type: ignore[arg-type]  # its result is not looked at
            self._listeners.append(listener)
            return listener

        return declare

    def hook(self, implementation: Hook) -> Hook:
        """Take part in a hook: an async function with the hook's name, and any of its arguments."""
        name = implementation.__name__
        if name not in HOOK_NAMES or name == "declare":
            near = get_close_matches(name, HOOK_NAMES, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"The hooks are: {', '.join(HOOK_NAMES[1:])}."
            self._findings.append(Finding(f"hook {name}", "there is no such hook.", hint))
        else:
            setattr(self, name, hookimpl(_as_function(implementation)))
            self._hooks.append(name)
        return implementation

    @hookimpl
    def declare(self) -> Declaration:
        """Say what this plugin is."""
        commands = [*self._commands, *(command for group in self._groups for command in group.commands)]
        findings = [*self._findings, *(finding for command in commands for finding in command.findings)]
        return Declaration(
            name=self.name, summary=self.summary, commands=tuple(commands), groups=tuple(self._groups),
            jobs=tuple(self._jobs), listeners=tuple(self._listeners), hooks=tuple(self._hooks), findings=tuple(findings),
            **self._rest,  # type: ignore[arg-type]  # the keys are fields of Declaration, with their types
        )  # fmt: skip


def _as_function(implementation: Callable[..., object]) -> Callable[..., object]:
    """Wrap a bound method: pluggy marks what it is given, and a method takes no marks."""
    if not inspect.ismethod(implementation):
        return implementation

    @functools.wraps(implementation)
    def call(*arguments: object) -> object:
        return implementation(*arguments)

    return call
