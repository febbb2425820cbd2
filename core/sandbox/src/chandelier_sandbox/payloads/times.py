"""Moments as Discord writes them."""

from __future__ import annotations

from datetime import datetime


def timestamp(moment: datetime | None) -> str | None:
    """Write a moment as Discord does: ISO 8601, microseconds, +00:00."""
    return None if moment is None else moment.isoformat(timespec="microseconds")
