"""Types for options: what Python alone has no word for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Generic

from pydantic import BaseModel, BeforeValidator, PlainSerializer, WithJsonSchema
from typing_extensions import TypeVar

if TYPE_CHECKING:
    from chandelier.context import Context

_UNITS_S = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[wdhms]\s*)+", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:\.\d+)?)([wdhms])", re.IGNORECASE)
_TIMESTAMP = re.compile(r"<t:(-?\d{1,13})(?::[tTdDfFRsS])?>")
_LONGEST = timedelta(days=3660)


def parse_duration(value: object) -> timedelta:
    """Read ``2h30m``, ``90s``, ``1d 12h`` or a number of seconds; raise ValueError for everything else.

    Every unit is elapsed time: a day is 24 hours. Ten years is the longest.
    """
    if isinstance(value, timedelta):
        span = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        span = timedelta(seconds=min(max(value, -1e12), 1e12)) if value == value else timedelta()
    elif isinstance(value, str) and _DURATION.fullmatch(value.strip()):
        seconds = sum(float(number) * _UNITS_S[unit.casefold()] for number, unit in _PART.findall(value))
        span = timedelta(seconds=min(seconds, 1e12))
    else:
        raise ValueError("not a duration such as 2h30m, 45s or 3d")
    if not timedelta() < span <= _LONGEST:
        raise ValueError("not a duration between a moment and ten years")
    return span


def format_duration(span: timedelta) -> str:
    """Write a duration as people type it: ``2h30m``."""
    left, words = int(span.total_seconds()), ""
    for unit, seconds in _UNITS_S.items():
        if unit != "w" and (count := left // seconds):
            words, left = f"{words}{count}{unit}", left % seconds
    return words or "0s"


def parse_instant(value: object) -> datetime:
    """Read an instant with its offset: RFC 3339, or Discord's ``<t:1750000000>``. Raises ValueError otherwise.

    A time without an offset is refused: a silently wrong instant is worse than an error.
    """
    if isinstance(value, datetime):
        instant = value
    elif isinstance(value, str) and (found := _TIMESTAMP.fullmatch(value.strip())):
        try:
            instant = datetime.fromtimestamp(int(found[1]), UTC)
        except (OverflowError, OSError) as error:
            raise ValueError("not a time that the calendar has") from error
    elif isinstance(value, str):
        try:
            instant = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError("not a time such as 2026-06-10T12:00:00Z") from error
    else:
        raise ValueError("not a time such as 2026-06-10T12:00:00Z")
    if instant.tzinfo is None:
        raise ValueError("a time without its offset from UTC; write 2026-06-10T12:00:00Z or ...+02:00")
    try:
        instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a time that the calendar has in UTC") from error
    return instant


#: A length of time, typed as ``2h30m``; a timedelta in the handler. REST takes words or seconds, and answers seconds.
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(timedelta.total_seconds, return_type=float, when_used="json"),
    WithJsonSchema({"type": ["string", "number"], "examples": ["2h30m"], "title": "Duration"}),
]

#: An instant, typed as RFC 3339 or Discord's ``<t:…>``; an aware datetime in the handler.
Instant = Annotated[datetime, BeforeValidator(parse_instant)]

#: A Discord id. A string in JSON, because JavaScript's numbers end at 2^53 (documentation: API Reference, Snowflakes).
Snowflake = Annotated[
    int,
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["175928847299117063"]}),
]


@dataclass(frozen=True, slots=True)
class Length:
    """The bounds of a text option, in characters: ``Annotated[str, Length(1500)]``."""

    maximum: int
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an option offers, and the name that people see."""

    name: str
    value: str | int | float


#: Answers autocomplete: called with the context and what was typed so far; at most 25 choices are shown, within 3 s.
Suggester = Callable[["Context", str], Awaitable[Sequence["Choice | str"]]]


@dataclass(frozen=True, slots=True)
class Suggest:
    """``Annotated[str, Suggest(names)]`` gives an option autocomplete. Any other value may still be typed."""

    suggester: Suggester


#: Gives what a form begins with: called with the context, whose call has the other options.
Prefill = Callable[["Context"], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``Annotated[str, Length(2000), Paragraph()]``: a text of many lines.

    In slash it may be left out; then a form asks for it, with what ``prefill`` gives in it. Elsewhere it is like any option.
    """

    prefill: Prefill | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is more than its words.

    ``body`` is what REST answers with; without one it answers with the text. ``ephemeral`` overrides the command's own.
    ``mentions`` are the users and ``role_mentions`` the roles that the text may ping; nobody else is pinged, and everybody only
    with ``mention_everyone``; the last two need MENTION_EVERYONE. ``embeds`` and ``components`` are hikari's, ``more`` is
    said after it. ``plain`` does not point at the message that asked (text). ``files`` are sent with it, by name.
    """

    text: str = ""
    body: BaseModel | None = None
    ephemeral: bool | None = None
    embeds: Sequence[object] = ()
    mentions: Sequence[int] = ()
    role_mentions: Sequence[int] = ()
    mention_everyone: bool = False
    components: Sequence[object] = ()
    more: Sequence[Reply] = ()
    plain: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


class Answer(BaseModel):
    """A model that Discord is answered with in more than words: its ``reply``. REST answers with its JSON like any model's."""

    def reply(self) -> Reply:
        """Say it in Discord; ``body`` and ``ephemeral`` are not looked at."""
        return Reply(text=str(self))


Item = TypeVar("Item")


class Listing(BaseModel, Generic[Item]):
    """A page of a list: its items, and the cursor of the next page, or null."""

    items: list[Item]
    next: str | None = None
