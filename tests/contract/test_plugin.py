"""A plugin lists its parts, does nothing else, and can be read with no bot at all."""

import builtins
import inspect
import socket
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from chandelier import (
    Backoff,
    Config,
    Context,
    GuildConfig,
    Job,
    JobContext,
    Listener,
    Need,
    NotRunning,
    Page,
    Plugin,
    PluginContext,
    job,
    on,
    optional,
)
from chandelier.current import scheduler_in_use
from chandelier.hooks import HOOK_NAMES

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


class Store(Protocol):
    async def read(self) -> str: ...


class Clock(Protocol):
    def now(self) -> datetime: ...


class Event: ...


class Settings(Config):
    most: int = 3


class ServerSettings(GuildConfig):
    loud: bool = False


@asynccontextmanager
async def open_store(context: PluginContext[Config]) -> AsyncIterator[object]:
    yield object()


@asynccontextmanager
async def lifespan(context: PluginContext[Config]) -> AsyncIterator[None]:
    yield


async def greet(context: PluginContext[Config], event: Event) -> None: ...


@job(retry=Backoff(attempts=3), every=timedelta(hours=1))
async def sweep(context: JobContext[Config], *, guild_id: int = 0) -> None: ...


def large_plugin():
    plugin = Plugin(
        "large", summary="Everything at once.", jobs=[sweep], listeners=[on(Event, greet)], config=Settings,
        guild_config=ServerSettings, models="large.models", provides={Store: open_store}, uses=[Store, optional(Clock)],
        needs=[Need.MEMBERS], lifespan=lifespan, pages=[Page("Things", "GET /")], requires=">=1,<2",
    )  # fmt: skip
    group = plugin.group("things", "Things.", default="show")

    @group.command()
    async def show(ctx: Context) -> None:
        """Show."""

    @plugin.command()
    async def top(ctx: Context) -> None:
        """Be on top."""

    @plugin.listen(Event)
    async def hear(ctx: PluginContext, event: Event) -> None: ...

    @plugin.hook
    async def guild_left(guild_id: int) -> None: ...

    return plugin


def test_every_part_stands_in_the_declaration():
    declared = large_plugin().declare()
    assert [command.path for command in declared.commands] == ["top", "things show"]
    assert declared.command("things show").name == "show"
    assert declared.command("show") is None
    assert [group.name for group in declared.groups] == ["things"]
    assert [(one.name, one.retry.attempts, one.interval) for one in declared.jobs] == [("sweep", 3, timedelta(hours=1))]
    assert [listener.name for listener in declared.listeners] == ["greet", "hear"]
    assert (declared.config, declared.guild_config, declared.lifespan) == (Settings, ServerSettings, lifespan)
    assert (declared.models, declared.migrations) == ("large.models", "large.migrations")
    assert [(one.protocol, one.open) for one in declared.provides] == [(Store, open_store)]
    assert [(one.protocol, one.required) for one in declared.uses] == [(Store, True), (Clock, False)]
    assert (declared.needs, declared.requires, declared.hooks) == ((Need.MEMBERS,), ">=1,<2", ("guild_left",))
    assert declared.findings == ()


def test_a_small_plugin_has_no_more_than_it_says():
    declared = Plugin("small", summary="Small.").declare()
    assert (declared.commands, declared.jobs, declared.models, declared.migrations) == ((), (), None, None)


def test_declaring_twice_gives_the_same():
    plugin = large_plugin()
    assert plugin.declare() == plugin.declare()


def test_declaring_does_no_input_or_output(monkeypatch):
    plugin = large_plugin()

    def refuse(*arguments, **more):
        raise AssertionError("declare() did I/O")

    with monkeypatch.context() as watched:
        watched.setattr(builtins, "open", refuse)
        watched.setattr(builtins, "print", refuse)
        watched.setattr(socket, "socket", refuse)
        watched.setattr(Path, "read_text", refuse)
        declared = plugin.declare()
    assert declared.name == "large"


def test_what_a_declaration_holds_is_not_changed_by_later_parts():
    plugin = Plugin("small", summary="Small.")
    before = plugin.declare()

    @plugin.command()
    async def late(ctx: Context) -> None:
        """Be late."""

    assert before.commands == ()
    assert len(plugin.declare().commands) == 1


def test_what_is_wrong_with_a_command_stands_among_the_plugins_findings():
    plugin = Plugin("small", summary="Small.")

    @plugin.group("deep", "Deep.").command()
    async def wrong(ctx: Context, x: bytes) -> None:
        """Be wrong."""

    assert [finding.place for finding in plugin.declare().findings] == ["command deep wrong"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("guild_leave", "Did you mean guild_left?"), ("helth", "Did you mean health?"),
     ("zzz", f"The hooks are: {', '.join(HOOK_NAMES[1:])}."), ("_private", None), ("declare", None)],
)  # fmt: skip
def test_a_hook_that_there_is_not_is_a_finding_with_the_nearest_name(name, hint):
    async def implementation() -> None: ...

    implementation.__name__ = name
    plugin = Plugin("small", summary="Small.")
    plugin.hook(implementation)
    (finding,) = plugin.declare().findings
    assert (finding.place, finding.sentence) == (f"hook {name}", "there is no such hook.")
    assert hint is None or finding.remedy == hint
    assert plugin.declare().hooks == ()


def test_a_hook_may_be_a_method():
    class Part:
        async def health(self) -> str:
            return "fine"

    plugin = Plugin("small", summary="Small.")
    plugin.hook(Part().health)
    assert plugin.declare().hooks == ("health",)
    assert plugin.declare().findings == ()


async def test_a_job_outside_of_a_running_plugin_raises_not_running():
    for use in (sweep.at(NOON), sweep.once("key", NOON), sweep.cancel("key")):
        with pytest.raises(NotRunning, match="can be used only while its plugin runs"):
            await use


async def test_a_job_inside_of_a_running_plugin_reaches_its_scheduler():
    asked = []

    class Scheduler:
        async def schedule(self, job, when, arguments, key):
            asked.append((job, when, dict(arguments), key))
            return 7

        async def cancel(self, job, key):
            asked.append((job, key))
            return True

    token = scheduler_in_use.set(Scheduler())
    try:
        assert await sweep.at(NOON, guild_id=1) == 7
        assert await sweep.once("k", NOON, guild_id=2) == 7
        assert await sweep.cancel("k")
    finally:
        scheduler_in_use.reset(token)
    assert asked == [("sweep", NOON, {"guild_id": 1}, None), ("sweep", NOON, {"guild_id": 2}, "k"), ("sweep", "k")]


@pytest.mark.parametrize(("attempt", "delay_s"), [(1, 5.0), (2, 15.0), (3, 45.0), (7, 3600.0), (10_000, 3600.0)])
def test_a_failed_run_waits_three_times_as_long_each_time_and_an_hour_at_the_most(attempt, delay_s):
    assert Backoff().delay_s(attempt) == delay_s


def test_a_job_is_named_for_its_handler_unless_it_says_otherwise():
    async def tidy(context: JobContext[Config]) -> None: ...

    assert isinstance(job()(tidy), Job)
    assert (job()(tidy).name, job(name="sweep")(tidy).name) == ("tidy", "sweep")


def test_listeners_are_equal_where_they_hear_the_same_event():
    assert on(Event, greet) == Listener(Event, greet)


def test_config_refuses_unknown_keys_and_later_changes():
    with pytest.raises(ValueError, match="extra"):
        Settings(moist=3)
    with pytest.raises(ValueError, match="frozen"):
        Settings().most = 4
    with pytest.raises(ValueError, match="extra"):
        ServerSettings(laud=True)


def test_the_ping_plugin_shows_the_contract_in_25_lines():
    folder = ROOT / "plugins" / "ping"
    lines = (folder / "src" / "chandelier_ping" / "__init__.py").read_text().splitlines()
    assert len(lines) <= 25
    points = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"]["chandelier.plugins"]
    assert points == {"ping": "chandelier_ping:plugin"}


def test_the_ping_plugin_declares_one_command_with_its_route():
    from chandelier_ping import plugin

    declared = plugin.declare()
    (ping,) = declared.commands
    assert (declared.name, ping.path, ping.http.method, ping.http.path) == ("ping", "ping", "GET", "/")
    assert declared.findings == ()
    assert inspect.iscoroutinefunction(ping.handler)
