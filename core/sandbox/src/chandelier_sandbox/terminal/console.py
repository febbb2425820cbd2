"""An interactive console: type as a member, see what the bot says as it says it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from dataclasses import dataclass

from chandelier_sandbox.terminal.caller import Caller, NotRunning, Refused, shown_lines

HELP = ":as NAME  be somebody else    :channel NAME  go elsewhere    :help  this    :quit  leave"


@dataclass(slots=True)
class Seat:
    """Who sits at the console, and where."""

    who: str
    channel: str

    @property
    def prompt(self) -> str:
        """Return the prompt."""
        return f"{self.who} in #{self.channel}> "


async def run_console(caller: Caller, who: str, channel: str, wait_s: float) -> None:
    """Read lines until :quit or the end of the input."""
    seat = Seat(who, channel)
    state = await caller.state()
    print(f"{state['guild']}; {state['bot']} is {'here' if state['connected'] else 'not connected'}. {HELP}")
    lines = _read_lines()
    await caller.listen(seat.who, seat.channel, 0, forget=True)
    hearing = asyncio.create_task(_hear(caller, seat), name="sandbox console listener")
    try:
        while True:
            _prompt(seat)
            line = await lines.get()
            if line is None or line.strip() in (":quit", ":q"):
                return
            hearing = await _obey(caller, seat, line.strip(), wait_s, hearing)
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


async def _obey(
    caller: Caller, seat: Seat, line: str, wait_s: float, hearing: asyncio.Task[None]
) -> asyncio.Task[None]:
    """Do one line; listening pauses meanwhile, so that no answer is shown twice."""
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    order, _, value = line.partition(" ")
    if order == ":as" and value:
        seat.who = value.strip()
    elif order == ":channel" and value:
        seat.channel = value.strip().lstrip("#")
    elif line.startswith(":"):
        print(HELP)
    elif line:
        await _say(caller, seat, line, wait_s)
    return asyncio.create_task(_hear(caller, seat), name="sandbox console listener")


async def _say(caller: Caller, seat: Seat, line: str, wait_s: float) -> None:
    """Use a command and show its answer; the answer to a message is shown by the listener, when it comes."""
    try:
        for reply in await caller.say(
            seat.who, seat.channel, line, wait_s if line.startswith("/") else 0, forget=False
        ):
            print("\n".join(shown_lines(reply)))
    except Refused as refused:
        print(refused)


async def _hear(caller: Caller, seat: Seat) -> None:
    while True:
        try:
            replies = await caller.listen(seat.who, seat.channel, 30)
        except Refused as refused:
            print(f"\n{refused}")
            return
        except NotRunning:
            print("\nThe sandbox is gone; :quit leaves.")
            return
        for reply in replies:
            print("\r" + "\n".join(shown_lines(reply)))
        if replies:
            _prompt(seat)


def _prompt(seat: Seat) -> None:
    if sys.stdin.isatty():
        print(seat.prompt, end="", flush=True)


def _read_lines() -> asyncio.Queue[str | None]:
    """Read standard input in a thread, which ends with the program; None marks the end of the input."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        # os.read, not sys.stdin: a thread inside sys.stdin at the program's end is a fatal error of Python's
        left = b""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            while chunk := os.read(sys.stdin.fileno(), 65536):
                *whole, left = (left + chunk).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))
            if left:
                loop.call_soon_threadsafe(lines.put_nowait, left.decode(errors="replace"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, name="sandbox console input", daemon=True).start()
    return lines
