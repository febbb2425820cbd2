"""The few names that a service of the host, such as the API, may use.

A service is announced by an entry point of the group ``chandelier.services``: a callable that takes the Host and gives an
async context manager, entered when the host runs and left when it stops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chandelier import Actor, Call, Declaration, Finding, Outcome, State

__all__ = ["Check", "GuildView", "Host", "HostSettings", "Overview", "PluginView", "Service", "ServiceFailed"]


class ServiceFailed(Exception):
    """A service could not start; the message is one sentence for the operator. The bot runs on without it."""


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What services need to know of the settings. ``api_token`` is None where the API is open to this machine."""

    version: str
    bind_host: str
    bind_port: int
    api_token: str | None = field(default=None, repr=False)


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
    def settings(self) -> HostSettings:
        """Give the settings."""
        ...

    @property
    def plugins(self) -> tuple[PluginView, ...]:
        """Give every plugin that was found, running or not, in the order of plugins.toml."""
        ...

    @property
    def gateway_here(self) -> bool:
        """Say whether this process holds the connection to Discord (False for the API running apart)."""
        ...

    async def guilds(self) -> tuple[GuildView, ...]:
        """Give the servers that the bot is in."""
        ...

    async def overview(self) -> Overview:
        """Give the numbers on the front page."""
        ...

    async def health(self) -> tuple[Check, ...]:
        """Check the database, the gateway and the plugins. Takes at most 3 s."""
        ...

    async def actor(self, user_id: int | None, guild_id: int | None) -> Actor:
        """Give who acts: the operator, or the operator's word for a Discord user, with that user's permissions there.

        Raises NotFound where the guild or the user in it is not known.
        """
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

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with in a server; empty where they are switched off."""
        ...

    async def set_text_prefix(self, guild_id: int, prefix: str | None) -> str:
        """Set a server's prefix, or None for the host's own; give the one in use. Raises UserError for a bad one."""
        ...


Service = Callable[[Host], AbstractAsyncContextManager[object]]
