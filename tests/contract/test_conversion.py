"""From what was typed to what the handler takes, or to one exact sentence."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Annotated, Literal

import hikari
import pytest
from pydantic import Field

from chandelier import BadOption, Context, Duration, Instant, Length, Snowflake
from chandelier.parameters import EXPECTED, Kind, read_parameters

DURATION = "a duration such as 2h30m, 45s or 3d"
INSTANT = "a time such as 2026-06-10T12:00:00Z or <t:1781092800>"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


class Colour(Enum):
    DARK_RED = "red"
    BLUE = "blue"


class Size(Enum):
    SMALL = 1
    LARGE = 2


class Weight(Enum):
    LIGHT = 0.5


def option(annotation):
    async def handler(ctx: Context, x) -> None: ...

    handler.__annotations__["x"] = annotation
    (parameter,) = read_parameters(handler)
    return parameter


@pytest.mark.parametrize(
    ("annotation", "raw", "value"),
    [
        (str, "hello", "hello"),
        (str, "", ""),
        (str, "🕯️ ß \n", "🕯️ ß \n"),
        (str | None, None, None),
        (int, 5, 5),
        (int, "5", 5),
        (int, " -5 ", -5),
        (int, "9223372036854775807", 2**63 - 1),
        (int, -(2**63), -(2**63)),
        (int | None, None, None),
        (float, "1.5", 1.5),
        (float, 2, 2.0),
        (float, "1e3", 1000.0),
        (bool, True, True),
        (bool, "yes", True),
        (bool, "No", False),
        (bool, "on", True),
        (bool, "false", False),
        (bool, 0, False),
        (Duration, "2h30m", timedelta(hours=2, minutes=30)),
        (Duration, 90, timedelta(seconds=90)),
        (Duration | None, None, None),
        (timedelta, "1d 12h", timedelta(days=1, hours=12)),
        (timedelta | None, None, None),
        (Instant, "2026-06-10T12:00:00Z", NOON),
        (Instant, "<t:1781092800>", NOON),
        (datetime, "2026-06-10T14:00:00+02:00", NOON),
        (datetime | None, None, None),
        (Instant | None, None, None),
        (Snowflake, "175928847299117063", 175928847299117063),
        (Literal["add", "Remove"], "REMOVE", "Remove"),
        (Literal[1, 2], "2", 2),
        (Literal[1, 2], 2, 2),
        (Literal["a"] | None, None, None),
        (Colour, "red", Colour.DARK_RED),
        (Colour, "dark RED", Colour.DARK_RED),
        (Colour, "Blue", Colour.BLUE),
        (Size, "large", Size.LARGE),
        (Size, "1", Size.SMALL),
        (Size, 1, Size.SMALL),
        (Weight, "0.5", Weight.LIGHT),
        (Annotated[str, Length(5)], "12345", "12345"),
        (Annotated[str | None, Length(5)], None, None),
        (Annotated[str, Length(5)] | None, None, None),
        (Annotated[int, Field(ge=0, le=3)], "0", 0),
    ],
)
def test_a_value_that_fits_reaches_the_handler_as_its_type(annotation, raw, value):
    converted = option(annotation).convert(raw)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("annotation", "raw", "wanted"),
    [
        (str, 5, "text"),
        (str, None, "text"),
        (str, ["a"], "text"),
        (str, {"a": 1}, "text"),
        (int, "five", "a whole number"),
        (int, "", "a whole number"),
        (int, 5.5, "a whole number"),
        (int, "5.5", "a whole number"),
        (int, True, "a whole number"),
        (int, None, "a whole number"),
        (int, [5], "a whole number"),
        (int, float("nan"), "a whole number"),
        (int, "9" * 5000, "a whole number"),
        (int, 2**63, "a whole number of 64 bits"),
        (int, str(-(2**63) - 1), "a whole number of 64 bits"),
        (int, 10**400, "a whole number of 64 bits"),
        (int | None, False, "a whole number"),
        (float, "much", "a number"),
        (float, True, "a number"),
        (float, "nan", "a number"),
        (float, "inf", "a number"),
        (float, float("-inf"), "a number"),
        (float, "1e999", "a number"),
        (bool, "perhaps", "yes or no"),
        (bool, 2, "yes or no"),
        (bool, None, "yes or no"),
        (Duration, "soon", DURATION),
        (Duration, "5", DURATION),
        (Duration, 0, DURATION),
        (Duration, True, DURATION),
        (Duration, None, DURATION),
        (Duration, float("nan"), DURATION),
        (Duration, 10**400, DURATION),
        (timedelta, "-1h", DURATION),
        (timedelta, None, DURATION),
        (Instant, "tomorrow", INSTANT),
        (Instant, "2026-06-10T12:00:00", INSTANT),
        (Instant, 1781092800, INSTANT),
        (Instant, None, INSTANT),
        (datetime, "2026-06-10", INSTANT),
        (Literal["add", "remove"], "ad", "one of: add, remove"),
        (Literal["add", "remove"], 1, "one of: add, remove"),
        (Literal[1, 2], 3, "one of: 1, 2"),
        (Literal[1, 2], "3", "one of: 1, 2"),
        (Colour, "green", "one of: Dark red, Blue"),
        (Size, 7, "one of: Small, Large"),
        (Annotated[str, Length(5)], "123456", "at most 5 characters"),
        (Annotated[str, Length(5)], "", "at least 1 character"),
        (Annotated[str | None, Length(5)], "123456", "at most 5 characters"),
        (Annotated[str, Field(min_length=2)], "a", "at least 2 characters"),
        (Annotated[str, Field(pattern="^[a-z]+$")], "A", "text that fits the pattern ^[a-z]+$"),
        (Annotated[int, Field(ge=0)], -1, "at least 0"),
        (Annotated[int, Field(ge=1, le=1_000_000)], 1_000_001, "at most 1000000"),
        (Annotated[int, Field(le=0)], 1, "at most 0"),
        (Annotated[int, Field(gt=0)], 0, "more than 0"),
        (Annotated[int, Field(lt=3)], 3, "less than 3"),
        (Annotated[float, Field(ge=0, le=1)], 1.5, "at most 1"),
        (Annotated[float, Field(ge=0.25)], 0.1, "at least 0.25"),
        (Annotated[int, Field(multiple_of=5)], 3, "a multiple of 5"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_exact_sentence(annotation, raw, wanted):
    with pytest.raises(BadOption) as caught:
        option(annotation).convert(raw)
    assert caught.value.sentence == f"`x` must be {wanted}."
    assert (caught.value.code, caught.value.option, caught.value.status) == ("bad_option", "x", 422)


@pytest.mark.parametrize("annotation", [str, Annotated[str, Length(50)], int, Duration, Instant])
def test_a_nul_is_refused_because_the_store_cannot_hold_it(annotation):
    with pytest.raises(BadOption, match=r"^`x` holds a NUL character, which cannot be stored\.$"):
        option(annotation).convert("a\0b")


def test_the_refusal_names_the_option_as_people_see_it():
    async def handler(ctx: Context, from_: int) -> None: ...

    (parameter,) = read_parameters(handler)
    with pytest.raises(BadOption, match=r"^`from` must be a whole number\.$"):
        parameter.convert("x")


@pytest.mark.parametrize("annotation", [hikari.User, hikari.Member, hikari.Role, hikari.TextableGuildChannel])
def test_an_entity_is_taken_as_the_surface_found_it(annotation):
    found = object()
    assert option(annotation).convert(found) is found


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_say_what_it_expects(kind):
    assert EXPECTED[kind]
