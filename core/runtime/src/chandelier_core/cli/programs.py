"""``chandelier run`` and ``chandelier api``: the programs that stay."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from chandelier import ChandelierError
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up, say
from chandelier_core.host import ServiceFailed
from chandelier_core.installing.overlay import Overlay
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.observe.printing import RedactedStream, redact_prints
from chandelier_core.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from chandelier_core.program import Roles

STOP_LIMIT_S = 9.8

_log = structlog.get_logger("chandelier.cli")


@click.command()
@click.option("--without", multiple=True, metavar="SERVICE", help="Leave out a service of the host, such as api.")
@click.option("--safe", is_flag=True, help="Start no plugin that did not come with the bot.")
def run(without: tuple[str, ...], *, safe: bool) -> None:
    """Run the bot: Discord, jobs, and the API."""
    from chandelier_core.program import Roles

    known = {point.name for point in entry_points(group="chandelier.services")}
    for name in set(without) - known:
        raise click.UsageError(f"There is no service {name}; there is: {', '.join(sorted(known)) or 'none'}.")
    _run_program(Roles(without=frozenset(without), safe=safe), need_token=True)


@click.command()
@click.option("--safe", is_flag=True, help="Start no plugin that did not come with the bot.")
def api(*, safe: bool) -> None:
    """Run the REST API apart from the bot."""
    from chandelier_core.program import Roles

    _run_program(Roles(gateway=False, services=frozenset({"api"}), needed="api", safe=safe), need_token=False)


def _run_program(roles: Roles, *, need_token: bool) -> None:
    redactor = Redactor()
    try:
        settings = read_settings(os.environ, need_token=need_token)
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    redactor.add(settings.secrets)
    _held = Overlay(settings.data_folder).hold(click.get_current_context().find_object(Path))  # until the process ends
    configure_logs(settings.log_format, settings.log_level, redactor)  # before: what is logged is clean already
    redact_prints(redactor)
    code = _run_loop(_serve(settings, redactor, roles))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, RedactedStream):
            stream.finish()
    os._exit(code)  # a plugin's import that hangs, or a thread of its own, must not keep the program


def _run_loop(work: Coroutine[object, object, int]) -> int:
    new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        import uvloop

        new_loop = uvloop.new_event_loop
    # Not closed: that waits for every task to end, and a plugin's may never do it. The process ends right after.
    loop = new_loop()
    asyncio.set_event_loop(loop)
    program = loop.create_task(work, name="program")
    while True:
        try:
            return loop.run_until_complete(program)
        except (
            SystemExit,
            KeyboardInterrupt,
        ) as error:  # raised where no guard of ours stands: it stops the loop, not us
            if program.done():
                raise
            _log.error("end_refused", error=type(error).__name__, trace="".join(traceback.format_exception(error)))


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
        return say(error.sentences, MISTOLD)
    except (ChandelierError, ServiceFailed) as error:
        return say([redactor.text(str(error))], FAILED)
    await ending
    _log.info("stopping", why=program.reason_ended or "asked to")
    # Waited for, and then left: whatever hangs in it must not keep the program.
    _, late = await asyncio.wait({asyncio.create_task(program.stop())}, timeout=STOP_LIMIT_S)
    _log.info("stopped", in_order=not late)
    return say([program.reason_ended], FAILED) if program.reason_ended else 0


def _end_on_signals(ended: asyncio.Event) -> None:
    """End in order at the first SIGINT or SIGTERM, at once at the second."""
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        if ended.is_set():
            os._exit(128 + number)
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)


commands = [run, api]
