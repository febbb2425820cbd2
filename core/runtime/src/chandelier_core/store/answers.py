"""The rows of answers that are kept for whoever sends a request twice. Needs an open store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from chandelier_core.access.callers import KeptAnswer
from chandelier_core.store.store import Store

KEPT = timedelta(hours=24)
#: After so long without an end, whoever answered has died, and the request may be sent again.
GIVEN_UP = timedelta(seconds=90)

BEGIN = """
INSERT INTO core.answer (caller, key, request_hash, headers, created_at) VALUES ($1, $2, $3, '{}', $4)
ON CONFLICT (caller, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at,
    status = NULL, body = NULL
WHERE core.answer.created_at < $5 OR (core.answer.status IS NULL AND core.answer.created_at < $6)
RETURNING id
"""


class AnswerRows:
    """Reads and writes the table. Each caller has keys of their own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, caller: str, key: str, request_hash: bytes, now: datetime) -> KeptAnswer | None:
        """Note that a request is being answered, or give what was noted of it before."""
        if await self._store.rows(BEGIN, caller, key, request_hash, now, now - KEPT, now - GIVEN_UP):
            return None
        sql = "SELECT request_hash, status, headers, body FROM core.answer WHERE caller = $1 AND key = $2"
        rows = await self._store.rows(sql, caller, key)
        if not rows:  # it has just been dropped
            return await self.begin(caller, key, request_hash, now)
        row, headers = rows[0], rows[0]["headers"]
        found = json.loads(headers) if isinstance(headers, str) else headers
        return KeptAnswer(bytes(row["request_hash"]), row["status"], found, row["body"] and bytes(row["body"]))

    async def keep(self, caller: str, key: str, status: int, headers: Mapping[str, str], body: bytes | None) -> None:
        """Keep an answer."""
        sql = "UPDATE core.answer SET status = $3, headers = $4, body = $5 WHERE caller = $1 AND key = $2"
        await self._store.rows(sql, caller, key, status, json.dumps(dict(headers)), body)

    async def drop(self, caller: str, key: str) -> None:
        """Forget a request."""
        await self._store.rows("DELETE FROM core.answer WHERE caller = $1 AND key = $2", caller, key)

    async def forget(self, now: datetime) -> None:
        """Drop what is older than a day."""
        await self._store.rows("DELETE FROM core.answer WHERE created_at < $1", now - KEPT)
