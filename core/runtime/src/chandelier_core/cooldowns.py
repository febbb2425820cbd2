"""Cooldowns: how often one actor may call one command, kept in this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from chandelier import Call, Command

MOST_KEYS = 50_000


class Cooldowns:
    """Counts calls in sliding windows. Bounded: with 50,000 windows open, the oldest are forgotten."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._calls: dict[tuple[str, str, int | None], deque[float]] = {}

    def spend(self, command: Command, call: Call) -> float:
        """Count a call; give the seconds still to wait where it is one too many, else 0."""
        if command.cooldown is None:
            return 0.0
        now, span = self._now().timestamp(), command.cooldown.every.total_seconds()
        key = (call.plugin, command.path, call.actor.id)
        window = self._calls.pop(key, deque())
        self._calls[key] = window
        while len(self._calls) > MOST_KEYS:
            del self._calls[next(iter(self._calls))]
        while window and window[0] <= now - span:
            window.popleft()
        if len(window) >= command.cooldown.uses:
            return window[0] + span - now
        window.append(now)
        return 0.0
