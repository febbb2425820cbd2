"""The context: everything a piece of plugin code is handed."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from typing_extensions import TypeVar as DefaultTypeVar

from chandelier.calls import Actor, Call, Outcome
from chandelier.config import Config, GuildConfig
from chandelier.errors import UserError

if TYPE_CHECKING:
    import asyncio

    import aiohttp
    import hikari

C = DefaultTypeVar("C", bound=Config, default=Config)
G = DefaultTypeVar("G", bound=GuildConfig, default=GuildConfig)
S = TypeVar("S")


class Gateway(Protocol):
    """The connection to Discord."""

    @property
    def latency_ms(self) -> float:
        """Give the milliseconds between a heartbeat and its answer, averaged over the shards; 0 before the first."""
        ...

    @property
    def connected(self) -> bool:
        """Say whether at least one shard is connected."""
        ...

    @property
    def guild_ids(self) -> tuple[int, ...]:
        """Give the ids of the servers that the bot is in, as far as its shards have said."""
        ...


class Log(Protocol):
    """A structured log, bound to the plugin. Events are snake_case facts with fields."""

    def info(self, event: str, **fields: object) -> None:
        """Record something that went as it should."""
        ...

    def warning(self, event: str, **fields: object) -> None:
        """Record something that an operator may want to know."""
        ...

    def error(self, event: str, **fields: object) -> None:
        """Record something that went wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Who did something, and where, because of which a command runs. ``member`` is hikari's, and None where nobody did."""

    guild_id: int
    channel_id: int | None = None
    message_id: int | None = None
    member: hikari.Member | None = None


class Doors(Protocol):
    """What the host opens to one plugin. A plugin does not see this: it sees the context that stands in front of it."""

    @property
    def plugin(self) -> str: ...
    @property
    def gateway(self) -> Gateway: ...
    @property
    def rest(self) -> hikari.api.RESTClient: ...
    @property
    def cache(self) -> hikari.api.Cache: ...
    @property
    def log(self) -> Log: ...
    def now(self) -> datetime: ...
    def transaction(self) -> AbstractAsyncContextManager[None]: ...
    @property
    def http(self) -> aiohttp.ClientSession: ...
    def emit(self, event: object) -> None: ...
    def find_service(self, protocol: type[S]) -> S: ...
    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]: ...
    def uses(self, guild_id: int | None) -> bool: ...
    def guild_config(self, guild_id: int | None) -> GuildConfig: ...
    async def text_prefix(self, guild_id: int | None) -> str: ...
    async def show_commands(self, guild_id: int) -> None: ...
    async def commands_made_today(self, guild_id: int) -> int: ...
    async def run(self, command: str, arguments: Mapping[str, object], occasion: Occasion) -> Outcome: ...


class PluginContext(Generic[C]):
    """What every piece of a plugin's code may use: a listener, a hook, the lifespan, a service's factory.

    Guarantees: the plugin's config is validated, its tables are current, and the services it requires are open.
    """

    def __init__(self, doors: Doors, config: C) -> None:
        self._doors = doors
        self.config = config

    @property
    def plugin(self) -> str:
        """Give the plugin's name."""
        return self._doors.plugin

    @property
    def gateway(self) -> Gateway:
        """Give the connection to Discord."""
        return self._doors.gateway

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Give hikari's REST client, for what the plugin's needs allow; it raises NeedMissing for the rest.

        Raises Unavailable where there is no Discord (the API running apart).
        """
        return self._doors.rest

    @property
    def cache(self) -> hikari.api.Cache:
        """Give hikari's cache. Raises Unavailable where there is no Discord (the API running apart)."""
        return self._doors.cache

    @property
    def log(self) -> Log:
        """Give a log that is bound to the plugin."""
        return self._doors.log

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return self._doors.now()

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Open a transaction on the store: everything inside is written, or nothing.

        Start no task inside: it would share the transaction's connection.
        """
        return self._doors.transaction()

    @property
    def http(self) -> aiohttp.ClientSession:
        """Give an HTTP client that the host closes; a request takes at most 10 s. Raises NeedMissing without OUTBOUND_HTTP."""
        return self._doors.http

    def emit(self, event: object) -> None:
        """Tell other plugins in this process of an event whose class stands in ``emits``; returns before they have heard it."""
        self._doors.emit(event)

    def use(self, protocol: type[S]) -> S:
        """Give the service that another plugin provides. Raises ServiceUnavailable with who needs what."""
        return self._doors.find_service(protocol)

    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run a task that is named, counted, and cancelled when the plugin stops."""
        return self._doors.spawn(work, name)

    def is_on_in(self, guild_id: int) -> bool:
        """Say whether a server uses the plugin. Where it does not, the host delivers no call, event or job of that server."""
        return self._doors.uses(guild_id)

    def guild_config_in(self, guild_id: int | None) -> GuildConfig:
        """Give a server's settings for the plugin, an instance of its ``guild_config``; outside of servers the defaults."""
        return self._doors.guild_config(guild_id)

    async def run(self, command: str, arguments: Mapping[str, object], occasion: Occasion) -> Outcome:
        """Run a command of the plugin's own because something has happened, through every check that any call passes.

        The command must have ``Surface.EVENT`` among its surfaces. Nobody is answered: that is the caller's to do.
        """
        return await self._doors.run(command, arguments, occasion)

    async def show_commands(self, guild_id: int) -> None:
        """Have Discord show what the hook ``server_commands`` gives for a server now; once an open transaction is committed."""
        await self._doors.show_commands(guild_id)

    async def commands_made_today(self, guild_id: int) -> int:
        """Give how many new slash commands a server was given today (UTC); Discord takes 200 a day."""
        return await self._doors.commands_made_today(guild_id)

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with there; empty where they are switched off."""
        return await self._doors.text_prefix(guild_id)


class JobContext(PluginContext[C]):
    """The context of one run of a job. ``attempt`` counts from 1; ``run_id`` is the same in every attempt."""

    def __init__(self, doors: Doors, config: C, *, run_id: int, attempt: int) -> None:
        super().__init__(doors, config)
        self.run_id = run_id
        self.attempt = attempt


class Context(PluginContext[C], Generic[C, G]):
    """The context of one call."""

    def __init__(self, doors: Doors, config: C, guild_config: G, call: Call) -> None:
        super().__init__(doors, config)
        self.guild_config = guild_config
        self.call = call

    @property
    def actor(self) -> Actor:
        """Give who makes the call."""
        return self.call.actor

    @property
    def guild_id(self) -> int | None:
        """Give the server's id, or None in a direct message."""
        return self.call.guild_id

    @property
    def channel_id(self) -> int | None:
        """Give the channel's id, or None over REST."""
        return self.call.channel_id

    @property
    def user_id(self) -> int:
        """Give the Discord user the call is made for. Refuses an operator who acts for nobody."""
        if self.call.actor.id is None:
            raise UserError(
                "user_needed", "This needs a Discord user; name one with the header X-Discord-User-Id.", status=422
            )
        return self.call.actor.id

    @property
    def here(self) -> int:
        """Give the server's id. Refuses a call that was made outside of a server."""
        if self.call.guild_id is None:
            raise UserError("guild_needed", "This works in a server only.", status=422)
        return self.call.guild_id
