"""Rate-limit headers (Discord: Rate Limits, Header Format). Generous: nobody is limited yet."""

from __future__ import annotations

from zlib import crc32

LIMIT = 50
WINDOW_S = 1.0


def limit_headers(bucket: str, now: float) -> dict[str, str]:
    """Return the headers of one answer; remaining stays below the limit, as clients demand."""
    return {
        "X-RateLimit-Limit": str(LIMIT),
        "X-RateLimit-Remaining": str(LIMIT - 1),
        "X-RateLimit-Reset": f"{now + WINDOW_S:.3f}",
        "X-RateLimit-Reset-After": f"{WINDOW_S:.3f}",
        "X-RateLimit-Bucket": f"{crc32(bucket.encode()):08x}",
    }


def limited_headers(retry_after_s: float) -> dict[str, str]:
    """Return what a 429 carries besides."""
    return {"Retry-After": str(max(1, round(retry_after_s))), "X-RateLimit-Scope": "user"}
