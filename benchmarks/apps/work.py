"""What the bare applications do: the same rows, through the same models, as the plugin custom does."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from tortoise.transactions import in_transaction

from chandelier_core.store.apps import AppModels
from chandelier_core.store.store import Store
from chandelier_custom.answers import Added, Page
from chandelier_custom.models import count_commands, insert, read_page

GUILD, MOST, ROWS = 1, 10_000, 50


@asynccontextmanager
async def opened():
    """Open the database as the bot does."""
    async with Store(os.environ["DATABASE_URL"]) as store:
        await store.open([AppModels("custom", "chandelier_custom.models", "chandelier_custom.migrations")])
        yield


async def page() -> Page:
    """Read the first page."""
    rows, more = await read_page(GUILD, ROWS, None)
    return Page(items=[entry(row) for row in rows], next=None, more=more)


async def add(name: str, content: str) -> Added:
    """Add a command."""
    async with in_transaction():
        assert await count_commands(GUILD) < MOST  # noqa: S101 the benchmark makes fewer
        row = await insert(GUILD, name.casefold(), content, None, datetime.now(UTC))
    assert row is not None  # noqa: S101 every name is new
    return entry(row, Added)


def entry(row, kind=None):
    """Make the answer of a row."""
    from chandelier_custom.answers import Entry

    return (kind or Entry).model_validate(row, from_attributes=True)


def serve(app) -> None:
    """Serve on a free port, and print it."""
    import socket

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))
    server.run(sockets=[listener])
    sys.exit(0)
