"""The group of all commands."""

from __future__ import annotations

import click

from chandelier_core.cli.extensible import Extensible
from chandelier_core.cli.migrations import makemigrations
from chandelier_core.cli.plugins import plugins
from chandelier_core.cli.programs import api, run


@click.group(cls=Extensible, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chandelier-core", prog_name="chandelier")
def main() -> None:
    """A Discord bot that you extend with pip install."""


for _command in (run, api, plugins, makemigrations):
    main.add_command(_command)
