"""``chandelier plugins new``: for whoever writes a plugin."""

from __future__ import annotations

from pathlib import Path

import click

from chandelier_core.cli.ending import MISTOLD, give_up
from chandelier_core.scaffold.writing import CannotWrite, write_plugin


@click.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where; here if left out."
)
def new(name: str, folder: Path) -> None:
    """Write the folder of a new plugin: package, entry point, tests, README, CI."""
    try:
        made = write_plugin(name, folder)
    except CannotWrite as error:
        give_up([str(error)], MISTOLD)
    click.echo(f"Written: {made}")
    click.echo(f"Try it:  cd {made} && pip install -e . --group dev && python -m pytest")
    click.echo(f"Use it:  chandelier plugins add {made} && chandelier plugins enable {name}")


commands = [new]
