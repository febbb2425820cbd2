"""The running program: everything is made here, started in order, and stopped in reverse under one deadline."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.metadata import version as version_of
from typing import Never

import hikari
import structlog

from chandelier import NotRunning, State
from chandelier_core.access.access import RunningAccess
from chandelier_core.access.discord_login import login_settings
from chandelier_core.attachment import Attachment
from chandelier_core.builtin import host_plugin
from chandelier_core.builtin.operators import Desk
from chandelier_core.builtin.servers import Counter
from chandelier_core.caching.keeper import Keeper
from chandelier_core.caching.shared import Shared
from chandelier_core.clock import Clock, follow
from chandelier_core.cooldowns import Cooldowns
from chandelier_core.discord import GatewayDiscord, RestDiscord, explain, intents_for
from chandelier_core.dispatch import Dispatch
from chandelier_core.entities import Entities
from chandelier_core.guilds.plugins import TOPIC as GUILD_PLUGINS
from chandelier_core.guilds.plugins import GuildPlugins
from chandelier_core.guilds.settings import TOPIC as GUILD_SETTINGS
from chandelier_core.guilds.settings import Guilds
from chandelier_core.host import ServiceFailed
from chandelier_core.life.circuits import Circuits
from chandelier_core.life.consents import check_consents, needs_of
from chandelier_core.life.failures import Failures
from chandelier_core.life.lifecycle import Lifecycle
from chandelier_core.life.owners import Owners
from chandelier_core.life.preparing import prepare_all
from chandelier_core.life.safe_mode import SKIPPED, say_skipped, without_strangers
from chandelier_core.life.switchboard import Switchboard
from chandelier_core.life.tasks import OwnTasks
from chandelier_core.life.watchdog import Watchdog
from chandelier_core.loading.loading import Loaded, load_plugins
from chandelier_core.loading.plugins_file import PluginsFile, read_plugins_file
from chandelier_core.observe.feed import Feed
from chandelier_core.observe.log import Redactor
from chandelier_core.observe.webhooks import Webhooks
from chandelier_core.parts.events import is_gateway, is_granted
from chandelier_core.parts.hooks import HookCaller
from chandelier_core.parts.scheduling import JobStore
from chandelier_core.registry import Entry
from chandelier_core.running import Running
from chandelier_core.settings import Settings, SettingsError
from chandelier_core.store.access import AccessRows
from chandelier_core.store.answers import AnswerRows
from chandelier_core.store.apps import CORE, AppModels
from chandelier_core.store.changes import Changes
from chandelier_core.store.embedded import EmbeddedPostgres
from chandelier_core.store.guild_plugins import GuildPluginRows
from chandelier_core.store.happenings import HappeningRows
from chandelier_core.store.records import Records
from chandelier_core.store.store import Store
from chandelier_core.store.switches import SwitchRows
from chandelier_core.store.webhooks import WebhookRows
from chandelier_core.surfaces.event import EventSurface
from chandelier_core.surfaces.server_commands import TOPIC as GUILD_COMMANDS
from chandelier_core.surfaces.server_commands import ServerCommands
from chandelier_core.surfaces.slash import SlashSurface
from chandelier_core.surfaces.text import TextSurface
from chandelier_core.view import RunningHost

SERVICES = "chandelier.services"
#: The whole of a shutdown; its parts share it.
STOP_LIMIT_S = 9.5
DRAIN_LIMIT_S = 3.0
SERVICE_LIMIT_S = 10.0

_log = structlog.get_logger("chandelier.program")


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does: hold the gateway (and run jobs), and which host services it runs (None: all)."""

    gateway: bool = True
    services: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    #: A service that must start, or the program ends: the API, where it is all that this process is for.
    needed: str | None = None
    #: Start no plugin that did not come with the bot.
    safe: bool = False
    #: Watch the event loop; not where somebody else's code, such as a test's, runs in it too.
    own_loop: bool = True

    def wants(self, service: str) -> bool:
        """Say whether this process runs a service."""
        return service not in self.without and (self.services is None or service in self.services)


class Program:
    """Everything that runs in this process.

    Guarantees: ``start`` either has everything running or has undone what it began and raises one ChandelierError whose
    message is for the operator. ``stop`` takes at most 10 s.
    """

    def __init__(self, settings: Settings, redactor: Redactor, roles: Roles) -> None:
        self.settings = settings
        self.roles = roles
        self.redactor = redactor
        self._stack = AsyncExitStack()
        self.clock = Clock()
        self.ended = asyncio.Event()
        self.services: dict[str, object] = {}
        self.reason_ended: str | None = None

    async def start(self) -> None:
        """Start everything, in order."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop everything, in reverse."""
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self._stack.aclose()
        except TimeoutError:
            _log.error("stop_cut_short", limit_s=STOP_LIMIT_S)

    async def _start(self) -> None:
        file = read_file(self.settings)
        self.store = await self._open_store()
        records = Records(self.store)
        self.changes = Changes(self.store)
        guilds = Guilds(records, file.host.text_prefix, self.changes.tell)
        self.changes.watch(GUILD_SETTINGS, guilds.reread)
        loaded = self._load(file, guilds)
        self.registry = loaded.registry
        self.discord = self._make_discord(file)
        self.circuits = Circuits(self.clock.now)
        self.failures = Failures(self.redactor.text, self.circuits)
        self.jobs = JobStore(records)
        self.guild_plugins = GuildPlugins(GuildPluginRows(self.store), self.changes.tell)
        self.changes.watch(GUILD_PLUGINS, self.guild_plugins.reread)
        self.running = Running(
            self.discord, self.store, self.jobs, guilds, self.failures, self.clock, self.guild_plugins, self.circuits,
            self._make_keeper(), self.changes.tell,
        )  # fmt: skip
        self._follow_clock()
        self.hooks = HookCaller(self.registry, self.running, self.failures)
        owners = Owners.of_installed()
        self.lifecycle = Lifecycle(self.registry, self.running, self.hooks, self.failures, self._see_tasks(owners))
        await self._use_store(records)
        self._begin_feed()
        self.switchboard = Switchboard(
            self.registry, self.lifecycle, self.circuits, SwitchRows(self.store), self.changes
        )
        self._stack.push_async_callback(self.switchboard.end)
        await self.switchboard.begin()
        self._listen_for_changes()
        self.desk = Desk(self.discord, self.switchboard)
        watchdog = self._watch_loop(owners)
        self._stack.push_async_callback(self.running.events.end)
        await check_consents(self.lifecycle)
        await prepare_all(self.lifecycle)
        entities = Entities(self.discord)
        self.dispatch = Dispatch(self.registry, self.running, self.hooks, entities, Cooldowns(self.running.now))
        self.running.occur = EventSurface(self.running, self.dispatch, entities).occur
        self.access = self._make_access()
        self.host = RunningHost(
            self.settings, self.registry, self.running, self.dispatch, entities, guilds, self.hooks,
            self.switchboard, watchdog, self.access, self.feed, self.webhooks, self.ended, gateway_here=self.roles.gateway,
        )  # fmt: skip
        await self._connect()
        self._stack.push_async_callback(self.lifecycle.stop_all, STOP_LIMIT_S / 2)
        await self.lifecycle.start_all()
        if isinstance(self.discord, GatewayDiscord):
            server_commands = self._begin_server_commands(self.discord, records)
            slash = SlashSurface(self.registry, self.running, self.dispatch, server_commands)
            text = TextSurface(self.registry, self.running, self.dispatch, self.hooks, entities)
            attachment = Attachment(self.discord, self.registry, self.running, self.lifecycle, records)
            self._stack.push_async_callback(attachment.end)
            await attachment.begin(slash, text)
            await server_commands.mark_all()
        self._stack.push_async_callback(self.dispatch.drain, DRAIN_LIMIT_S)
        await self._start_services()
        if self.roles.own_loop:
            settle_memory()
        _log.info("ready", plugins=[entry.name for entry in self.registry.running], services=sorted(self.services))

    def _make_keeper(self) -> Keeper:
        shared = Shared(self.settings.redis_url) if self.settings.redis_url is not None else None
        if shared is not None:
            self._stack.callback(asyncio.create_task(shared.run(), name="redis").cancel)
        return Keeper(self.store, self.changes, shared)

    def _begin_server_commands(self, discord: GatewayDiscord, records: Records) -> ServerCommands:
        found = ServerCommands(discord, self.running, self.hooks, records)
        self.changes.hear(GUILD_COMMANDS, found.changed, found.mark_all)
        self._stack.callback(asyncio.create_task(found.run(), name="server commands").cancel)
        return found

    def _begin_feed(self) -> None:
        happenings = HappeningRows(self.store)
        self.feed = Feed(happenings, self.changes, self.clock.now)
        self.running.events.told = self.feed.tell_emitted
        self.webhooks = Webhooks(
            WebhookRows(self.store),
            happenings,
            self.jobs.scheduler("host"),
            self.clock.now,
            self.settings.webhook_hosts,
        )
        tasks = [asyncio.create_task(self.feed.run(), name="feed")]
        if self.roles.gateway:
            tasks.append(asyncio.create_task(self.webhooks.run(self.changes), name="webhooks"))
        for task in tasks:
            self._stack.callback(task.cancel)

    def _make_access(self) -> RunningAccess:
        return RunningAccess(
            AccessRows(self.store), AnswerRows(self.store), self.clock.now, operator_token=self.settings.api_token,
            login=login_settings(self.settings), plugins=lambda: [entry.name for entry in self.registry],
            owns=self.desk.is_operator,
        )  # fmt: skip

    def _follow_clock(self) -> None:
        if self.settings.clock_url is not None:
            following = asyncio.create_task(
                follow(self.clock, self.settings.clock_url, self.jobs.changed.set), name="clock"
            )
            self._stack.callback(following.cancel)

    async def _open_store(self) -> Store:
        url = self.settings.database_url
        if url is None:
            embedded = EmbeddedPostgres(self.settings.data_folder / "postgres")
            url = await embedded.start()
            self._stack.push_async_callback(embedded.stop)
        store = Store(url)
        if done := await store.migrate(CORE):
            _log.info("migrated", plugin="core", migrations=done)
        return store

    async def _use_store(self, records: Records) -> None:
        """Open the core's tables; each plugin's are opened when it is prepared."""
        await self.store.open([CORE])
        self._stack.push_async_callback(self.store.close)
        self.failures.attach(records)
        await self.guild_plugins.reread()

    def _see_tasks(self, owners: Owners) -> OwnTasks:
        own_tasks, loop = OwnTasks(owners), asyncio.get_running_loop()
        own_tasks.install(loop)
        self._stack.callback(own_tasks.uninstall, loop)
        return own_tasks

    def _watch_loop(self, owners: Owners) -> Watchdog:
        watchdog = Watchdog(owners, self.running.ran)
        if self.roles.own_loop:
            watchdog.start()
            self._stack.callback(watchdog.stop)
        return watchdog

    def _listen_for_changes(self) -> None:
        listening = asyncio.create_task(self.changes.run(), name="changes")
        self._stack.callback(listening.cancel)

    def _load(self, file: PluginsFile, guilds: Guilds) -> Loaded:
        file, skipped = without_strangers(file) if self.roles.safe else (file, {})
        own = host_plugin(
            lambda: guilds, lambda: self.desk, lambda: Counter(self.registry, self.guild_plugins),
            lambda: self.access, lambda: self.feed, lambda: self.webhooks,
        )  # fmt: skip
        loaded = load_plugins(file, [(own, version_of("chandelier-core"))])
        say_skipped(loaded.registry, skipped)
        for name in skipped:
            _log.warning("plugin_skipped", plugin=name, why=SKIPPED)
        self.redactor.add(loaded.secrets)
        for finding in loaded.findings:
            _log.error("plugins_file_wrong", finding=str(finding))
        for entry in loaded.registry:
            if entry.state is State.REJECTED:
                for finding in entry.findings:
                    _log.error(
                        "plugin_rejected", plugin=entry.name, version=entry.candidate.version, finding=str(finding)
                    )
                if entry.candidate.trace:
                    _log.debug("plugin_trace", plugin=entry.name, trace=entry.candidate.trace)
            else:
                for finding in entry.findings:
                    _log.warning("plugin_warned", plugin=entry.name, finding=str(finding))
        return loaded

    def _make_discord(self, file: PluginsFile) -> GatewayDiscord | RestDiscord:
        if not self.roles.gateway:
            return RestDiscord(self.settings.token, self.settings.api_url)
        events = [
            listener.event
            for entry in self.registry.validated
            for listener in entry.declared.listeners
            if is_gateway(listener.event) and is_granted(listener.event, needs_of(entry))
        ]
        bits = 0
        for entry in self.registry.validated:
            for need in needs_of(entry):
                bits |= need.intents
        intents = intents_for(events, bits, text=bool(file.host.text_prefix))
        return GatewayDiscord(self.settings.token or "", self.settings.api_url, intents)

    async def _connect(self) -> None:
        discord = self.discord
        self._stack.push_async_callback(discord.close)
        await discord.open()
        if isinstance(discord, GatewayDiscord):
            watch = asyncio.create_task(self._watch(discord), name="gateway")
            self._stack.callback(watch.cancel)

    async def _watch(self, discord: GatewayDiscord) -> None:
        """End the program when Discord has closed the gateway for good: hikari comes back from everything else."""
        try:
            await discord.bot.join()
        except hikari.HikariError as error:
            self.reason_ended = explain(error, self.settings.api_url)
            self.ended.set()

    async def _start_services(self) -> None:
        for point in sorted(entry_points(group=SERVICES), key=lambda point: point.name):
            if self.roles.wants(point.name):
                await self._start_service(point)
        if self.roles.needed is not None and self.roles.needed not in self.services:
            raise ServiceFailed(
                f"The service {self.roles.needed} is not running; nothing is left to do. See the line above."
            )

    async def _start_service(self, point: EntryPoint) -> None:
        try:
            async with asyncio.timeout(SERVICE_LIMIT_S):
                service = point.load()(self.host)
                opened = await self._stack.enter_async_context(service)
            self.services[point.name] = opened
            _log.info("service_started", service=point.name, url=getattr(opened, "url", None))
        except ServiceFailed as error:
            if self.roles.needed == point.name:
                raise
            _log.error("service_failed", service=point.name, why=str(error))
        except Exception as error:
            reference = await self.failures.record(error, plugin="host", part=f"service {point.name}")
            _log.error("service_failed", service=point.name, why=f"{type(error).__name__}; recorded as {reference}")


def settle_memory() -> None:
    """Leave what was loaded out of later garbage collections, each of which would hold the loop for some 80 ms."""
    gc.collect()
    gc.freeze()


def read_file(settings: Settings) -> PluginsFile:
    """Read plugins.toml; raise SettingsError where it cannot be read at all."""
    file = read_plugins_file(settings.plugins_file)
    if file.findings and not file.tables:
        raise SettingsError([str(finding) for finding in file.findings])
    return file


def apps_of(entries: Sequence[Entry]) -> list[AppModels]:
    """Name the tables of those plugins that have any."""
    return [
        AppModels(entry.name, entry.declared.models, entry.declared.migrations)
        for entry in entries
        if entry.declared.models is not None and entry.declared.migrations is not None
    ]


def load_quietly(settings: Settings, file: PluginsFile | None = None) -> Loaded:
    """Load and validate every plugin that plugins.toml, or another file, lists. Starts nothing: no database, no Discord."""

    def not_running() -> Never:
        raise NotRunning

    return load_plugins(
        file or read_file(settings),
        [(host_plugin(*[not_running] * 6), version_of("chandelier-core"))],
    )
