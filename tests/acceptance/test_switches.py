"""Plugins are switched off and on while the bot runs, from Discord, REST and the command line; every process follows."""

from __future__ import annotations

import aiohttp

OFFERS = """
from contextlib import asynccontextmanager
from typing import Protocol
from chandelier import Context, Plugin

class Weather(Protocol):
    async def of(self, place: str) -> str: ...

class Fair:
    async def of(self, place: str) -> str:
        return f"fair in {place}"

@asynccontextmanager
async def open_weather(ctx):
    yield Fair()

plugin = Plugin("offers", summary="Offers the weather.", provides={Weather: open_weather})
"""
EVERY = """
from contextlib import asynccontextmanager
from datetime import timedelta
import hikari
import lightbulb
from made_up_offers import Weather
from chandelier import Context, JobContext, Need, Plugin, job, on

async def hear(ctx, event) -> None:
    ctx.log.info("heard", content=event.content)

@job(every=timedelta(seconds=1))
async def tick(ctx: JobContext) -> None:
    ctx.log.info("tick")

@asynccontextmanager
async def life(ctx):
    ctx.log.info("life_begins")
    yield
    ctx.log.info("life_ends")

loader = lightbulb.Loader()

@loader.command
class Native(lightbulb.SlashCommand, name="native", description="Answered by lightbulb."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("native answer")

plugin = Plugin("every", summary="Has all.", uses=[Weather], jobs=[tick], lifespan=life, native=[loader],
                listeners=[on(hikari.GuildMessageCreateEvent, hear)], needs=[Need.MESSAGE_CONTENT])

@plugin.command(http="GET /weather")
async def weather(ctx: Context) -> str:
    'Tell the weather.'
    return await ctx.use(Weather).of("Oslo")

@plugin.hook
async def command_finished(call, outcome) -> None:
    if call.command == "ping":
        plugin_log.append(1)

plugin_log = []

@plugin.hook
async def resolve_command(guild_id, name):
    from chandelier import Resolution
    return Resolution("weather") if name == "wetter" else None
"""
GRANTED = 'grants = ["message_content"]\n'


async def test_a_plugin_is_switched_off_with_all_it_has_and_on_again_in_discord(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("offers", OFFERS)
    shelf.add("every", EVERY)
    wired = wiring(discord, fresh_database, "ping", "offers", "every", more=GRANTED)
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice, bob = discord.member("alice"), discord.member("bob")
        assert (await alice.slash("native")).text == "native answer"
        refused = await bob.slash("bot off", name="every")
        assert refused.ephemeral
        assert "Only the owner of this bot's application" in refused.text
        done = await alice.slash("bot off", name="every")
        assert done.ephemeral
        assert done.text.startswith("Every is off.")
        await process.logged("life_ends")
        changed = await process.logged("plugin_changed", plugin="every", new="stopped")
        assert "It was switched off by alice in Discord on " in str(changed["why"])
        assert (await alice.slash("weather")).text == "Every is switched off."
        assert "native" not in {command["name"] for command in discord.commands}
        seen = len(process.lines)
        assert await alice.say("!wetter", expect=False, timeout_s=0.3) is None
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert not [line for line in process.lines[seen:] if '"heard"' in line or '"tick"' in line]
        assert (await alice.slash("bot on", name="every")).text == "Every: started. It works."
        assert (await alice.slash("weather")).text == "fair in Oslo"
        assert (await alice.slash("native")).text == "native answer"
        assert (await alice.say("!wetter")).text == "fair in Oslo"
        await process.logged("heard", content="!wetter")
        wrong = await alice.slash("bot off", name="evry")
        assert wrong.text == "There is no plugin evry here. Did you mean every?"
        assert "cannot be switched off" in (await alice.slash("bot off", name="host")).text
        offered = await alice.autocomplete("bot off", "name", "ev")
        assert [choice["name"] for choice in offered] == ["every"]


async def test_who_needs_a_service_says_so_while_its_provider_is_off_and_recovers(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("offers", OFFERS)
    shelf.add("every", EVERY)
    wired = wiring(discord, fresh_database, "offers", "every", more=GRANTED)
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        await alice.slash("bot off", name="offers")
        degraded = await process.logged("plugin_changed", plugin="every", new="degraded")
        assert degraded["why"] == "It uses Weather of offers, which is not running."
        assert "No running plugin provides Weather" in (await alice.slash("weather")).text
        await alice.slash("bot on", name="offers")
        await process.logged("plugin_changed", plugin="every", old="degraded", new="started")
        assert (await alice.slash("weather")).text == "fair in Oslo"


async def test_what_is_switched_over_rest_holds_in_every_process_and_after_a_restart(
    started, wiring, fresh_database, discord
):
    wired = wiring(discord, fresh_database, "ping", "custom")
    async with (
        started("run", "--without", "api", **wired) as bot,
        started("api", **wired) as api,
        aiohttp.ClientSession() as http,
    ):
        await bot.logged("ready")
        await api.logged("ready")
        url = (await api.logged("service_started", service="api"))["url"]
        async with http.post(f"{url}/api/v1/plugins/custom/stop") as answer:
            assert answer.status == 200, await answer.text()
            assert (await answer.json())["state"] == "stopped"
        await bot.logged("plugin_changed", plugin="custom", new="stopped")
        alice = discord.member("alice")
        assert (await alice.slash("custom list")).text == "Custom is switched off."
        part = f"{url}/api/v1/plugins/ping/parts/command ping"
        async with http.post(f"{part}/park") as answer:
            states = {one["name"]: one["state"] for one in (await answer.json())["parts"]}
            assert (answer.status, states["command ping"]) == (200, "quarantined")
        await bot.logged("part_parked", plugin="ping", part="command ping")
        assert "is out of use since" in (await alice.slash("ping")).text
        async with http.post(f"{url}/api/v1/plugins/pong/stop") as answer:
            assert answer.status == 404
            assert "Did you mean ping?" in (await answer.json())["detail"]
        async with http.post(f"{part}/park", headers={"X-Discord-User-Id": str(alice.id)}) as answer:
            assert answer.status == 403
        assert await bot.end() == 0
    async with started("run", **wired) as bot, aiohttp.ClientSession() as http:
        assert (await bot.logged("ready"))["plugins"] == ["host", "ping"]
        degraded = await bot.logged("plugin_changed", plugin="ping", new="degraded")
        assert str(degraded["why"]).startswith("Command ping is out of use since ")
        url = (await bot.logged("service_started", service="api"))["url"]
        assert (await alice.slash("custom list")).text == "Custom is switched off."
        assert "is out of use since" in (await alice.slash("ping")).text
        async with http.post(f"{url}/api/v1/plugins/custom/start") as answer:
            assert (await answer.json())["state"] == "started"
        await alice.slash("custom add", name="hello", content="Hi there")
        assert (await alice.say("!hello")).text == "Hi there"
        async with http.post(f"{url}/api/v1/plugins/ping/parts/ping/resume") as answer:
            assert answer.status == 200
        assert (await alice.slash("ping")).text.startswith("Pong!")


async def test_the_command_line_switches_a_bot_that_runs(chandelier, started, wiring, fresh_database, discord):
    wired = wiring(discord, fresh_database, "ping", "custom")
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        ended = await chandelier("plugins", "off", "custom", **wired)
        assert (ended.code, ended.out) == (0, "Custom is switched off. A bot that runs follows within a second.\n")
        await process.logged("plugin_changed", plugin="custom", new="stopped")
        assert (await chandelier("plugins", "on", "custom", **wired)).code == 0
        await process.logged("plugin_changed", plugin="custom", old="stopped", new="started")
        ended = await chandelier("plugins", "park", "custom", "custom", "list", **wired)
        assert ended.code == 0, ended.said
        await process.logged("part_parked", plugin="custom", part="command custom list")
        assert "`custom list` of Custom is out of use since" in (await alice.slash("custom list")).text
        ended = await chandelier("plugins", "resume", "custom", **wired)
        assert "In use again: command custom list." in ended.out
        await process.logged("part_resumed", plugin="custom", part="command custom list")
        ended = await chandelier("plugins", "park", "custom", "lst", **wired)
        assert ended.code == 2
        assert "Custom has no part lst." in ended.err
        ended = await chandelier("plugins", "off", "custm", **wired)
        assert (ended.code, ended.err) == (2, "chandelier: There is no plugin custm here. Did you mean custom?\n")


async def test_a_plugin_that_will_not_stop_is_left_behind_and_the_bot_answers(
    shelf, started, wiring, fresh_database, discord
):
    source = """
import asyncio
from contextlib import asynccontextmanager
from chandelier import Context, Plugin

@asynccontextmanager
async def life(ctx):
    async def linger():
        await asyncio.sleep(3600)
    for _ in range(3):
        asyncio.create_task(linger(), name="linger")
    yield
    raise ValueError("will not go")

plugin = Plugin("sticky", summary="Will not go.", lifespan=life)

@plugin.command()
async def stick(ctx: Context) -> str:
    'Answer.'
    return "here"
"""
    shelf.add("sticky", source)
    async with started("run", **wiring(discord, fresh_database, "ping", "sticky")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("stick")).text == "here"
        assert (await alice.slash("bot off", name="sticky")).text.startswith("Sticky is off.")
        await process.logged("plugin_failed", plugin="sticky", part="stop", error="ValueError")
        leaked = await process.logged("tasks_leaked", plugin="sticky")
        assert (leaked["tasks"], leaked["count"]) == (["linger"], 3)
        assert (await alice.slash("stick")).text == "Sticky is switched off."
        assert (await alice.slash("bot on", name="sticky")).text == "Sticky: started. It works."
        assert (await alice.slash("stick")).text == "here"


MODELS = """
from tortoise import fields
from tortoise.models import Model

class Row(Model):
    id = fields.BigIntField(primary_key=True)
    word = fields.TextField()

    class Meta:
        schema = "tables"
        table = "row"
"""
MIGRATION = """
import os
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

if not os.path.exists({mark!r}):
    raise RuntimeError("not yet")

class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name='Row',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('word', fields.TextField(unique=False)),
            ],
            options={{'table': 'row', 'schema': 'tables', 'app': 'tables', 'pk_attr': 'id'}},
            bases=['Model'],
        ),
    ]
"""
TABLES = """
from chandelier import Context, Plugin
plugin = Plugin("tables", summary="Has a table.", models="made_up_tables_rows.models")

@plugin.command()
async def count(ctx: Context) -> str:
    'Count rows.'
    from made_up_tables_rows.models import Row
    await Row.create(word='one')
    return f"rows: {await Row.all().count()}"
"""


async def test_migrations_that_failed_are_tried_again_when_the_plugin_is_switched_on(
    shelf, started, wiring, fresh_database, discord, tmp_path
):
    shelf.add("tables", TABLES)
    mark = tmp_path / "now"
    migrations = shelf.folder / "made_up_tables_rows" / "migrations"
    migrations.mkdir(parents=True)
    for folder in (migrations, migrations.parent):
        (folder / "__init__.py").write_text("")
    (migrations.parent / "models.py").write_text(MODELS)
    (migrations / "0001_initial.py").write_text(MIGRATION.format(mark=str(mark)))
    async with started("run", **wiring(discord, fresh_database, "ping", "tables")) as process:
        failed = await process.logged("plugin_changed", plugin="tables", new="failed")
        assert str(failed["why"]).startswith("Its tables could not be brought up to date: ")
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("count")).text == "Tables could not start. The operator has been told."
        assert (await alice.slash("bot on", name="tables")).text.startswith("Tables: failed. Its tables could not be")
        mark.touch()
        assert (await alice.slash("bot on", name="tables")).text == "Tables: started. It works."
        assert (await alice.slash("count")).text == "rows: 1"
