"""Caches: what a plugin reads often and changes seldom, kept near at hand in every process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar, cast

from chandelier.current import current_caches

Value = TypeVar("Value")


class Cache:
    """Keeps values by key, in memory and, where the operator has one, in Redis. List it in the plugin's ``caches``.

    Values are JSON, and everybody gets a copy of their own; None is a value, so that something is missing is remembered,
    too. A cache with ``shared=False`` stays in memory and keeps any object, as it is: nobody may change it. At most
    ``most`` values are kept in a process, each for ``ttl``.
    """

    def __init__(
        self, name: str, *, most: int = 10_000, ttl: timedelta = timedelta(minutes=5), shared: bool = True
    ) -> None:
        self.name = name
        self.most = most
        self.ttl = ttl
        self.shared = shared

    async def get(self, key: str, load: Callable[[], Awaitable[Value]]) -> Value:
        """Give the value of a key; load it where it is not kept. Many who ask at once wait for one load.

        Guarantees: what was loaded before a change is not given after it, once its ``drop`` was heard in this process:
        milliseconds after the commit, and at once in the process that dropped. In an open transaction the value is
        always loaded. Raises what ``load`` raises, and NotRunning outside of plugin code.
        """
        return cast("Value", await current_caches().get(self.name, key, load))

    async def drop(self, key: str) -> None:
        """Forget the value of a key, in every process. In an open transaction it is forgotten when that is committed."""
        await current_caches().drop(self.name, key)
