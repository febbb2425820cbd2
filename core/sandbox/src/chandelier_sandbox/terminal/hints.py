"""What a newcomer can type, shown when the bot is there."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path


def what_to_try(page: str, at: str) -> list[str]:
    """Return the lines that show a newcomer what to do.

    page: the address of the chat page. at: what names the sandbox's port to `say`, where it is another than usual.
    """
    program, api = executable(), "http://{}:{}".format(*api_address())
    lines = [
        "/ping",
        "!ping",
        "/custom add name:hello content:Hello there!",
        "!hello",
        "/remind me after:10s text:stretch",
    ]
    return [
        "",
        f"The bot is connected. Talk to it in a browser: {page}",
        "or in another terminal:",
        *(f"  {program} say {_quoted(line)} --as alice{at}" for line in lines),
        f"  {program} say{at}   # a console: type as alice, see what the bot says",
        f"  curl {api}/api/v1/ping",
        f"  curl {api}/commands",
        f"  {api}/api/v1/docs   # its REST API, to read in a browser",
        "",
    ]


def api_address() -> tuple[str, str]:
    """Return where the bot was told to serve its API, as text: CHANDELIER_BIND, or the bot's default."""
    host, _, port = os.environ.get("CHANDELIER_BIND", "127.0.0.1:8080").rpartition(":")
    return host or "127.0.0.1", port or "8080"


async def until_served(limit_s: float) -> None:
    """Wait until the bot's API takes connections, but not longer than this: it may have none."""
    host, port = api_address()
    try:
        async with asyncio.timeout(limit_s):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
                except OSError:
                    await asyncio.sleep(0.1)
                else:
                    writer.close()
                    break
            await asyncio.sleep(0.2)  # the bot's own last words come first
    except (TimeoutError, ValueError):
        return


def _quoted(line: str) -> str:
    """Quote for a shell; an interactive bash expands ! inside double quotes."""
    return f"'{line}'" if "!" in line else f'"{line}"'


def executable() -> str:
    """Return how this program was called, relative to the current folder where it lies below it."""
    called = Path(sys.argv[0])
    if called.name not in ("chandelier", "chandelier.exe"):
        return "chandelier"
    if not called.is_absolute() and os.sep not in str(called):
        return str(called)
    absolute = called.absolute()
    here = Path.cwd()
    below = absolute.is_relative_to(here) and here != Path(here.anchor)
    return str(absolute.relative_to(here)) if below else "chandelier"
