"""The bots in `bots/`: how each is started, in which version, and what must be there before."""

from __future__ import annotations

import asyncio
import fcntl
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

BOTS = Path(__file__).parent / "bots"
DISCORD_JS = BOTS / "discord_js"
INSTALL_S = 180.0
# What npm calls the ways in which a registry is out of reach; whatever else goes wrong is a fault of ours.
UNREACHABLE = ("ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH")


class Unavailable(Exception):
    """This machine cannot run the client; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """A library and the bot that is written with it.

    expected: beginnings of lines on standard error that are no complaint about the sandbox, each with its reason.
    limited: how often at most it runs into a rate limit before it learns of it.
    """

    name: str
    file: Path
    expected: tuple[str, ...] = ()
    limited: int = 0

    @property
    def is_javascript(self) -> bool:
        """Tell whether it needs Node.js."""
        return self.file.suffix == ".mjs"

    @property
    def version(self) -> str:
        """Return the library's version: the installed one, or for JavaScript the locked one."""
        if not self.is_javascript:
            return version(self.name)
        lock = json.loads((DISCORD_JS / "package-lock.json").read_text("utf-8"))
        return str(lock["packages"][f"node_modules/{self.name}"]["version"])

    async def prepare(self) -> list[str]:
        """Return the command that starts the bot; Unavailable where that cannot work here."""
        if not self.is_javascript:
            return [sys.executable, str(self.file)]
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise Unavailable("discord.js is not run: there is no node and npm on this machine.")
        async with _alone(DISCORD_JS / "package.json"):
            if not _is_installed():
                await _install(npm)
        return [node, str(self.file)]


PROGRAMS = (
    # discord.js 14 counts a route's first request apart: it only then learns which limit the route shares.
    Program("discord.js", DISCORD_JS / "bot.mjs", limited=1),
    # Both say what they cannot do without an optional library; nothing here has to do with voice.
    Program(
        "discord.py",
        BOTS / "discord_py_bot.py",
        expected=("WARNING:discord.client:PyNaCl", "WARNING:discord.client:davey"),
    ),
    Program(
        "disnake",
        BOTS / "disnake_bot.py",
        expected=("WARNING:disnake.client:PyNaCl", "WARNING:disnake.client:dave.py"),
    ),
    Program("hikari", BOTS / "hikari_bot.py"),
)


def _is_installed() -> bool:
    done = DISCORD_JS / "node_modules" / ".package-lock.json"
    return done.exists() and done.stat().st_mtime >= (DISCORD_JS / "package-lock.json").stat().st_mtime


async def _install(npm: str) -> None:
    quick = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000", "--prefer-offline")
    process = await asyncio.create_subprocess_exec(
        *(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", *quick),
        cwd=DISCORD_JS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(INSTALL_S):
            _, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise Unavailable(f"discord.js is not run: `npm ci` took longer than {INSTALL_S:g} s.") from None
    told = errors.decode(errors="replace").strip()
    if process.returncode and any(word in told for word in UNREACHABLE):
        raise Unavailable("discord.js is not run: npm cannot reach its registry.")
    assert process.returncode == 0, f"`npm ci` failed in {DISCORD_JS}:\n{told}"
    (DISCORD_JS / "node_modules" / ".package-lock.json").touch()


@asynccontextmanager
async def _alone(file: Path) -> AsyncIterator[None]:
    """Keep other test runs out, those of other processes too; wait for as long as an installation may take."""
    with file.open(encoding="utf-8") as opened:
        async with asyncio.timeout(INSTALL_S + 10):
            while not _lock(opened):
                await asyncio.sleep(0.1)
        yield


def _lock(opened: TextIO) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
