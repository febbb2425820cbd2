"""A plugin that cannot be loaded stops nobody but itself, and the owner is told why in one sentence."""

from __future__ import annotations

import pytest

GOOD = """
from chandelier import Context, Plugin
plugin = Plugin("{name}", summary="A plugin for tests.")

@plugin.command(name="{command}")
async def answer(ctx: Context) -> str:
    '''Answer.'''
    return "from {name}"
"""
BROKEN = {
    "no_module": (
        "import a_module_that_is_nowhere",
        "it needs the module a_module_that_is_nowhere, which is not installed",
    ),
    "no_name": ("from chandelier import NoSuchThing", "ImportError: cannot import name 'NoSuchThing'"),
    "no_python": ("def broken(:\n", "line 1 is not Python"),
    "raises": ("raise RuntimeError('the moon is wrong')", "RuntimeError: the moon is wrong"),
    "exits": ("import sys; sys.exit(3)", "it tried to end the program (SystemExit 3)"),
    "hangs": ("import time; time.sleep(30)", "took longer than 5 s"),
    "no_plugin": ("plugin = 42", "is a int, not a Plugin"),
    "nothing": ("x = 1", "AttributeError"),
}


@pytest.fixture
def broken(shelf):
    for name, (source, _) in BROKEN.items():
        shelf.add(name, source)
    shelf.add("second_ping", GOOD.format(name="second_ping", command="ping"))
    shelf.add("from_the_future", GOOD.format(name="from_the_future", command="future"), requires="chandelier>=7,<8")
    return [*BROKEN, "second_ping", "from_the_future"]


async def test_every_broken_plugin_is_named_with_its_reason_in_one_sentence(broken, chandelier, shelf, plugins_file):
    path = plugins_file("ping", "custom", *broken)
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(path))
    lines = {line.split()[0]: line for line in ended.out.splitlines() if line and not line.startswith(" ")}
    assert ended.code == 1
    assert "Traceback" not in ended.said
    assert "ready" in lines["ping"]
    assert "ready" in lines["custom"]
    for name, (_, reason) in BROKEN.items():
        assert "rejected" in lines[name], lines[name]
        assert reason in lines[name]
        assert f"made-up-{name} 1.0: " in lines[name]


async def test_two_plugins_with_one_command_name_are_a_finding_and_the_first_keeps_it(
    broken, chandelier, shelf, plugins_file
):
    path = plugins_file("ping", "second_ping")
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(path))
    assert ended.code == 1
    assert "made-up-second_ping 1.0 wants the command ping, which chandelier-ping 1.0.0 has." in ended.out
    assert 'rename = { ping = "second_ping-ping" }' in ended.out


async def test_a_renamed_command_is_no_longer_in_the_way(broken, chandelier, shelf, plugins_file):
    path = plugins_file("ping", "second_ping", more='rename = { ping = "pong" }\n')
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(path))
    assert ended.code == 0, ended.said


async def test_a_plugin_for_another_contract_is_told_both_versions(broken, chandelier, shelf, plugins_file):
    path = plugins_file("from_the_future")
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(path))
    assert "wants chandelier <8,>=7; here is 1.0.0" in ended.out


async def test_the_other_four_work_beside_everything_that_is_broken(broken, started, wiring, fresh_database, discord):
    wired = wiring(discord, fresh_database, "ping", "custom", "logging", "reminders", *broken)
    async with started("run", **wired) as process:
        ready = await process.logged("ready")
        assert ready["plugins"] == ["host", "ping", "custom", "logging", "reminders"]
        alice = discord.member("alice")
        assert (await alice.slash("ping")).text.startswith("Pong!")
        await alice.slash("custom add", name="hello", content="Hi there")
        assert (await alice.say("!hello")).text == "Hi there"
        assert (await alice.slash("remind list")).ephemeral
        assert await process.end() == 0


async def test_a_plugin_whose_command_raises_is_answered_with_a_reference_and_goes_on(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add(
        "shaky",
        GOOD.format(name="shaky", command="steady")
        + """
@plugin.command()
async def shake(ctx: Context) -> str:
    'Raise.'
    raise KeyError('the secret sauce')
""",
    )
    async with started("run", **wiring(discord, fresh_database, "ping", "shaky")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        reply = await alice.slash("shake")
        assert reply.ephemeral
        assert reply.text.startswith("Something broke; it is recorded as ")
        assert "secret sauce" not in reply.text
        reference = reply.text.rstrip(".").split()[-1]
        failed = await process.logged("plugin_failed", reference=reference)
        assert "the secret sauce" in str(failed["trace"])
        assert (await alice.slash("steady")).text == "from shaky"


async def test_a_plugin_that_cannot_start_is_told_and_the_others_start(shelf, started, wiring, fresh_database, discord):
    source = """
from contextlib import asynccontextmanager
from chandelier import Plugin

@asynccontextmanager
async def life(ctx):
    raise ValueError("no key")
    yield

plugin = Plugin("lifeless", summary="Cannot start.", lifespan=life)
"""
    shelf.add("lifeless", source)
    async with started("run", **wiring(discord, fresh_database, "ping", "lifeless")) as process:
        changed = await process.logged("plugin_changed", plugin="lifeless", new="failed")
        assert "It could not start (ValueError); recorded as" in str(changed["why"])
        assert (await process.logged("ready"))["plugins"] == ["host", "ping"]


async def test_a_plugin_that_starts_late_has_its_commands_and_its_repeating_jobs(
    shelf, started, wiring, fresh_database, discord
):
    source = """
from contextlib import asynccontextmanager
from datetime import timedelta
from chandelier import Context, JobContext, Plugin, job

tries = []

@asynccontextmanager
async def life(ctx):
    tries.append(1)
    if len(tries) == 1:
        raise ConnectionError("not yet")
    yield

@job(every=timedelta(seconds=1))
async def tick(ctx: JobContext) -> None:
    ctx.log.info("tick")

plugin = Plugin("late", summary="Starts at the second try.", lifespan=life, jobs=[tick])

@plugin.command()
async def late(ctx: Context) -> str:
    'Answer.'
    return "better late than never"
"""
    shelf.add("late", source)
    async with started("run", **wiring(discord, fresh_database, "late")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("late")).text == "Late could not start. The operator has been told."
        await process.logged("plugin_changed", plugin="late", new="started")
        assert (await alice.slash("late")).text == "better late than never"
        await process.logged("tick")


async def test_a_renamed_group_still_answers_for_its_own_commands(started, wiring, fresh_database, discord):
    wired = wiring(discord, fresh_database, "custom", more='rename = { custom = "answers" }\n')
    async with started("run", **wired) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        await alice.slash("answers add", name="hello", content="Hi there")
        assert (await alice.say("!hello")).text == "Hi there"
        assert (await alice.say("!answers hello")).text == "Hi there"


async def test_a_listener_for_what_was_not_granted_is_a_finding(shelf, chandelier, plugins_file):
    source = """
import hikari
from chandelier import Plugin
plugin = Plugin("curious", summary="Listens to what it may not.")

@plugin.listen(hikari.MemberCreateEvent)
async def greet(ctx, event):
    pass
"""
    shelf.add("curious", source)
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(plugins_file("curious")))
    assert ended.code == 1
    assert "its event comes only with Need.MEMBERS" in ended.out
