"""Which migrations a database has seen: Tortoise's own table, read and written without its recorder's two traps."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder

__all__ = ["History", "ensure_history"]

# With the schema's name, always: a role called like a plugin has that plugin's schema first in its search_path.
TABLE = "public.tortoise_migrations"
CREATE = f"""
    CREATE TABLE IF NOT EXISTS {TABLE} (
        id SERIAL NOT NULL PRIMARY KEY,
        app VARCHAR(255) NOT NULL,
        name VARCHAR(255) NOT NULL,
        applied_at TIMESTAMPTZ NOT NULL,
        UNIQUE (app, name)
    )
"""


async def ensure_history(connection: asyncpg.Connection) -> None:
    """Make the table if there is none. The caller holds a lock that is the same for every label."""
    if await connection.fetchval("SELECT to_regclass($1)", TABLE) is None:
        await connection.execute(CREATE)


class History(MigrationRecorder):
    """Keep one label's record.

    Tortoise 1.1.9's own gives an empty list on any error, so that everything would be applied again; this one raises.
    And it writes on the client it is given, which may be a transaction, so that a migration and its record are one.
    """

    def __init__(self, connection: BaseDBAsyncClient, label: str) -> None:
        super().__init__(connection)
        self.label = label

    async def applied_migrations(self) -> list[MigrationKey]:
        """Give this label's applied migrations, the oldest first."""
        query = f"SELECT name FROM {TABLE} WHERE app = $1 ORDER BY applied_at, name"  # noqa: S608 a constant
        rows = await self.connection.execute_query_dict(query, [self.label])
        return [MigrationKey(app_label=self.label, name=row["name"]) for row in rows]

    async def record_applied(self, app: str, name: str) -> None:
        """Write down that a migration is applied."""
        query = f"INSERT INTO {TABLE} (app, name, applied_at) VALUES ($1, $2, $3)"  # noqa: S608 a constant
        await self.connection.execute_query_dict(query, [app, name, datetime.now(UTC)])
