"""The life of each plugin: validated, migrated, started, stopped; a failure stops at the plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from chandelier import State
from chandelier_core.loading.validation import start_order

if TYPE_CHECKING:
    from chandelier_core.life.failures import Failures
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running
    from chandelier_core.store.store import Store

START_LIMIT_S = 30.0
STOP_LIMIT_S = 10.0
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 300.0

_log = structlog.get_logger("chandelier.lifecycle")


@dataclass(slots=True)
class Lifecycle:
    """Moves plugins between states. Every move is one log line and one ``plugin_changed``."""

    registry: Registry
    running: Running
    hooks: HookCaller
    failures: Failures
    #: Called with each plugin that starts once the gateway is attached: a late one is attached then.
    attach: Callable[[Entry], Awaitable[None]] | None = None
    _open: dict[str, AsyncExitStack] = field(default_factory=dict)
    _retries: set[asyncio.Task[None]] = field(default_factory=set)

    async def start_all(self) -> None:
        """Start every migrated plugin, providers of services first. One that cannot start is tried again, and again."""
        for entry in start_order([entry for entry in self.registry.validated if entry.state is State.MIGRATED]):
            if not await self.start(entry):
                retry = asyncio.create_task(self._try_again(entry), name=f"retry {entry.name}")
                self._retries.add(retry)
                retry.add_done_callback(self._retries.discard)

    async def start(self, entry: Entry) -> bool:
        """Open a plugin's services and enter its lifespan, within 30 s; say whether it runs."""
        stack = AsyncExitStack()
        try:
            with self.running.code_of(entry.name):
                async with asyncio.timeout(START_LIMIT_S):
                    await self._enter(entry, stack)
        except Exception as error:
            await self._leave(entry, stack)
            if isinstance(error, TimeoutError):
                sentence = f"It did not start within {START_LIMIT_S:.0f} s."
            else:
                reference = await self.failures.record(error, plugin=entry.name, part="start")
                sentence = f"It could not start ({type(error).__name__}); recorded as {reference}."
            await self.move(entry, State.FAILED, sentence)
            return False
        self._open[entry.name] = stack
        await self.move(entry, State.STARTED)
        if self.attach is not None:
            await self.attach(entry)
        return True

    async def stop_all(self, limit_s: float) -> None:
        """Stop every plugin in the reverse order of their start, all within one limit."""
        for retry in self._retries:
            retry.cancel()
        try:
            async with asyncio.timeout(limit_s):
                for name in reversed(list(self._open)):
                    await self.stop(self.registry[name])
        except TimeoutError:
            _log.warning("plugins_left_behind", plugins=sorted(self._open))

    async def stop(self, entry: Entry) -> None:
        """Detach a plugin and leave its lifespan within 10 s; it is detached whatever that says."""
        stack = self._open.pop(entry.name, None)
        await self.move(entry, State.STOPPED)
        if stack is not None:
            with self.running.code_of(entry.name):
                await self._leave(entry, stack)

    async def move(self, entry: Entry, state: State, sentence: str | None = None) -> None:
        """Put a plugin into a state, and say so."""
        old, entry.state, entry.sentence = entry.state, state, sentence or state.sentence
        line = _log.error if state in (State.FAILED, State.REJECTED) else _log.info
        line("plugin_changed", plugin=entry.name, version=entry.candidate.version, old=old.value, new=state.value,
             why=None if sentence is None else sentence)  # fmt: skip
        await self.hooks.fan_out("plugin_changed", plugin=entry.name, old=old, new=state)

    async def _enter(self, entry: Entry, stack: AsyncExitStack) -> None:
        context = self.running.context(entry)
        for provided in entry.declared.provides:
            service = await stack.enter_async_context(provided.open(context))
            self.running.services[provided.protocol] = (entry.name, service)
        if entry.declared.lifespan is not None:
            await stack.enter_async_context(entry.declared.lifespan(context))

    async def _leave(self, entry: Entry, stack: AsyncExitStack) -> None:
        for protocol, (owner, _) in list(self.running.services.items()):
            if owner == entry.name:
                del self.running.services[protocol]
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self.running.end_tasks(entry.name)
                await stack.aclose()
        except Exception as error:
            await self.failures.record(error, plugin=entry.name, part="stop")

    async def _try_again(self, entry: Entry) -> None:
        delay_s = FIRST_RETRY_S
        while entry.state is State.FAILED:
            await asyncio.sleep(delay_s)
            if await self.start(entry):
                return
            delay_s = min(delay_s * 2, LONGEST_RETRY_S)


async def migrate_all(registry: Registry, store: Store, lifecycle: Lifecycle) -> None:
    """Bring each plugin's tables up to date, one at a time; a plugin whose migration fails stays out."""
    from chandelier_core.store.apps import AppModels
    from chandelier_core.store.errors import MigrationFailed

    for entry in registry.validated:
        declared = entry.declared
        if declared.models is not None and declared.migrations is not None:
            try:
                done = await store.migrate(AppModels(declared.name, declared.models, declared.migrations))
            except MigrationFailed as error:
                await lifecycle.move(entry, State.FAILED, f"Its tables could not be brought up to date: {error}")
                continue
            if done:
                _log.info("migrated", plugin=entry.name, migrations=done)
        entry.state, entry.sentence = State.MIGRATED, State.MIGRATED.sentence
