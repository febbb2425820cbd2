"""The journal: nothing is lost while there is room, and what is lost is counted."""

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from chandelier import Actor, Backoff, Call, Outcome, Status, Surface
from chandelier_logging.uses import Journal, Recorder, to_row


class Quiet:
    """A log and a context that keep what they were told."""

    def __init__(self):
        self.events = []
        self.log = self

    def info(self, event, **fields):
        self.events.append(event)

    warning = error = info

    def spawn(self, work, name):
        return asyncio.create_task(work, name=name)


class Table:
    """Stands in for the table: can be away, and refuses rows of user 13."""

    def __init__(self):
        self.rows, self.away, self.batches = {}, False, []

    async def write(self, batch):
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionError("the store is away")
        if any(row.user_id == 13 for row in batch):
            raise ValueError("a bad row")
        self.batches.append(len(batch))
        self.rows |= {row.id: row for row in batch}


@pytest.fixture
def table():
    return Table()


def make_journal(table, quiet=None, **more):
    return Journal(quiet or Quiet(), table.write, retry=Backoff(first_s=0.01, factor=1), **more)


def make_call(user=1):
    return Call(
        reference="7F3K", surface=Surface.SLASH, plugin="ping", command="ping", arguments={},
        actor=Actor(id=user, name="someone"), received_at=datetime.now(UTC), guild_id=10,
    )  # fmt: skip


def make_use(user=1):
    return to_row(make_call(user), Outcome(status=Status.ANSWERED))


@contextlib.asynccontextmanager
async def writing(journal):
    task = asyncio.create_task(journal.write_forever())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(true, timeout_s=5):
    async with asyncio.timeout(timeout_s):
        while not true():  # what is waited for sets no event
            await asyncio.sleep(0.005)


async def test_uses_are_written_in_batches_of_at_most_five_hundred(table):
    journal = make_journal(table)
    for _ in range(1234):
        journal.add(make_use())
    await journal.write_all()
    assert table.batches == [500, 500, 234]


async def test_a_single_use_is_written_soon(table):
    journal = make_journal(table)
    async with writing(journal):
        journal.add(make_use())
        await until(lambda: table.rows, timeout_s=1)
    assert journal.waiting == 0


async def test_a_full_queue_drops_the_oldest_and_says_so(table):
    journal = make_journal(table, size=10)
    added = [make_use() for _ in range(25)]
    for use in added:
        journal.add(use)
    await journal.write_all()
    assert list(table.rows) == [use.id for use in added[-10:]]
    assert "15" in journal.ailment()


async def test_a_bad_row_does_not_sink_its_batch(table):
    journal = make_journal(table)
    for user in (1, 2, 13, 4, 5, 6, 7):
        journal.add(make_use(user))
    await journal.write_all()
    assert sorted(row.user_id for row in table.rows.values()) == [1, 2, 4, 5, 6, 7]
    assert journal.dropped == 1


async def test_an_outage_loses_nothing_and_is_told_twice(table):
    quiet = Quiet()
    journal, table.away = make_journal(table, quiet), True
    async with writing(journal):
        for _ in range(700):
            journal.add(make_use())
        await until(lambda: journal.failures >= 3)
        assert "700 wait" in journal.ailment()
        table.away = False
        await until(lambda: len(table.rows) == 700)
    assert journal.ailment() is None
    assert quiet.events == ["uses_cannot_be_written", "uses_are_written_again"]


async def test_stopping_writes_what_waits(table):
    recorder = Recorder(table.write)
    async with recorder.open(Quiet()):
        for _ in range(600):
            recorder.record(make_call(), Outcome(status=Status.ANSWERED))
    assert len(table.rows) == 600


async def test_outside_of_its_life_the_recorder_records_nothing(table):
    recorder = Recorder(table.write)
    recorder.record(make_call(), Outcome(status=Status.ANSWERED))
    await recorder.write_all()
    assert (table.rows, recorder.ailment()) == ({}, None)
