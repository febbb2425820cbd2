"""The rows of ``core.switch``: plugins and parts that are out of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chandelier_core.store.store import Store

PUT = """
INSERT INTO core.switch (plugin, part, reason, reference, set_by, since, probe_at, probes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (plugin, part) DO UPDATE
SET reason = EXCLUDED.reason, reference = EXCLUDED.reference, set_by = EXCLUDED.set_by, since = EXCLUDED.since,
    probe_at = EXCLUDED.probe_at, probes = EXCLUDED.probes
"""


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """A plugin (``part`` is empty) or one part of it that is out of use, and since when.

    ``probe_at`` is when a part that kept failing is tried again; None for what somebody must bring back.
    """

    plugin: str
    part: str
    reason: str
    set_by: str
    since: datetime
    reference: str | None = None
    probe_at: datetime | None = None
    probes: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Give the plugin and the part."""
        return self.plugin, self.part


class SwitchRows:
    """Reads and writes what is out of use. Needs an open store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def all(self) -> list[OutOfUse]:
        """Give everything that is out of use."""
        rows = await self.store.rows(
            "SELECT plugin, part, reason, set_by, since, reference, probe_at, probes FROM core.switch"
        )
        return [OutOfUse(**row) for row in rows]

    async def put(self, one: OutOfUse) -> None:
        """Keep that something is out of use; what was kept of it before is replaced."""
        await self.store.rows(
            PUT, one.plugin, one.part, one.reason, one.reference, one.set_by, one.since, one.probe_at, one.probes
        )

    async def remove(self, plugin: str, part: str) -> None:
        """Forget that something is out of use."""
        await self.store.rows("DELETE FROM core.switch WHERE plugin = $1 AND part = $2", plugin, part)
