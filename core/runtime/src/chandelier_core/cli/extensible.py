"""A command group that other distributions add commands to."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

EXTENSIONS = "chandelier.cli"


class Extensible(click.Group):
    """A group that other distributions add commands to, by entry point; each is imported when it is asked for."""

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
