"""hikari's own reading: every intent, a full world, 1,000 mixed operations by bot and people, and no warning in its log."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import hikari
import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.changes import threads, voice
from chandelier_sandbox.records import ChannelKind

from .conftest import running_bot
from .requests_table import PNG

OPERATIONS = 1000


@dataclass
class Stage:
    """Where the operations happen: made once, used by all."""

    sandbox: Sandbox
    bot: hikari.GatewayBot
    numbers: Any
    forum: int = 0
    news: int = 0
    talk: int = 0

    @property
    def rest(self) -> hikari.api.RESTClient:
        return self.bot.rest

    @property
    def guild(self) -> int:
        return self.sandbox.guild.id

    @property
    def general(self) -> int:
        return self.sandbox.guild.channel("general").id

    def name(self, kind: str) -> str:
        return f"{kind}-{next(self.numbers)}"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Sandbox(rate_limits=False) as sandbox, running_bot(sandbox) as bot:
        made = Stage(sandbox, bot, itertools.count())
        world, guild = sandbox.world, sandbox.guild
        made.forum = world.add_channel(guild, "forum", ChannelKind.FORUM).id
        made.news = world.add_channel(guild, "news", ChannelKind.ANNOUNCEMENT).id
        made.talk = world.add_channel(guild, "talk", ChannelKind.VOICE).id
        for name in ("dana", "erin", "frank"):
            sandbox.member(name, permissions=["MANAGE_MESSAGES"])
        yield made


async def message_edit_delete(stage: Stage) -> None:
    embed = hikari.Embed(title="Title", description="Text", color=0x112233).add_field("a", "b", inline=True)
    message = await stage.rest.create_message(stage.general, f"hello <@{stage.sandbox.member('bob').id}>", embed=embed)
    await message.edit("changed")
    await message.delete()


async def files(stage: Stage) -> None:
    await stage.rest.create_message(stage.general, "a file", attachment=hikari.Bytes(b"text", "a.txt"))


async def reply_and_nonce(stage: Stage) -> None:
    first = await stage.rest.create_message(stage.general, "first", nonce=stage.name("n")[:25])
    await stage.rest.create_message(stage.general, "second", reply=first, mentions_reply=True)


async def reactions(stage: Stage) -> None:
    message = await stage.rest.create_message(stage.general, "react")
    await message.add_reaction("👍")
    stage.sandbox.member("carol").react(message.id, "👍")
    assert len(await stage.rest.fetch_reactions_for_emoji(stage.general, message, "👍")) == 2
    await message.remove_all_reactions()


async def pins(stage: Stage) -> None:
    message = await stage.rest.create_message(stage.general, "pin")
    await stage.rest.pin_message(stage.general, message)
    await stage.rest.unpin_message(stage.general, message)


async def bulk(stage: Stage) -> None:
    made = [await stage.rest.create_message(stage.general, "soon gone") for _ in range(3)]
    await stage.rest.delete_messages(stage.general, made)


async def history(stage: Stage) -> None:
    assert await stage.rest.fetch_messages(stage.general).limit(20)


async def components(stage: Stage) -> None:
    row = stage.rest.build_message_action_row().add_interactive_button(hikari.ButtonStyle.PRIMARY, "go", label="Go")
    menu = stage.rest.build_message_action_row()
    menu.add_text_menu("pick").add_option("One", "1").add_option("Two", "2")
    await stage.rest.create_message(stage.general, "choose", components=[row, menu])


async def slash(stage: Stage) -> None:
    assert (await stage.sandbox.member("alice").slash("echo", text="hi", who="bob", where="random")).text


async def deferred(stage: Stage) -> None:
    assert (await stage.sandbox.member("dana").slash("slow")).text == "Here at last."


async def ephemeral(stage: Stage) -> None:
    assert (await stage.sandbox.member("erin").slash("ping")).ephemeral


async def autocomplete(stage: Stage) -> None:
    assert len(await stage.sandbox.member("bob").autocomplete("find", "word", "he")) == 2


async def button(stage: Stage) -> None:
    frank = stage.sandbox.member("frank")
    reply = await frank.say("!button")
    assert reply is not None
    assert (await frank.press(reply, "go")).text == "Pressed."


async def said(stage: Stage) -> None:
    reply = await stage.sandbox.member("alice").say("!ping")
    assert reply is not None
    assert reply.text == "Pong!"


async def direct(stage: Stage) -> None:
    channel = await stage.rest.create_dm_channel(stage.sandbox.member("carol").id)
    await channel.send("between us")
    stage.sandbox.member("carol").in_direct_messages().post("and back")


async def roles(stage: Stage) -> None:
    role = await stage.rest.create_role(stage.guild, name=stage.name("role"), color=0xABCDEF)
    bob = stage.sandbox.member("bob").id
    await stage.rest.add_role_to_member(stage.guild, bob, role)
    await stage.rest.remove_role_from_member(stage.guild, bob, role)
    await stage.rest.edit_role(stage.guild, role, hoist=True)
    await stage.rest.delete_role(stage.guild, role)


async def channels(stage: Stage) -> None:
    channel = await stage.rest.create_guild_text_channel(stage.guild, stage.name("channel"), topic="Talk")
    await stage.rest.edit_channel(channel, topic="Other", rate_limit_per_user=5)
    await stage.rest.delete_channel(channel)


async def thread(stage: Stage) -> None:
    message = await stage.rest.create_message(stage.general, "start")
    made = await stage.rest.create_message_thread(stage.general, message, stage.name("thread"))
    await made.send("inside")
    threads.join(stage.sandbox.world, stage.sandbox.world.channel(made.id), user_of(stage, "bob"))
    await stage.rest.edit_channel(made, archived=True)


async def post(stage: Stage) -> None:
    made = await stage.rest.create_forum_post(stage.forum, stage.name("post"), "first")
    await made.delete()


async def webhook(stage: Stage) -> None:
    made = await stage.rest.create_webhook(stage.general, stage.name("hook"))
    await made.execute("through the hook", username="Somebody")
    await made.delete()


async def crosspost(stage: Stage) -> None:
    message = await stage.rest.create_message(stage.news, "news")
    await stage.rest.crosspost_message(stage.news, message)


async def invite(stage: Stage) -> None:
    made = await stage.rest.create_invite(stage.general, max_age=60)
    await stage.rest.delete_invite(made)


async def ban(stage: Stage) -> None:
    gone = stage.sandbox.member(f"gone{next(stage.numbers)}")
    await stage.rest.ban_user(stage.guild, gone.id, reason="noise")
    await stage.rest.unban_user(stage.guild, gone.id)


async def timeout_and_nick(stage: Stage) -> None:
    until = stage.sandbox.clock.now()
    await stage.rest.edit_member(stage.guild, stage.sandbox.member("bob").id, nickname=stage.name("Bob"))
    await stage.rest.edit_member(stage.guild, stage.sandbox.member("bob").id, communication_disabled_until=until)


async def emoji(stage: Stage) -> None:
    made = await stage.rest.create_emoji(stage.guild, f"e{next(stage.numbers)}", PNG)
    await stage.rest.delete_emoji(stage.guild, made)


async def typing(stage: Stage) -> None:
    await stage.rest.trigger_typing(stage.general)
    stage.sandbox.world.typing(stage.sandbox.guild.channel("general"), user_of(stage, "alice"))


async def voices(stage: Stage) -> None:
    world, guild = stage.sandbox.world, stage.sandbox.guild
    voice.join(world, guild, user_of(stage, "carol").id, world.channel(stage.talk))
    voice.leave(world, guild, user_of(stage, "carol").id)


async def members(stage: Stage) -> None:
    await stage.bot.request_guild_members(stage.guild)
    assert [member async for member in stage.rest.fetch_members(stage.guild)]


async def audit(stage: Stage) -> None:
    assert [page async for page in stage.rest.fetch_audit_log(stage.guild).limit(1)]


async def guilds(stage: Stage) -> None:
    world = stage.sandbox.world
    other = world.add_guild(stage.name("Annex"))
    world.add_member(other, user_of(stage, "erin"))
    world.remove_guild(other)


def user_of(stage: Stage, name: str) -> Any:
    return stage.sandbox.world.users[stage.sandbox.member(name).id]


Operation = Callable[[Stage], Awaitable[None]]
MIXED: tuple[Operation, ...] = (
    message_edit_delete, files, reply_and_nonce, reactions, pins, bulk, history, components, slash, deferred, ephemeral,
    autocomplete, button, said, direct, roles, channels, thread, post, webhook, crosspost, invite, ban, timeout_and_nick,
    emoji, typing, voices, members, audit, guilds,
)  # fmt: skip


async def test_a_thousand_mixed_operations_leave_no_warning(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    heard: Counter[str] = Counter()
    failed: list[BaseException] = []

    async def hear(event: hikari.Event) -> None:
        heard[type(event).__name__] += 1
        if isinstance(event, hikari.ExceptionEvent):
            failed.append(event.exception)

    stage.bot.subscribe(hikari.Event, hear)
    with caplog.at_level(logging.WARNING, "hikari"):
        for number in range(OPERATIONS):
            await MIXED[number % len(MIXED)](stage)
        await asyncio.sleep(0.2)  # the last events are on their way
    said = [record.getMessage()[:300] for record in caplog.records if record.name.startswith("hikari")]
    assert not said, "\n".join(sorted(set(said)))
    assert not failed, failed[:3]
    assert len(heard) >= 35, heard
