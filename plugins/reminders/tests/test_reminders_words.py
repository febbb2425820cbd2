"""Words, nonces and cursors of reminders."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from chandelier import BadOption
from chandelier_reminders import plugin
from chandelier_reminders.answers import Page, Reminder
from chandelier_reminders.commands import from_cursor, to_cursor
from chandelier_reminders.delivery import RETRY, nonce_of, word_reminder, word_span

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def make_row(text="stretch"):
    return SimpleNamespace(id=7, user_id=5, text=text, created_at=NOW, due_at=NOW)


def make_reminder(text="stretch", failure=None):
    return Reminder(id=7, text=text, due_at=NOW, created_at=NOW, guild_id=1, channel_id=2, failure=failure)


def test_the_plugin_has_nothing_to_correct():
    assert plugin.declare().findings == ()


def test_the_answer_tells_the_instant_that_was_understood():
    at = int(NOW.timestamp())
    assert str(make_reminder()).startswith(f"I will remind you <t:{at}:R> (<t:{at}:f>): stretch")


def test_over_rest_the_instant_has_its_offset_and_ids_are_strings():
    body = make_reminder().model_dump(mode="json")
    assert (body["due_at"], body["id"], body["channel_id"]) == ("2026-06-10T12:00:00Z", "7", "2")


@pytest.mark.parametrize("text", ["x" * 1500, "\n" * 1499 + "x", "`" * 1500])
def test_the_longest_text_fits_one_message_when_asked_and_when_said(text):
    assert len(str(make_reminder(text))) <= 2000
    assert len(word_reminder(make_row(text), timedelta(days=3000))) <= 2000


def test_a_reminder_in_time_does_not_excuse_itself():
    assert "due" not in word_reminder(make_row(), timedelta(seconds=60))


def test_a_late_reminder_says_how_late_it_is():
    assert "(this was due 3 h ago)" in word_reminder(make_row(), timedelta(hours=3, minutes=59))


@pytest.mark.parametrize(("seconds", "words"), [(61, "1 min"), (59, "59 s"), (7_200, "2 h"), (200_000, "2 d")])
def test_a_span_is_told_in_its_largest_unit(seconds, words):
    assert word_span(timedelta(seconds=seconds)) == words


def test_a_nonce_is_short_enough_for_discord_and_tells_reminders_apart():
    assert len(nonce_of(2**63 - 1)) <= 25
    assert len({nonce_of(id_) for id_ in range(5000)}) == 5000
    assert nonce_of(35) == "rz"


def test_delivery_is_tried_for_more_than_half_a_day():
    assert sum(RETRY.delay_s(attempt) for attempt in range(1, RETRY.attempts)) > 12 * 3600


def test_a_list_says_what_could_not_be_delivered_and_why():
    assert "not delivered: I may not write there" in str(Page(items=[make_reminder(failure="I may not write there")]))


def test_a_long_list_fits_one_message():
    assert len(str(Page(items=[make_reminder("y" * 1500)] * 100))) <= 2000


def test_a_cursor_comes_back_as_the_position_it_was_made_of():
    assert from_cursor(to_cursor(NOW, 7)) == (NOW, 7)


@pytest.mark.parametrize("cursor", ["", "%%%", "abc", "é", "MjAyNi0wMS0wMVQwMDowMDowMHw3"])
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadOption) as refusal:
        from_cursor(cursor)
    assert refusal.value.option == "cursor"
