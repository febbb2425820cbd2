"""The bot's own database, opened for a command of the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from chandelier_core.store.apps import CORE
from chandelier_core.store.embedded import EmbeddedPostgres
from chandelier_core.store.store import Store


@asynccontextmanager
async def open_store(url: str | None, data_folder: Path) -> AsyncIterator[Store]:
    """Open the database as the bot does; the embedded one is joined where it runs, and started where it does not."""
    embedded = EmbeddedPostgres(data_folder / "postgres") if url is None else None
    try:
        async with Store(url or (await embedded.start() if embedded is not None else "")) as store:
            await store.migrate(CORE)
            await store.open([CORE])
            yield store
    finally:
        if embedded is not None:
            await embedded.stop()
