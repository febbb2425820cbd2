"""The counting of failures, by the bot's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chandelier_core.life.circuits import Circuits, Parked, wait_after

SHAKE = ("shaky", "command shake")


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 6, 10, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def passes(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def circuits(time):
    return Circuits(time.now)


def fail(circuits, times: int) -> None:
    for _ in range(times):
        circuits.failed(*SHAKE, "7F3K12")


def test_the_tenth_failure_within_a_minute_parks_the_part_and_no_other(circuits):
    fail(circuits, 9)
    circuits.enter(*SHAKE)
    fail(circuits, 1)
    with pytest.raises(Parked) as refused:
        circuits.enter(*SHAKE)
    assert refused.value.sentence == (
        "`shake` of Shaky is out of use after 10 failures; it is tried again at 12:01:00 UTC; reference 7F3K12."
    )
    circuits.enter("shaky", "command steady")


def test_failures_that_are_further_apart_than_a_minute_do_not_add_up(circuits, time):
    fail(circuits, 9)
    time.passes(61)
    fail(circuits, 9)
    assert circuits.is_open(*SHAKE)
    fail(circuits, 1)
    assert not circuits.is_open(*SHAKE)


def test_one_run_at_a_time_is_let_through_to_try_a_parked_part(circuits, time):
    fail(circuits, 10)
    time.passes(60)
    circuits.enter(*SHAKE)
    with pytest.raises(Parked):
        circuits.enter(*SHAKE)
    circuits.leave(*SHAKE)
    circuits.enter(*SHAKE)


def test_a_try_that_goes_well_brings_the_part_back_with_nothing_counted(circuits, time):
    fail(circuits, 10)
    time.passes(60)
    circuits.enter(*SHAKE)
    circuits.worked(*SHAKE)
    circuits.leave(*SHAKE)
    assert circuits.is_open(*SHAKE)
    fail(circuits, 9)
    assert circuits.is_open(*SHAKE)


def test_each_try_that_fails_doubles_the_wait_up_to_an_hour(circuits, time):
    fail(circuits, 10)
    waits = []
    for _ in range(9):
        waits.append((circuits.out[SHAKE].probe_at - time.now()).total_seconds())
        time.passes(waits[-1])
        circuits.enter(*SHAKE)
        fail(circuits, 1)
        circuits.leave(*SHAKE)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert wait_after(10_000) == timedelta(hours=1)


def test_runs_that_began_before_the_part_was_parked_do_not_lengthen_its_wait(circuits, time):
    fail(circuits, 10)
    due = circuits.out[SHAKE].probe_at
    time.passes(5)
    fail(circuits, 3)
    assert circuits.out[SHAKE].probe_at == due


@pytest.mark.parametrize(("plugin", "part"), [("host", "command prefix"), ("shaky", "start"), ("shaky", "stop")])
def test_what_is_the_hosts_own_or_has_a_state_of_its_own_is_never_parked(circuits, plugin, part):
    for _ in range(30):
        circuits.failed(plugin, part, "7F3K12")
    assert circuits.is_open(plugin, part)


def test_whoever_keeps_the_switches_is_told_of_both_turns(circuits, time):
    told = []
    circuits.changed = lambda key, out: told.append((key, out is not None))
    fail(circuits, 10)
    time.passes(60)
    circuits.enter(*SHAKE)
    circuits.worked(*SHAKE)
    assert told == [(SHAKE, True), (SHAKE, False)]
