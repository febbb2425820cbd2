"""A way to a Postgres that can be shut: what is connected is cut off, and nobody else gets through until it is opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from chandelier_core.store.urls import parse_url


class Gate:
    """Stands between a bot and its database; ``url`` is the database's, through it."""

    def __init__(self, url: str) -> None:
        self._behind = parse_url(url)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        behind = self._behind
        person = quote(behind.user or "", safe="") + (f":{quote(behind.password, safe='')}" if behind.password else "")
        return f"postgres://{person}@127.0.0.1:{self._port}/{behind.database}?sslmode=disable"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._through, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    def shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = self._behind
        if (behind.host or "").startswith("/"):
            ways = await asyncio.open_unix_connection(f"{behind.host}/.s.PGSQL.{behind.port}")
        else:
            ways = await asyncio.open_connection(behind.host or "localhost", behind.port)
        self._open |= {writer, ways[1]}
        try:
            await asyncio.gather(_pour(reader, ways[1]), _pour(ways[0], writer))
        finally:
            self._open -= {writer, ways[1]}


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(2**16):
            writer.write(some)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def gate_to(url: str) -> AsyncIterator[Gate]:
    """Open a gate to a database."""
    gate = Gate(url)
    await gate.open()
    try:
        yield gate
    finally:
        gate.shut()
