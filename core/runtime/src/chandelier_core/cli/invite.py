"""``chandelier invite``: the link that adds the bot to a server."""

from __future__ import annotations

import os

import click

from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.settings import SettingsError, read_settings


@click.command()
def invite() -> None:
    """Show the link that adds the bot to a server, with the permissions that its plugins need."""
    from chandelier_core.invite import application_of, invite_link, wanted_permissions
    from chandelier_core.program import load_quietly

    try:
        settings = read_settings(os.environ, need_token=True)
        entries = load_quietly(settings).registry.validated
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    application_id = application_of(settings.token or "")
    if application_id is None:
        give_up(["DISCORD_TOKEN does not hold the application's id, as Discord's tokens do; copy it again."], FAILED)
    click.echo(invite_link(settings.api_url, application_id, wanted_permissions(entries)))


commands = [invite]
