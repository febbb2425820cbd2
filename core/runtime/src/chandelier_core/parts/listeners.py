"""Delivers gateway events to plugins' listeners, each plugin under its own limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from chandelier import Listener
    from chandelier_core.registry import Entry
    from chandelier_core.running import Running

LIMIT_S = 60.0
MOST_AT_ONCE = 32

_log = structlog.get_logger("chandelier.listeners")


class Listeners:
    """Makes hikari callbacks of listeners. An event for a plugin that is too busy is dropped, and counted."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._busy: dict[str, int] = {}
        self.dropped: dict[str, int] = {}

    def callback(self, entry: Entry, listener: Listener) -> Callable[[Any], Coroutine[Any, Any, None]]:
        """Make the callback of one listener. It never raises."""

        async def deliver(event: Any) -> None:
            if entry.state.running:
                await self._deliver(entry, listener, event)

        return deliver

    async def _deliver(self, entry: Entry, listener: Listener, event: object) -> None:
        name = entry.name
        if self._busy.get(name, 0) >= MOST_AT_ONCE:
            self.dropped[name] = self.dropped.get(name, 0) + 1
            if self.dropped[name] == 1:
                _log.warning("events_dropped", plugin=name, listener=listener.name, at_once=MOST_AT_ONCE)
            return
        self._busy[name] = self._busy.get(name, 0) + 1
        try:
            with self._running.code_of(name):
                async with asyncio.timeout(LIMIT_S):
                    await listener.handler(self._running.context(entry), event)
        except Exception as error:
            await self._running.failures.record(error, plugin=name, part=f"listener {listener.name}")
        finally:
            self._busy[name] -= 1
