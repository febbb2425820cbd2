"""Databases for tests and checks: one that goes away with the context, beside a given one or on a Postgres of its own."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from chandelier_core.store.urls import parse_url


@asynccontextmanager
async def database_beside(url: str, *, keep: bool = False) -> AsyncIterator[str]:
    """Make a database in the Postgres that a URL names; it is dropped afterwards, whoever is connected, unless to be kept."""
    name = f"chandelier_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(**parse_url(url).arguments())
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        head, mark, tail = url.partition("?")
        yield head.rpartition("/")[0] + f"/{name}" + mark + tail
        if not keep:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@asynccontextmanager
async def own_postgres() -> AsyncIterator[str]:
    """Run an embedded Postgres whose files go away with it; give the URL of its database."""
    from chandelier_core.store.embedded import EmbeddedPostgres

    # Not below a folder that nobody else may enter: as root, the server runs as somebody else.
    home = Path(tempfile.mkdtemp(prefix="chandelier-"))
    home.chmod(0o711)
    postgres = EmbeddedPostgres(home / "data", home=home)
    try:
        yield await postgres.start()
    finally:
        await postgres.stop()
        shutil.rmtree(home, ignore_errors=True)
