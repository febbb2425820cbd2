"""Values of one cache in this process: the most recently used, each for a while, and none that was dropped meanwhile."""

from __future__ import annotations

import time
from collections import OrderedDict

#: For so long a key that is being changed is not kept, if nobody says that the change is over: it was rolled back.
HELD_S = 5.0
MISSING = object()


class Memory:
    """Keeps values. A load that began before its key was dropped cannot put its value in: ``stamp`` tells."""

    def __init__(self, most: int, ttl_s: float, *, shared: bool) -> None:
        self.shared = shared
        self.ttl_s = ttl_s
        self._most = most
        self._values: OrderedDict[str, tuple[float, object]] = OrderedDict()
        self._drops = 0
        self._dropped: OrderedDict[str, int] = OrderedDict()
        self._held: dict[str, float] = {}
        self._floor = 0

    def get(self, key: str) -> object:
        """Give a value, or MISSING."""
        found = self._values.get(key)
        if found is None:
            return MISSING
        if found[0] <= time.monotonic():
            del self._values[key]
            return MISSING
        self._values.move_to_end(key)
        return found[1]

    def stamp(self) -> int:
        """Give a mark of this moment, for ``put``."""
        return self._drops

    def put(self, key: str, value: object, stamp: int) -> None:
        """Keep a value that was loaded after a mark, unless its key was dropped since, or is being changed."""
        if stamp < self._floor or self._dropped.get(key, -1) > stamp or self.is_held(key):
            return
        self._values[key] = (time.monotonic() + self.ttl_s, value)
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def is_held(self, key: str) -> bool:
        """Say whether a key is being changed by this process."""
        until = self._held.get(key)
        if until is None:
            return False
        if until <= time.monotonic():
            del self._held[key]
            return False
        return True

    def hold(self, key: str) -> None:
        """Forget a key, and keep nothing of it until its change is over."""
        self._held[key] = time.monotonic() + HELD_S
        self._forget(key)

    def drop(self, key: str) -> None:
        """Forget a key: its change is over."""
        self._held.pop(key, None)
        self._forget(key)

    def clear(self) -> None:
        """Forget everything, and take nothing whose load has begun."""
        self._drops += 1
        self._floor = self._drops
        self._values.clear()
        self._dropped.clear()

    def _forget(self, key: str) -> None:
        self._drops += 1
        self._values.pop(key, None)
        self._dropped[key] = self._drops
        self._dropped.move_to_end(key)
        if len(self._dropped) > self._most:  # loads older than this cannot be told apart any more
            _, self._floor = self._dropped.popitem(last=False)
