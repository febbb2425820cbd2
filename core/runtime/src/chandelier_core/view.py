"""The host as its services see it: the one implementation of ``chandelier_core.host.Host``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, TypeVar

from chandelier import Actor, Call, NotFound, Outcome, Unavailable
from chandelier_core.access.visible import visible_guilds
from chandelier_core.guilds.plugins import HOST, GuildPlugins
from chandelier_core.host import (
    Access,
    Check,
    GuildPluginView,
    GuildView,
    Happening,
    HostSettings,
    Identity,
    Overview,
    PartView,
    PluginView,
    Webhook,
)
from chandelier_core.invite import application_of, invite_link, wanted_permissions
from chandelier_core.life.failures import new_reference
from chandelier_core.life.naming import find_plugin
from chandelier_core.observe.health import Health
from chandelier_core.registry import Entry, Registry
from chandelier_core.store.errors import StoreBusy
from chandelier_core.store.outage import is_database_away

if TYPE_CHECKING:
    from chandelier_core.dispatch import Dispatch
    from chandelier_core.entities import Entities
    from chandelier_core.guilds.settings import Guilds
    from chandelier_core.life.switchboard import Switchboard
    from chandelier_core.life.watchdog import Watchdog
    from chandelier_core.observe.feed import Feed
    from chandelier_core.observe.webhooks import Webhooks
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.running import Running
    from chandelier_core.settings import Settings

T = TypeVar("T")
LOCK_S = 10.0


class RunningHost:
    """Shows services the running program, and nothing more of it."""

    def __init__(
        self, settings: Settings, registry: Registry, running: Running, dispatch: Dispatch, entities: Entities,
        guilds: Guilds, hooks: HookCaller, switchboard: Switchboard, watchdog: Watchdog, access: Access, feed: Feed,
        webhooks: Webhooks, ended: asyncio.Event, *, gateway_here: bool,
    ) -> None:  # fmt: skip
        self._feed = feed
        self._webhooks = webhooks
        self._ended = ended
        self._access = access
        self._settings = HostSettings(
            version=version_of("chandelier-core"),
            bind_host=settings.bind_host,
            bind_port=settings.bind_port,
            api_token=settings.api_token,
            public_url=settings.public_url,
            public_key=settings.public_key,
            rate_per_minute=settings.api_rate,
            redis_url=settings.redis_url,
        )
        self._token, self._api_url = settings.token or "", settings.api_url
        self._registry = registry
        self._running = running
        self._dispatch = dispatch
        self._entities = entities
        self._guilds = guilds
        self._health = Health(running, registry, hooks, watchdog, gateway_here=gateway_here)
        self._gateway_here = gateway_here
        self._switchboard = switchboard
        self._watchdog = watchdog
        self._started_at = running.now()

    @property
    def settings(self) -> HostSettings:
        """Give the settings."""
        return self._settings

    @property
    def access(self) -> Access:
        """Give who may use the API."""
        return self._access

    @property
    def plugins(self) -> tuple[PluginView, ...]:
        """Give every plugin that was found."""
        return tuple(view_of(entry, self._watchdog.times(entry.name)) for entry in self._registry)

    def plugin(self, name: str) -> PluginView | None:
        """Give one plugin."""
        entry = self._registry.get(name)
        return None if entry is None else view_of(entry, self._watchdog.times(name))

    @property
    def gateway_here(self) -> bool:
        """Say whether this process holds the connection to Discord."""
        return self._gateway_here

    def invite(self) -> str:
        """Give the link that adds the bot to a server."""
        application_id = application_of(self._token)
        if application_id is None:
            raise Unavailable("The API runs without a Discord token here. Set DISCORD_TOKEN for it.", code="no_discord")
        return invite_link(self._api_url, application_id, wanted_permissions(self._registry.validated))

    async def guilds(self) -> tuple[GuildView, ...]:
        """Give the servers that the bot is in."""
        return await self._running.discord.guilds()

    def parts(self, plugin: str) -> tuple[PartView, ...]:
        """Give the parts of a plugin."""
        return self._switchboard.parts(find_plugin(self._registry, plugin))

    async def switch_plugin(self, plugin: str, *, on: bool, by: str) -> None:
        """Switch a plugin on or off."""
        await (self._switchboard.on(plugin, by) if on else self._switchboard.off(plugin, by))

    async def switch_part(self, plugin: str, part: str, *, on: bool, by: str) -> None:
        """Take a part out of use, or bring it back."""
        await (self._switchboard.resume(plugin, part, by) if on else self._switchboard.park(plugin, part, by))

    async def run_part(self, plugin: str, part: str, work: Callable[[], Awaitable[T]], *, limit_s: float) -> T:
        """Run one part of a plugin, guarded."""
        return await self._running.run(plugin, part, work, limit_s=limit_s)

    async def overview(self) -> Overview:
        """Give the numbers on the front page."""
        discord = self._running.discord
        return Overview(
            started_at=self._started_at,
            version=self._settings.version,
            connected=discord.connected,
            latency_ms=round(discord.latency_ms, 1) if self._gateway_here else 0.0,
            guilds=await self.guilds(),
            calls=dict(self._dispatch.counts),
        )

    async def health(self) -> tuple[Check, ...]:
        """Check the database, the gateway and the plugins."""
        return await self._health.check()

    async def guilds_of(self, identity: Identity) -> tuple[GuildView, ...]:
        """Give the servers that a caller may know of."""
        return await visible_guilds(await self.guilds(), identity, self._entities.is_member)

    async def actor(self, user_id: int | None, guild_id: int | None) -> Actor:
        """Give who acts."""
        if guild_id is not None and guild_id not in {guild.id for guild in await self.guilds()}:
            raise NotFound(f"The bot is in no server {guild_id}.", code="guild_not_found")
        return await self._entities.actor(user_id, guild_id)

    def follow(self, after: int | None) -> AsyncIterator[Happening]:
        """Give what happens."""
        return self._feed.follow(after)

    async def webhooks(self, guild_id: int) -> list[Webhook]:
        """Give a server's webhooks."""
        return await self._webhooks.of(guild_id)

    async def add_webhook(self, guild_id: int, url: str, names: Sequence[str], *, by: str) -> Webhook:
        """Add a webhook."""
        return await self._webhooks.add(guild_id, url, names, by=by)

    async def remove_webhook(self, guild_id: int, webhook_id: str) -> None:
        """Delete a server's webhook."""
        await self._webhooks.remove(guild_id, webhook_id)

    async def ending(self) -> None:
        """Wait until the program is to end."""
        await self._ended.wait()

    async def interaction(self, payload: Mapping[str, object]) -> None:
        """Take an interaction that Discord has posted."""
        await self._running.discord.take_interaction(payload)

    @asynccontextmanager
    async def exclusively(self, name: str) -> AsyncIterator[None]:
        """Hold a lock that one holder in all processes has."""
        try:
            async with self._running.store.advisory_lock(name, timeout_s=LOCK_S):
                yield
        except StoreBusy:
            raise Unavailable("Somebody else is changing the same thing; try again in a moment.") from None

    def new_reference(self) -> str:
        """Make the reference of a call."""
        return new_reference()

    def now(self) -> datetime:
        """Give the instant, aware, in UTC."""
        return self._running.now()

    async def dispatch(self, call: Call) -> Outcome:
        """Run a call to its outcome."""
        return await self._dispatch(call)

    async def record_failure(self, error: BaseException, *, plugin: str, part: str, reference: str) -> None:
        """Record a bug that a service met."""
        await self._running.failures.record(error, plugin=plugin, part=part, surface="rest", reference=reference)

    def is_database_away(self, error: BaseException) -> bool:
        """Say whether an error is an outage of the database."""
        return is_database_away(error)

    def uses(self, plugin: str, guild_id: int | None) -> bool:
        """Say whether a server uses a plugin."""
        return self._running.guild_plugins.uses(plugin, guild_id)

    def guild_plugins(self, guild_id: int) -> tuple[GuildPluginView, ...]:
        """Give the plugins that a server may decide about."""
        entries = (entry for entry in self._registry.validated if entry.name != HOST)
        return tuple(_view_in_guild(entry, self._running.guild_plugins, guild_id) for entry in entries)

    async def switch_in_guild(self, guild_id: int, plugin: str, *, on: bool) -> None:
        """Switch a plugin on or off in a server."""
        await self._running.guild_plugins.switch(self._validated(plugin), guild_id, on=on)

    async def configure_in_guild(self, guild_id: int, plugin: str, changes: Mapping[str, object] | None) -> None:
        """Make settings of a plugin in a server."""
        entry, chosen = self._validated(plugin), self._running.guild_plugins
        await (chosen.reset(entry, guild_id) if changes is None else chosen.change(entry, guild_id, changes))

    def _validated(self, plugin: str) -> Entry:
        entry = find_plugin(self._registry, plugin)
        if entry not in self._registry.validated:
            raise NotFound(f"The plugin {plugin} does not run: {entry.sentence}")
        return entry

    async def text_prefix(self, guild_id: int | None) -> str:
        """Give what text commands begin with in a server."""
        return self._guilds.text_prefix(guild_id)

    async def set_text_prefix(self, guild_id: int, prefix: str | None) -> str:
        """Set a server's prefix; give the one in use."""
        return await self._guilds.set_text_prefix(guild_id, prefix)


def _view_in_guild(entry: Entry, chosen: GuildPlugins, guild_id: int) -> GuildPluginView:
    return GuildPluginView(
        name=entry.name,
        summary=entry.declared.summary,
        on=chosen.uses(entry.name, guild_id),
        running=entry.state.running,
        sentence=entry.sentence,
        config=chosen.config(entry, guild_id).model_dump(mode="json"),
        schema=entry.declared.guild_config.model_json_schema(),
        misfits=tuple(chosen.misfits(entry, guild_id)),
    )


def view_of(entry: Entry, blocked: int) -> PluginView:
    """Show services a plugin; ``blocked`` is how often its code has stopped the whole bot."""
    declared = entry.declaration
    return PluginView(
        name=entry.name,
        summary=declared.summary if declared is not None else "",
        distribution=entry.candidate.distribution,
        version=entry.candidate.version,
        state=entry.state,
        sentence=entry.sentence,
        enabled=entry.table is not None,
        declaration=declared,
        findings=tuple(entry.findings),
        blocked=blocked,
        load_ms=round(entry.candidate.load_ms, 1),
        start_ms=round(entry.start_ms, 1),
    )
