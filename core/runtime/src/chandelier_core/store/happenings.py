"""The rows of what has happened. Needs an open store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from chandelier_core.host import Happening
from chandelier_core.store.store import Store

#: One writer at a time, so that whoever reads on from an id has missed none below it.
IN_ORDER = "SELECT pg_advisory_xact_lock(hashtext('core.happening'))"
ADD = """
INSERT INTO core.happening (name, plugin, guild_id, user_id, facts, at)
SELECT name, plugin, guild_id, user_id, facts, at
FROM jsonb_to_recordset($1::jsonb)
    AS new (place int, name text, plugin text, guild_id bigint, user_id bigint, facts jsonb, at timestamptz)
ORDER BY place
"""
MOST_READ = 500


class HappeningRows:
    """Reads and writes the table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, happenings: Sequence[Happening]) -> None:
        """Keep what has happened, in this order."""
        rows = [
            {"place": place, "name": one.name, "plugin": one.plugin, "guild_id": one.guild_id, "user_id": one.user_id,
             "facts": dict(one.facts), "at": one.at.isoformat()}
            for place, one in enumerate(happenings)
        ]  # fmt: skip
        async with self._store.transaction():
            await self._store.rows(IN_ORDER)
            await self._store.rows(ADD, json.dumps(rows))

    async def after(self, last: int) -> list[Happening]:
        """Give what has happened after this one, in order; 500 at the most."""
        sql = "SELECT * FROM core.happening WHERE id > $1 ORDER BY id LIMIT $2"
        found = []
        for row in await self._store.rows(sql, last, MOST_READ):
            facts = json.loads(row["facts"]) if isinstance(row["facts"], str) else row["facts"]
            found.append(
                Happening(row["name"], row["plugin"], row["guild_id"], row["user_id"], facts, row["at"], row["id"])
            )
        return found

    async def last(self) -> int:
        """Give the id of the newest; 0 where there is none."""
        rows = await self._store.rows("SELECT coalesce(max(id), 0) AS id FROM core.happening")
        return int(rows[0]["id"])

    async def forget(self, before: datetime) -> None:
        """Drop what happened before an instant."""
        await self._store.rows("DELETE FROM core.happening WHERE at < $1", before)
