"""How often one caller may ask, counted in this process.

The headers are those of the Internet-Draft "RateLimit header fields for HTTP" (-11): ``RateLimit-Policy`` and ``RateLimit``.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from chandelier_core.host import HostSettings, Identity

WINDOW_S = 60
STRANGERS_PER_MINUTE = 120
#: How many tokens that open nothing one address may try in a minute.
WRONG_TOKENS_PER_MINUTE = 20


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
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

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
        item, name = RateLimitItemPerMinute(most), f"chandelier {policy} {caller}"
        fits, window = await self._limiter.hit(item, name), await self._limiter.get_window_stats(item, name)
        again_s = max(1, math.ceil(window.reset_time - time.time()))
        rate = Rate(policy, most, max(0, window.remaining), again_s)
        if not fits:
            sentence = f"That was more than {most} requests in a minute; try again in {again_s} s."
            raise Problem("too_soon", sentence, headers=rate.headers()).retry_after(again_s)
        return rate
