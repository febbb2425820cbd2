"""A command group whose commands are imported when they are asked for: its own, and those of other distributions."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import ClassVar

import click

EXTENSIONS = "chandelier.cli"


class Lazy(click.Group):
    """A group whose commands stand in the lists ``commands`` of modules in this package."""

    #: Each command's name, and its module.
    places: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.places:
            return None
        commands: list[click.Command] = import_module(f"chandelier_core.cli.{self.places[cmd_name]}").commands
        return next(one for one in commands if one.name == cmd_name)


class Extensible(Lazy):
    """A group that other distributions add commands to, by entry point."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted({*super().list_commands(ctx), *(point.name for point in entry_points(group=EXTENSIONS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command of ours, or import one of theirs."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for point in entry_points(group=EXTENSIONS, name=cmd_name):
            try:
                found: click.Command = point.load()
            except Exception as error:
                source = point.dist.name if point.dist else point.value
                raise click.ClickException(f"The command {cmd_name} of {source} cannot be loaded: {error}") from error
            return found
        return None
