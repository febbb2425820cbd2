"""The filters: those of Liquid that say nothing of files or HTML, each with its input and its result bounded, and our own."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Protocol

from liquid import Environment
from liquid.exceptions import FilterArgumentError

from chandelier_custom.templates.limits import MOST_TEXT, LimitedContext, LimitReached, check_value

#: Of Liquid's own.
KEPT = (
    "abs", "append", "at_least", "at_most", "capitalize", "ceil", "compact", "concat", "default", "divided_by", "downcase",
    "first", "floor", "join", "last", "lstrip", "map", "minus", "modulo", "plus", "prepend", "remove", "remove_first",
    "replace", "replace_first", "reverse", "round", "rstrip", "size", "slice", "sort", "sort_natural", "split", "strip",
    "strip_newlines", "sum", "times", "truncate", "truncatewords", "uniq", "upcase", "url_encode", "where",
)  # fmt: skip
ARITHMETIC = frozenset(
    {"abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times", "sum"}
)
#: The directives of strftime that ``date`` takes.
_FORMAT = re.compile(r"(?:[^%]|%-?[aAbBdeHIjklmMnpSuUVwWyYzZ%])*")
_NUMBER = re.compile(r"\s*-?\d{1,15}(?:\.\d{1,9})?\s*")
_STYLES = ("t", "T", "d", "D", "f", "F", "R")
LONGEST_FORMAT = 100

Filter = Callable[..., object]


class Sources(Protocol):
    """Where chance and the time come from in one rendering."""

    @property
    def rng(self) -> Random:
        """Give the source of chance."""
        ...

    @property
    def now(self) -> datetime:
        """Give the instant."""
        ...


def add_filters(env: Environment) -> None:
    """Take out of an environment what is not kept, bound what is, and add our own."""
    kept = {name: env.filters[name] for name in KEPT}
    env.filters.clear()
    for name, filter_ in kept.items():
        env.add_filter(name, _bounded(name, filter_))
    for name, filter_ in OWN.items():
        env.add_filter(name, _bounded(name, filter_))


def _bounded(name: str, filter_: Filter) -> Filter:
    @functools.wraps(filter_)
    def bounded(left: object, *given: object, **named: object) -> object:
        values = [check_value(left), *(check_value(one) for one in given)]
        if name in ARITHMETIC:
            values = [_calculable(one) for one in values]
        elif name in ("replace", "replace_first"):
            _check_replacing(values)
        elif name == "join":
            _check_joining(values)
        return check_value(filter_(*values, **named))

    return bounded


def _calculable(value: object) -> object:
    """Take texts that are numbers, as Liquid does, and no others: a number may be written so that it fills the memory."""
    if isinstance(value, str):
        return value.strip() if _NUMBER.fullmatch(value) else 0
    if isinstance(value, Decimal | float) and not abs(float(value)) < 1e18:
        raise LimitReached("a number in it grows beyond 64 bits")
    return value


def _check_replacing(values: Sequence[object]) -> None:
    if len(values) >= 2:
        text, old, new = str(values[0]), str(values[1]), str(values[2]) if len(values) > 2 else ""
        if text.count(old) * len(new) + len(text) > MOST_TEXT:
            raise LimitReached(f"a text in it grows beyond {MOST_TEXT} characters")


def _check_joining(values: Sequence[object]) -> None:
    if len(values) > 1 and isinstance(values[0], list | tuple) and len(values[0]) * len(str(values[1])) > MOST_TEXT:
        raise LimitReached(f"a text in it grows beyond {MOST_TEXT} characters")


# Our own


def _with_context(filter_: Filter) -> Filter:
    filter_.with_context = True  # type: ignore[attr-defined]  # Liquid's mark
    return filter_


def sources_of(context: LimitedContext) -> Sources:
    """Give the sources of the rendering that runs."""
    found: Sources = context.tag_namespace["chandelier"]
    return found


@_with_context
def pick(left: object, *, context: LimitedContext) -> object:
    """Draw one element of a list."""
    items = list(left) if isinstance(left, list | tuple | range) else []
    return sources_of(context).rng.choice(items) if items else ""


@_with_context
def random_(left: object, most: object = 100, *, context: LimitedContext) -> int:
    """Draw a whole number, from the one on the left to this one."""
    low, high = _whole(left), _whole(most)
    return sources_of(context).rng.randint(min(low, high), max(low, high))


@_with_context
def date(left: object, words: object = "%Y-%m-%d %H:%M", *, context: LimitedContext) -> str:
    """Write a time as strftime does."""
    wanted = str(words)
    if len(wanted) > LONGEST_FORMAT or not _FORMAT.fullmatch(wanted):
        raise FilterArgumentError("date takes a format such as '%d %B %Y'", token=None)
    return _instant(left, context).strftime(wanted)


@_with_context
def discord_time(left: object, style: object = "f", *, context: LimitedContext) -> str:
    """Write a time so that everybody reads it in their own zone."""
    if style not in _STYLES:
        raise FilterArgumentError(f"discord_time takes one of {', '.join(_STYLES)}", token=None)
    return f"<t:{int(_instant(left, context).timestamp())}:{style}>"


def commas(left: object) -> str:
    """Write a whole number with a comma after each three digits."""
    return f"{_whole(left):,}"


def mention_user(left: object) -> str:
    """Mention a member, by id or as an object."""
    return f"<@{_id(left)}>"


def mention_role(left: object) -> str:
    """Mention a role, by id."""
    return f"<@&{_id(left)}>"


def mention_channel(left: object) -> str:
    """Mention a channel, by id or as an object."""
    return f"<#{_id(left)}>"


OWN: Mapping[str, Filter] = {
    "pick": pick, "random": random_, "date": date, "discord_time": discord_time, "commas": commas,
    "mention_user": mention_user, "mention_role": mention_role, "mention_channel": mention_channel,
}  # fmt: skip


def _whole(value: object) -> int:
    found = _calculable(value)
    if isinstance(found, str):
        return int(Decimal(found))
    return int(found) if isinstance(found, int | float | Decimal) else 0


def _id(value: object) -> str:
    found = value.get("id", "") if isinstance(value, dict) else value
    digits = re.search(r"\d{1,19}", str(found))
    if digits is None:
        raise FilterArgumentError("a mention takes the id of somebody or something", token=None)
    return digits[0]


def _instant(value: object, context: LimitedContext) -> datetime:
    if isinstance(value, datetime):
        return value
    if value in ("now", "today"):
        return sources_of(context).now
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            found = datetime.fromisoformat(value.strip())
            return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return datetime.fromtimestamp(_whole(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise FilterArgumentError("that is no time such as 2026-06-10T12:00:00Z, or now", token=None) from None
