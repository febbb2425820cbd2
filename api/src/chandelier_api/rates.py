"""How often one caller may ask, counted in this process, or in Redis for all of them; while Redis is away, here again.

The headers are those of the Internet-Draft "RateLimit header fields for HTTP" (-11): ``RateLimit-Policy`` and ``RateLimit``.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from limits import WindowStats

    from chandelier_core.host import HostSettings, Identity

WINDOW_S = 60
#: How long Redis may take, and how long it is left alone after it did not answer.
REDIS_LIMIT_S = 0.25
REDIS_AGAIN_S = 1.0
STRANGERS_PER_MINUTE = 120
#: How many tokens that open nothing one address may try in a minute.
WRONG_TOKENS_PER_MINUTE = 20


_log = structlog.get_logger("chandelier.api")


@dataclass(frozen=True, slots=True)
class Rate:
    """How a caller stands: so many requests in a minute, so many left, and seconds until all are there again."""

    policy: str
    most: int
    left: int
    again_s: int

    def headers(self) -> dict[str, str]:
        """Give the header fields."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.again_s}',
        }


class Rates:
    """Counts requests. The operator is not limited: it is the operator's machine."""

    def __init__(self, settings: HostSettings) -> None:
        self._per_minute = settings.rate_per_minute
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = None if settings.redis_url is None else FixedWindowRateLimiter(_redis(settings.redis_url))
        self._away, self._away_until = False, float("-inf")

    async def count(self, identity: Identity | None, address: str) -> Rate | None:
        """Count a request; None for an operator's. Raises a 429 once there are too many."""
        if identity is None:
            return await self._count("strangers", f"from {address}", min(STRANGERS_PER_MINUTE, self._per_minute))
        if identity.kind == "operator":
            return None
        return await self._count("default", identity.caller, self._per_minute)

    async def count_wrong_token(self, address: str) -> None:
        """Count a token that opened nothing. Raises a 429 once there are too many from one address."""
        await self._count("wrong tokens", f"from {address}", WRONG_TOKENS_PER_MINUTE)

    async def _count(self, policy: str, caller: str, most: int) -> Rate:
        fits, window = await self._hit(RateLimitItemPerMinute(most), f"{policy} {caller}")
        again_s = max(1, math.ceil(window.reset_time - time.time()))
        rate = Rate(policy, most, max(0, window.remaining), again_s)
        if not fits:
            sentence = f"That was more than {most} requests in a minute; try again in {again_s} s."
            raise Problem("too_soon", sentence, headers=rate.headers()).retry_after(again_s)
        return rate

    async def _hit(self, item: RateLimitItemPerMinute, name: str) -> tuple[bool, WindowStats]:
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(REDIS_LIMIT_S):
                    hit = await self._shared.hit(item, name), await self._shared.get_window_stats(item, name)
            except (RedisError, OSError, TimeoutError) as error:
                self._say_away(error)
            else:
                self._away = False
                return hit
        return await self._here.hit(item, name), await self._here.get_window_stats(item, name)

    def _say_away(self, error: Exception) -> None:
        if not self._away:
            _log.warning("rates_counted_here", error=type(error).__name__)
        self._away, self._away_until = True, time.monotonic() + REDIS_AGAIN_S


def _redis(url: str) -> RedisStorage:
    options = {"socket_timeout": REDIS_LIMIT_S, "socket_connect_timeout": REDIS_LIMIT_S, "retry": Retry(NoBackoff(), 0)}
    return RedisStorage(url, implementation="redispy", key_prefix="chandelier rate", **options)  # type: ignore[arg-type]
