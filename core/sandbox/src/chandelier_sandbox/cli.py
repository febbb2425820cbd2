"""The commands `chandelier sandbox` and `chandelier say`."""

from __future__ import annotations

import asyncio
import signal
import sys

import click

from chandelier_sandbox.caller import Caller, NotRunning, Refused, shown_lines
from chandelier_sandbox.child import READY_S, Child, ChildNotFound
from chandelier_sandbox.console import run_console
from chandelier_sandbox.errors import PortTaken
from chandelier_sandbox.hints import until_served, what_to_try
from chandelier_sandbox.server import Sandbox

PORT = 8081
API_WAIT_S = 5.0


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free port.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def sandbox(port: int, command: tuple[str, ...]) -> None:
    """Run a local Discord, with COMMAND as its bot.

    COMMAND comes after --, as in: chandelier sandbox -- chandelier run
    """
    try:
        code = asyncio.run(_run_sandbox(port, command))
    except (PortTaken, ChildNotFound) as error:
        click.echo(error.strerror if isinstance(error, PortTaken) else error, err=True)
        code = 1
    sys.exit(code)


async def _run_sandbox(port: int, command: tuple[str, ...]) -> int:
    async with Sandbox(port=port) as running:
        click.echo(f"A local Discord listens on 127.0.0.1:{running.port}.")
        click.echo(f"export DISCORD_API_URL={running.api_url}")
        click.echo(f"export DISCORD_TOKEN={running.token}")
        if not command:
            click.echo("Start your bot with these; Ctrl-C ends the sandbox.")
            await _run_alone(running)
            return 0
        return await _run_with_child(running, command)


async def _run_alone(running: Sandbox) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    hint = asyncio.create_task(_hint_when_ready(running, None), name="sandbox hint")
    try:
        await stop.wait()
    finally:
        hint.cancel()
        await asyncio.gather(hint, return_exceptions=True)


async def _run_with_child(running: Sandbox, command: tuple[str, ...]) -> int:
    child = await Child.start(command, running)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, child.signal, number)
    hint = asyncio.create_task(_hint_when_ready(running, READY_S), name="sandbox hint")
    try:
        return await child.wait()
    finally:
        child.kill()
        hint.cancel()
        await asyncio.gather(hint, return_exceptions=True)


async def _hint_when_ready(running: Sandbox, timeout_s: float | None) -> None:
    try:
        await running.wait_ready(timeout_s=timeout_s or 10**8)
    except TimeoutError as error:
        click.echo(f"{error} The sandbox goes on waiting.", err=True)
        await running.wait_ready(timeout_s=10**8)
    await until_served(API_WAIT_S)
    click.echo("\n".join(what_to_try(at="" if running.port == PORT else f" --port {running.port}")))


@click.command()
@click.argument("text", required=False)
@click.option("--as", "who", default="alice", show_default=True, help="Who says it; made at need.")
@click.option("--channel", default="general", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--wait", "wait_s", type=click.FloatRange(0, 900), default=10.0, show_default=True, metavar="SECONDS")
@click.option(
    "--listen", "listen_s", type=click.FloatRange(0, 3600), default=0.0, metavar="SECONDS", help="Then listen."
)
def say(text: str | None, who: str, channel: str, port: int, wait_s: float, listen_s: float) -> None:
    """Say TEXT to the bot in a running sandbox.

    Its answer is printed. Without TEXT a console opens.
    """
    try:
        asyncio.run(_talk(text, who, channel.lstrip("#"), port, wait_s, listen_s))
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(2 if refused.kind == "cannot_send" else 1)
    except NotRunning as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


async def _talk(text: str | None, who: str, channel: str, port: int, wait_s: float, listen_s: float) -> None:
    async with Caller(port) as caller:
        if text is None and not listen_s:
            await run_console(caller, who, channel, wait_s)
            return
        if text is not None:
            _print(await caller.say(who, channel, text, wait_s))
        until = asyncio.get_running_loop().time() + listen_s
        while (left := until - asyncio.get_running_loop().time()) > 0:
            _print(await caller.listen(who, channel, left))


def _print(replies: list[dict[str, object]]) -> None:
    for reply in replies:
        click.echo("\n".join(shown_lines(reply)))
