"""The declaration: everything a plugin has, in one frozen record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chandelier.caching import Cache
from chandelier.commands import Command, Group
from chandelier.config import Config, GuildConfig
from chandelier.context import PluginContext
from chandelier.findings import Finding
from chandelier.needs import Need
from chandelier.parts import Job, Listener, Page
from chandelier.services import Provided, Used

if TYPE_CHECKING:
    import lightbulb
    import quart

Lifespan = Callable[[PluginContext[Config]], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a plugin is: every part it has, frozen.

    ``models`` and ``migrations`` are import paths; the tables live in the Postgres schema that has the plugin's name.
    """

    name: str
    summary: str
    commands: tuple[Command, ...] = ()
    groups: tuple[Group, ...] = ()
    jobs: tuple[Job[...], ...] = ()
    listeners: tuple[Listener, ...] = ()
    pages: tuple[Page, ...] = ()
    config: type[Config] = Config
    guild_config: type[GuildConfig] = GuildConfig
    models: str | None = None
    migrations: str | None = None
    provides: tuple[Provided, ...] = ()
    uses: tuple[Used, ...] = ()
    needs: tuple[Need, ...] = ()
    wants: tuple[Need, ...] = ()
    emits: tuple[type, ...] = ()
    caches: tuple[Cache, ...] = ()
    lifespan: Lifespan | None = field(default=None, compare=False)
    native: tuple[lightbulb.Loader, ...] = ()
    blueprint: quart.Blueprint | None = None
    requires: str | None = None
    hooks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def command(self, path: str) -> Command | None:
        """Find a command by the name that people type."""
        return next((command for command in self.commands if command.path == path), None)
