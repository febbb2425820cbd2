"""One sandbox and one bot, a child process, for each client and test module."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from chandelier_sandbox import Reply, Sandbox
from chandelier_sandbox.people import Member
from chandelier_sandbox.records import Guild

from .programs import PROGRAMS, Program, Unavailable
from .script import CROWD

READY_S = 60.0
STOP_S = 10.0
PASSED = pytest.StashKey[bool]()


class Client:
    """A bot that runs against a sandbox of its own."""

    def __init__(self, program: Program, sandbox: Sandbox, log: Path) -> None:
        self.program = program
        self.sandbox = sandbox
        self.alice: Member = sandbox.member("alice")
        self.bob: Member = sandbox.member("bob")
        self.crowd: Guild = sandbox.world.add_guild("Crowd")
        self.ready = Reply()
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        sandbox.world.add_role(sandbox.guild, "cook")
        for number in range(CROWD):
            sandbox.world.add_member(self.crowd, sandbox.world.add_user(f"guest{number:04}"))

    async def start(self, command: list[str]) -> None:
        """Start the bot and wait until it has said that it is ready."""
        environment = os.environ | {"DISCORD_TOKEN": self.sandbox.token, "DISCORD_API_URL": self.sandbox.api_url}
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        ended = asyncio.create_task(self._process.wait())
        greeted = asyncio.create_task(self.alice.next_message(timeout_s=READY_S))
        await asyncio.wait({ended, greeted}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ended, greeted):
            task.cancel()
        await asyncio.gather(ended, greeted, return_exceptions=True)
        if ended.done() and not ended.cancelled():
            raise RuntimeError(f"The bot of {self.program.name} ended at once:\n{self.log()}")
        try:
            self.ready = greeted.result()
        except TimeoutError as error:
            raise RuntimeError(f"The bot of {self.program.name} never was ready: {error}\n{self.log()}") from None

    async def stop(self) -> int | None:
        """End the bot as an operator would; return its exit code, None where it had to be killed."""
        if self._process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            return None

    def log(self) -> str:
        """Return what the bot wrote on standard output and standard error."""
        return self._log.read_text("utf-8", errors="replace")


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda program: program.name)
async def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    program: Program = request.param
    try:
        command = await program.prepare()
    except Unavailable as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    async with Sandbox() as sandbox:
        running = Client(program, sandbox, tmp_path_factory.mktemp(program.name) / "log.txt")
        try:
            await running.start(command)
            yield running
        finally:
            await running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep for the table whether a test passed; one that is skipped says nothing."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        *_, reason = report.longrepr
        report.longrepr = (__file__, 0, reason)  # one place, so that pytest tells all of them in one line
    if not report.skipped and (report.when == "call" or report.failed):
        item.stash[PASSED] = report.passed and item.stash.get(PASSED, True)
    return report
