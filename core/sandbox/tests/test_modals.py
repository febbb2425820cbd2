"""People fill in forms and submit them, as Discord's client lets them."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Member, Reply, Sandbox
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.threads import start_thread
from chandelier_sandbox.people import Upload
from chandelier_sandbox.records import Channel, ChannelKind, ThreadFacts

from .answering import Answering, button, label, menu, row

NAME = {"type": 4, "custom_id": "name", "style": 1, "label": "Your name", "min_length": 2, "max_length": 8}
WHY = {"type": 4, "custom_id": "why", "style": 2, "label": "Why?", "required": False, "value": "Because."}
OPTIONS = [{"label": "Good", "value": "g"}, {"label": "Bad", "value": "b"}]


@pytest.fixture
async def alice(answering: Answering, sandbox: Sandbox) -> Member:
    await answering.knows({"name": "form", "description": "Open a form"})
    return sandbox.member("alice")


async def opened(answering: Answering, who: Member, *components: Any) -> Reply:
    answering.opens(*components)
    return await who.slash("form")


def bare(*components: Any) -> list[Any]:
    """Return text inputs as labels hold them: without a label of their own."""
    return [label({key: one[key] for key in one if key != "label"}, one["label"]) for one in components]


async def test_a_form_tells_what_it_asks_for(answering: Answering, alice: Member) -> None:
    reply = await opened(answering, alice, row(NAME), row(WHY))
    assert reply.modal is not None
    assert (reply.text, reply.modal.title, reply.modal.custom_id) == ("Feedback", "Feedback", "form")
    assert [one.custom_id for one in reply.modal.inputs] == ["name", "why"]


async def test_a_form_of_rows_is_submitted_and_keeps_what_is_left_out(answering: Answering, alice: Member) -> None:
    reply = await opened(answering, alice, row(NAME), row(WHY))
    assert (await alice.submit(reply, name="Ada")).text == "ok"
    assert answering.last["type"] == 5
    assert "message" not in answering.last
    assert answering.data == {
        "custom_id": "form",
        "components": [
            {"type": 1, "id": 1, "components": [{"type": 4, "id": 2, "custom_id": "name", "value": "Ada"}]},
            {"type": 1, "id": 3, "components": [{"type": 4, "id": 4, "custom_id": "why", "value": "Because."}]},
        ],
    }


async def test_a_form_of_labels_is_submitted_with_the_ids_it_brings(answering: Answering, alice: Member) -> None:
    head = {"type": 10, "content": "Tell us.", "id": 7}
    reply = await opened(answering, alice, head, *bare(NAME, WHY))
    await alice.submit(reply, {"name": "Ada"}, why="")
    assert answering.data["components"] == [
        {"type": 10, "id": 7},
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": "Ada"}},
        {"type": 18, "id": 3, "component": {"type": 4, "id": 4, "custom_id": "why", "value": ""}},
    ]


async def test_fields_whose_ids_are_no_names_are_given_as_a_mapping(answering: Answering, alice: Member) -> None:
    reply = await opened(answering, alice, row(NAME | {"custom_id": "the-name/1"}))
    await alice.submit(reply, {"the-name/1": "Ada"})
    assert answering.data["components"][0]["components"][0]["value"] == "Ada"


async def test_what_a_form_does_not_take_is_refused_with_a_sentence(answering: Answering, alice: Member) -> None:
    reply = await opened(answering, alice, row(NAME), row(WHY))
    for fields, sentence in (
        ({}, "'name'.*'Feedback' (is required|must be filled in)"),
        ({"name": ""}, "'name'.*(is required|must be filled in)"),
        ({"name": "x"}, "2 to 8 characters, not 1"),
        ({"name": "x" * 9}, "2 to 8 characters, not 9"),
        ({"name": 5}, "'name'.*is a text, not 5"),
        ({"name": "Ada", "age": "7"}, "no field 'age'; it has '?name'?, '?why'?"),
        ({"name": "Ada", "why": "x" * 4001}, "0 to 4000 characters"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await alice.submit(reply, **fields)
    assert [payload["type"] for payload in answering.asked] == [2]


async def test_a_form_is_of_one_person_and_submitted_once(
    answering: Answering, alice: Member, sandbox: Sandbox
) -> None:
    reply = await opened(answering, alice, row(WHY))
    with pytest.raises(CannotSend, match="alice, not for bob"):
        await sandbox.member("bob").submit(reply)
    said = await alice.submit(reply)
    with pytest.raises(CannotSend, match="was submitted"):
        await alice.submit(reply)
    with pytest.raises(CannotSend, match=r"no form"):
        await alice.submit(said)


async def test_a_form_that_a_button_opened_belongs_to_its_message(answering: Answering, alice: Member) -> None:
    shown = await answering.shows(row(button("open")))
    answering.opens(row(WHY))
    reply = await alice.click(shown, "open")
    answering.answers.append({"type": 7, "data": {"content": "Thanks."}})
    assert (await alice.submit(reply)).message_id == shown
    assert answering.last["message"]["id"] == str(shown)
    assert alice.see(shown).text == "Thanks."


async def test_every_kind_of_field_is_submitted_as_discord_does(
    answering: Answering, alice: Member, sandbox: Sandbox
) -> None:
    role, bob = sandbox.world.add_role(sandbox.guild, "crew"), sandbox.member("bob")
    kinds = {"who": 5, "role": 6, "any": 7, "where": 8}
    reply = await opened(
        answering,
        alice,
        label(menu("colour", "red", "blue", max_values=2)),
        *[label({"type": kind, "custom_id": name}) for name, kind in kinds.items()],
    )
    await alice.submit(reply, colour=["Red", "blue"], who=bob, role="crew", any=role, where="#random")
    sent = {one["component"]["custom_id"]: one["component"] for one in answering.data["components"]}
    assert sent["colour"] == {"type": 3, "id": 2, "custom_id": "colour", "values": ["red", "blue"]}
    assert sent["who"]["values"] == [str(bob.id)]
    assert sent["any"]["values"] == sent["role"]["values"] == [str(role.id)]
    assert set(answering.data["resolved"]) == {"users", "members", "roles", "channels"}


async def test_ticks_and_files_are_submitted_as_discord_does(answering: Answering, alice: Member, rest: Any) -> None:
    reply = await opened(
        answering,
        alice,
        label({"type": 21, "custom_id": "mood", "options": OPTIONS}),
        label({"type": 22, "custom_id": "ticks", "options": OPTIONS, "required": False}),
        label({"type": 23, "custom_id": "sure"}),
        label({"type": 19, "custom_id": "papers", "max_values": 2}),
    )
    await alice.submit(reply, mood="Good", ticks=["b", "Good"], sure=True, papers=Upload("a.txt", b"one"))
    sent = {one["component"]["custom_id"]: one["component"] for one in answering.data["components"]}
    assert sent["mood"]["value"] == "g"
    assert sent["ticks"]["values"] == ["b", "g"]
    assert sent["sure"]["value"] is True
    (number,) = sent["papers"]["values"]
    file = answering.data["resolved"]["attachments"][number]
    assert (file["filename"], file["size"], file["content_type"]) == ("a.txt", 3, "text/plain")
    async with rest.session.get(file["url"]) as answer:
        assert await answer.read() == b"one"


async def test_what_is_set_from_the_start_is_submitted_where_nothing_is_given(
    answering: Answering, alice: Member
) -> None:
    preset = [OPTIONS[0], OPTIONS[1] | {"default": True}]
    reply = await opened(
        answering,
        alice,
        label({"type": 21, "custom_id": "mood", "options": preset}),
        label({"type": 22, "custom_id": "ticks", "options": preset}),
        label({"type": 23, "custom_id": "sure", "default": True}),
        label({"type": 21, "custom_id": "free", "options": OPTIONS, "required": False}),
        label({"type": 19, "custom_id": "papers", "required": False}),
    )
    await alice.submit(reply)
    fields = [one["component"] for one in answering.data["components"]]
    assert [one.get("value", one.get("values")) for one in fields] == ["b", ["b"], True, None, []]


async def test_what_other_fields_do_not_take_is_refused_with_a_sentence(answering: Answering, alice: Member) -> None:
    reply = await opened(
        answering,
        alice,
        label({"type": 21, "custom_id": "mood", "options": OPTIONS}),
        label({"type": 22, "custom_id": "ticks", "options": OPTIONS, "max_values": 1, "required": False}),
        label({"type": 23, "custom_id": "sure"}),
        label({"type": 19, "custom_id": "papers", "required": False}),
        label(menu("colour", "red", required=False)),
    )
    for fields, sentence in (
        ({}, "'mood'.*(is required|must be filled in)"),
        ({"mood": "Fine"}, "does not offer 'Fine'; it offers Good, Bad"),
        ({"mood": "g", "ticks": ["g", "b"]}, "'ticks'.*takes 0 to 1.*not 2|'ticks'.*takes 1.*not 2"),
        ({"mood": "g", "sure": "yes"}, "'sure'.*True or False"),
        ({"mood": "g", "papers": "a.txt"}, "'papers'.*is a file"),
        ({"mood": "g", "papers": [Upload("a", b""), Upload("b", b"")]}, "'papers'.*not 2"),
        ({"mood": "g", "colour": "pink"}, "does not offer 'pink'"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await alice.submit(reply, **fields)


async def test_forms_work_in_direct_messages_and_threads(answering: Answering, alice: Member, sandbox: Sandbox) -> None:
    direct = alice.in_direct_messages()
    await direct.submit(await opened(answering, direct, row(WHY)))
    assert (answering.last["context"], answering.last["user"]["id"]) == (1, str(alice.id))
    now = sandbox.clock.now()
    facts = ThreadFacts(owner_id=alice.id, created_at=now, archive_moved_at=now)
    thread = Channel(sandbox.world.snowflakes.make(), "side", ChannelKind.PUBLIC_THREAD, thread=facts)
    start_thread(sandbox.world, alice.channel, thread, By(sandbox.world.users[alice.id]))
    there = alice.in_channel("side")
    await there.submit(await opened(answering, there, row(WHY)))
    assert answering.last["channel_id"] == str(thread.id)
