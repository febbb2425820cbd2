"""A Host that keeps everything in memory, and three plugins for it: what the API is tested with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from typing import Annotated, Literal

from pydantic import BaseModel
from quart import Blueprint, abort

from chandelier import (
    Actor,
    BadOption,
    Call,
    Context,
    Cooldown,
    Duration,
    Instant,
    Length,
    Listing,
    NotAllowed,
    NotFound,
    Outcome,
    Permission,
    Plugin,
    Reply,
    Snowflake,
    State,
    Status,
    TooSoon,
    Unavailable,
    UserError,
)
from chandelier_core.host import (
    Check,
    GuildPluginView,
    GuildView,
    HostSettings,
    Identity,
    Overview,
    PartTooSlow,
    PartView,
    PluginView,
)

GUILD, OTHER_GUILD, ALICE = 175928847299117063, 175928847299117064, 80351110224678912
SECRET = "hunter2-the-database-password"


class Pong(BaseModel):
    """How far away Discord is."""

    latency_ms: float

    def __str__(self) -> str:
        return f"Pong! {self.latency_ms:.0f} ms"


class Item(BaseModel):
    """A custom command."""

    name: str
    owner_id: Snowflake
    created_at: Instant


@dataclass(frozen=True)
class Span:
    """A dataclass, for a change."""

    lasts: timedelta
    owner_id: int


class Colour(Enum):
    """A colour."""

    RED = "red"
    GREEN = "green"


ping = Plugin("ping", summary="Is the bot alive, and how far away is Discord?")


@ping.command(http="GET /")
async def measure(ctx: Context) -> Pong:
    """Measure the round trip to Discord."""
    return Pong(latency_ms=41.5)


@ping.command(http="POST /echo")
async def echo(
    ctx: Context, words: Annotated[str, Length(20)], times: int = 1, colour: Colour = Colour.RED,
    delay: Duration | None = None, mood: Literal["glad", "sad"] = "glad",
) -> str:  # fmt: skip
    """Say something again.

    Args:
        words: What to say.
        times: How often.
    """
    return " ".join([words] * times)


@ping.command(http="GET /break")
async def break_down(ctx: Context) -> Pong:
    """Fail."""
    raise RuntimeError(SECRET)


@ping.command(http="GET /slow")
async def slow(ctx: Context) -> None:
    """Take too long."""
    raise TimeoutError


@ping.command(http="GET /soon", cooldown=Cooldown(1, timedelta(seconds=9)))
async def soon(ctx: Context) -> None:
    """Run too often."""
    raise TooSoon("Not so fast: try again in 9 s.", retry_after_s=8.2)


@ping.command(http="GET /unwritable")
async def unwritable(ctx: Context) -> object:
    """Answer with what JSON cannot hold."""
    return object()


@ping.command(http="GET /span")
async def span(ctx: Context) -> list[Span]:
    """Answer with dataclasses."""
    return [Span(timedelta(seconds=90), 5)]


custom = Plugin("custom", summary="Commands that a server makes for itself.")
group = custom.group("custom", "Commands of this server")


@group.command(name="list", http="GET /", short="/commands", where="guild")
async def list_items(ctx: Context, prefix: str | None = None, limit: int = 50) -> Listing[Item]:
    """List the commands of a server."""
    return Listing(
        items=[Item(name=f"in-{ctx.here}", owner_id=ALICE, created_at=datetime(2026, 6, 10, 12, tzinfo=UTC))]
    )


@group.command(name="add", http="POST /", short="/commands", where="guild", allow=Permission.MANAGE_GUILD)
async def add_item(ctx: Context, name: Annotated[str, Length(32)], text: Annotated[str, Length(1500)]) -> Reply:
    """Make a command.

    Args:
        name: What people type.
        text: What the bot says.
    """
    if name == "taken":
        raise UserError("name_taken", "There is a command `taken` already.")
    item = Item(name=name, owner_id=ctx.call.actor.id or 1, created_at=datetime(2026, 6, 10, 12, tzinfo=UTC))
    return Reply(text=f"Made {name}.", body=item)


@group.command(name="show", http="GET /{name}", where="guild")
async def show_item(ctx: Context, name: str) -> Item:
    """Show a command."""
    raise NotFound(f"There is no command {name}.", code="command_not_found")


@group.command(name="remove", http="DELETE /{name}", where="guild")
async def remove_item(ctx: Context, name: str) -> None:
    """Remove a command."""


files = Blueprint("files", __name__)


@files.get("/raw")
async def raw() -> dict[str, str]:
    return {"raw": "yes"}


@files.get("/raw/break")
async def raw_break() -> dict[str, str]:
    raise RuntimeError(SECRET)


@files.get("/raw/no")
async def raw_no() -> dict[str, str]:
    raise UserError("file_locked", "That file is locked.")


@files.get("/raw/gone")
async def raw_gone() -> dict[str, str]:
    abort(404)


@files.get("/raw/stuck")
async def raw_stuck() -> dict[str, str]:
    await asyncio.sleep(60)
    return {}


@files.post("/raw/json")
async def raw_json() -> object:
    from quart import request

    return {"got": await request.get_json()}


native = Plugin("native", summary="A plugin with routes of its own.", blueprint=files)


class SameNames:
    """Holds a model with the name of another plugin's."""

    class Item(BaseModel):
        """An item of another kind."""

        weight: float


@native.command(http="GET /item")
async def item(ctx: Context) -> SameNames.Item:
    """Give an item."""
    return SameNames.Item(weight=1.5)


class FakeAccess:
    """Knows the operator's token, and nobody else; who people are is tested with the real bot."""

    login_here = False

    def __init__(self, token: str | None) -> None:
        self.token = token

    async def of_token(self, text: str) -> Identity:
        if text != self.token:
            raise UserError("token_wrong", "That is no token of this API.", status=401)
        return Identity("operator", "operator")

    async def of_cookie(self, secret: str) -> None:
        return None

    async def is_operator(self, identity: Identity) -> bool:
        return identity.user_id is None


class FakeHost:
    """The Host, in memory. Everything about it can be changed while it runs."""

    def __init__(self, *plugins: Plugin, token: str | None = None, bind: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.settings = HostSettings("1.0.0", bind[0], bind[1], token)
        self.access = FakeAccess(token)
        self.views = {plugin.name: view_of(plugin) for plugin in plugins or (ping, custom, native)}
        self.known_guilds: tuple[GuildView, ...] = (GuildView(GUILD, "Test server"),)
        self.checks: tuple[Check, ...] = (Check("database", True, "The database answers."),)
        self.members: dict[int, Permission] = {ALICE: Permission.SEND_MESSAGES}
        self.prefixes: dict[int, str] = {}
        self.calls: list[Call] = []
        self.failures: list[tuple[str, str, str, BaseException]] = []
        self.gateway_here = True
        self.switched: list[tuple[str, str, bool]] = []
        self.off_in_guild: set[str] = set()
        self._references = count(1)

    @property
    def plugins(self) -> tuple[PluginView, ...]:
        return tuple(self.views.values())

    def plugin(self, name: str) -> PluginView | None:
        return self.views.get(name)

    def is_database_away(self, error: BaseException) -> bool:
        return False

    def set_state(self, name: str, state: State, sentence: str = "") -> None:
        self.views[name] = replace(self.views[name], state=state, sentence=sentence)

    def invite(self) -> str:
        return "https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands&permissions=0"

    async def guilds(self) -> tuple[GuildView, ...]:
        return self.known_guilds

    async def guilds_of(self, identity: Identity) -> tuple[GuildView, ...]:
        return self.known_guilds

    async def overview(self) -> Overview:
        started = datetime(2026, 6, 10, 12, tzinfo=UTC)
        return Overview(started, "1.0.0", True, 41.53, self.known_guilds, {"answered": 3, "refused": 1})

    async def health(self) -> tuple[Check, ...]:
        return self.checks

    async def actor(self, user_id: int | None, guild_id: int | None) -> Actor:
        if user_id is None:
            return Actor(id=None, name="operator", operator=True)
        if user_id not in self.members:
            raise NotFound(f"There is no user {user_id} in this server.")
        return Actor(id=user_id, name="alice", permissions=self.members[user_id])

    @asynccontextmanager
    async def exclusively(self, name: str) -> AsyncIterator[None]:
        yield

    def new_reference(self) -> str:
        return f"REF{next(self._references):03}"

    def now(self) -> datetime:
        return datetime(2026, 6, 10, 13, tzinfo=UTC)

    async def text_prefix(self, guild_id: int | None) -> str:
        return self.prefixes.get(guild_id or 0, "!")

    async def set_text_prefix(self, guild_id: int, prefix: str | None) -> str:
        if prefix is not None and len(prefix) > 5:
            raise UserError("bad_prefix", "A prefix has at most 5 characters.")
        if prefix is None:
            self.prefixes.pop(guild_id, None)
        else:
            self.prefixes[guild_id] = prefix
        return await self.text_prefix(guild_id)

    async def record_failure(self, error: BaseException, *, plugin: str, part: str, reference: str) -> None:
        self.failures.append((plugin, part, reference, error))

    def parts(self, plugin: str) -> tuple[PartView, ...]:
        self._known(plugin)
        return tuple(
            PartView(f"command {command.path}", "in_use", "It is in use.")
            for command in getattr(self.views[plugin].declaration, "commands", ())
        )

    async def switch_plugin(self, plugin: str, *, on: bool, by: str) -> None:
        self._known(plugin)
        self.set_state(plugin, State.STARTED if on else State.STOPPED, "" if on else f"It was switched off by {by}.")

    async def switch_part(self, plugin: str, part: str, *, on: bool, by: str) -> None:
        self._known(plugin)
        self.switched.append((plugin, part, on))

    def uses(self, plugin: str, guild_id: int | None) -> bool:
        return plugin not in self.off_in_guild

    def guild_plugins(self, guild_id: int) -> tuple[GuildPluginView, ...]:
        return tuple(
            GuildPluginView(view.name, view.summary, self.uses(view.name, guild_id), view.state.running, "", {}, {})
            for view in self.views.values()
        )

    async def switch_in_guild(self, guild_id: int, plugin: str, *, on: bool) -> None:
        self._known(plugin)
        (self.off_in_guild.discard if on else self.off_in_guild.add)(plugin)

    async def configure_in_guild(self, guild_id: int, plugin: str, changes: Mapping[str, object] | None) -> None:
        self._known(plugin)
        for name in changes or ():
            raise BadOption(f"{plugin} has no setting `{name}`.", option=name)

    async def run_part(
        self, plugin: str, part: str, work: Callable[[], Awaitable[object]], *, limit_s: float
    ) -> object:
        try:
            async with asyncio.timeout(limit_s) as limit:
                return await work()
        except TimeoutError as error:
            if limit.expired():
                raise PartTooSlow from error
            raise

    def _known(self, plugin: str) -> None:
        if plugin not in self.views:
            raise NotFound(f"There is no plugin {plugin} here.")

    async def dispatch(self, call: Call) -> Outcome:
        self.calls.append(call)
        try:
            return Outcome(status=Status.ANSWERED, value=await self._run(call))
        except UserError as error:
            details: dict[str, object] = {}
            if isinstance(error, BadOption) and error.option:
                details["option"] = error.option
            if isinstance(error, TooSoon):
                details["retry_after_s"] = error.retry_after_s
            return Outcome(
                status=Status.REFUSED,
                code=error.code,
                sentence=error.sentence,
                http_status=error.status,
                details=details,
            )
        except TimeoutError:
            return Outcome(status=Status.TIMED_OUT, code="timed_out", sentence="This took too long.", http_status=504)
        except Exception:
            return Outcome(status=Status.FAILED, code="failed", http_status=500)

    async def _run(self, call: Call) -> object:
        declaration = self.views[call.plugin].declaration
        command = declaration.command(call.command) if declaration else None
        if command is None:
            raise Unavailable("That is not here.")
        if not call.actor.may(command.allow):
            raise NotAllowed(f"You need the permission {command.allow.words} for this.")
        values = {p.name: p.convert(call.arguments[p.name]) for p in command.parameters if p.name in call.arguments}
        return await command.handler(Here(call), **values)


@dataclass
class Here:
    """As much of a Context as the handlers above use."""

    call: Call
    config: Mapping[str, object] = field(default_factory=dict)

    @property
    def here(self) -> int:
        if self.call.guild_id is None:
            raise UserError("guild_needed", "This works in a server only.", status=422)
        return self.call.guild_id


def view_of(plugin: Plugin, state: State = State.STARTED) -> PluginView:
    """Show a plugin as a host would."""
    found = plugin.declare()
    return PluginView(
        plugin.name, plugin.summary, f"chandelier-{plugin.name}", "1.0.0", state, state.sentence, True, found
    )
