"""The few names that a service of the host, such as the API, may use.

A service is announced by an entry point of the group ``chandelier.services``: a callable that takes the Host and gives an
async context manager, entered when the host runs and left when it stops.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from chandelier import Actor, Call, Declaration, Finding, Outcome, State
from chandelier_core.access.callers import Access, ApiToken, BrowserSession, Identity, KeptAnswer, TokenWish

__all__ = [
    "Access",
    "ApiToken",
    "BrowserSession",
    "Check",
    "GuildView",
    "Happening",
    "Host",
    "HostSettings",
    "Identity",
    "KeptAnswer",
    "Overview",
    "PartTooSlow",
    "PartView",
    "PluginView",
    "Service",
    "ServiceFailed",
    "TokenWish",
    "Webhook",
    "list_plugins",
]


T = TypeVar("T")


class ServiceFailed(Exception):
    """A service could not start; the message is one sentence for the operator. The bot runs on without it."""


class PartTooSlow(TimeoutError):
    """A part of a plugin took longer than the host's own limit for it, and was ended."""


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What services need to know of the settings. ``api_token`` is None where the API is open to this machine."""

    version: str
    bind_host: str
    bind_port: int
    api_token: str | None = field(default=None, repr=False)
    #: Where people's browsers find the API, such as ``https://bot.example``; None without one, and so without a login.
    public_url: str | None = None
    #: The application's key at Discord, 64 hexadecimal digits; None where interactions come by the gateway alone.
    public_key: str | None = None
    #: How many requests one caller may make in a minute.
    rate_per_minute: int = 600
    #: A Redis in which every process of this bot counts together; None where each counts for itself.
    redis_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that has happened: ``call``, ``plugin``, or ``<plugin>.<Class>`` for what a plugin has emitted.

    ``id`` is its place in the order of all; 0 while it has none.
    """

    name: str
    plugin: str
    guild_id: int | None
    user_id: int | None
    facts: Mapping[str, object]
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens in a server. ``names`` is empty where it is told everything."""

    id: str
    guild_id: int
    url: str
    names: tuple[str, ...]
    secret: str = field(repr=False)
    created_by: str
    created_at: datetime
    off_because: str | None = None


@dataclass(frozen=True, slots=True)
class PluginView:
    """A plugin as the host sees it now. ``declaration`` is None where it could not be loaded."""

    name: str
    summary: str
    distribution: str
    version: str
    state: State
    sentence: str
    enabled: bool
    declaration: Declaration | None
    findings: tuple[Finding, ...] = ()
    #: How often its code has stopped the whole bot for a quarter of a second or longer.
    blocked: int = 0
    load_ms: float = 0.0
    start_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a plugin: ``in_use``, ``parked`` after failures (tried again at ``probe_at``), or ``quarantined`` by somebody."""

    name: str
    state: str
    sentence: str
    since: datetime | None = None
    probe_at: datetime | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class GuildPluginView:
    """A plugin as one server has it. config: its settings there as JSON; schema: their JSON Schema; misfits: settings that were
    made before and that the plugin no longer takes.
    """

    name: str
    summary: str
    on: bool
    running: bool
    sentence: str
    config: Mapping[str, object]
    schema: Mapping[str, object]
    misfits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuildView:
    """A server that the bot is in."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the health report. ``required`` checks decide about readiness."""

    name: str
    ok: bool
    sentence: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers on the front page."""

    started_at: datetime
    version: str
    connected: bool
    latency_ms: float
    guilds: tuple[GuildView, ...]
    calls: Mapping[str, int]


class Host(Protocol):
    """The running program, as its services see it."""

    @property
    def access(self) -> Access:
        """Give who may use the API."""
        ...

    @property
    def settings(self) -> HostSettings:
        """Give the settings."""
        ...

    @property
    def plugins(self) -> tuple[PluginView, ...]:
        """Give every plugin that was found, running or not, in the order of plugins.toml."""
        ...

    def plugin(self, name: str) -> PluginView | None:
        """Give one plugin; None where there is none of that name."""
        ...

    @property
    def gateway_here(self) -> bool:
        """Say whether this process holds the connection to Discord (False for the API running apart)."""
        ...

    def invite(self) -> str:
        """Give the link that adds the bot to a server. Raises Unavailable where no token says whose bot it is."""
        ...

    async def guilds(self) -> tuple[GuildView, ...]:
        """Give the servers that the bot is in."""
        ...

    def parts(self, plugin: str) -> tuple[PartView, ...]:
        """Give the parts of a plugin, in use or not. Raises NotFound, with the nearest right name."""
        ...

    async def switch_plugin(self, plugin: str, *, on: bool, by: str) -> None:
        """Switch a plugin on or off, in every process and until somebody switches it again.

        Guarantees: when it returns the plugin has stopped, or its start has succeeded or failed, in this process. Raises
        UserError.
        """
        ...

    async def switch_part(self, plugin: str, part: str, *, on: bool, by: str) -> None:
        """Take a part of a plugin out of use, or bring it back. Raises UserError."""
        ...

    async def run_part(self, plugin: str, part: str, work: Callable[[], Awaitable[T]], *, limit_s: float) -> T:
        """Run one part of a plugin, guarded.

        Raises UserError where it is out of use, PartTooSlow at the limit, and what it raises, always as an Exception. Whoever
        catches a failure records it: that is what the part's circuit counts.
        """
        ...

    async def overview(self) -> Overview:
        """Give the numbers on the front page."""
        ...

    async def health(self) -> tuple[Check, ...]:
        """Check the database, the gateway and the plugins. Takes at most 3 s."""
        ...

    async def guilds_of(self, identity: Identity) -> tuple[GuildView, ...]:
        """Give the servers of the bot's that a caller may know of: all for an operator, else those that the person is in."""
        ...

    async def actor(self, user_id: int | None, guild_id: int | None) -> Actor:
        """Give who acts: the operator, or the operator's word for a Discord user, with that user's permissions there.

        Raises NotFound where the guild or the user in it is not known.
        """
        ...

    def follow(self, after: int | None) -> AsyncIterator[Happening]:
        """Give what happens from now on, or after one that was seen before, of the last hour; ends when it is closed."""
        ...

    async def webhooks(self, guild_id: int) -> list[Webhook]:
        """Give a server's webhooks."""
        ...

    async def add_webhook(self, guild_id: int, url: str, names: Sequence[str], *, by: str) -> Webhook:
        """Add a webhook. Raises BadOption for an address that nobody may be sent to, and UserError where there are ten."""
        ...

    async def remove_webhook(self, guild_id: int, webhook_id: str) -> None:
        """Delete a server's webhook. Raises NotFound."""
        ...

    async def ending(self) -> None:
        """Wait until the program is to end: what stays open for long closes then."""
        ...

    async def interaction(self, payload: Mapping[str, object]) -> None:
        """Take an interaction that Discord has posted, as if it had come by the gateway; return once it is acknowledged.

        Raises UserError for one that cannot be read, and Unavailable where the bot is not in this process.
        """
        ...

    def exclusively(self, name: str) -> AbstractAsyncContextManager[None]:
        """Hold a lock that one holder in all processes has. Raises Unavailable where it is not free within 10 s."""
        ...

    def new_reference(self) -> str:
        """Make the reference of a call."""
        ...

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        ...

    async def dispatch(self, call: Call) -> Outcome:
        """Run a call to its outcome. Never raises."""
        ...

    async def record_failure(self, error: BaseException, *, plugin: str, part: str, reference: str) -> None:
        """Record a bug that a service met, with its traceback, under a reference. Never raises."""
        ...

    def is_database_away(self, error: BaseException) -> bool:
        """Say whether an error is an outage of the database, which is nobody's bug."""
        ...

    def uses(self, plugin: str, guild_id: int | None) -> bool:
        """Say whether a server uses a plugin."""
        ...

    def guild_plugins(self, guild_id: int) -> tuple[GuildPluginView, ...]:
        """Give the plugins that a server may decide about, as it has them."""
        ...

    async def switch_in_guild(self, guild_id: int, plugin: str, *, on: bool) -> None:
        """Switch a plugin on or off in a server. Raises NotFound for a plugin that is not there."""
        ...

    async def configure_in_guild(self, guild_id: int, plugin: str, changes: Mapping[str, object] | None) -> None:
        """Make settings of a plugin in a server; null is a default, None all defaults. Raises BadOption, changing nothing."""
        ...

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with in a server; empty where they are switched off."""
        ...

    async def set_text_prefix(self, guild_id: int, prefix: str | None) -> str:
        """Set a server's prefix, or None for the host's own; give the one in use. Raises UserError for a bad one."""
        ...


Service = Callable[[Host], AbstractAsyncContextManager[object]]


def list_plugins(names: Sequence[str] = ()) -> tuple[PluginView, ...]:
    """Load and validate what plugins.toml lists, or these plugins alone, and start nothing: no database, no Discord.

    The host's own plugin comes first. Raises ChandelierError, a sentence a line, for what cannot be found.
    """
    from chandelier_core.listing import list_plugins as listed

    return listed(names)
