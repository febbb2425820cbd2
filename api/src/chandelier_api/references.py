"""The reference of a request: the same in its response, its log line and its problem."""

from __future__ import annotations

import re

import structlog
from quart import g

_NAME = re.compile(r"[A-Za-z0-9-]{8,64}")


def give_reference(asked: str | None, new: str) -> None:
    """Name the request that is being answered; a name that its caller gave stands in the log and the response besides."""
    g.chandelier_reference = new
    if asked is not None and _NAME.fullmatch(asked):
        g.chandelier_request_id = asked
        structlog.contextvars.bind_contextvars(request_id=asked)


def request_id() -> str:
    """Give the request's name as its caller knows it: theirs, or its reference."""
    return str(g.get("chandelier_request_id") or reference())


def reference() -> str:
    """Give the name of the request that is being answered."""
    return str(g.get("chandelier_reference", ""))
