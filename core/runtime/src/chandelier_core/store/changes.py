"""Tells every process of this bot that something in the database has changed: NOTIFY and LISTEN."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    import asyncpg

    from chandelier_core.store.store import Store

CHANNEL = "chandelier_changes"
#: How long a change may go unseen where its notice was lost.
REREAD_S = 30.0
AGAIN_S = 1.0

Reread = Callable[[], Awaitable[None]]
Hear = Callable[[str], None]
_log = structlog.get_logger("chandelier.changes")


class Changes:
    """What is watched is read again at the start, after each notice of its topic, after a lost connection, and every 30 s."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watched: dict[str, list[Reread]] = {}
        self._heeded: dict[str, list[Reread]] = {}
        self._heard_by: list[tuple[str, Hear, Reread]] = []
        self._is_listening = False
        self._due: asyncio.Queue[str | None] = asyncio.Queue()

    def watch(self, topic: str, reread: Reread) -> None:
        """Read again what a topic is about, whenever it may have changed; begins with ``run``."""
        self._watched.setdefault(topic, []).append(reread)

    def heed(self, topic: str, act: Reread) -> None:
        """Act at each notice of a topic, and only then: what is asked for and not kept. A notice that is lost is lost."""
        self._heeded.setdefault(topic, []).append(act)

    def hear(self, prefix: str, act: Hear, begin: Reread) -> None:
        """Act at once at each notice whose topic begins so; ``begin`` comes first, whenever earlier ones may be lost."""
        self._heard_by.append((prefix, act, begin))

    @property
    def is_listening(self) -> bool:
        """Say whether notices are heard."""
        return self._is_listening

    async def tell(self, topic: str) -> None:
        """Tell every process, this one too, that a topic has changed; in an open transaction, once it is committed."""
        await self._store.rows("SELECT pg_notify($1, $2)", CHANNEL, topic)

    async def run(self) -> None:
        """Listen until it is cancelled; an outage of the database is logged when it begins."""
        away = False
        while True:
            try:
                async with self._store.connect() as connection:
                    away = False
                    await self._listen(connection)
            except Exception as error:
                self._is_listening = False
                if not away:
                    _log.warning("changes_not_heard", error=type(error).__name__)
                away = True
            await asyncio.sleep(AGAIN_S)

    async def _listen(self, connection: asyncpg.Connection) -> None:
        await connection.add_listener(CHANNEL, self._heard)
        connection.add_termination_listener(self._lost)
        for _, _, begin in self._heard_by:
            await begin()
        self._is_listening = not connection.is_closed()
        await self._reread_all()
        while (topic := await self._next(connection)) is not None:
            for reread in (*self._watched.get(topic, ()), *self._heeded.get(topic, ())):
                await reread()

    def _heard(self, _connection: object, _process: int, _channel: str, topic: str) -> None:
        for prefix, act, _ in self._heard_by:
            if topic.startswith(prefix):
                act(topic)
        self._due.put_nowait(topic)

    def _lost(self, _connection: object) -> None:
        self._is_listening = False
        self._due.put_nowait(None)

    async def _next(self, connection: asyncpg.Connection) -> str | None:
        """Wait for a topic; None when the connection is lost, which a silent one is asked for every 30 s."""
        while True:
            try:
                async with asyncio.timeout(REREAD_S):
                    return await self._due.get()
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=REREAD_S)
                await self._reread_all()

    async def _reread_all(self) -> None:
        for rereads in self._watched.values():
            for reread in rereads:
                await reread()
