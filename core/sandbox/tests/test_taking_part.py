"""People take part: they reply, type, react, vote, and come and go in threads, as Discord's client lets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Channel, Member, Overwrite, Permission, Sandbox
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.threads import start_thread
from chandelier_sandbox.events import Event
from chandelier_sandbox.people import Upload
from chandelier_sandbox.records import ChannelKind, ThreadFacts

from .answering import Answering

POLL = {
    "question": {"text": "Tea?"},
    "answers": [{"poll_media": {"text": "Yes"}}, {"poll_media": {"text": "No"}}, {"poll_media": {"text": "Later"}}],
    "duration": 1,
}


@pytest.fixture
def alice(sandbox: Sandbox) -> Member:
    return sandbox.member("alice")


@pytest.fixture
def bob(sandbox: Sandbox) -> Member:
    return sandbox.member("bob")


@pytest.fixture
def told(answering: Answering, sandbox: Sandbox) -> list[Event]:
    """Give what the feed tells; the bot is there so that all of it is judged."""
    events: list[Event] = []
    sandbox.world.feed.subscribe(events.append)
    return events


def thread_of(sandbox: Sandbox, owner: Member, kind: ChannelKind = ChannelKind.PUBLIC_THREAD) -> Channel:
    now = sandbox.clock.now()
    facts = ThreadFacts(owner_id=owner.id, created_at=now, archive_moved_at=now)
    thread = Channel(sandbox.world.snowflakes.make(), "side", kind, thread=facts)
    return start_thread(sandbox.world, owner.channel, thread, By(sandbox.world.users[owner.id]))


def shut(channel: Channel, who: Member, *denied: Permission) -> None:
    channel.overwrites.append(Overwrite(id=who.id, kind=1, deny=int(sum(denied))))


def silence(sandbox: Sandbox, who: Member) -> None:
    sandbox.guild.members[who.id].muted_until = sandbox.clock.now() + timedelta(minutes=5)


async def test_a_reply_refers_to_what_it_replies_to(told: list[Event], alice: Member, bob: Member) -> None:
    said = alice.post("who is in?")
    bob.post("me", reply_to=said)
    message = told[-1].payload
    assert (message["type"], message["referenced_message"]["content"]) == (19, "who is in?")
    assert message["mentions"][0]["id"] == str(alice.id)


async def test_a_reply_that_the_client_would_not_send_is_refused(
    told: list[Event], alice: Member, bob: Member, sandbox: Sandbox
) -> None:
    elsewhere = alice.in_channel("random").post("here")
    reply = alice.in_channel("random").see(elsewhere)
    with pytest.raises(CannotSend, match=r"no.*message"):
        bob.post("me", reply_to=5)
    with pytest.raises(CannotSend, match="another channel"):
        bob.post("me", reply_to=reply)
    said = alice.post("who is in?")
    shut(bob.channel, bob, Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(CannotSend, match=r"bob may not.*repl"):
        bob.post("me", reply_to=said)


async def test_who_may_not_send_is_told_why(alice: Member, bob: Member, sandbox: Sandbox) -> None:
    said = alice.post("hello")
    forum = sandbox.world.add_channel(sandbox.guild, "forum", ChannelKind.FORUM)
    with pytest.raises(CannotSend, match=r"#forum (holds|takes) no messages"):
        bob.in_channel(forum.name).post("x")
    for text, sentence in (("", "cannot be empty"), (" ", "cannot be empty"), ("x" * 2001, "this one has 2001")):
        with pytest.raises(CannotSend, match=sentence):
            bob.post(text)
    with pytest.raises(CannotSend, match="bob did not write this message; alice did"):
        bob.edit(said, "mine")
    shut(bob.channel, bob, Permission.SEND_MESSAGES)
    with pytest.raises(CannotSend, match="bob may not send messages in #general"):
        bob.type()


async def test_slow_mode_says_how_long_to_wait(bob: Member, sandbox: Sandbox) -> None:
    bob.channel.slowmode_s = 60
    bob.post("one")
    sandbox.clock.advance(20)
    with pytest.raises(CannotSend, match=r"#general is in slow mode: bob may post again in (40|39) s"):
        bob.post("two")
    sandbox.clock.advance(41)
    bob.post("two")


async def test_who_is_timed_out_may_look_and_nothing_else(
    answering: Answering, alice: Member, bob: Member, sandbox: Sandbox
) -> None:
    await answering.knows({"name": "a", "description": "a"})
    said, poll = alice.post("hello"), await answering.shows(poll=POLL)
    alice.react(said, "👍")
    silence(sandbox, bob)
    for attempt in (
        lambda: bob.post("hi"),
        lambda: bob.react(said, "👍"),
        lambda: bob.vote(poll, "Yes"),
        bob.type,
    ):
        with pytest.raises(CannotSend, match=r"bob.*timed out"):
            attempt()
    with pytest.raises(CannotSend, match=r"bob.*(timed out|may not use commands)"):
        await bob.slash("a")
    assert bob.see(said).text == "hello"
    sandbox.clock.advance(301)
    bob.post("hi")


async def test_typing_is_told(told: list[Event], bob: Member) -> None:
    bob.type()
    bob.in_direct_messages().type()
    assert [(one.name, one.payload["user_id"]) for one in told] == [("TYPING_START", str(bob.id))] * 2
    assert "guild_id" not in told[1].payload


async def test_a_reaction_comes_and_goes(told: list[Event], alice: Member, bob: Member) -> None:
    said = alice.post("hello")
    bob.react(said, "👍")
    bob.unreact(said, "👍")
    assert [one.name for one in told[1:]] == ["MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"]
    with pytest.raises(CannotSend, match="bob has not reacted with 👍"):
        bob.unreact(said, "👍")


async def test_a_reaction_that_the_client_would_not_send_is_refused(
    told: list[Event], alice: Member, bob: Member
) -> None:
    said = alice.post("hello")
    for emoji in ("yes", "wave:123456789012345678"):
        with pytest.raises(CannotSend, match="emoji"):
            alice.react(said, emoji)
    for number in range(20):
        alice.react(said, chr(0x1F600 + number))
    with pytest.raises(CannotSend, match="different reactions"):
        alice.react(said, "👍")
    shut(bob.channel, bob, Permission.ADD_REACTIONS)
    bob.react(said, chr(0x1F600))
    with pytest.raises(CannotSend, match="bob may not"):
        bob.react(alice.post("more"), "👍")


async def test_votes_are_cast_changed_and_taken_back(
    answering: Answering, told: list[Event], bob: Member, sandbox: Sandbox
) -> None:
    shown = await answering.shows(poll=POLL)
    bob.vote(shown, "Yes")
    bob.vote(shown, 2)
    bob.vote(shown)
    votes = [(one.name, one.payload["answer_id"]) for one in told if "POLL" in one.name]
    added, removed = "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE"
    assert votes == [(added, 1), (removed, 1), (added, 2), (removed, 2)]


async def test_a_vote_that_the_client_would_not_send_is_refused(
    answering: Answering, bob: Member, sandbox: Sandbox
) -> None:
    shown = await answering.shows(poll=POLL)
    with pytest.raises(CannotSend, match=r"no answer 'Maybe'; it has '?Yes'?, '?No'?, '?Later'?"):
        bob.vote(shown, "Maybe")
    with pytest.raises(CannotSend, match=r"'Tea\?' takes one answer, not 2"):
        bob.vote(shown, "Yes", "No")
    with pytest.raises(CannotSend, match="no poll"):
        bob.vote(bob.post("hello"), "Yes")
    sandbox.clock.advance(3601)
    with pytest.raises(CannotSend, match=r"'Tea\?' has ended"):
        bob.vote(shown, "Yes")


async def test_people_join_and_leave_threads(told: list[Event], alice: Member, bob: Member, sandbox: Sandbox) -> None:
    thread = thread_of(sandbox, alice)
    facts = thread.thread
    assert facts is not None
    bob.join_thread("side")
    assert bob.id in facts.members
    bob.leave_thread("side")
    assert bob.id not in facts.members
    bob.in_channel("side").post("hello")
    bob.in_channel("side").leave_thread()
    assert bob.id not in facts.members
    with pytest.raises(CannotSend, match="bob is not in"):
        bob.leave_thread("side")


async def test_a_thread_that_cannot_be_joined_is_refused(
    told: list[Event], alice: Member, bob: Member, sandbox: Sandbox
) -> None:
    thread = thread_of(sandbox, alice, ChannelKind.PRIVATE_THREAD)
    assert thread.thread is not None
    with pytest.raises(CannotSend, match=r"bob.*see.* no thread|bob does not see"):
        bob.join_thread("side")
    with pytest.raises(CannotSend, match=r"no (channel|thread) 'nowhere'"):
        bob.join_thread("nowhere")
    with pytest.raises(CannotSend, match="no thread"):
        bob.join_thread("random")
    thread.thread.archived = True
    with pytest.raises(CannotSend, match="archived"):
        alice.join_thread("side")
    thread.thread.locked = True
    thread.thread.members[bob.id] = sandbox.clock.now()
    with pytest.raises(CannotSend, match="locked"):
        bob.in_channel("side").post("hello")


async def test_an_answer_reads_well(answering: Answering, alice: Member) -> None:
    await answering.knows({"name": "a", "description": "a"})
    first, second = {"title": "One", "description": "First"}, {"title": "Two"}
    for embeds, sentence in (([], "no embed"), ([first, second], "2 embeds")):
        answering.answers.append({"type": 4, "data": {"content": "Look.", "embeds": embeds}})
        reply = await alice.slash("a")
        with pytest.raises(LookupError, match=sentence):
            _ = reply.embed
    answering.answers.append({"type": 4, "data": {"embeds": [first]}})
    reply = await alice.slash("a")
    assert (reply.text, reply.embed["title"], reply.embeds[0]["description"]) == ("", "One", "First")
    assert (reply.buttons, reply.modal, reply.attachments, reply.ephemeral) == ([], None, [], False)


async def test_files_and_a_reply_come_with_what_is_said(answering: Answering, alice: Member, rest: Any) -> None:
    said = alice.post("first")
    assert await alice.say("look", files=[Upload("a.txt", b"x")], reply_to=said, wait=False) is None
    _, messages, _ = await rest("GET", f"/channels/{alice.channel.id}/messages")
    assert (messages[0]["type"], messages[0]["attachments"][0]["filename"]) == (19, "a.txt")
