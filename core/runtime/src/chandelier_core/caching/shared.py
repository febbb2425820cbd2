"""Values in Redis or Valkey, behind the memory of every process; without it everything goes on, from the database.

A value counts only with the two marks that it was written under: the epoch, which is renewed whenever changes may have gone
unheard, and its key's version, which is renewed when the key is dropped. Whoever loads reads the marks first, so that a
value loaded before a change can never be taken for one loaded after it, whatever the order of the writes.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import orjson
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

LIMIT_S = 0.25
AGAIN_S = 1.0
#: Versions outlive the values that they are for.
SPARE_S = 3600
EPOCH = "chandelier cache epoch"

T = TypeVar("T")
_log = structlog.get_logger("chandelier.caching")


class Away(Exception):
    """Redis does not answer; nothing of it is used until it does, and then only what is written from then on."""


@dataclass(frozen=True, slots=True)
class Look:
    """What stands under a key: its text, or None; and the marks of this moment."""

    key: str
    text: bytes | None
    marks: tuple[str, str]


class Shared:
    """Asks Redis for at most 250 ms at a time; who finds it away raises Away, and nobody waits for it until it is back."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=LIMIT_S, socket_connect_timeout=LIMIT_S, retry=Retry(NoBackoff(), 0), max_connections=20
        )
        self._failed = asyncio.Event()
        self.complaint: str | None = None

    async def run(self) -> None:
        """Wait for outages, and for their ends, until it is cancelled."""
        try:
            while True:
                await self._failed.wait()
                await asyncio.sleep(AGAIN_S)
                await self.renew()
        finally:
            await self._redis.aclose()

    async def renew(self) -> None:
        """Begin a new epoch: nothing that was written before it counts. Does not raise."""
        try:
            await self._ask(lambda: self._redis.set(EPOCH, uuid.uuid4().hex), even_away=True)
        except Away:
            return
        if self.complaint is not None:
            _log.info("redis_back")
        self.complaint = None
        self._failed.clear()

    async def look(self, key: str) -> Look:
        """Read a key. Raises Away."""
        epoch, version, found = await self._ask(lambda: self._redis.mget(EPOCH, _version(key), _value(key)))
        marks = ((epoch or b"").decode(), (version or b"").decode())
        return Look(key, _open(found, marks), marks)

    async def put(self, look: Look, text: bytes, ttl_s: float) -> None:
        """Keep a value that was loaded after a look. Raises Away."""
        sealed = orjson.dumps([*look.marks, text.decode()])
        await self._ask(lambda: self._redis.set(_value(look.key), sealed, px=max(1, round(ttl_s * 1000))))

    async def drop(self, key: str, ttl_s: float) -> None:
        """Renew a key's version. Raises Away, after which nothing written before counts."""
        await self._ask(lambda: self._redis.set(_version(key), uuid.uuid4().hex, ex=round(ttl_s) + SPARE_S))

    async def _ask(self, ask: Callable[[], Awaitable[T]], *, even_away: bool = False) -> T:
        if self._failed.is_set() and not even_away:
            raise Away
        try:
            async with asyncio.timeout(LIMIT_S):
                return await ask()
        except (RedisError, OSError, TimeoutError) as error:
            self._say_away(error)
            raise Away from None

    def _say_away(self, error: Exception) -> None:
        if self.complaint is None:
            why = type(error).__name__
            self.complaint = f"Redis does not answer ({why}); caches are kept in memory alone until it does."
            _log.warning("redis_away", error=why)
        self._failed.set()


def _open(sealed: bytes | None, marks: tuple[str, str]) -> bytes | None:
    if sealed is None:
        return None
    try:
        epoch, version, text = orjson.loads(sealed)
    except (ValueError, TypeError):
        return None
    return text.encode() if (epoch, version) == marks and isinstance(text, str) else None


def _value(key: str) -> str:
    return f"chandelier cache value {key}"


def _version(key: str) -> str:
    return f"chandelier cache version {key}"
