"""A plugin that one server has switched off is off there in every way, and untouched in the other."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from chandelier_sandbox import CannotSend, Sandbox

from ..conftest import Shelf, own_database, start

SOURCE = '''
"""Has every part that a server can switch off."""
from datetime import timedelta
from typing import Annotated, Literal

import hikari
import lightbulb
from pydantic import BaseModel, Field, model_validator

from chandelier import Context, Duration, GuildConfig, JobContext, Plugin, Resolution, Snowflake, Suggest, job, on


class Settings(GuildConfig):
    greeting: str = Field("Hello", max_length=20, description="How people are greeted.")
    often: int = Field(1, ge=1, le=5, description="How often.")
    loud: bool = Field(False, description="In capitals.")
    style: Literal["plain", "fancy"] = Field("plain", description="How it looks.")
    channels: list[Snowflake] = Field([], description="Where.")
    pause: Duration = Field(timedelta(0), description="How long between greetings.")

    @model_validator(mode="after")
    def _not_both(self):
        if self.loud and self.often > 3:
            raise ValueError("loud and more than three times is too much")
        return self


class Greeting(BaseModel):
    words: str

    def __str__(self) -> str:
        return self.words


async def heard(ctx, event) -> None:
    ctx.log.info("heard", guild=str(event.guild_id), loud=ctx.guild_config_in(event.guild_id).loud)


@job()
async def greet_later(ctx: JobContext, guild: int, channel: int) -> None:
    ctx.log.info("greeted", guild=str(guild))


async def names(ctx: Context, typed: str) -> list[str]:
    return ["Ann", "Bob"]


loader = lightbulb.Loader()


@loader.command
class Native(lightbulb.SlashCommand, name="native", description="Answered by lightbulb."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("native answer")


plugin = Plugin(
    "greeter", summary="Greets people.", guild_config=Settings, jobs=[greet_later], native=[loader],
    listeners=[on(hikari.GuildChannelCreateEvent, heard)],
)


@plugin.command(http="GET /", where="guild")
async def greet(ctx: Context, whom: Annotated[str, Suggest(names)] = "you") -> Greeting:
    """Greet somebody.

    Args:
        whom: Who is greeted.
    """
    set_ = ctx.guild_config
    words = f"{set_.greeting} {whom}! " * set_.often
    return Greeting(words=(words.upper() if set_.loud else words).strip())


@plugin.command(where="guild")
async def greet_soon(ctx: Context) -> str:
    """Greet in an hour."""
    await greet_later.at(ctx.now() + timedelta(hours=1), guild=ctx.here, channel=ctx.channel_id)
    return "I will."


@plugin.hook
async def resolve_command(guild_id, name):
    return Resolution("greet", {"whom": name}) if name == "somebody" else None
'''


class House:
    """A bot in two servers, and the ways into it."""

    def __init__(self, discord: Sandbox, wired: dict[str, str], folder: Any) -> None:
        self.discord, self.wired, self.folder = discord, wired, folder
        self.here = discord.world.add_guild("here", owner="alice")
        self.there = discord.world.add_guild("there", owner="alice")
        self.process: Any = None
        self.url = ""

    def alice(self, guild: Any, name: str = "alice") -> Any:
        return self.discord.member(name, guild=guild)

    async def rest(self, method: str, path: str, body: object = None, *, url: str = "") -> tuple[int, Any]:
        async with aiohttp.ClientSession() as http, http.request(method, (url or self.url) + path, json=body) as answer:
            return answer.status, await answer.json()

    def count(self, event: str) -> int:
        return sum(f'"event": "{event}"' in line for line in self.process.lines)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wiring_here(chandelier_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    shelf = Shelf(folder / "shelf")
    shelf.folder.mkdir()
    shelf.add("greeter", SOURCE)
    (folder / "plugins.toml").write_text("[plugins.greeter]\n[plugins.ping]\n")
    async with own_database(chandelier_database) as database, Sandbox(rate_limits=False) as discord:
        wired = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": database,
            "CHANDELIER_BIND": "127.0.0.1:0", "CHANDELIER_PLUGINS": str(folder / "plugins.toml"),
            "CHANDELIER_CLOCK_URL": discord.clock_url, "PYTHONPATH": str(shelf.folder),
        }  # fmt: skip
        yield House(discord, wired, folder)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(wiring_here):
    async with start("run", cwd=wiring_here.folder, **wiring_here.wired) as process:
        await process.logged("ready", limit_s=40)
        wiring_here.process = process
        wiring_here.url = str((await process.logged("service_started", service="api"))["url"])
        yield wiring_here
        assert await process.end() == 0


async def test_off_in_one_server_is_off_in_every_way_and_the_other_is_untouched(house):
    here, there = house.alice(house.here), house.alice(house.there)
    for member in (here, there):
        assert (await member.slash("greet")).text == "Hello you!"
        assert (await member.slash("native")).text == "native answer"
        assert (await member.slash("greet_soon")).text == "I will."
    said = await here.slash("plugin off", plugin="greeter")
    assert said.ephemeral
    assert said.text == "Greeter is off in this server. What it has stored is kept."

    assert (await here.slash("greet")).text == "Greeter is switched off in this server."
    assert (await here.slash("native")).text == "Greeter is switched off in this server."
    assert await here.autocomplete("greet", "whom", "A") == []
    route = f"/api/v1/guilds/{house.here.id}/greeter"
    assert (await house.rest("GET", route))[0] == 404
    assert (await house.rest("GET", route))[1]["code"] == "off_here"
    here.post("!greet")
    here.post("!somebody")
    assert (await here.slash("ping")).text.startswith("Pong!"), "what is silent is only what is off"

    assert (await there.slash("greet", whom="Ann")).text == "Hello Ann!"
    assert (await there.slash("native")).text == "native answer"
    assert [one["name"] for one in await there.autocomplete("greet", "whom", "A")] == ["Ann", "Bob"]
    assert (await there.say("!somebody")).text == "Hello somebody!"
    assert (await house.rest("GET", f"/api/v1/guilds/{house.there.id}/greeter"))[1] == {"words": "Hello you!"}
    messages = house.discord.world.messages[here.channel.id].values()
    assert not [one for one in messages if one.content.startswith("Hello somebody")]


async def test_events_and_jobs_of_a_server_where_it_is_off_do_not_reach_it(house):
    here = house.alice(house.here)
    await here.slash("plugin off", plugin="greeter")
    heard = house.count("heard")
    house.discord.world.add_channel(house.here, "one-more")
    house.discord.world.add_channel(house.there, "one-more")
    await house.process.logged("heard", guild=str(house.there.id))
    assert house.count("heard") == heard + 1
    house.discord.clock.advance(3700)
    await house.process.logged("greeted", guild=str(house.there.id))
    await house.process.logged("job_dropped", plugin="greeter")
    assert not any('"greeted"' in line and str(house.here.id) in line for line in house.process.lines)


async def test_it_survives_a_restart_and_another_process_sees_it(house):
    await house.alice(house.here).slash("plugin off", plugin="greeter")
    path = f"/api/v1/guilds/{house.here.id}/plugins/greeter"
    async with start("api", cwd=house.folder, **house.wired) as apart:
        url = str((await apart.logged("service_started", service="api"))["url"])
        assert (await house.rest("GET", path, url=url))[1]["on"] is False
        await house.alice(house.here).slash("plugin on", plugin="greeter")
        async with asyncio.timeout(10):
            while not (await house.rest("GET", path, url=url))[1]["on"]:
                await asyncio.sleep(0.05)
        assert (await house.rest("PUT", path, {"on": False}, url=url))[0] == 200
        async with asyncio.timeout(10):
            while (await house.alice(house.here).slash("greet")).text != "Greeter is switched off in this server.":
                await asyncio.sleep(0.05)


async def test_the_bot_s_own_commands_stay(house):
    refused = await house.alice(house.here).slash("plugin off", plugin="host")
    assert refused.text == "The bot's own commands cannot be switched off."


async def test_who_may_not_manage_the_server_may_not_switch(house):
    bob = house.alice(house.here, "bob")
    with pytest.raises(CannotSend, match="it needs the permission Manage Server"):
        await bob.slash("plugin off", plugin="ping")
    assert (await bob.say("!plugin off ping")).text == "You need the permission Manage Guild for this."
    assert (await house.alice(house.here).slash("plugin on", plugin="pign")).text == (
        "There is no plugin pign here. Did you mean ping?"
    )


SLASH = "slash"
REST = "rest"


async def configure(house: House, way: str, **changes: object) -> str:
    """Make a setting by one of the ways; give what is wrong, or nothing."""
    name, value = next(iter(changes.items()))
    if way == REST:
        status, body = await house.rest(
            "PATCH", f"/api/v1/guilds/{house.there.id}/plugins/greeter/config", {name: value}
        )
        assert status in (200, 422), body
        if status == 422:
            assert body["errors"][0]["pointer"] in (f"/{name}", "/")
        return body["detail"] if status == 422 else ""
    said = await house.alice(house.there).slash("plugin set", plugin="greeter", setting=name, value=str(value))
    return "" if said.text.startswith(f"`{name}` of greeter is") else said.text


async def test_settings_are_made_by_slash_and_rest_with_the_same_checks(house):
    for way in (SLASH, REST):
        assert await configure(house, way, greeting="Good day") == ""
        assert await configure(house, way, often=2) == ""
        assert (await house.alice(house.there).slash("greet")).text == "Good day you! Good day you!"
        wrong = {
            "often": (9, "`often`: input should be less than or equal to 5."),
            "greeting": ("x" * 21, "`greeting`: string should have at most 20 characters."),
            "style": ("round", "`style`: input should be 'plain' or 'fancy'."),
            "oftne": (1, "Greeter has no setting `oftne`. Did you mean often?"),
        }
        for name, (value, sentence) in wrong.items():
            assert sentence in await configure(house, way, **{name: value}), (way, name)
        assert (await house.alice(house.there).slash("greet")).text == "Good day you! Good day you!", (
            "nothing was changed"
        )
        assert await configure(house, way, loud=True) == ""
        assert "loud and more than three times is too much" in await configure(house, way, often=4)
        status, body = await house.rest("DELETE", f"/api/v1/guilds/{house.there.id}/plugins/greeter/config")
        assert (status, body["config"]["greeting"], body["config"]["loud"]) == (200, "Hello", False)


async def test_lists_mentions_durations_and_switches_are_read_as_they_are_typed(house):
    channel = house.alice(house.there).channel.id
    assert await configure(house, SLASH, channels=f"<#{channel}>, 42") == ""
    assert await configure(house, SLASH, pause="1h30m") == ""
    assert await configure(house, SLASH, loud="yes") == ""
    _, body = await house.rest("GET", f"/api/v1/guilds/{house.there.id}/plugins/greeter")
    assert body["config"]["channels"] == [str(channel), "42"]
    assert (body["config"]["pause"], body["config"]["loud"]) == (5400.0, True)
    assert body["schema"]["properties"]["often"]["maximum"] == 5
    alice = house.alice(house.there)
    assert [one["value"] for one in await alice.autocomplete("plugin set", "value", "", plugin="greeter", setting="loud")] == [
        "true", "false",
    ]  # fmt: skip
    shown = (await alice.slash("plugin show", plugin="greeter")).text
    assert "- `loud`: `true` (by default `false`). In capitals." in shown
    assert (await alice.slash("plugin reset", plugin="greeter", setting="loud")).text == (
        "`loud` of greeter is `false` again in this server."
    )
    assert "Every setting of greeter" in (await alice.slash("plugin reset", plugin="greeter")).text


async def test_settings_of_servers_are_listed_for_those_who_may_manage_them(house):
    path = f"/api/v1/guilds/{house.here.id}/plugins"
    status, body = await house.rest("GET", path)
    assert status == 200
    assert {"greeter", "ping"} <= {one["name"] for one in body["items"]}
    assert "host" not in {one["name"] for one in body["items"]}
    assert (await house.rest("GET", f"{path}/nobody"))[0] == 404
    assert (await house.rest("PUT", f"{path}/ping", {"on": "no"}))[0] == 422
    headers = {"X-Discord-User-Id": str(house.alice(house.here, "bob").id)}
    async with aiohttp.ClientSession() as http, http.get(house.url + path, headers=headers) as answer:
        assert answer.status == 403
