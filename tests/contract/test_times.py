"""Durations and instants, as people type them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter

from chandelier import Duration, Instant, Snowflake
from chandelier.types import format_duration, parse_duration, parse_instant

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2h30m", timedelta(hours=2, minutes=30)),
        ("1d 12h", timedelta(days=1, hours=12)),
        ("90s", timedelta(seconds=90)),
        (" 90S ", timedelta(seconds=90)),
        ("1w", timedelta(days=7)),
        ("1.5h", timedelta(minutes=90)),
        ("30m 2h", timedelta(hours=2, minutes=30)),
        ("1h1h", timedelta(hours=2)),
        ("0h1s", timedelta(seconds=1)),
        ("3660d", timedelta(days=3660)),
        ("٣h", timedelta(hours=3)),
        ("5\N{LATIN SMALL LETTER LONG S}", timedelta(seconds=5)),
        (5, timedelta(seconds=5)),
        (0.5, timedelta(milliseconds=500)),
        (timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
def test_a_duration_is_read_in_any_order_of_its_units(typed, span):
    assert parse_duration(typed) == span


@pytest.mark.parametrize(
    "typed",
    ["", " ", "5", "h", "2h 30", "30 2h", "2 h", "-1h", "0s", "0h0m", "1,5h", "½h", "²h", "1y", "2h30", "soon", "h2",
     "3661d", "11y", "570w", "9" * 400 + "h", "1e3s", "PT1H", "２ｈ", 0, -5, True, False, None, [], float("nan"),
     float("inf"), 10**400, timedelta(), timedelta(seconds=-1), timedelta(days=3661)],
)  # fmt: skip
def test_what_is_no_duration_between_a_moment_and_ten_years_is_refused(typed):
    with pytest.raises(ValueError, match=r"^not a duration"):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1s"), (60, "1m"), (90, "1m30s"), (3600, "1h"), (9000, "2h30m"), (86_400, "1d"), (604_800, "7d"),
     (3661, "1h1m1s"), (36_900_000, "427d2h"), (0.4, "0s")],
)  # fmt: skip
def test_a_duration_is_written_in_days_hours_minutes_and_seconds(seconds, words):
    assert format_duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("seconds", [1, 59, 61, 3599, 86_399, 86_401, 999_999, 3660 * 86_400])
def test_what_is_written_can_be_read_again(seconds):
    assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "typed",
    ["2026-06-10T12:00:00Z", "2026-06-10T14:00:00+02:00", " 2026-06-10 12:00+00:00 ", "20260610T120000Z",
     "<t:1781092800>", "<t:1781092800:R>", NOON, NOON.astimezone(timezone(timedelta(hours=-7)))],
)  # fmt: skip
def test_an_instant_is_read_with_its_offset(typed):
    instant = parse_instant(typed)
    assert instant == NOON
    assert instant.tzinfo is not None


@pytest.mark.parametrize("typed", ["2026-06-10T12:00:00", "2026-06-10", datetime(2026, 6, 10)])
def test_an_instant_without_its_offset_is_refused_and_told_how_to_write_one(typed):
    with pytest.raises(ValueError, match=r"without its offset from UTC; write 2026-06-10T12:00:00Z"):
        parse_instant(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "now", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-06-10T25:00:00Z", "<t:>", "<t:1781092800:X>",
     "<t:1.5>", "t:1781092800", 1781092800, None, True],
)  # fmt: skip
def test_what_is_no_instant_is_refused(typed):
    with pytest.raises(ValueError):
        parse_instant(typed)


@pytest.mark.parametrize(
    "typed", ["<t:9999999999999>", "<t:-9999999999999>", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+14:00"]
)
def test_an_instant_that_utc_has_no_year_for_is_refused(typed):
    with pytest.raises(ValueError, match=r"calendar|year"):
        parse_instant(typed)


def test_a_duration_is_answered_in_seconds_over_rest():
    adapter = TypeAdapter(Duration)
    assert adapter.dump_json(timedelta(minutes=1, milliseconds=500)) == b"60.5"
    assert adapter.dump_python(timedelta(minutes=1)) == timedelta(minutes=1)


def test_an_instant_is_answered_as_rfc_3339():
    assert TypeAdapter(Instant).dump_json(NOON) == b'"2026-06-10T12:00:00Z"'


def test_an_id_is_a_string_in_json_because_javascript_would_round_it():
    assert TypeAdapter(Snowflake).dump_json(175928847299117063) == b'"175928847299117063"'
    assert TypeAdapter(Snowflake).json_schema()["type"] == "string"
