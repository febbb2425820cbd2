"""The commands `chandelier sandbox` and `chandelier say`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import click

from chandelier_sandbox.errors import PortTaken
from chandelier_sandbox.sandbox import Sandbox
from chandelier_sandbox.terminal.caller import Caller, NotRunning, Refused, shown_lines
from chandelier_sandbox.terminal.child import READY_S, Child, ChildNotFound
from chandelier_sandbox.terminal.console import run_console
from chandelier_sandbox.terminal.hints import until_served, what_to_try
from chandelier_sandbox.transcript.reader import transcript

PORT = 8081
API_WAIT_S = 5.0


class _SandboxGroup(click.Group):
    """Sub-commands, and besides them any program as the bot: what comes after -- is never a sub-command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let the hidden command `start` take the program."""
        if "--" in args and args[0] not in self.commands:
            at = args.index("--")
            program = args[at + 1 :]
            args = [*args[:at], *(["start", "--", *program] if program else [])]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take an unknown name for a program, so that -- may be left out."""
        if args[0] not in self.commands:
            args = ["start", "--", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_SandboxGroup, invoke_without_command=True, subcommand_metavar="[-- PROGRAM [ARGS]...]")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free port.")
@click.option(
    "--transcript",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write everything that is said to this file; `sandbox transcript FILE` shows it.",
)
@click.option("--rate-limits/--no-rate-limits", default=True, show_default=True, help="Limit the bot as Discord does.")
@click.pass_context
def sandbox(ctx: click.Context, port: int, file: Path | None, rate_limits: bool) -> None:
    """Run a local Discord, with PROGRAM as its bot.

    PROGRAM comes after --, as in: chandelier sandbox -- chandelier run
    """
    ctx.obj = Sandbox(port=port, transcript=file, rate_limits=rate_limits)
    if ctx.invoked_subcommand is None:
        _run(ctx.obj, ())


@sandbox.command(hidden=True, context_settings={"ignore_unknown_options": True})
@click.argument("program", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def start(prepared: Sandbox, program: tuple[str, ...]) -> None:
    """Run the sandbox with a program as its bot."""
    _run(prepared, program)


sandbox.add_command(transcript)


def _run(prepared: Sandbox, program: tuple[str, ...]) -> None:
    try:
        code = asyncio.run(_run_sandbox(prepared, program))
    except (PortTaken, ChildNotFound) as error:
        click.echo(error.strerror if isinstance(error, PortTaken) else error, err=True)
        code = 1
    sys.exit(code)


async def _run_sandbox(prepared: Sandbox, command: tuple[str, ...]) -> int:
    async with prepared as running:
        click.echo(f"A local Discord listens on 127.0.0.1:{running.port}.")
        click.echo(f"export DISCORD_API_URL={running.api_url}")
        click.echo(f"export DISCORD_TOKEN={running.token}")
        if not command:
            await _run_alone(running)
            return 0
        return await _run_with_child(running, command)


async def _run_alone(running: Sandbox) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    click.echo(
        f"Start your bot with these, and talk to it at {running.world.origin}/ in a browser; Ctrl-C ends the sandbox."
    )
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
    at = "" if running.port == PORT else f" --port {running.port}"
    click.echo("\n".join(what_to_try(f"{running.world.origin}/", at)))


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
