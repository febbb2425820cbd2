"""What a test author does: members talk to a real hikari bot."""

from __future__ import annotations

import asyncio
from typing import Any

import hikari
import pytest

from chandelier_sandbox import CannotSend, Member, Reply, Sandbox


@pytest.fixture
async def alice(sandbox: Sandbox, bot: hikari.GatewayBot) -> Member:
    return sandbox.member("alice")


async def test_a_slash_command_is_answered_privately(alice: Member) -> None:
    reply = await alice.slash("ping")
    assert (reply.text, reply.ephemeral) == ("Pong!", True)
    assert isinstance(reply.message_id, int)


async def test_a_deferred_command_is_answered_by_its_edit_and_then_followed_up(alice: Member) -> None:
    reply = await alice.slash("slow")
    assert (reply.text, reply.ephemeral) == ("Here at last.", False)
    assert (await alice.next_message(timeout_s=2)).text == "And one more."


async def test_a_command_that_is_never_acknowledged_ends_after_three_seconds(alice: Member, sandbox: Sandbox) -> None:
    asking = asyncio.create_task(alice.slash("mute"))
    await asyncio.sleep(0.05)
    sandbox.clock.advance(2.8)
    await asyncio.sleep(0.05)
    assert not asking.done()
    sandbox.clock.advance(0.2)
    with pytest.raises(TimeoutError, match="The application did not respond to /mute"):
        await asyncio.wait_for(asking, 0.5)


async def test_options_reach_the_bot_with_what_they_refer_to(alice: Member, sandbox: Sandbox) -> None:
    bob = sandbox.member("bob")
    reply = await alice.slash("echo", text="hi", count=3, who=bob, where="random", colour="Red")
    random = sandbox.guild.channel("random")
    for part in ("text='hi'", "count=3", f"{bob.id}", f"{random.id}", "colour='r'"):
        assert part in reply.text
    resolved = next(d for d in reversed(sandbox.transcript.dispatches) if d.name == "INTERACTION_CREATE")
    assert set(resolved.payload["data"]["resolved"]) == {"users", "members", "channels"}
    assert resolved.payload["token"] == "…"


async def test_what_the_client_would_not_send_is_refused_with_a_sentence(alice: Member) -> None:
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("nothing", {}, "no command /nothing"),
        ("ping", {"loud": True}, "no option 'loud'"),
        ("echo", {}, "needs the option 'text'"),
        ("echo", {"text": 5}, "is a text"),
        ("echo", {"text": "x" * 11}, "0 to 10 characters"),
        ("echo", {"text": "x", "count": 10}, "between 1 and 9"),
        ("echo", {"text": "x", "count": "3"}, "whole number"),
        ("echo", {"text": "x", "colour": "Green"}, "does not offer 'Green'"),
        ("echo", {"text": "x", "who": "nobody"}, "none called 'nobody'"),
        ("ping pong", {}, "no sub-command 'pong'"),
    ]
    for command, options, sentence in refused:
        with pytest.raises(CannotSend, match=sentence):
            await alice.slash(command, **options)


async def test_a_command_is_hidden_from_who_lacks_its_permission(sandbox: Sandbox, alice: Member) -> None:
    with pytest.raises(CannotSend, match="/ban is hidden from bob: it needs the permission Ban Members"):
        await sandbox.member("bob").slash("ban")
    for allowed in (alice, sandbox.member("dora", permissions=["BAN_MEMBERS"])):
        assert await asyncio.wait_for(_reaches(allowed, sandbox), 3)


async def _reaches(member: Member, sandbox: Sandbox) -> bool:
    with pytest.raises(TimeoutError):
        await member.slash("ban", timeout_s=0.2)
    sent = [dispatch for dispatch in sandbox.transcript.dispatches if dispatch.name == "INTERACTION_CREATE"]
    return sent[-1].payload["member"]["user"]["id"] == str(member.id)


async def test_lines_are_read_by_name_and_by_place(alice: Member) -> None:
    assert "text='a b: c'" in (await alice.slash_line("/echo count:2 text:a b: c")).text
    assert (await alice.slash_line("/echo hello 4")).text == "text='hello' count=4"
    with pytest.raises(CannotSend, match="/ping has no option for 'twice'"):
        await alice.slash_line("/ping twice")


async def test_a_word_is_completed(alice: Member) -> None:
    choices = await alice.autocomplete("find", "word", "he")
    assert [choice["value"] for choice in choices] == ["hello", "hey"]


async def test_a_message_is_answered_and_somebody_elses_answer_is_not_mine(sandbox: Sandbox, alice: Member) -> None:
    bob = sandbox.member("bob")
    first, second = await asyncio.gather(alice.say("!ping"), bob.say("!ping"))
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert first.text == second.text == "Pong!"
    assert first.message_id != second.message_id


async def test_silence_is_a_timeout_or_none(alice: Member) -> None:
    assert await alice.say("nothing", wait=False) is None
    assert await alice.say("nothing", timeout_s=0.1, expect=False) is None
    with pytest.raises(TimeoutError, match="did not answer 'nothing' in #general"):
        await alice.say("nothing", timeout_s=0.1)


async def test_a_direct_message_arrives_as_the_next_message(alice: Member) -> None:
    await alice.say("!dm", wait=False)
    assert (await alice.next_message(timeout_s=3)).text == "Between us."
    with pytest.raises(TimeoutError, match="nothing new to alice"):
        await alice.next_message(timeout_s=0.1)


async def test_commands_work_in_direct_messages(alice: Member) -> None:
    assert (await alice.in_direct_messages().slash("ping")).text == "Pong!"
    answer = await alice.in_direct_messages().say("!ping")
    assert answer is not None
    assert answer.text == "Pong!"


async def test_a_button_can_be_pressed(alice: Member) -> None:
    reply = await alice.say("!button")
    assert reply is not None
    assert reply.custom_ids == ["go"]
    assert (await alice.press(reply, "go")).text == "Pressed."
    with pytest.raises(CannotSend, match="no button or menu 'stop'"):
        await alice.press(reply, "stop")


async def test_edits_deletions_and_reactions_reach_the_bot(alice: Member, bot: hikari.GatewayBot) -> None:
    message = alice.post("first")
    streams = (hikari.GuildMessageUpdateEvent, hikari.GuildReactionAddEvent, hikari.GuildMessageDeleteEvent)
    waits = [asyncio.create_task(bot.wait_for(kind, timeout=3)) for kind in streams]
    await asyncio.sleep(0)
    alice.edit(message, "second")
    alice.react(message, "👍")
    alice.delete(message)
    edited, reacted, deleted = await asyncio.gather(*waits)
    assert edited.message.content == "second"
    assert reacted.user_id == alice.id
    assert deleted.message_id == message


async def test_a_new_server_and_a_new_member_are_announced(sandbox: Sandbox, bot: hikari.GatewayBot) -> None:
    joined = asyncio.create_task(bot.wait_for(hikari.GuildJoinEvent, timeout=3))
    await asyncio.sleep(0)
    guild = sandbox.world.add_guild("Annex")
    assert (await joined).guild_id == guild.id
    came = asyncio.create_task(bot.wait_for(hikari.MemberCreateEvent, timeout=3))
    await asyncio.sleep(0)
    erin = sandbox.member("erin", guild=guild, channel="random")
    assert (await came).user_id == erin.id
    answer = await erin.say("!ping")
    assert answer is not None
    assert answer.text == "Pong!"


async def test_a_bot_that_is_cut_off_resumes_and_misses_nothing(sandbox: Sandbox, alice: Member) -> None:
    sandbox.drop_gateway(code=4000)
    answer = await alice.say("!ping", timeout_s=8)
    assert answer is not None
    assert answer.text == "Pong!"
    names = [dispatch.name for dispatch in sandbox.transcript.dispatches]
    assert names.count("READY") == 1
    assert "RESUMED" in names


async def test_a_lost_answer_is_retried_and_the_nonce_keeps_it_single(sandbox: Sandbox, bot: hikari.GatewayBot) -> None:
    channel = sandbox.guild.channel("general")
    sandbox.faults.fail(method="POST", path_contains="/messages", status=502, after_work=True)
    sent = await bot.rest.create_message(channel.id, "once", nonce="r1")
    assert [message.content for message in sandbox.world.messages[channel.id].values()] == ["once"]
    sandbox.clock.advance(121)
    again = await bot.rest.create_message(channel.id, "once", nonce="r1")
    assert again.id != sent.id


async def test_the_world_is_the_same_at_every_start() -> None:
    async with Sandbox() as one, Sandbox() as two:
        assert (one.guild.id, one.token, one.bot_id) == (two.guild.id, two.token, two.bot_id)
        assert one.member("zoe").id == two.member("zoe").id
        assert list(one.guild.channels) == list(two.guild.channels)
        assert one.member("alice") is one.member("alice")
