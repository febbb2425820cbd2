"""The group of all commands."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

import click

from chandelier_core.cli.extensible import Extensible
from chandelier_core.installing.overlay import Overlay
from chandelier_core.settings import SettingsError, settings_without_token


class Commands(Extensible):
    """What stands below ``chandelier``."""

    places: ClassVar = {
        "run": "programs", "api": "programs", "plugins": "plugins", "makemigrations": "migrations", "invite": "invite",
        "token": "token",
    }  # fmt: skip


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chandelier-core", prog_name="chandelier")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A Discord bot that you extend with pip install."""
    with suppress(SettingsError):  # the command says itself what is wrong with the settings
        ctx.obj = Overlay(settings_without_token().data_folder).activate()
