"""A made-up plugin that uses every part of the contract, in a running bot: each part does what the contract says."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio

from chandelier_sandbox import Sandbox

from ..conftest import Shelf, own_database, start

OFFERS = '''
"""Offers a service that another plugin uses."""
from contextlib import asynccontextmanager
from typing import Protocol

from chandelier import Plugin


class Weather(Protocol):
    async def of(self, place: str) -> str: ...


class Fair:
    async def of(self, place: str) -> str:
        return f"fair in {place}"


@asynccontextmanager
async def open_weather(ctx):
    ctx.log.info("weather_open")
    yield Fair()
    ctx.log.info("weather_closed")


plugin = Plugin("offers", summary="Offers the weather.", provides={Weather: open_weather})
'''
EVERYTHING = '''
"""Uses every part of the contract."""
import asyncio
import enum
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import hikari
import lightbulb
import quart
from made_up_offers import Weather
from pydantic import BaseModel, Field

from chandelier import (
    Backoff, Config, Context, Cooldown, Duration, Group, GuildConfig, Instant, JobContext, Length, Need, NotFound, Page,
    Plugin, Reply, Resolution, Suggest, UserError, job, on,
)


class Colour(enum.Enum):
    RED = "red"
    DARK_BLUE = "dark blue"


class Settings(Config):
    greeting: str = "Hello"


class GuildSettings(GuildConfig):
    loud: bool = False


class Told(BaseModel):
    words: dict[str, str]

    def __str__(self) -> str:
        return "; ".join(f"{key}={value}" for key, value in self.words.items())


async def fruits(ctx: Context, typed: str) -> list[str]:
    return [fruit for fruit in ("apple", "apricot", "banana") if fruit.startswith(typed)]


async def heard(ctx, event) -> None:
    ctx.log.info("heard", emoji=str(event.emoji_name))


@asynccontextmanager
async def life(ctx):
    ctx.log.info("life_begins", greeting=ctx.config.greeting)
    yield
    ctx.log.info("life_ends")


loader = lightbulb.Loader()


@loader.command
class Native(lightbulb.SlashCommand, name="native", description="Answered by lightbulb."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("native answer")


blueprint = quart.Blueprint("everything_pages", __name__)


@blueprint.get("/hand-made")
async def hand_made():
    return {"hand": "made"}


@blueprint.get("/hand-broken")
async def hand_broken():
    raise RuntimeError("hidden reason")


attempts = []


@job(retry=Backoff(first_s=0.05, factor=1, attempts=3))
async def flaky(ctx: JobContext, channel: int) -> None:
    attempts.append(ctx.attempt)
    if ctx.attempt < 3:
        raise RuntimeError("not yet")
    await ctx.rest.create_message(channel, f"done at attempt {ctx.attempt}")


@job(retry=Backoff(first_s=0.01, factor=1, attempts=2))
async def doomed(ctx: JobContext) -> None:
    raise RuntimeError("never")


@job(every=timedelta(seconds=1))
async def tick(ctx: JobContext) -> None:
    ctx.log.info("tick")


plugin = Plugin(
    "everything", summary="Uses every part.", config=Settings, guild_config=GuildSettings, uses=[Weather],
    needs=[Need.SEND_MESSAGES, Need.INTERCEPT], listeners=[on(hikari.GuildReactionAddEvent, heard)], lifespan=life,
    jobs=[flaky, doomed, tick], pages=[Page("Everything", rows="GET /")], native=[loader], blueprint=blueprint,
)
g = plugin.group("every", "Every kind of option.")


@g.command(http="POST /kinds")
async def kinds(
    ctx: Context, text: Annotated[str, Length(5)], count: Annotated[int, Field(ge=1, le=9)] = 1, ratio: float = 0.5,
    sure: bool = False, span: Duration | None = None, when: Instant | None = None, colour: Colour = Colour.RED,
    size: Literal["small", "large"] = "small",
) -> Told:
    """Tell the kinds of value.

    Args:
        text: A text.
        count: A count.
        ratio: A ratio.
        sure: Whether.
        span: How long.
        when: When.
        colour: A colour.
        size: A size.
    """
    values = {"text": text, "count": count, "ratio": ratio, "sure": sure, "span": span, "when": when,
              "colour": colour, "size": size}
    return Told(words={key: f"{type(value).__name__}:{value}" for key, value in values.items()})


@g.command(http="GET /things", where="guild")
async def things(
    ctx: Context, user: hikari.User, member: hikari.Member, role: hikari.Role, channel: hikari.GuildTextChannel
) -> str:
    """Tell the things of Discord.

    Args:
        user: A user.
        member: A member.
        role: A role.
        channel: A channel.
    """
    return f"{user.username} {member.guild_id == ctx.guild_id} {role.name} {channel.name}"


@g.command()
async def fruit(ctx: Context, fruit: Annotated[str, Suggest(fruits)]) -> Reply:
    """Pick a fruit.

    Args:
        fruit: A fruit.
    """
    return Reply(text=fruit, embeds=[hikari.Embed(title="Fruit")], ephemeral=True)


@g.command(ephemeral=True)
async def slow(ctx: Context) -> str:
    """Take longer than Discord waits."""
    await asyncio.sleep(2.4)
    return "worth the wait"


@g.command()
async def slow_no(ctx: Context) -> str:
    """Refuse after longer than Discord waits."""
    await asyncio.sleep(2.4)
    raise UserError("no", "In the end: no.")


@g.command(allow="manage_messages", http="GET /managed", where="guild")
async def managed(ctx: Context) -> str:
    """Answer managers."""
    return "manager"


@g.command(cooldown=Cooldown(uses=2, every=timedelta(seconds=60)))
async def rare(ctx: Context) -> str:
    """Answer twice a minute."""
    return "rare"


@g.command(http="GET /weather")
async def weather(ctx: Context) -> str:
    """Ask the other plugin."""
    return await ctx.use(Weather).of("Oslo")


@g.command()
async def later(ctx: Context) -> str:
    """Start jobs."""
    async with ctx.transaction():
        await flaky.at(ctx.now(), ctx.channel_id)
    await doomed.at(ctx.now())
    moved = [await flaky.once("one", ctx.now() + timedelta(days=1), channel=1) for _ in range(2)]
    assert moved[0] == moved[1]
    return f"cancelled {await flaky.cancel('one')} {await flaky.cancel('one')}"


@g.command()
async def background(ctx: Context) -> None:
    """Start a task."""
    channel = ctx.channel_id

    async def work() -> None:
        await ctx.rest.create_message(channel, "from the background")

    ctx.spawn(work(), "work")


@plugin.hook
async def resolve_command(guild_id, name):
    return Resolution("every weather") if name == "sky" else None


@plugin.hook
async def before_command(call):
    return UserError("not_today", "Not today.") if call.actor.name.startswith("mallory") else None


@plugin.hook
async def health():
    return "a little tired"
'''


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(tmp_path_factory, chandelier_database):
    """Run a bot with the made-up plugins for all tests here."""
    folder = tmp_path_factory.mktemp("every")
    shelf = Shelf(folder)
    shelf.add("offers", OFFERS)
    shelf.add("everything", EVERYTHING)
    file = folder / "plugins.toml"
    file.write_text(
        '[plugins.everything]\ngrants = ["intercept"]\n[plugins.everything.config]\ngreeting = { env = "GREETING" }\n'
        "[plugins.offers]\n[plugins.ping]\n"
    )
    async with own_database(chandelier_database) as database, Sandbox(rate_limits=False) as discord:
        wired = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": database,
            "CHANDELIER_BIND": "127.0.0.1:0", "CHANDELIER_PLUGINS": str(file), "PYTHONPATH": str(folder), "GREETING": "Good day",
        }  # fmt: skip
        async with start("run", cwd=folder, **wired) as process, aiohttp.ClientSession() as http:
            await process.logged("ready", limit_s=40)
            url = (await process.logged("service_started", service="api"))["url"]
            yield discord, process, http, url
            assert await process.end() == 0
            await process.logged("life_ends", limit_s=1)
            await process.logged("weather_closed", limit_s=1)


@asynccontextmanager
async def got(http, url, **more):
    async with http.get(url, **more) as answer:
        yield answer.status, await answer.json(content_type=None), answer.headers


async def test_the_lifespan_has_its_config_and_secrets_by_name(running):
    _, process, _, _ = running
    began = await process.logged("life_begins")
    assert began["greeting"] == "[secret]", "what came from the environment is a secret, and is in no log"


async def test_a_used_service_starts_first(running):
    _, process, _, _ = running
    events = [line for line in process.lines if "weather_open" in line or "life_begins" in line]
    assert "weather_open" in events[0]


async def test_slash_gives_each_option_its_type(running):
    discord, *_ = running
    reply = await discord.member("alice").slash(
        "every kinds", text="abc", count=3, ratio=0.25, sure=True, span="1h30m", when="2026-06-10T12:00:00Z", colour="dark blue",
        size="large",
    )  # fmt: skip
    assert reply.text == (
        "text=str:abc; count=int:3; ratio=float:0.25; sure=bool:True; span=timedelta:1:30:00; "
        "when=datetime:2026-06-10 12:00:00+00:00; colour=Colour:Colour.DARK_BLUE; size=str:large"
    )


async def test_text_gives_each_option_its_type(running):
    discord, *_ = running
    reply = await discord.member("alice").say('!every kinds "a b" 3 0.25 yes 90s <t:0> "Dark blue" LARGE')
    assert reply.text == (
        "text=str:a b; count=int:3; ratio=float:0.25; sure=bool:True; span=timedelta:0:01:30; "
        "when=datetime:1970-01-01 00:00:00+00:00; colour=Colour:Colour.DARK_BLUE; size=str:large"
    )


async def test_rest_gives_each_option_its_type(running):
    _, _, http, url = running
    body = {
        "text": "abc",
        "count": 3,
        "span": 60,
        "when": "2026-06-10T12:00:00+02:00",
        "colour": "red",
        "size": "large",
    }
    async with http.post(f"{url}/api/v1/everything/kinds", json=body) as answer:
        assert answer.status == 201, await answer.text()
        words = (await answer.json())["words"]
    assert words["span"] == "timedelta:0:01:00"
    assert words["when"] == "datetime:2026-06-10 12:00:00+02:00"
    assert words["count"] == "int:3"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("!every kinds", "`text` is missing."),
        ("!every kinds abcdef", "`text` must be at most 5 characters."),
        ("!every kinds abc many", "`count` must be a whole number."),
        ("!every kinds abc 12", "`count` must be at most 9."),
        ("!every kinds abc 1 0.5 perhaps", "`sure` must be yes or no."),
        ("!every kinds abc 1 0.5 no later", "`span` must be a duration such as 2h30m, 45s or 3d."),
        ("!every kinds abc 1 0.5 no 1h noon", "`when` must be a time such as"),
        ("!every kinds abc 1 0.5 no 1h <t:0> green", "`colour` must be one of: Red, Dark blue."),
        ("!every nothing", "one of: kinds, things, fruit"),
    ],
)
async def test_a_bad_value_is_one_sentence_and_shows_how_it_is_written(running, line, sentence):
    discord, *_ = running
    assert sentence in (await discord.member("alice").say(line)).text


async def test_things_of_discord_come_as_hikaris_objects_on_every_surface(running):
    discord, _, http, url = running
    alice, bob = discord.member("alice"), discord.member("bob")
    channel, role = discord.guild.channel("random"), next(iter(discord.guild.roles.values()))
    expected = f"{bob.name} True {role.name} random"
    slash = await alice.slash("every things", user=bob, member=bob, role=role, channel=channel)
    assert slash.text == expected
    text = await alice.say(f"!every things {bob.mention} {bob.id} {role.id} <#{channel.id}>")
    assert text.text == expected
    query = {"user": bob.id, "member": bob.id, "role": role.id, "channel": channel.id}
    async with got(http, f"{url}/api/v1/guilds/{discord.guild.id}/everything/things", params=query) as (
        status,
        body,
        _,
    ):
        assert (status, body) == (200, {"text": expected})


async def test_somebody_who_is_not_there_is_a_bad_option(running):
    discord, *_ = running
    role, channel = next(iter(discord.guild.roles.values())), discord.guild.channel("random")
    reply = await discord.member("alice").say(f"!every things 17 17 {role.id} {channel.id}")
    assert "`user`: there is no such user here." in reply.text


async def test_autocomplete_suggests_what_was_begun(running):
    discord, *_ = running
    offered = await discord.member("alice").autocomplete("every fruit", "fruit", "ap")
    assert [choice["value"] for choice in offered] == ["apple", "apricot"]


async def test_a_reply_may_have_embeds_and_be_for_the_caller_alone(running):
    discord, *_ = running
    reply = await discord.member("alice").slash("every fruit", fruit="pear")
    assert (reply.text, reply.ephemeral, reply.embeds[0]["title"]) == ("pear", True, "Fruit")


async def test_what_takes_longer_than_discord_waits_is_deferred_and_answered(running):
    discord, *_ = running
    reply = await discord.member("alice").slash("every slow")
    assert (reply.text, reply.ephemeral) == ("worth the wait", True)


async def test_a_late_refusal_is_still_for_the_caller_alone(running):
    discord, *_ = running
    reply = await discord.member("alice").slash("every slow_no")
    assert (reply.text, reply.ephemeral) == ("In the end: no.", True)


async def test_allow_is_checked_on_every_surface(running):
    discord, _, http, url = running
    alice, bob = discord.member("alice"), discord.member("bob")
    assert (await alice.say("!every managed")).text == "manager"
    assert "You need the permission Manage Messages" in (await bob.say("!every managed")).text
    path = f"{url}/api/v1/guilds/{discord.guild.id}/everything/managed"
    async with got(http, path, headers={"X-Discord-User-Id": str(bob.id)}) as (status, body, _):
        assert (status, body["code"]) == (403, "not_allowed")
    async with got(http, path, headers={"X-Discord-User-Id": str(alice.id)}) as (status, _, _):
        assert status == 200


async def test_a_cooldown_refuses_the_third_call(running):
    discord, *_ = running
    carol = discord.member("carol")
    assert [(await carol.slash("every rare")).text for _ in range(2)] == ["rare", "rare"]
    assert (await carol.slash("every rare")).text.startswith("Not so fast: try again in ")


async def test_a_service_of_another_plugin_answers_on_every_surface(running):
    discord, _, http, url = running
    assert (await discord.member("alice").slash("every weather")).text == "fair in Oslo"
    async with got(http, f"{url}/api/v1/everything/weather") as (status, body, _):
        assert (status, body) == (200, {"text": "fair in Oslo"})


async def test_a_hook_answers_for_a_command_that_nobody_declared(running):
    discord, *_ = running
    assert (await discord.member("alice").say("!sky")).text == "fair in Oslo"


async def test_a_granted_hook_may_refuse_a_call(running):
    discord, *_ = running
    assert (await discord.member("mallory").slash("ping")).text == "Not today."


async def test_jobs_are_retried_and_the_dead_are_counted(running):
    discord, process, *_ = running
    alice = discord.member("erin", channel="random")
    assert (await alice.slash("every later")).text == "cancelled True False"
    assert (await alice.next_message(timeout_s=10)).text == "done at attempt 3"
    dead = await process.logged("job_dead", job="doomed")
    assert dead["attempts"] == 2


async def test_a_repeating_job_repeats(running):
    _, process, *_ = running
    async with asyncio.timeout(10):
        while sum('"tick"' in line for line in process.lines) < 2:
            await asyncio.sleep(0.1)


async def test_a_spawned_task_works_after_the_answer(running):
    discord, *_ = running
    alice = discord.member("dave")
    assert (await alice.slash("every background")).text == "Done."
    assert (await alice.next_message()).text == "from the background"


async def test_a_listener_hears_its_event(running):
    discord, process, *_ = running
    alice = discord.member("alice")
    alice.react(alice.post("nice"), "🎉")
    assert (await process.logged("heard"))["emoji"] == "🎉"


async def test_the_native_doors_stand_under_the_plugins_name_and_guard(running):
    discord, _, http, url = running
    assert (await discord.member("alice").slash("native")).text == "native answer"
    async with got(http, f"{url}/api/v1/everything/hand-made") as (status, body, _):
        assert (status, body) == (200, {"hand": "made"})
    async with got(http, f"{url}/api/v1/everything/hand-broken") as (status, body, headers):
        assert (status, headers["Content-Type"]) == (500, "application/problem+json")
        assert "hidden reason" not in str(body)


async def test_health_tells_what_ails_a_plugin_and_stays_ready(running):
    _, _, http, url = running
    async with got(http, f"{url}/health") as (_, body, _):
        sentences = {check["name"]: check["sentence"] for check in body["checks"]}
    assert sentences["plugin everything"] == "a little tired"
    async with got(http, f"{url}/health/ready") as (status, _, _):
        assert status == 200
