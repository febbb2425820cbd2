"""The sandbox's own time: real time plus an offset that tests may move forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime


class Clock:
    """Tell the time of the sandbox; it never runs backwards by itself."""

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._watchers: list[Callable[[], None]] = []

    @property
    def offset_s(self) -> float:
        """Return how far it has been moved, in seconds."""
        return self._offset_s

    def time(self) -> float:
        """Return seconds since the Unix epoch, moved by the offset."""
        return time.time() + self._offset_s

    def now(self) -> datetime:
        """Return the same moment as an aware UTC datetime."""
        return datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock forward by this many seconds and wake whoever watches it."""
        if seconds < 0:
            raise ValueError(f"The clock cannot be moved back by {-seconds} s; advance() takes seconds from 0 up.")
        self._offset_s += seconds
        for watcher in tuple(self._watchers):
            watcher()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call the watcher after every advance; return the function that ends this."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def http_date(self) -> str:
        """Return the time as an HTTP Date header (RFC 9110, section 5.6.7)."""
        return format_datetime(self.now().replace(microsecond=0), usegmt=True)
