"""``chandelier makemigrations``: write what a plugin's models ask for."""

from __future__ import annotations

import asyncio

import click

from chandelier import ChandelierError
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.settings import SettingsError, settings_without_token


@click.command()
@click.argument("name")
def makemigrations(name: str) -> None:
    """Write the migration that a plugin's models ask for.

    Read it before you commit it: a renamed column looks like one dropped and one added.
    """
    from chandelier_core.program import apps_of, load_quietly
    from chandelier_core.store.makemigrations import make_migrations

    try:
        settings = settings_without_token()
        written = asyncio.run(make_migrations(apps_of(load_quietly(settings).registry.validated), name))
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    except ChandelierError as error:
        give_up([str(error)], FAILED)
    click.echo("\n".join(str(path) for path in written) or f"The tables of {name} are what its models say.")


commands = [makemigrations]
