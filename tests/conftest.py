"""What tests of whole programs share: made-up plugins on disk, fresh databases, and the command ``chandelier`` in a process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from chandelier_core.store.throwaway import database_beside

from .forking import Program, begin

FOUR = ("ping", "custom", "logging", "reminders")


@dataclass(slots=True)
class Shelf:
    """A folder with made-up distributions, as pip would leave them; goes on PYTHONPATH."""

    folder: Path

    def add(
        self, name: str, source: str, *, version: str = "1.0", requires: str = "chandelier>=1,<2", point: str = ""
    ) -> None:
        """Put a plugin on the shelf: one module, its metadata and its entry point."""
        module = f"made_up_{name}"
        (self.folder / f"{module}.py").write_text(source)
        info = self.folder / f"{module}-{version}.dist-info"
        info.mkdir()
        lines = [
            "Metadata-Version: 2.1",
            f"Name: made-up-{name}",
            f"Version: {version}",
            f"Requires-Dist: {requires}",
            "",
        ]
        (info / "METADATA").write_text("\n".join(lines))
        (info / "entry_points.txt").write_text(f"[chandelier.plugins]\n{name} = {point or f'{module}:plugin'}\n")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Give an empty shelf."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return Shelf(folder)


@pytest.fixture
def plugins_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a plugins.toml that lists these plugins; more text may follow."""

    def write(*names: str, more: str = "") -> Path:
        path = tmp_path / "plugins.toml"
        path.write_text("".join(f"[plugins.{name}]\n" for name in names) + more)
        return path

    return write


@dataclass(slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Give everything it said."""
        return self.out + self.err


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Give this environment without what would steer the program, and with what is wanted."""
    mine = ("DISCORD_", "CHANDELIER_", "DATABASE_URL")
    return {key: value for key, value in os.environ.items() if not key.startswith(mine)} | dict(more)


Command = Callable[..., "asyncio.Future[Ended]"]


@pytest.fixture
def chandelier(tmp_path: Path) -> Callable[..., object]:
    """Run the command to its end, within a limit."""

    async def run(*words: str, limit_s: float = 40.0, **more: str) -> Ended:
        process = await begin(words, env=environment(more), cwd=tmp_path)
        try:
            async with asyncio.timeout(limit_s):
                out, err = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return Ended(process.returncode or 0, out.decode(), err.decode())

    return run


@dataclass(slots=True)
class Process:
    """A program that runs: its log, line by line, and how it is ended."""

    process: Program
    lines: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        """Keep what it logs."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self.news:
                self.lines.append(line.decode())
                self.news.notify_all()

    async def logged(self, event: str, limit_s: float = 25.0, **fields: object) -> dict[str, object]:
        """Wait for a log line with these fields."""
        async with asyncio.timeout(limit_s), self.news:
            while True:
                for line in self.lines:
                    record = json.loads(line) if line.startswith("{") else {}
                    if record.get("event") == event and fields.items() <= record.items():
                        return record
                if self.process.returncode is not None:
                    raise AssertionError(f"it ended with {self.process.returncode}:\n{''.join(self.lines)}")
                await self.news.wait()

    async def end(self, number: signal.Signals = signal.SIGTERM, limit_s: float = 12.0) -> int:
        """Send a signal; give the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(limit_s):
            return await self.process.wait()


@asynccontextmanager
async def start(*words: str, cwd: Path, **more: str) -> AsyncIterator[Process]:
    """Start the command, log in JSON; what still runs at the end is killed."""
    process = await begin(words, env=environment({"CHANDELIER_LOG_FORMAT": "json", **more}), cwd=cwd)
    running = Process(process)
    reading = asyncio.gather(running.read(), _drain(process))
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await reading


async def _drain(process: Program) -> None:
    """Read what is printed, so that it never waits for a reader."""
    assert process.stdout is not None
    while await process.stdout.read(2**16):
        continue


@pytest.fixture
def started(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Process]]:
    """Start the command in a process: ``async with started("run", DISCORD_TOKEN=...) as process``."""
    return lambda *words, **more: start(*words, cwd=tmp_path, **more)


def own_database(url: str) -> AbstractAsyncContextManager[str]:
    """Make a database beside the one that a URL names; it goes with the session's Postgres."""
    return database_beside(url, keep=True)


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_database(chandelier_database: str) -> AsyncIterator[str]:
    """Give a database of its own in the session's Postgres."""
    async with own_database(chandelier_database) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def discord() -> AsyncIterator[object]:
    """Give a local Discord of the test's own."""
    from chandelier_sandbox import Sandbox

    async with Sandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def wiring(plugins_file: Callable[..., Path], shelf: Shelf, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Give the environment of a program: Discord, database, a free port, the shelf."""

    def wire(discord: object, database: str | None, *names: str, more: str = "") -> dict[str, str]:
        path = plugins_file(*(names or FOUR), more=more)
        wired = {
            "DISCORD_TOKEN": getattr(discord, "token", ""),
            "DISCORD_API_URL": getattr(discord, "api_url", ""),
            "CHANDELIER_BIND": "127.0.0.1:0",
            "CHANDELIER_PLUGINS": str(path),
            "CHANDELIER_DATA": str(tmp_path / "data"),
            "PYTHONPATH": str(shelf.folder),
        }
        return wired | ({"DATABASE_URL": database} if database else {})

    return wire
