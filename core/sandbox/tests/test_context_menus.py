"""People use commands from the menus of messages and of other people."""

from __future__ import annotations

import pytest

from chandelier_sandbox import CannotSend, Member, Sandbox
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.threads import start_thread
from chandelier_sandbox.records import Channel, ChannelKind, ThreadFacts

from .answering import Answering, button, row

COMMANDS = (
    {"name": "Greet", "type": 2},
    {"name": "Quote", "type": 3},
    {"name": "Quote", "type": 2},
    {"name": "Kick out", "type": 2, "default_member_permissions": "2"},
    {"name": "Night", "type": 3, "nsfw": True},
    {"name": "Here only", "type": 3, "contexts": [0]},
)


@pytest.fixture
async def bob(answering: Answering, sandbox: Sandbox) -> Member:
    await answering.knows(*COMMANDS)
    return sandbox.member("bob")


async def test_a_menu_of_a_person_says_whom_it_is_about(answering: Answering, bob: Member, sandbox: Sandbox) -> None:
    carol = sandbox.member("carol")
    for on in (carol, "carol", sandbox.world.users[carol.id], sandbox.guild.members[carol.id]):
        reply = await bob.use("Greet", on=on)
        assert reply.text == "ok"
        assert (answering.data["type"], answering.data["target_id"]) == (2, str(carol.id))
        assert "options" not in answering.data
        resolved = answering.data["resolved"]
        assert resolved["users"][str(carol.id)]["username"] == "carol"
        assert set(resolved["members"]) == {str(carol.id)}


async def test_a_menu_of_a_message_carries_the_message(answering: Answering, bob: Member) -> None:
    said = bob.post("remember this")
    await bob.use("Quote", on=said)
    assert (answering.data["type"], answering.data["target_id"]) == (3, str(said))
    assert answering.data["resolved"]["messages"][str(said)]["content"] == "remember this"
    shown = await answering.shows(row(button("go")))
    await bob.use("Quote", on=bob.see(shown))
    assert answering.data["target_id"] == str(shown)


async def test_the_answer_says_what_it_was_used_on(answering: Answering, bob: Member, sandbox: Sandbox) -> None:
    said = bob.post("remember this")
    for on, name, expected in (
        (said, "target_message_id", str(said)),
        (sandbox.member("carol"), "target_user", str(sandbox.member("carol").id)),
    ):
        reply = await bob.use("Quote", on=on)
        message = sandbox.world.render(sandbox.world.message(bob.channel.id, reply.message_id or 0))
        found = message["interaction_metadata"][name]
        assert (found["id"] if isinstance(found, dict) else found) == expected
        assert message["type"] == 23


async def test_what_no_menu_offers_is_refused_with_a_sentence(
    answering: Answering, bob: Member, sandbox: Sandbox
) -> None:
    said = bob.post("hello")
    carol = sandbox.member("carol")
    for entry, on, sentence in (
        ("Greet", said, "no (command )?'Greet'.*'Quote'"),
        ("Nothing", carol, "no (command )?'Nothing'.*'Greet'"),
        ("Kick out", carol, "'Kick out' is hidden from bob: it needs the permission Kick Members"),
        ("Night", said, "age-restricted"),
        ("Quote", 5, "no .*message"),
        ("Greet", "nobody", "none called 'nobody'"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await bob.use(entry, on=on)
    assert answering.asked == []


async def test_an_age_restricted_channel_has_what_is_for_it(answering: Answering, bob: Member) -> None:
    bob.channel.nsfw = True
    assert (await bob.use("Night", on=bob.post("hello"))).text == "ok"


async def test_menus_work_in_direct_messages(answering: Answering, bob: Member) -> None:
    direct = bob.in_direct_messages()
    said = direct.post("between us")
    await direct.use("Quote", on=said)
    assert (answering.last["context"], answering.data["target_id"]) == (1, str(said))
    await direct.use("Greet", on=bob)
    assert set(answering.data["resolved"]) == {"users"}
    with pytest.raises(CannotSend, match=r"no (command )?'Here only'"):
        await direct.use("Here only", on=said)


async def test_menus_work_in_threads(answering: Answering, bob: Member, sandbox: Sandbox) -> None:
    now = sandbox.clock.now()
    facts = ThreadFacts(owner_id=bob.id, created_at=now, archive_moved_at=now)
    thread = Channel(sandbox.world.snowflakes.make(), "side", ChannelKind.PUBLIC_THREAD, thread=facts)
    start_thread(sandbox.world, bob.channel, thread, By(sandbox.world.users[bob.id]))
    there = bob.in_channel("side")
    await there.use("Quote", on=there.post("in here"))
    assert answering.last["channel"]["id"] == str(thread.id)
    await there.use("Greet", on="carol")
    assert answering.data["type"] == 2
