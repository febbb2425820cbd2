"""The rows of webhooks. Needs an open store."""

from __future__ import annotations

import json
from typing import Any

from chandelier_core.host import Webhook
from chandelier_core.store.store import Store


class WebhookRows:
    """Reads and writes the table."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def add(self, webhook: Webhook) -> None:
        """Keep a new webhook; it is told what happens from now on."""
        await self.store.rows(
            "INSERT INTO core.webhook (id, guild_id, url, names, secret, created_by, created_at, last_id)"
            " SELECT $1, $2, $3, $4, $5, $6, $7, coalesce(max(id), 0) FROM core.happening",
            webhook.id, webhook.guild_id, webhook.url, json.dumps(webhook.names), webhook.secret, webhook.created_by,
            webhook.created_at,
        )  # fmt: skip

    async def of(self, guild_id: int) -> list[Webhook]:
        """Give a server's webhooks, the oldest first."""
        rows = await self.store.rows("SELECT * FROM core.webhook WHERE guild_id = $1 ORDER BY created_at, id", guild_id)
        return [_webhook(row) for row in rows]

    async def find(self, webhook_id: str) -> Webhook | None:
        """Give one."""
        rows = await self.store.rows("SELECT * FROM core.webhook WHERE id = $1", webhook_id)
        return _webhook(rows[0]) if rows else None

    async def remove(self, guild_id: int, webhook_id: str) -> bool:
        """Delete one of a server's; say whether there was one."""
        sql = "DELETE FROM core.webhook WHERE guild_id = $1 AND id = $2 RETURNING id"
        return bool(await self.store.rows(sql, guild_id, webhook_id))

    async def remove_all(self, guild_id: int) -> None:
        """Delete a server's, when it has left the bot."""
        await self.store.rows("DELETE FROM core.webhook WHERE guild_id = $1", guild_id)

    async def switch_off(self, webhook_id: str, why: str) -> None:
        """Tell an address nothing more."""
        await self.store.rows("UPDATE core.webhook SET off_because = $2 WHERE id = $1", webhook_id, why)

    async def due(self) -> list[tuple[Webhook, int]]:
        """Give the webhooks in use, each with what it was told last, held until the open transaction ends."""
        rows = await self.store.rows(
            "SELECT * FROM core.webhook WHERE off_because IS NULL"
            " AND last_id < (SELECT coalesce(max(id), 0) FROM core.happening) FOR UPDATE SKIP LOCKED"
        )
        return [(_webhook(row), row["last_id"]) for row in rows]

    async def told(self, webhook_id: str, last_id: int) -> None:
        """Keep up to where an address has been told."""
        await self.store.rows("UPDATE core.webhook SET last_id = $2 WHERE id = $1", webhook_id, last_id)


def _webhook(row: dict[str, Any]) -> Webhook:
    names = json.loads(row["names"]) if isinstance(row["names"], str) else row["names"]
    return Webhook(
        id=row["id"], guild_id=row["guild_id"], url=row["url"], names=tuple(names), secret=row["secret"],
        created_by=row["created_by"], created_at=row["created_at"], off_because=row["off_because"],
    )  # fmt: skip
