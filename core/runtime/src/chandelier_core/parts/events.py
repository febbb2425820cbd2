"""Events between plugins: told to every plugin of this process that listens to their class."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextvars import Context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import hikari
import structlog
from hikari.events.base_events import get_required_intents_for

from chandelier import Need

if TYPE_CHECKING:
    from chandelier import Listener
    from chandelier_core.parts.listeners import Listeners
    from chandelier_core.registry import Entry

MOST_WAITING = 1000

_log = structlog.get_logger("chandelier.events")


@dataclass(slots=True)
class _Ear:
    """One listener, and what it has not heard yet."""

    entry: Entry
    listener: Listener
    waiting: asyncio.Queue[object] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class Events:
    """Delivers what plugins emit to the listeners of others, under the same guard and limits as the gateway's events.

    A listener hears one after the other, in their order. Nothing is stored, and no other process hears it.
    """

    def __init__(self) -> None:
        #: Told of every event, with the name of the plugin that emitted it.
        self.told: Callable[[str, object], None] = lambda _plugin, _event: None
        self._ears: list[_Ear] = []
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, entries: list[Entry], listeners: Listeners) -> None:
        """Know who listens to what, and deliver from now on."""
        for entry in entries:
            for listener in entry.declared.listeners:
                if not is_gateway(listener.event):
                    ear = _Ear(entry, listener)
                    self._ears.append(ear)
                    # In a context of its own: a listener has no part in the transaction of whoever emits.
                    hearing = self._hear(ear, listeners)
                    self._tasks.append(asyncio.create_task(hearing, name=f"events for {entry.name}", context=Context()))

    def emit(self, plugin: str, event: object) -> None:
        """Tell whoever listens that a plugin emitted this; returns at once."""
        self.told(plugin, event)
        for ear in self._ears:
            if isinstance(event, ear.listener.event):
                try:
                    ear.waiting.put_nowait(event)
                except asyncio.QueueFull:
                    _log.warning(
                        "events_dropped", plugin=ear.entry.name, listener=ear.listener.name, waiting=MOST_WAITING
                    )

    async def end(self) -> None:
        """Deliver no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear(self, ear: _Ear, listeners: Listeners) -> None:
        deliver = listeners.callback(ear.entry, ear.listener)
        while True:
            await deliver(await ear.waiting.get())


def is_gateway(event: type) -> bool:
    """Say whether a class is one of hikari's events."""
    return isinstance(event, type) and issubclass(event, hikari.Event)


def is_granted(event: type, held: Collection[Need]) -> bool:
    """Say whether one of hikari's events comes with these needs: some come only with an intent that must be granted."""
    ways = [int(intents) for intents in get_required_intents_for(event)]
    missing = [need.intents for need in Need if need.intents and need not in held]
    return not any(ways and all(way & bits for way in ways) for bits in missing)
