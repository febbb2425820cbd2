"""Delivers gateway events to plugins' listeners, each plugin under its own limit."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import structlog

from chandelier_core.life.circuits import Parked

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
            if entry.state.running and self._wanted(entry, listener, event):
                await self._deliver(entry, listener, event)

        return deliver

    def _wanted(self, entry: Entry, listener: Listener, event: object) -> bool:
        running = self._running
        part = part_of(listener)
        if not (running.circuits.is_open(entry.name, part) or running.circuits.due(entry.name, part)):
            return False
        return running.guild_plugins.uses(entry.name, guild_of(event))

    async def _deliver(self, entry: Entry, listener: Listener, event: object) -> None:
        name = entry.name
        if self._busy.get(name, 0) >= MOST_AT_ONCE:
            self.dropped[name] = self.dropped.get(name, 0) + 1
            if self.dropped[name] == 1:
                _log.warning("events_dropped", plugin=name, listener=listener.name, at_once=MOST_AT_ONCE)
            return
        self._busy[name] = self._busy.get(name, 0) + 1
        try:
            await self._running.run(
                name, part_of(listener), lambda: listener.handler(self._running.context(entry), event),
                limit_s=LIMIT_S, guild_id=guild_of(event),
            )  # fmt: skip
        except Parked:
            pass  # another event is trying it
        except Exception as error:
            await self._running.failures.record(error, plugin=name, part=part_of(listener))
        finally:
            self._busy[name] -= 1


def part_of(listener: Listener) -> str:
    """Name the part."""
    return f"listener {listener.name}"


def guild_of(event: object) -> int | None:
    """Give the server that an event belongs to; None for a direct message, and for what belongs to none."""
    guild_id = getattr(event, "guild_id", None)
    return int(guild_id) if isinstance(guild_id, int) else None
