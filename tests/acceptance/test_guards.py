"""Whatever a plugin raises, cancels or forgets, in whichever part: it is recorded, and everybody else is answered."""

from __future__ import annotations

import aiohttp
import pytest

HEAD = """
import asyncio, os, sys
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Protocol
import hikari
import quart
from chandelier import Context, JobContext, Need, Plugin, Suggest, job, on

class Doom(BaseException):
    pass

async def cancel_myself():
    asyncio.current_task().cancel()
    await asyncio.sleep(5)
"""
WAYS = {
    "SystemExit": "sys.exit(3)",
    "GeneratorExit": "raise GeneratorExit",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "Doom": "raise Doom('now')",
    "CancelledError": "raise asyncio.CancelledError",
    "cancelled": "await cancel_myself()",
}
PARTS = """
async def guess(ctx, typed):
    {way}

async def hear(ctx, event) -> None:
    {way}

@job()
async def toil(ctx: JobContext) -> None:
    {way}

blueprint = quart.Blueprint("grim", __name__)

@blueprint.get("/out")
async def out():
    {way}

async def fall():
    {way}

plugin = Plugin("grim", summary="Raises everywhere.", jobs=[toil], needs=[Need.MESSAGE_CONTENT], blueprint=blueprint,
                listeners=[on(hikari.GuildMessageCreateEvent, hear)])

@plugin.command(http="GET /doing")
async def doing(ctx: Context) -> str:
    'Raise.'
    {way}

@plugin.command()
async def tasks(ctx: Context) -> str:
    'Start what raises.'
    await toil.at(ctx.now())
    ctx.spawn(fall(), "fall")
    asyncio.create_task(fall(), name="raw")
    return "started"

@plugin.command()
async def telling(ctx: Context, what: Annotated[str, Suggest(guess)]) -> str:
    '''Tell.

    Args:
        what: What.
    '''
    return what

@plugin.hook
async def command_finished(call, outcome) -> None:
    if call.plugin == "ping":
        {way}

@plugin.hook
async def health():
    {way}
"""


@pytest.mark.parametrize("way", list(WAYS))
async def test_what_would_end_the_bot_ends_one_run_of_one_part(way, shelf, started, wiring, fresh_database, discord):
    shelf.add("grim", HEAD + PARTS.replace("{way}", WAYS[way]))
    wired = wiring(discord, fresh_database, "ping", "grim", more='grants = ["message_content"]\n')
    error = "CancelledError" if way == "cancelled" else way
    async with started("run", **wired) as process, aiohttp.ClientSession() as http:
        await process.logged("ready")
        url = (await process.logged("service_started", service="api"))["url"]
        alice = discord.member("alice")
        assert (await alice.slash("doing")).text.startswith("Something broke; it is recorded as ")
        assert (await alice.slash("tasks")).text == "started"
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert await alice.autocomplete("telling", "what", "x") == []
        await alice.say("hello", expect=False, timeout_s=0.01)
        for path in ("/api/v1/grim/out", "/api/v1/grim/doing"):
            async with http.get(url + path) as answer:
                assert (answer.status, (await answer.json())["code"]) == (500, "failed")
        async with http.get(f"{url}/health") as answer:
            assert answer.status == 200
        for part in ("command doing", "job toil", "listener hear", "hook command_finished", "hook health",
                     "suggestions of telling what", "route GET /api/v1/grim/out"):  # fmt: skip
            await process.logged("plugin_failed", plugin="grim", part=part, error=error)
        if way != "cancelled":  # a task that somebody has cancelled has not failed
            await process.logged("plugin_failed", plugin="grim", part="task fall", error=error)
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert await process.end() == 0


@pytest.mark.parametrize(
    ("way", "error"),
    [("raise SystemExit(5)", "SystemExit"), ("await cancel_myself()", "CancelledError"), ("raise Doom", "Doom")],
)
async def test_a_lifespan_or_a_service_that_raises_what_it_likes_does_not_start_and_all_else_does(
    way, error, shelf, started, wiring, fresh_database, discord
):
    life = """
@asynccontextmanager
async def life(ctx):
    {way}
    yield
"""
    shelf.add("grim", HEAD + life.replace("{way}", way) + 'plugin = Plugin("grim", summary="x", lifespan=life)\n')
    served = 'class Weather(Protocol): ...\nplugin = Plugin("giver", summary="x", provides={Weather: life})\n'
    shelf.add("giver", HEAD + life.replace("{way}", way) + served)
    async with started("run", **wiring(discord, fresh_database, "ping", "grim", "giver")) as process:
        for plugin in ("grim", "giver"):
            changed = await process.logged("plugin_changed", plugin=plugin, new="failed")
            assert f"It could not start ({error}); recorded as" in str(changed["why"])
        assert (await process.logged("ready"))["plugins"] == ["host", "ping"]
        assert await process.end() == 0


async def test_a_lifespan_that_ends_by_itself_takes_its_plugin_out_and_is_started_again(
    shelf, started, wiring, fresh_database, discord
):
    source = """
fallen = []

@asynccontextmanager
async def life(ctx):
    async with asyncio.TaskGroup() as group:
        if not fallen:
            group.create_task(fall())
        yield

async def fall():
    fallen.append(1)
    await asyncio.sleep(0.2)
    raise OSError("fell")

plugin = Plugin("falling", summary="x", lifespan=life)
"""
    shelf.add("falling", HEAD + source)
    async with started("run", **wiring(discord, fresh_database, "ping", "falling")) as process:
        await process.logged("ready")
        changed = await process.logged("plugin_changed", plugin="falling", old="started", new="failed")
        assert "Its lifespan ended by itself; recorded as" in str(changed["why"])
        assert (await discord.member("alice").slash("ping")).text.startswith("Pong!")
        await process.logged("plugin_changed", plugin="falling", old="failed", new="started")


async def test_answers_that_cannot_be_said_are_failures_and_long_ones_are_cut(
    shelf, started, wiring, fresh_database, discord
):
    source = """
plugin = Plugin("odd", summary="x")

class Mute:
    def __str__(self):
        raise Doom("mute")

@plugin.command(http="GET /mute")
async def mute(ctx: Context) -> str:
    'Answer with what cannot be said.'
    return Mute()

@plugin.command(http="GET /long")
async def long(ctx: Context) -> str:
    'Say a lot.'
    return "x" * 9_000_000
"""
    shelf.add("odd", HEAD + source)
    async with (
        started("run", **wiring(discord, fresh_database, "ping", "odd")) as process,
        aiohttp.ClientSession() as http,
    ):
        await process.logged("ready")
        url = (await process.logged("service_started", service="api"))["url"]
        alice = discord.member("alice")
        assert (await alice.slash("mute")).text.startswith("Something broke")
        assert (await alice.slash("long")).text == "x" * 1999 + "…"
        async with http.get(f"{url}/api/v1/odd/long") as answer:
            assert (answer.status, (await answer.json())["code"]) == (500, "failed")
        await process.logged("plugin_failed", plugin="odd", part="answer of long")
        assert (await alice.slash("ping")).text.startswith("Pong!")


async def test_a_plugin_that_closes_everybodys_connections_leaves_the_others_their_database(
    shelf, started, wiring, fresh_database, discord
):
    source = """
plugin = Plugin("closing", summary="x")

@plugin.command(http="GET /close")
async def close(ctx: Context) -> str:
    'Close all.'
    from tortoise import connections
    await connections.close_all()
    return "closed"
"""
    shelf.add("closing", HEAD + source)
    wired = wiring(discord, fresh_database, "ping", "custom", "closing")
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        await alice.slash("custom add", name="hello", content="Hi there")
        await alice.slash("close")
        assert (await alice.say("!hello")).text == "Hi there"
        await alice.slash("close")
        await alice.slash("custom add", name="again", content="Still here")
        assert (await alice.say("!again")).text == "Still here"


async def test_code_that_swallows_its_end_is_left_behind(shelf, started, wiring, fresh_database, discord):
    source = """
plugin = Plugin("deaf", summary="x")

async def linger():
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

@plugin.command()
async def stay(ctx: Context) -> str:
    'Leave a task that does not end.'
    ctx.spawn(linger(), "linger")
    return "staying"
"""
    shelf.add("deaf", HEAD + source)
    async with started("run", **wiring(discord, fresh_database, "ping", "deaf")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("stay")).text == "staying"
        assert (await alice.slash("bot off", name="deaf")).text.startswith("Deaf is off.")
        left = await process.logged("tasks_left_behind")
        assert left["tasks"] == ["deaf: linger"]
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert await process.end() == 0


async def test_what_no_guard_stands_before_cannot_end_the_bot_either(shelf, started, wiring, fresh_database, discord):
    source = """
import lightbulb
loader = lightbulb.Loader()

@loader.command
class Leave(lightbulb.SlashCommand, name="leave", description="Leaves."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("leaving")
        sys.exit(7)

plugin = Plugin("leaving", summary="x", native=[loader])

@plugin.command()
async def later(ctx: Context) -> str:
    'Leave later.'
    asyncio.get_running_loop().call_soon(sys.exit, 8)
    return "later"
"""
    shelf.add("leaving", HEAD + source)
    async with started("run", **wiring(discord, fresh_database, "ping", "leaving")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("leave")).text == "leaving"
        await process.logged("end_refused", error="SystemExit")
        assert (await alice.slash("later")).text == "later"
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert await process.end() == 0


async def test_what_a_native_command_a_button_and_a_form_raise_is_recorded_and_told(
    shelf, started, wiring, fresh_database, discord
):
    source = """
import lightbulb
from lightbulb.components import Menu, Modal
loader = lightbulb.Loader()

class Buttons(Menu):
    def __init__(self):
        self.add_interactive_button(hikari.ButtonStyle.PRIMARY, self.press, label="Press")
    async def press(self, ctx):
        raise ValueError("the button broke")

class Form(Modal):
    def __init__(self):
        self.add_short_text_input("Words", custom_id="words")
    async def on_submit(self, ctx):
        raise ValueError("the form broke")

@loader.command
class Break(lightbulb.SlashCommand, name="break", description="Breaks."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        raise ValueError("the command broke")

@loader.command
class Press(lightbulb.SlashCommand, name="press", description="Shows a button."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        menu = Buttons()
        await ctx.respond("Press it", components=menu)
        menu.attach_persistent(ctx.client, timeout=60)

@loader.command
class Fill(lightbulb.SlashCommand, name="fill", description="Shows a form."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        form = Form()
        await ctx.respond_with_modal("Form", "the_form", components=form)
        asyncio.create_task(form.attach(ctx.client, "the_form", timeout=60))

plugin = Plugin("native", summary="x", native=[loader])
"""
    shelf.add("native", HEAD + source)
    async with started("run", **wiring(discord, fresh_database, "native")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        for part, use in {
            "native command break": lambda: alice.slash("break"),
            "native menu": lambda: press(alice),
            "native form": lambda: fill(alice),
        }.items():
            reply = await use()
            recorded = await process.logged("plugin_failed", plugin="native", part=part)
            assert reply.text == f"Something broke; it is recorded as {recorded['reference']}."
            assert reply.ephemeral
        assert await process.end() == 0


async def press(member):
    return await member.click(await member.slash("press"), "Press")


async def fill(member):
    return await member.submit(await member.slash("fill"), words="x")
