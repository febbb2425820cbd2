"""pytest fixtures: a whole bot, in a local Discord, with a real Postgres. The only module here that knows the host.

``bot`` is the real program, connected to the sandbox over HTTP and WebSocket. It is started once in a session; every test
gets a server of its own, so that no test sees another's members, messages or rows. Settings in pytest's configuration:

- ``chandelier_plugins``: the plugins to run, by name, with every grant; all that are installed where it is left out.
- ``chandelier_plugins_file``: a plugins.toml to run with instead, for settings and grants of its own.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

import aiohttp
import pytest

from chandelier_sandbox.kit import Api, Bot, Database, Response, TestClock, person, until_known

if TYPE_CHECKING:
    from chandelier_core.program import Program
    from chandelier_sandbox.sandbox import Sandbox
    from chandelier_sandbox.transcript.transcript import Entry

try:
    import pytest_asyncio

    session_fixture = pytest_asyncio.fixture(scope="session", loop_scope="session")
    test_fixture = pytest_asyncio.fixture(loop_scope="session")
except ImportError:  # the fixtures then say themselves that they need it
    session_fixture = pytest.fixture(scope="session")
    test_fixture = pytest.fixture


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings."""
    parser.addini("chandelier_plugins", "the plugins that the bot under test runs, by name", type="args", default=[])
    parser.addini("chandelier_plugins_file", "a plugins.toml for the bot under test, below pytest's root folder")


@session_fixture
async def chandelier_database() -> AsyncIterator[str]:
    """Give the URL of a database for this session: in the Postgres of ``CHANDELIER_TEST_DATABASE_URL``, or an embedded one."""
    from chandelier_core.store.throwaway import database_beside, own_postgres

    given = os.environ.get("CHANDELIER_TEST_DATABASE_URL")
    async with database_beside(given) if given else own_postgres() as url:
        yield url


@session_fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Give a local Discord for this session."""
    from chandelier_sandbox.sandbox import Sandbox

    # A test's time is not Discord's: limits are there to be switched on, `bot.sandbox.rate_limits = True`.
    async with Sandbox(rate_limits=False) as running:
        yield running


@pytest.fixture(scope="session")
def chandelier_findings(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[list[str]]:
    """Give what Discord's own descriptions say against what has crossed the wire; empty where they are not at hand."""
    from chandelier_sandbox.judge import Judge, find_descriptions

    folder = find_descriptions(request.config.rootpath)
    found: list[str] = []
    if folder is None or find_spec("jsonschema_rs") is None:
        yield found
        return
    judge = Judge(folder)

    def judge_entry(entry: Entry) -> None:
        injected = getattr(entry, "status", 200) >= 500 or getattr(entry, "status", 200) == 0
        if not injected:
            found.extend(judge.findings_of([entry]))

    unwatch = sandbox.transcript.watch(judge_entry)
    yield found
    unwatch()


@session_fixture
async def chandelier_program(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    chandelier_findings: list[str],
    chandelier_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Program]:
    """Give the running program, connected to the sandbox."""
    from importlib.metadata import entry_points

    from chandelier import Need
    from chandelier_core.observe.log import Redactor
    from chandelier_core.program import Program, Roles
    from chandelier_core.settings import read_settings

    names = request.config.getini("chandelier_plugins") or [
        point.name for point in entry_points(group="chandelier.plugins")
    ]
    folder = tmp_path_factory.mktemp("chandelier")
    file = folder / "plugins.toml"
    if given := request.config.getini("chandelier_plugins_file"):
        file = request.config.rootpath / given
    else:
        every_grant = sorted(need.value for need in Need if need.privileged)
        file.write_text("".join(f"[plugins.{name}]\ngrants = {every_grant}\n" for name in names))
    environment = {
        "DISCORD_TOKEN": sandbox.token,
        "DISCORD_API_URL": sandbox.api_url,
        "DATABASE_URL": chandelier_database,
        "CHANDELIER_BIND": "127.0.0.1:0",
        "CHANDELIER_PLUGINS": str(file),
        "CHANDELIER_DATA": str(folder),
    }
    program = Program(read_settings(environment, need_token=True), Redactor(), Roles(own_loop=False))
    await program.start()
    await sandbox.wait_ready()
    yield program
    await program.stop()


@session_fixture
async def chandelier_http() -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client for this session."""
    # Given up before the server gives them up (after 5 s): a request on a connection just closed would be lost.
    connector = aiohttp.TCPConnector(keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@session_fixture
async def chandelier_clock(chandelier_program: Program, sandbox: Sandbox) -> TestClock:
    """Give the one clock of bot and Discord."""

    def follow() -> None:
        chandelier_program.clock.offset = timedelta(seconds=sandbox.clock.offset_s)
        chandelier_program.jobs.changed.set()

    sandbox.clock.watch(follow)
    return TestClock(sandbox, chandelier_program)


@test_fixture
async def bot(
    request: pytest.FixtureRequest,
    chandelier_program: Program,
    sandbox: Sandbox,
    chandelier_clock: TestClock,
    chandelier_http: aiohttp.ClientSession,
    chandelier_findings: list[str],
) -> AsyncIterator[Bot]:
    """Give the bot, in a server that only this test uses.

    Fails after the test if bot or Discord said anything that Discord's own descriptions forbid, where those are at hand.
    """
    service = chandelier_program.services.get("api")
    api = Api(str(getattr(service, "url", "")), chandelier_http)
    name = request.node.nodeid[-100:]
    guild = sandbox.world.add_guild(name, owner=person("alice", name))
    await until_known(chandelier_program, guild.id)
    yield Bot(chandelier_program, sandbox, chandelier_clock, api, Database(chandelier_program), guild)
    sandbox.faults.clear()
    found = list(chandelier_findings)
    chandelier_findings.clear()
    assert not found, "Discord's descriptions forbid what was said:\n" + "\n".join(found)  # noqa: S101 a test's end


@pytest.fixture
def clock(chandelier_clock: TestClock) -> TestClock:
    """Give the clock that ``bot.clock`` is, for tests that need nothing else."""
    return chandelier_clock


__all__ = ["Api", "Bot", "Database", "Response", "TestClock"]
