"""Other people's libraries against the sandbox: what `script` describes, once for each of them."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from chandelier_sandbox import Reply, Upload
from chandelier_sandbox.records import Message

from .conftest import Client
from .page import PAGE, RENEW, page_of_run, renews
from .script import CARD, CROWD

pytestmark = pytest.mark.timeout(300)  # the first test of discord.js may have to install it
COMMANDS = {"order", "note", "find", "slow", "twice", "secret", "card", "file", "read", "panel", "form", "crowd"}


async def test_the_bot_is_ready_and_knows_its_servers(client: Client) -> None:
    assert client.ready.text == "Ready: Chandelier in Chandelier Lounge (general, random), Crowd (general, random)."


async def test_its_commands_are_registered(client: Client) -> None:
    assert {command["name"] for command in client.sandbox.commands} == COMMANDS


async def test_a_message_is_read_and_answered(client: Client) -> None:
    reply = await client.alice.say("!echo Grüße, 🌍")
    assert reply is not None
    assert reply.text == "alice said: Grüße, 🌍"
    reference = message_of(client, reply).reference
    assert reference is not None
    asked = client.sandbox.world.message(client.alice.channel.id, int(reference["message_id"]))
    assert asked.content == "!echo Grüße, 🌍"


async def test_a_slash_command_takes_seven_kinds_of_options(client: Client) -> None:
    reply = await client.alice.slash(
        "order", dish="soup", count=2, price=1.5, takeaway=True, guest="bob", place="random", rank="cook"
    )
    assert reply.text == "2 x soup for 1.5, takeaway yes, guest bob, place random, rank cook"


async def test_a_subcommand_is_used(client: Client) -> None:
    assert (await client.alice.slash("note add", text="milk")).text == "Noted: milk"


async def test_an_option_completes_itself(client: Client) -> None:
    offered = await client.alice.autocomplete("find", "word", "he")
    assert [(one["name"], one["value"]) for one in offered] == [("Hello", "hello"), ("Hey", "hey")]
    assert (await client.alice.slash("find", word="hey")).text == "Found hey"


async def test_an_answer_is_deferred_and_then_edited(client: Client) -> None:
    reply = await client.alice.slash("slow")
    assert reply.text == "Here at last."
    assert not message_of(client, reply).loading


async def test_follow_ups_come_after_the_answer(client: Client) -> None:
    first = await client.alice.slash("twice")
    second, third = [await client.alice.next_message() for _ in range(2)]
    assert [first.text, second.text, third.text] == ["First.", "Second.", "Third, for you only."]
    assert [first.ephemeral, second.ephemeral, third.ephemeral] == [False, False, True]


async def test_a_private_answer_is_private(client: Client) -> None:
    client.bob.unseen()
    reply = await client.alice.slash("secret")
    assert reply.text == "Only you see this."
    assert reply.ephemeral
    assert client.bob.unseen() == []


async def test_a_button_changes_its_message(client: Client) -> None:
    panel = await client.alice.slash("panel")
    pressed = await client.alice.click(panel, "go")
    assert pressed.text == "alice pressed go."
    assert pressed.message_id == panel.message_id
    assert pressed.custom_ids == ["go", "colour", "people"]


async def test_a_menu_of_texts_gives_what_was_chosen(client: Client) -> None:
    panel = await client.alice.slash("panel")
    chosen = await client.alice.select(panel, "colour", ["red", "blue"])
    assert chosen.text == "alice chose red, blue."
    assert chosen.message_id != panel.message_id


async def test_a_menu_of_users_gives_who_was_chosen(client: Client) -> None:
    panel = await client.alice.slash("panel")
    assert (await client.alice.select(panel, "people", ["bob"])).text == "alice chose bob."


async def test_a_modal_opens(client: Client) -> None:
    form = await client.alice.slash("form")
    assert form.modal is not None
    assert (form.modal["custom_id"], form.modal["title"]) == ("form", "Introduce yourself")


async def test_a_modal_is_submitted(client: Client) -> None:
    form = await client.alice.slash("form")
    assert (await client.alice.submit(form, name="Ada", about="I count.")).text == "Hello, Ada. (I count.)"
    form = await client.alice.slash("form")
    assert (await client.alice.submit(form, name="Ada")).text == "Hello, Ada."


async def test_an_embed_is_sent(client: Client) -> None:
    (embed,) = (await client.alice.slash("card")).embeds
    for name in ("title", "description", "url", "color", "fields"):
        assert embed[name] == CARD[name]
    assert datetime.fromisoformat(embed["timestamp"]) == datetime.fromisoformat(CARD["timestamp"])
    assert embed["author"]["name"] == CARD["author"]["name"]
    assert embed["footer"]["text"] == CARD["footer"]["text"]


async def test_a_file_is_sent_and_read_back(client: Client) -> None:
    reply = await client.alice.slash("file")
    assert reply.text == "Here is the report."
    (attachment,) = message_of(client, reply).attachments
    assert (attachment.filename, attachment.content) == ("report.txt", b"A line.")
    assert (await client.alice.next_message()).text == "Read back: A line."


async def test_a_file_given_to_a_command_is_read(client: Client) -> None:
    reply = await client.alice.slash("read", paper=Upload("letter.txt", b"Dear bot"))
    assert reply.text == "letter.txt holds Dear bot"


async def test_the_bot_reacts(client: Client) -> None:
    reply = await client.alice.say("!react")
    assert reply is not None
    assert reply.text == "Reacted."
    reference = message_of(client, reply).reference
    assert reference is not None
    asked = client.sandbox.world.message(client.alice.channel.id, int(reference["message_id"]))
    assert asked.reactions == {"👍": [client.sandbox.bot_id], "👎": [client.sandbox.bot_id]}


async def test_the_bot_sees_reactions(client: Client) -> None:
    reply = await client.alice.say("!echo react to this")
    assert reply is not None
    assert reply.message_id is not None
    client.alice.react(reply.message_id, "🎉")
    assert (await client.alice.next_message()).text == "alice reacted with 🎉"


async def test_members_come_in_chunks_and_as_a_list(client: Client) -> None:
    alice = client.sandbox.member("alice", guild=client.crowd)
    everybody = len(client.crowd.members)
    assert everybody == CROWD + 2
    reply = await alice.slash("crowd")
    found = "guest0010 guest0011 guest0012"
    assert reply.text == f"{everybody} by chunks, {everybody} by list, found {found}"


async def test_a_dropped_connection_is_resumed_and_nothing_is_lost(client: Client) -> None:
    alice = client.alice.in_channel("random")
    client.sandbox.drop_gateway(4000)
    alice.post("!echo while you were away")
    heard = [await alice.next_message(timeout_s=20) for _ in range(2)]
    assert sorted(reply.text for reply in heard) == ["Resumed.", "alice said: while you were away"]
    said = {command.name: command for command in client.sandbox.transcript.commands}
    missed = [one for one in client.sandbox.transcript.dispatches if one.sequence > said["RESUME"].payload["seq"]]
    assert missed[0].payload["content"] == "!echo while you were away"
    names = [command.name for command in client.sandbox.transcript.commands]
    assert (names.count("IDENTIFY"), names.count("RESUME")) == (1, 1)


async def test_nothing_it_asked_for_was_refused(client: Client) -> None:
    refused = [one for one in client.sandbox.transcript.exchanges if one.status >= 400]
    limited = [one for one in refused if one.status == 429]
    assert [f"{one.method} {one.path}: {one.status} {one.answer}" for one in refused if one not in limited] == []
    assert len(limited) <= client.program.limited


async def test_the_bot_ends_without_a_complaint(client: Client) -> None:
    code = await client.stop()
    expected = client.program.expected
    complaints = [line for line in client.log().splitlines() if not line.startswith(expected)]
    assert complaints == []
    assert code == 0


async def test_the_page_tells_what_this_run_gave(request: pytest.FixtureRequest) -> None:
    written = await asyncio.to_thread(PAGE.read_text, "utf-8") if PAGE.exists() else ""
    page = page_of_run(request.session.items, request.module, written)
    if renews():
        PAGE.write_text(page, "utf-8")
        written = page
    assert written == page, (
        f"docs/{PAGE.name} is not what this run gave; renew it with "
        f"{RENEW}=1 python -m pytest core/sandbox/tests/clients/test_clients.py"
    )


def message_of(client: Client, reply: Reply) -> Message:
    assert reply.channel_id is not None
    assert reply.message_id is not None
    return client.sandbox.world.message(reply.channel_id, reply.message_id)
