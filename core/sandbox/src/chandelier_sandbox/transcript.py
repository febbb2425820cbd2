"""What was said: each REST exchange and each gateway event, bounded, with no secret in it."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

_TOKEN_IN_PATH = re.compile(r"(/(?:interactions|webhooks)/\d+/)[^/?]+")
_SECRET_FIELDS = frozenset({"token", "authorization", "client_secret", "access_token", "refresh_token"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One REST request and its answer; bodies are decoded JSON."""

    at: float
    method: str
    path: str
    status: int
    request: Any = field(repr=False, default=None)
    answer: Any = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One event sent to a gateway session."""

    at: float
    name: str
    sequence: int
    payload: Any = field(repr=False, default=None)


class Transcript:
    """Keep the newest entries, oldest first."""

    def __init__(self, size: int = 2000) -> None:
        self._entries: deque[Exchange | Dispatch] = deque(maxlen=size)

    def note(self, entry: Exchange | Dispatch) -> None:
        """Add an entry; the caller has removed what is secret."""
        self._entries.append(entry)

    @property
    def exchanges(self) -> list[Exchange]:
        """Return the REST exchanges."""
        return [entry for entry in self._entries if isinstance(entry, Exchange)]

    @property
    def dispatches(self) -> list[Dispatch]:
        """Return the gateway events."""
        return [entry for entry in self._entries if isinstance(entry, Dispatch)]


def without_tokens(path: str) -> str:
    """Hide the token of an interaction in a path."""
    return _TOKEN_IN_PATH.sub(r"\1…", path)


def without_secrets(body: Any) -> Any:
    """Return a copy of decoded JSON with the values of secret fields hidden."""
    if isinstance(body, dict):
        return {name: "…" if name in _SECRET_FIELDS else without_secrets(value) for name, value in body.items()}
    if isinstance(body, list):
        return [without_secrets(value) for value in body]
    return body
