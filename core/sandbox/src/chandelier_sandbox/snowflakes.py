"""Discord's ids: milliseconds since 2015 and a counter (Discord: API Reference, Snowflakes)."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b

from chandelier_sandbox.clock import Clock

EPOCH_MS = 1_420_070_400_000
_STABLE_FROM_MS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000) - EPOCH_MS
_STABLE_SPAN_MS = 300 * 24 * 3600 * 1000


class Snowflakes:
    """Make ids that rise strictly, whatever the clock does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def make(self) -> int:
        """Return a new id that carries the current moment of the sandbox."""
        moment_ms = int(self._clock.time() * 1000) - EPOCH_MS
        self._last = max(moment_ms << 22, self._last + 1)
        return self._last


def stable_id(kind: str, name: str) -> int:
    """Return an id that is the same at every start for the same kind and name."""
    digest = int.from_bytes(blake2b(f"{kind}/{name}".encode(), digest_size=8).digest())
    moment_ms = _STABLE_FROM_MS + (digest >> 22) % _STABLE_SPAN_MS
    return (moment_ms << 22) | (digest & 0x3FFFFF)


def moment_of(snowflake: int) -> datetime:
    """Return the moment an id was made."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC)
