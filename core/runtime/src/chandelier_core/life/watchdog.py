"""Sees from a thread of its own that the event loop stands still, and whose code it stands in; and sudden growth of memory."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from chandelier_core.life.owners import Owners, place_of

#: How long the loop may stand still before somebody is named.
LIMIT_S = 0.25
BEAT_S = 0.1
SAY_AGAIN_S = 5.0
#: How long /health tells of it.
REMEMBERED_S = 300.0
GROWTH_BYTES = 256 * 2**20
GROWTH_WINDOW_S = 10.0
SAMPLE_S = 1.0
MEMORY = Path("/proc/self/statm")

_log = structlog.get_logger("chandelier.watchdog")


@dataclass(slots=True)
class Blocked:
    """The last time that a plugin has stopped the loop."""

    where: str
    ms: float
    at: float
    times: int = 1


@dataclass(slots=True)
class _Standstill:
    since: float
    plugin: str = ""
    where: str = ""
    said_at: float = 0.0
    said: bool = False


@dataclass(slots=True)
class Watchdog:
    """Watches the loop that it is started in. ``ran`` says when each plugin's code was last begun."""

    owners: Owners
    ran: Mapping[str, float]
    blocked: dict[str, Blocked] = field(default_factory=dict)
    _beat: float = 0.0
    _watched: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _timer: asyncio.TimerHandle | None = None
    _thread: threading.Thread | None = None
    _memory: deque[tuple[float, int]] = field(default_factory=deque)
    _peak: int = 0

    def start(self) -> None:
        """Begin to watch the running loop, in the thread that it runs in."""
        self._watched = threading.get_ident()
        self._pulse()
        self._thread = threading.Thread(target=self._watch, name="chandelier: watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watching."""
        self._ended.set()
        if self._timer is not None:
            self._timer.cancel()

    def complaint(self, plugin: str) -> str | None:
        """Say that a plugin has stopped the loop within the last 5 minutes; None if it has not."""
        seen = self.blocked.get(plugin)
        if seen is None or time.monotonic() - seen.at > REMEMBERED_S:
            return None
        times = f" (for the {seen.times}th time)" if seen.times > 3 else ""
        return f"It blocked the loop for {seen.ms / 1000:.1f} s at {seen.where}{times}; nobody was answered meanwhile."

    def times(self, plugin: str) -> int:
        """Count how often a plugin has stopped the loop since the start."""
        seen = self.blocked.get(plugin)
        return seen.times if seen is not None else 0

    def _pulse(self) -> None:
        self._beat = time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(BEAT_S, self._pulse)

    def _watch(self) -> None:
        still: _Standstill | None = None
        sampled = 0.0
        while not self._ended.wait(BEAT_S):
            beat, now = self._beat, time.monotonic()
            if now - sampled >= SAMPLE_S:
                sampled = now
                self._weigh(now)
            if still is not None and beat != still.since:
                self._free(still, beat)
                still = None
            if now - beat > LIMIT_S + BEAT_S:
                still = still or _Standstill(beat)
                self._look(still, now)

    def _look(self, still: _Standstill, now: float) -> None:
        """Find out whose code the loop stands in, and say so: once, and again every 5 s."""
        frame: FrameType | None = sys._current_frames().get(self._watched)
        if (found := self.owners.of_frame(frame)) is not None:
            still.plugin, still.where = found[0], place_of(found[1])
        elif not still.where and frame is not None:
            still.where = place_of(frame)
        if still.said and now - still.said_at < SAY_AGAIN_S:
            return
        still.said, still.said_at = True, now
        _log.warning(
            "loop_blocked", plugin=still.plugin or "host", where=still.where, ms=round((now - still.since) * 1000)
        )

    def _free(self, still: _Standstill, beat: float) -> None:
        ms = (beat - still.since - BEAT_S) * 1000
        _log.warning("loop_free", plugin=still.plugin or "host", where=still.where, ms=round(ms))
        if still.plugin:
            times = self.times(still.plugin) + 1
            self.blocked[still.plugin] = Blocked(still.where, ms, time.monotonic(), times)

    def _weigh(self, now: float) -> None:
        """See whether the process has grown by more than 256 MB within 10 s, and name who ran meanwhile."""
        size = resident_bytes()
        if size is None:
            return
        while self._memory and now - self._memory[0][0] > GROWTH_WINDOW_S:
            self._memory.popleft()
        before, self._peak = self._peak, peak_bytes()
        since, least = min(self._memory, key=lambda sample: sample[1], default=(now, size))
        self._memory.append((now, size))
        if before and self._peak > before:  # it was taken, and perhaps given back, since the last look
            size = max(size, self._peak)
        if size - least > GROWTH_BYTES:
            ran = sorted(name for name, at in dict(self.ran).items() if at >= since - SAMPLE_S and name != "host")
            _log.warning("memory_grew", mb=round((size - least) / 2**20), seconds=round(now - since, 1),
                         total_mb=round(size / 2**20), plugins=ran)  # fmt: skip
            self._memory.clear()


def resident_bytes() -> int | None:
    """Give the memory that this process holds; None where the system does not say (proc(5), statm)."""
    try:
        return int(MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def peak_bytes() -> int:
    """Give the most memory that this process has ever held (getrusage(2), in KiB on Linux)."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
