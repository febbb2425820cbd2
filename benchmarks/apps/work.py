"""What the bare applications do: the same rows, through the same models, as the plugin custom does."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import uvicorn
from tortoise.transactions import in_transaction

from chandelier.current import caches_in_use
from chandelier_core.store.apps import AppModels
from chandelier_core.store.store import Store
from chandelier_custom.answers import Added, Entry, Page
from chandelier_custom.config import Config
from chandelier_custom.group import right
from chandelier_custom.spec import Message, Spec
from chandelier_custom.store import keeping, reading

GUILD, MOST, ROWS = 1, 10_000, 50


class Alone:
    """What the plugin's code asks a context for, with no host behind it: no rights, no caches, nobody to tell."""

    here = GUILD
    actor = SimpleNamespace(id=None)
    config = Config(max_commands=MOST)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def transaction(self):
        return in_transaction()

    async def show_commands(self, guild_id: int) -> None:
        """Tell nobody."""

    async def drop(self, cache: str, key: str) -> None:
        """Keep nothing."""


@asynccontextmanager
async def opened():
    """Open the database as the bot does."""
    async with Store(os.environ["DATABASE_URL"]) as store:
        await store.open([AppModels("custom", "chandelier_custom.models", "chandelier_custom.migrations")])
        yield


async def page() -> Page:
    """Read the first page."""
    rows, more = await reading.read_page(GUILD, ROWS, None)
    return Page(items=[Entry.of(row) for row in rows], next=None, more=more)


async def add(name: str, content: str) -> Added:
    """Add a command."""
    alone = Alone()
    caches_in_use.set(alone)
    spec = right(alone, Spec(name=name, messages=[Message(content=content)]))
    return Added.of(await keeping.add(alone, spec))


def serve(app) -> None:
    """Serve on a free port, and print it."""
    import socket

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))
    server.run(sockets=[listener])
    sys.exit(0)
