"""What the log forgets, keeps and gives away."""

import asyncio
from datetime import timedelta

from chandelier import Actor, Call, JobContext, Outcome, Status, Surface
from chandelier_logging import plugin
from chandelier_logging.config import Config
from chandelier_logging.models import CommandUse
from chandelier_logging.upkeep import sweep

RECORDED_S = 0.3  # by then what was used is in the table


def make_call(bot, member):
    return Call(
        reference="7F3K", surface=Surface.SLASH, plugin="ping", command="ping", arguments={"text": "secret"},
        actor=Actor(id=member.id, name=member.name), received_at=bot.clock.now(), guild_id=bot.guild_id,
    )  # fmt: skip


async def test_erasing_a_person_leaves_their_rows_as_numbers_even_one_that_waits(bot):
    jack = bot.member("jack")
    await jack.slash("custom run", name="nothing")
    await asyncio.sleep(RECORDED_S)
    await plugin.command_finished(make_call(bot, jack), Outcome(status=Status.ANSWERED))
    await plugin.user_erased(jack.id)
    await asyncio.sleep(RECORDED_S)
    rows = await CommandUse.filter(guild_id=bot.guild_id)
    assert [(row.user_id, row.user_name, row.metadata) for row in rows] == [(None, None, {})] * 2
    assert await plugin.user_exported(jack.id) is None


async def test_a_persons_export_has_even_what_waits(bot):
    kate = bot.member("kate")
    await plugin.command_finished(make_call(bot, kate), Outcome(status=Status.ANSWERED))
    assert [use["command"] for use in (await plugin.user_exported(kate.id))["uses"]] == ["ping"]


async def test_leaving_a_server_deletes_its_rows(bot):
    await bot.member("alice").slash("ping")
    await asyncio.sleep(RECORDED_S)
    await plugin.guild_left(bot.guild_id)
    assert await CommandUse.filter(guild_id=bot.guild_id).count() == 0


async def test_old_rows_are_swept_and_others_are_not(bot):
    alice = bot.member("alice")
    await alice.slash("ping")
    await alice.slash("ping")
    await asyncio.sleep(RECORDED_S)
    rows = await CommandUse.filter(guild_id=bot.guild_id)
    await CommandUse.filter(id=rows[0].id).update(at=rows[0].at - timedelta(days=31))
    context = JobContext(Doors(bot), Config(keep_days=30), run_id=1, attempt=1)
    await sweep.handler(context)
    assert [row.id for row in await CommandUse.filter(guild_id=bot.guild_id)] == [rows[1].id]


class Doors:
    """What the sweep asks of its context."""

    def __init__(self, bot):
        self.now = bot.clock.now
        self.log = self

    def info(self, event, **fields):
        """Take no notice."""
