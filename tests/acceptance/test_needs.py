"""Needs at the host's doors, in the invite link, and wider ones after an update; events between plugins."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from chandelier import Permission

WRITER = '''
from chandelier import Context, Need, Plugin
plugin = Plugin("writer", summary="Writes.", needs=[{needs}])

@plugin.command()
async def write(ctx: Context) -> str:
    """Write."""
    await ctx.rest.create_message(ctx.channel_id, "written")
    return "done"

@plugin.command(needs=[Need.SEND_MESSAGES])
async def write_anyway(ctx: Context) -> str:
    """Write, by a need of the command alone."""
    await ctx.rest.create_message(ctx.channel_id, "written anyway")
    return "done"

@plugin.command()
async def call_out(ctx: Context) -> str:
    """Use the network."""
    ctx.http
    return "done"
'''
EMITTER = '''
from dataclasses import dataclass
from chandelier import Context, Plugin

@dataclass(frozen=True)
class Sold:
    guild_id: int
    what: str

plugin = Plugin("shop", summary="Sells.", emits=[Sold])

@plugin.command(where="guild")
async def sell(ctx: Context, what: str) -> str:
    """Sell something.

    Args:
        what: What is sold.
    """
    for number in range(3):
        ctx.emit(Sold(ctx.here, f"{what} {number}"))
    return "sold"

@plugin.command()
async def cheat(ctx: Context) -> str:
    """Emit what is not listed."""
    ctx.emit("anything")
    return "cheated"
'''
HEARER = """
from made_up_shop import Sold
from chandelier import Plugin, on

async def heard(ctx, event) -> None:
    ctx.log.info("heard_of_sale", what=event.what)
    if event.what == "glass 1":
        raise ValueError("it broke")

plugin = Plugin("hearer", summary="Listens.", listeners=[on(Sold, heard)])
"""


async def test_a_plugin_sends_what_its_needs_allow_and_the_owner_reads_what_is_missing(
    shelf, started, wiring, fresh_database, discord
):
    shelf.add("writer", WRITER.replace("{needs}", ""))
    async with started("run", **wiring(discord, fresh_database, "writer")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("write")).text.startswith("Something broke; it is recorded as")
        failed = await process.logged("plugin_failed", part="command write")
        assert "writer used create_message without Need.SEND_MESSAGES" in str(failed["trace"])
        assert (await alice.slash("write_anyway")).text == "done"
        assert (await alice.slash("call_out")).text.startswith("Something broke")
        assert not [one for one in discord.world.messages[alice.channel.id].values() if one.content == "written"]


async def test_a_version_that_needs_more_waits_for_the_operator(shelf, started, wiring, fresh_database, discord):
    shelf.add("writer", WRITER.replace("{needs}", ""))
    wired = wiring(discord, fresh_database, "writer")
    async with started("run", **wired) as process:
        await process.logged("ready")
        assert await process.end() == 0
    module = shelf.folder / "made_up_writer.py"
    module.write_text(WRITER.replace("{needs}", "Need.MANAGE_MESSAGES"))
    async with started("run", **wired) as process:
        changed = await process.logged("plugin_changed", plugin="writer", new="rejected")
        assert "now also needs to delete and pin messages of others (manage_messages)" in str(changed["why"])
        assert 'Add to [plugins.writer]: grants = ["manage_messages"]' in str(changed["why"])
        await process.logged("ready")
        assert await process.end() == 0
    wired = wiring(discord, fresh_database, "writer", more='grants = ["manage_messages"]\n')
    async with started("run", **wired) as process:
        assert "writer" in (await process.logged("ready"))["plugins"]


async def test_the_invite_link_has_what_the_plugins_need(shelf, chandelier, plugins_file, discord):
    shelf.add("writer", WRITER.replace("{needs}", "Need.MANAGE_EVENTS"))
    wired = {"PYTHONPATH": str(shelf.folder), "DISCORD_TOKEN": discord.token}
    ended = await chandelier("invite", CHANDELIER_PLUGINS=str(plugins_file("writer")), **wired)
    assert ended.code == 0, ended.said
    query = parse_qs(urlsplit(ended.out.strip()).query)
    assert query["client_id"] == [str(discord.application_id)]
    assert query["scope"] == ["bot applications.commands"]
    bits = Permission(int(query["permissions"][0]))
    assert Permission.MANAGE_EVENTS | Permission.SEND_MESSAGES in bits
    assert Permission.BAN_MEMBERS not in bits


async def test_a_grant_that_nothing_needs_is_pointed_out(shelf, chandelier, plugins_file):
    shelf.add("writer", WRITER.replace("{needs}", ""))
    path = plugins_file("writer", more='grants = ["moderate"]\n')
    ended = await chandelier("plugins", PYTHONPATH=str(shelf.folder), CHANDELIER_PLUGINS=str(path))
    assert ended.code == 0
    assert "grants it moderate, which it does not need" in ended.out


async def test_events_of_one_plugin_reach_the_listeners_of_another(shelf, started, wiring, fresh_database, discord):
    shelf.add("shop", EMITTER)
    shelf.add("hearer", HEARER)
    async with started("run", **wiring(discord, fresh_database, "shop", "hearer", "ping")) as process:
        await process.logged("ready")
        alice = discord.member("alice")
        assert (await alice.slash("sell", what="glass")).text == "sold"
        heard = [(await process.logged("heard_of_sale", what=f"glass {number}"))["what"] for number in range(3)]
        assert heard == ["glass 0", "glass 1", "glass 2"]
        failed = await process.logged("plugin_failed", plugin="hearer", part="listener heard")
        assert "it broke" in str(failed["trace"])
        assert (await alice.slash("cheat")).text.startswith("Something broke")
        await alice.slash("plugin off", plugin="hearer")
        await alice.slash("sell", what="cup")
        assert (await alice.slash("ping")).text.startswith("Pong!")
        assert not any("cup" in line and "heard_of_sale" in line for line in process.lines)


async def test_a_listener_that_nobody_tells_anything_is_pointed_out(
    shelf, chandelier, started, wiring, fresh_database, discord
):
    shelf.add("shop", EMITTER)
    shelf.add("hearer", HEARER)
    wired = wiring(discord, fresh_database, "hearer")
    assert "listener heard: no plugin here emits Sold." in (await chandelier("plugins", **wired)).out
    async with started("run", **wired) as process:
        warned = await process.logged("plugin_warned", plugin="hearer")
        assert "no plugin here emits Sold" in str(warned["finding"])


async def test_a_service_that_lacks_what_its_protocol_promises_is_told(shelf, started, wiring, fresh_database, discord):
    source = """
from contextlib import asynccontextmanager
from typing import Protocol
from chandelier import Plugin

class Weather(Protocol):
    async def of(self, place: str) -> str: ...

@asynccontextmanager
async def open_nothing(ctx):
    yield object()

plugin = Plugin("clouds", summary="Offers nothing.", provides={Weather: open_nothing})
"""
    shelf.add("clouds", source)
    async with started("run", **wiring(discord, fresh_database, "clouds", "ping")) as process:
        failed = await process.logged("plugin_failed", plugin="clouds", part="start")
        assert "its service for Weather lacks of." in str(failed["trace"])
