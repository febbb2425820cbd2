"""The reference of a request: the same in its response, its log line and its problem."""

from __future__ import annotations

from quart import g


def give_reference(new: str) -> None:
    """Name the request that is being answered."""
    g.chandelier_reference = new


def reference() -> str:
    """Give the name of the request that is being answered."""
    return str(g.get("chandelier_reference", ""))
