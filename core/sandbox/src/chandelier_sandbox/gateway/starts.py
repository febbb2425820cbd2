"""How often sessions may begin: a day's starts, and identifies at the same moment (Discord: Gateway, Session Start Limit)."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject

TOTAL = 1000
DAY_S = 86_400.0
CONCURRENCY_WINDOW_S = 5.0


class Starts:
    """Count the sessions that begin; times are those of the sandbox's clock."""

    def __init__(self) -> None:
        self.total = TOTAL
        self.max_concurrency = 1
        self._used = 0
        self._reset_at = 0.0
        self._last: dict[int, float] = {}

    def set_total(self, total: int) -> None:
        """Allow so many starts a day, counted from now on."""
        self.total, self._used, self._reset_at = total, 0, 0.0

    def remaining(self, now: float) -> int:
        """Return how many sessions may still begin."""
        return self.total if now >= self._reset_at else max(0, self.total - self._used)

    def json(self, now: float) -> JsonObject:
        """Describe the limit as GET /gateway/bot does."""
        left_s = self._reset_at - now if now < self._reset_at else DAY_S
        return {
            "total": self.total,
            "remaining": self.remaining(now),
            "reset_after": int(left_s * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def is_too_soon(self, shard_id: int, now: float) -> bool:
        """Tell whether a shard with the same rate limit key identified within the last five seconds."""
        key = shard_id % max(1, self.max_concurrency)
        last = self._last.get(key)
        if last is not None and now - last < CONCURRENCY_WINDOW_S:
            return True
        self._last[key] = now
        return False

    def take(self, now: float) -> bool:
        """Count a start; False when none is left."""
        if self.remaining(now) < 1:
            return False
        if now >= self._reset_at:
            self._used, self._reset_at = 0, now + DAY_S
        self._used += 1
        return True
