"""The command ``chandelier``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, NoReturn

import click
import structlog

from chandelier import ChandelierError, State
from chandelier_core.host import ServiceFailed
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from chandelier_core.program import Roles

EXTENSIONS = "chandelier.cli"
#: Exit codes: 1 for what failed while running, 2 for what was told wrongly (as click does).
FAILED, MISTOLD = 1, 2
STOP_LIMIT_S = 9.8

_log = structlog.get_logger("chandelier.cli")


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


@click.group(cls=Extensible, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chandelier-core", prog_name="chandelier")
def main() -> None:
    """A Discord bot that you extend with pip install."""


@main.command()
@click.option("--without", multiple=True, metavar="SERVICE", help="Leave out a service of the host, such as api.")
def run(without: tuple[str, ...]) -> None:
    """Run the bot: Discord, jobs, and the API."""
    from chandelier_core.program import Roles

    known = {point.name for point in entry_points(group="chandelier.services")}
    for name in set(without) - known:
        raise click.UsageError(f"There is no service {name}; there is: {', '.join(sorted(known)) or 'none'}.")
    _run_program(Roles(without=frozenset(without)), need_token=True)


@main.command()
def api() -> None:
    """Run the REST API apart from the bot."""
    from chandelier_core.program import Roles

    _run_program(Roles(gateway=False, services=frozenset({"api"}), needed="api"), need_token=False)


@main.command()
def plugins() -> None:
    """Show what is installed, and what would not start."""
    from chandelier_core.program import load_quietly

    try:
        settings = _settings_without_token()
        configure_logs("console", "error", Redactor(settings.secrets))
        loaded = load_quietly(settings)
    except SettingsError as error:
        _give_up(error.sentences, MISTOLD)
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
        for finding in entry.findings[1:]:
            click.echo(f"{'':{width}}  {'':8}  {'':8}  {finding}")
    for finding in loaded.findings:
        click.echo(str(finding), err=True)
    if loaded.findings or any(entry.state is State.REJECTED for entry in loaded.registry):
        sys.stdout.flush()
        os._exit(FAILED)  # an import that hangs is still there in its thread


def _verdict(state: State, sentence: str) -> str:
    return {State.VALIDATED: "It fits, and starts with the bot."}.get(state, sentence)


@main.command()
@click.argument("name")
def makemigrations(name: str) -> None:
    """Write the migration that a plugin's models ask for.

    Read it before you commit it: a renamed column looks like one dropped and one added.
    """
    from chandelier_core.program import apps_of, load_quietly
    from chandelier_core.store.makemigrations import make_migrations

    try:
        settings = _settings_without_token()
        written = asyncio.run(make_migrations(apps_of(load_quietly(settings).registry.validated), name))
    except SettingsError as error:
        _give_up(error.sentences, MISTOLD)
    except ChandelierError as error:
        _give_up([str(error)], FAILED)
    click.echo("\n".join(str(path) for path in written) or f"The tables of {name} are what its models say.")


def _settings_without_token() -> Settings:
    return read_settings({key: value for key, value in os.environ.items() if not key.startswith("DISCORD_TOKEN")})


def _run_program(roles: Roles, *, need_token: bool) -> None:
    redactor = Redactor()
    try:
        settings = read_settings(os.environ, need_token=need_token)
    except SettingsError as error:
        _give_up(error.sentences, MISTOLD)
    redactor.add(settings.secrets)
    configure_logs(settings.log_format, settings.log_level, redactor)
    code = _run_loop(_serve(settings, redactor, roles))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a plugin's import that hangs, or a thread of its own, must not keep the program


def _run_loop(work: Coroutine[object, object, int]) -> int:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _serve(settings: Settings, redactor: Redactor, roles: Roles) -> int:
    from chandelier_core.program import Program

    program = Program(settings, redactor, roles)
    _end_on_signals(program.ended)
    starting = asyncio.create_task(program.start())
    ending = asyncio.create_task(program.ended.wait())
    await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return 0
        starting.result()
    except SettingsError as error:
        return _say(error.sentences, MISTOLD)
    except (ChandelierError, ServiceFailed) as error:
        return _say([redactor.text(str(error))], FAILED)
    await ending
    _log.info("stopping", why=program.reason_ended or "asked to")
    # Waited for, and then left: whatever hangs in it must not keep the program.
    _, late = await asyncio.wait({asyncio.create_task(program.stop())}, timeout=STOP_LIMIT_S)
    _log.info("stopped", in_order=not late)
    return _say([program.reason_ended], FAILED) if program.reason_ended else 0


def _end_on_signals(ended: asyncio.Event) -> None:
    """End in order at the first SIGINT or SIGTERM, at once at the second."""
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        if ended.is_set():
            os._exit(128 + number)
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)


def _say(sentences: list[str], code: int) -> int:
    for sentence in sentences:
        click.echo(f"chandelier: {sentence}", err=True)
    return code


def _give_up(sentences: list[str], code: int) -> NoReturn:
    raise SystemExit(_say(sentences, code))
