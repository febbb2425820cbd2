"""``chandelier plugins``: what is installed, and what would not start; and the commands below it."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

import click

from chandelier import State
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.cli.extensible import Lazy
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.settings import SettingsError, settings_without_token


class Commands(Lazy):
    """What stands below ``chandelier plugins``."""

    places: ClassVar = {
        "list": "plugins", "add": "installing", "update": "installing", "remove": "installing", "rollback": "installing",
        "history": "installing", "enable": "installing", "disable": "installing", "off": "switching", "on": "switching",
        "new": "author", "check": "author", "park": "switching", "resume": "switching",
    }  # fmt: skip


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def plugins(ctx: click.Context) -> None:
    """Show what is installed, and what would not start; add, update and remove."""
    if ctx.invoked_subcommand is None:
        _show()


@click.command("list")
def show() -> None:
    """Show what is installed, and what would not start."""
    _show()


def _show() -> None:
    from chandelier_core.program import load_quietly

    try:
        settings = settings_without_token()
        configure_logs("console", "error", Redactor(settings.secrets))
        loaded = load_quietly(settings)
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    width = max((len(entry.name) for entry in loaded.registry), default=0)
    for entry in loaded.registry:
        word = (
            "ready"
            if entry.state is State.VALIDATED
            else "off"
            if entry.state is State.DISCOVERED
            else entry.state.value
        )
        click.echo(
            f"{entry.name:{width}}  {entry.candidate.version:8}  {word:8}  {_verdict(entry.state, entry.sentence)}"
        )
        for finding in filter(lambda one: str(one) not in entry.sentence, entry.findings):
            click.echo(f"{'':{width}}  {'':8}  {'':8}  {finding}")
    for finding in loaded.findings:
        click.echo(str(finding), err=True)
    if loaded.findings or any(entry.state is State.REJECTED for entry in loaded.registry):
        sys.stdout.flush()
        os._exit(FAILED)  # an import that hangs is still there in its thread


def _verdict(state: State, sentence: str) -> str:
    return {State.VALIDATED: "It fits, and starts with the bot."}.get(state, sentence)


commands = [plugins, show]
