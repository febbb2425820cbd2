"""The life of each plugin: validated, migrated, started, stopped; a failure stops at the plugin."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from typing_extensions import get_protocol_members, is_protocol

from chandelier import ContractError, State
from chandelier_core.host import PartTooSlow
from chandelier_core.life.guard import Escaped, end
from chandelier_core.life.living import Living
from chandelier_core.life.preparing import prepare
from chandelier_core.loading.validation import providers_of, start_order

if TYPE_CHECKING:
    from chandelier_core.life.failures import Failures
    from chandelier_core.life.tasks import OwnTasks
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running

START_LIMIT_S = 30.0
STOP_LIMIT_S = 10.0
#: How long the whole bot waits for plugins that are slow to start.
PATIENCE_S = 5.0
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 300.0

_log = structlog.get_logger("chandelier.lifecycle")
Step = Callable[["Entry"], Awaitable[None]]


@dataclass(slots=True)
class Lifecycle:
    """Moves plugins between states. Every move is one log line and one ``plugin_changed``."""

    registry: Registry
    running: Running
    hooks: HookCaller
    failures: Failures
    own_tasks: OwnTasks
    #: Called once the gateway is attached, with each plugin that starts or stops from then on.
    attach: Step | None = None
    detach: Step | None = None
    stopping: bool = False
    _living: dict[str, Living] = field(default_factory=dict)
    _retries: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _hurry: dict[str, asyncio.Event] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def start_all(self) -> None:
        """Start every migrated plugin, providers of services first, for 5 s at the most: who is slower starts in the background.

        One that cannot start is tried again, and again.
        """
        starting: dict[str, asyncio.Task[None]] = {}
        entries = [entry for entry in self.registry.validated if entry.state is State.MIGRATED]
        for entry in start_order(entries):
            first = [starting[name] for name in providers_of(entry, entries) if name in starting]
            starting[entry.name] = asyncio.create_task(self._start_after(first, entry), name=f"start {entry.name}")
        self._retries |= starting  # to be ended with them, should the program stop meanwhile
        if starting:
            _, late = await asyncio.wait(starting.values(), timeout=PATIENCE_S)
            for task in late:
                _log.warning("plugin_starts_slowly", plugin=task.get_name().removeprefix("start "), after_s=PATIENCE_S)

    async def _start_after(self, first: list[asyncio.Task[None]], entry: Entry) -> None:
        if first:
            await asyncio.wait(first)
        if not await self.start(entry):
            self._retries.pop(entry.name, None)
            self.try_again(entry)

    async def start(self, entry: Entry) -> bool:
        """Open a plugin's services and enter its lifespan, within 30 s; say whether it runs."""
        async with self._locks[entry.name]:
            if entry.state.running:
                return True
            return (entry.prepared or await prepare(self, entry)) and await self._start(entry)

    async def stop(self, entry: Entry, sentence: str | None = None) -> None:
        """Detach a plugin and leave its lifespan within 10 s; it is detached whatever that says."""
        if (retry := self._retries.pop(entry.name, None)) is not None:
            retry.cancel()
        async with self._locks[entry.name]:
            if entry.state is State.STOPPED and entry.name not in self._living:
                entry.sentence = sentence or entry.sentence
                return
            await self.move(entry, State.STOPPED, sentence)
            if self.detach is not None and not self.stopping:
                await self._guarded(entry, "detach", self.detach(entry))
            await self._leave(entry)
        await self._settle_services()

    async def stop_all(self, limit_s: float) -> None:
        """Stop every plugin in the reverse order of their start, all within one limit."""
        self.stopping = True
        for retry in self._retries.values():
            retry.cancel()
        try:
            async with asyncio.timeout(limit_s):
                for name in reversed(list(self._living)):
                    await self.stop(self.registry[name])
        except TimeoutError:
            _log.warning("plugins_left_behind", plugins=sorted(self._living))

    async def move(self, entry: Entry, state: State, sentence: str | None = None) -> None:
        """Put a plugin into a state, and say so."""
        old, entry.state, entry.sentence = entry.state, state, sentence or state.sentence
        line = _log.error if state in (State.FAILED, State.REJECTED) else _log.info
        line("plugin_changed", plugin=entry.name, version=entry.candidate.version, old=old.value, new=state.value,
             why=None if sentence is None else sentence)  # fmt: skip
        await self.hooks.fan_out("plugin_changed", plugin=entry.name, old=old, new=state)

    async def settle(self, entry: Entry) -> None:
        """Let a plugin that runs be DEGRADED while anything ails it, and STARTED when nothing does any more."""
        if not entry.state.running:
            return
        sentence = " ".join(entry.troubles.values()) or None
        state = State.DEGRADED if sentence else State.STARTED
        if (entry.state, entry.sentence) != (state, sentence or state.sentence):
            await self.move(entry, state, sentence)

    def try_again(self, entry: Entry) -> None:
        """Keep trying to start a plugin: after 5 s, then twice as long each time, 5 min at the most."""
        if (already := self._retries.get(entry.name)) is None or already.done():
            self._retries[entry.name] = asyncio.create_task(self._keep_trying(entry), name=f"retry {entry.name}")

    async def _start(self, entry: Entry) -> bool:
        living = Living(entry.name, lambda stack: self._enter(entry, stack), lambda error: self._fell(entry, error))
        began = time.perf_counter()
        self.running.keeper.add(entry.name, entry.declared.caches)
        try:
            with self.running.code_of(entry.name):
                await living.begin(START_LIMIT_S)
        except Exception as error:
            await self._leave(entry)
            await self.move(entry, State.FAILED, await self._why(entry, error))
            return False
        entry.start_ms = (time.perf_counter() - began) * 1000
        self._living[entry.name] = living
        entry.trouble("native", None)
        await self.move(entry, State.STARTED)
        _log.info(
            "plugin_started",
            plugin=entry.name,
            load_ms=round(entry.candidate.load_ms, 1),
            start_ms=round(entry.start_ms, 1),
        )
        if self.attach is not None:
            await self._guarded(entry, "attach", self.attach(entry))
        await self._settle_services()
        await self.settle(entry)
        return True

    async def _why(self, entry: Entry, error: Exception) -> str:
        if isinstance(error, PartTooSlow):
            return f"It did not start within {START_LIMIT_S:.0f} s."
        reference = await self.failures.record(error, plugin=entry.name, part="start")
        raised = error.error if isinstance(error, Escaped) else error
        if isinstance(raised, ContractError):
            return f"It could not start: {raised}"
        return f"It could not start ({type(raised).__name__}); recorded as {reference}."

    async def _enter(self, entry: Entry, stack: AsyncExitStack) -> None:
        context = self.running.context(entry)
        for provided in entry.declared.provides:
            service = await stack.enter_async_context(provided.open(context))
            _must_fit(provided.protocol, service)
            self.running.services[provided.protocol] = (entry.name, service)
        if entry.declared.lifespan is not None:
            await stack.enter_async_context(entry.declared.lifespan(context))

    async def _leave(self, entry: Entry) -> None:
        """End all that a plugin has begun, and name what it had forgotten."""
        for protocol, (owner, _) in list(self.running.services.items()):
            if owner == entry.name:
                del self.running.services[protocol]
        living = self._living.pop(entry.name, None)
        await self.running.end_tasks(entry.name)
        if living is not None:
            await self._guarded(entry, "stop", living.finish(STOP_LIMIT_S))
        await self.running.outside.close(entry.name)
        if left := self.own_tasks.left(entry.name):
            names = sorted({task.get_name() for task in left})
            _log.warning("tasks_leaked", plugin=entry.name, tasks=names[:10], count=len(left))
            await end(left)

    async def _guarded(self, entry: Entry, part: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            await self.failures.record(error, plugin=entry.name, part=part)

    def _fell(self, entry: Entry, error: BaseException | None) -> None:
        falling = asyncio.create_task(self._fail(entry, error), name=f"fallen {entry.name}")
        self._retries[entry.name] = falling

    async def _fail(self, entry: Entry, error: BaseException | None) -> None:
        """Take a plugin out whose lifespan has ended by itself, and start it again."""
        async with self._locks[entry.name]:
            error = error or RuntimeError("it ended by itself")
            reference = await self.failures.record(error, plugin=entry.name, part="lifespan")
            self._living.pop(entry.name, None)
            sentence = f"Its lifespan ended by itself; recorded as {reference}. It is started again."
            await self.move(entry, State.FAILED, sentence)
            if self.detach is not None:
                await self._guarded(entry, "detach", self.detach(entry))
            await self._leave(entry)
        await self._settle_services()
        await self._keep_trying(entry)

    async def _keep_trying(self, entry: Entry) -> None:
        delay_s = FIRST_RETRY_S
        hurry = self._hurry[entry.name] = asyncio.Event()
        while entry.state is State.FAILED:
            try:
                async with asyncio.timeout(delay_s):
                    await hurry.wait()
            except TimeoutError:
                delay_s = min(delay_s * 2, LONGEST_RETRY_S)
            hurry.clear()
            if entry.state is State.FAILED:
                await self.start(entry)

    async def _settle_services(self) -> None:
        """See who lacks a service, and who has it again; who could not start without is tried at once."""
        if self.stopping:
            return
        for entry in self.registry.validated:
            required = [used.protocol for used in entry.declared.uses if used.required]
            lacking = [protocol for protocol in required if protocol not in self.running.services]
            if entry.state is State.FAILED and required and not lacking and (hurry := self._hurry.get(entry.name)):
                hurry.set()
            words = [f"It uses {one.__name__} of {self._provider(one)}, which is not running." for one in lacking]
            entry.trouble("services", " ".join(words) or None)
            if required:
                await self.settle(entry)

    def _provider(self, protocol: type) -> str:
        owners = [e.name for e in self.registry.validated for one in e.declared.provides if one.protocol is protocol]
        return owners[0] if owners else "nobody here"


def _must_fit(protocol: type, service: object) -> None:
    """Raise ContractError for a service without a member of its Protocol."""
    members = get_protocol_members(protocol) if is_protocol(protocol) else ()
    missing = sorted(name for name in members if not hasattr(service, name))
    if missing:
        raise ContractError(f"its service for {protocol.__name__} lacks {', '.join(missing)}.")
