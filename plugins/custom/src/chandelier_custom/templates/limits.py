"""How much one rendering may do, and how it is held to that: counted where the language turns, asks and calculates."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from liquid import RenderContext
from liquid.exceptions import LiquidError

MOST_TURNS = 5000
MOST_TIME_S = 0.25
#: Characters of one message's text before it is cut, of a value on the way to it, and of all variables.
MOST_OUTPUT = 6000
MOST_TEXT = 20_000
MOST_ITEMS = 1000
DEEPEST = 10
LARGEST = 2**63


class LimitReached(LiquidError):
    """A rendering wanted more than it may have."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, token=None)


class LimitedContext(RenderContext):
    """A context that counts turns of loops, watches the clock, and gives nothing but data."""

    __slots__ = ("_ends_at", "_turns")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._ends_at = time.perf_counter() + MOST_TIME_S
        self._turns = 0

    def loop(self, namespace: Mapping[str, object], forloop: Any) -> Any:
        """Count a loop's turns when it begins, and look at the clock at each."""
        self._turns += forloop.length
        if self._turns > MOST_TURNS:
            raise LimitReached(f"its loops turn more than {MOST_TURNS} times")
        forloop.it = self._timed(forloop.it)
        return super().loop(namespace, forloop)

    def filter(self, name: str, token: Any) -> Any:
        """Look at the clock before each filter."""
        self.watch()
        return super().filter(name, token)

    def assign(self, key: str, val: Any) -> None:
        """Keep a variable; all of them together have a size."""
        check_value(val)
        self.locals[key] = val
        if sum(size_of(one) for one in self.locals.values()) > MOST_TEXT:
            raise LimitReached(f"its variables hold more than {MOST_TEXT} characters")

    def watch(self) -> None:
        """Raise once the time is up."""
        if time.perf_counter() > self._ends_at:
            raise LimitReached(f"it takes longer than {MOST_TIME_S * 1000:.0f} ms")

    def _timed(self, items: Iterator[object]) -> Iterator[object]:
        for item in items:
            self.watch()
            yield item


def size_of(value: object) -> int:
    """Give about how many characters a value holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(size_of(one) + 1 for one in value)
    if isinstance(value, dict):
        return sum(size_of(key) + size_of(one) for key, one in value.items())
    return 8


def check_value(value: object) -> object:
    """Give a value back, unless it is larger than any may be."""
    if isinstance(value, str) and len(value) > MOST_TEXT:
        raise LimitReached(f"a text in it grows beyond {MOST_TEXT} characters")
    if isinstance(value, list | tuple | range) and len(value) > MOST_ITEMS:
        raise LimitReached(f"a list in it grows beyond {MOST_ITEMS} items")
    if isinstance(value, list | tuple | dict) and size_of(value) > MOST_TEXT:
        raise LimitReached(f"a list in it holds more than {MOST_TEXT} characters")
    if isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) < LARGEST:
        raise LimitReached("a number in it grows beyond 64 bits")
    return value
