"""What comes of each kind of answer: the message, what it says about its interaction, who may change it; all judged."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Member, Permission, Reply, Sandbox

from .interaction_steps import (
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    V2,
    Wire,
    button,
    label,
    row,
    text_input,
)

SLASH: dict[str, Any] = {"name": "a", "description": "a"}
FORM: dict[str, Any] = {"custom_id": "form", "title": "Form", "components": [label("Say", text_input("say"))]}


@pytest.fixture
def alice(sandbox: Sandbox) -> Member:
    return sandbox.member("alice")


async def shown(wire: Wire, name: str = "@original") -> Any:
    return await wire.desk.ask("GET", f"{wire.webhook}/messages/{name}")


async def test_an_answer_to_a_command_names_it_and_who_used_it(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    await wire.exchange(alice.slash("a"), MESSAGE, {"content": "hi"})
    message = await shown(wire)
    assert (message["type"], message["interaction"]["name"], message["flags"]) == (20, "a", 0)
    about = message["interaction_metadata"]
    assert (about["id"], about["type"], about["user"]["id"]) == (wire.asked["id"], 2, str(alice.id))
    assert about["authorizing_integration_owners"] == {"0": str(wire.sandbox.guild.id)}


async def test_answers_to_menu_commands_name_their_target(wire: Wire, alice: Member) -> None:
    await wire.register({"name": "Wave", "type": 2}, {"name": "Quote", "type": 3})
    await wire.exchange(alice.use("Wave", on="bob"), MESSAGE, {"content": "hi"})
    message = await shown(wire)
    bob = wire.sandbox.member("bob")
    assert (message["type"], message["interaction_metadata"]["target_user"]["id"]) == (23, str(bob.id))
    said = bob.post("Words.")
    await wire.exchange(alice.use("Quote", on=said), MESSAGE, {"content": "hi"})
    assert (await shown(wire))["interaction_metadata"]["target_message_id"] == str(said)


async def test_a_follow_up_replies_to_the_first_answer(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    first = await wire.exchange(alice.slash("a"), MESSAGE, {"content": "one"})
    more = await wire.desk.ask("POST", f"{wire.webhook}?wait=true", {"content": "two", "flags": 64})
    assert (more["type"], more["message_reference"]["message_id"], more["flags"]) == (19, str(first.message_id), 64)
    assert more["interaction_metadata"]["original_response_message_id"] == str(first.message_id)
    assert more["mentions"] == []
    assert (await alice.next_message(timeout_s=1)).ephemeral
    assert wire.sandbox.member("bob").unseen() == []


async def test_an_answer_to_a_click_replies_to_the_message(wire: Wire, alice: Member) -> None:
    reply = await wire.post(row(button("x")), member=alice)
    await wire.exchange(alice.click(reply, "x"), MESSAGE, {"content": "hi"})
    message = await shown(wire)
    assert (message["type"], message["message_reference"]["message_id"]) == (19, str(reply.message_id))
    assert message["interaction_metadata"]["interacted_message_id"] == str(reply.message_id)


async def test_a_form_tells_what_opened_it(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    opened, _ = await open_form(wire, alice)
    message = await shown(wire)
    about = message["interaction_metadata"]
    assert (message["type"], about["type"]) == (20, 5)
    assert (about["triggering_interaction_metadata"]["id"], about["triggering_interaction_metadata"]["type"]) == (
        opened,
        2,
    )


async def open_form(wire: Wire, alice: Member) -> tuple[str, Reply]:
    form = await wire.exchange(alice.slash("a"), MODAL, FORM)
    opened = str(wire.asked["id"])
    return opened, await wire.exchange(alice.submit(form, say="Hi"), MESSAGE, {"content": "Thanks."})


async def test_a_form_from_a_click_may_change_its_message_and_one_from_a_command_may_not(
    wire: Wire, alice: Member
) -> None:
    await wire.register(SLASH)
    reply = await wire.post(row(button("x")), member=alice)
    form = await wire.exchange(alice.click(reply, "x"), MODAL, FORM)
    changed = await wire.exchange(alice.submit(form, say="Hi"), UPDATE, {"content": "Hi!"})
    assert (changed.message_id, changed.text) == (reply.message_id, "Hi!")
    assert wire.asked["message"]["id"] == str(reply.message_id)
    form = await wire.exchange(alice.slash("a"), MODAL, FORM)
    task = await wire.begin(alice.submit(form, say="Hi"))
    for kind in (UPDATE, DEFERRED_UPDATE, MODAL):
        refused = await wire.refuses(kind, FORM)
        assert refused["errors"]["type"]["_errors"][0]["message"] == "Value must be one of (4, 5)."
    await wire.answer(MESSAGE, {"content": "ok"})
    await task


async def test_pong_and_activities_are_refused_loudly(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    task = await wire.begin(alice.slash("a"))
    assert (await wire.refuses(1))["errors"]["type"]["_errors"][0]["code"] == "BASE_TYPE_CHOICES"
    assert "Activity" in (await wire.refuses(12))["errors"]["type"]["_errors"][0]["message"]
    for kind in (UPDATE, DEFERRED_UPDATE, CHOICES):
        assert (await wire.refuses(kind, {}))["code"] == 50035
    await wire.answer(MESSAGE, {"content": "ok"})
    await task


async def test_a_deferral_decides_who_sees_the_answer(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    for deferred, said in ((64, 0), (0, 64)):
        task = await wire.begin(alice.slash("a"))
        await wire.answer(DEFERRED, {"flags": deferred})
        first = await wire.desk.ask("POST", wire.webhook, {"content": "done", "flags": said})
        assert first["flags"] == deferred
        assert (await task).ephemeral is bool(deferred)
        more = await wire.desk.ask("POST", wire.webhook, {"content": "more", "flags": said})
        assert more["flags"] == said


async def test_a_deferral_can_become_components_v2(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    task = await wire.begin(alice.slash("a"))
    await wire.answer(DEFERRED)
    body = {"flags": V2, "components": [{"type": 10, "content": "New"}]}
    await wire.desk.ask("PATCH", f"{wire.webhook}/messages/@original", body)
    assert (await task).text == "New"
    status, _ = await wire.desk.refused("PATCH", f"{wire.webhook}/messages/@original", {"content": "old"})
    assert status == 400


async def test_a_deferred_update_is_an_edit_of_the_message_itself(wire: Wire, alice: Member) -> None:
    reply = await wire.post(row(button("x")), member=alice)
    task = await wire.begin(alice.click(reply, "x"))
    await wire.answer(DEFERRED_UPDATE)
    await wire.desk.ask("PATCH", f"{wire.webhook}/messages/@original", {"content": "Later."})
    assert ((await task).message_id, (await task).text) == (reply.message_id, "Later.")
    more = await wire.desk.ask("POST", wire.webhook, {"content": "And more."})
    assert more["id"] != str(reply.message_id)
    await wire.desk.ask("DELETE", f"{wire.webhook}/messages/@original")
    assert await wire.desk.refused("GET", f"{wire.webhook}/messages/@original") == (404, 10008)
    with pytest.raises(LookupError):
        alice.see(reply)


async def test_what_only_one_sees_is_changed_by_its_token_alone(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    reply = await wire.exchange(alice.slash("a"), MESSAGE, {"content": "psst", "flags": 64})
    path = f"/channels/{alice.channel.id}/messages/{reply.message_id}"
    for method in ("PATCH", "GET", "DELETE"):
        assert await wire.desk.refused(method, path, {"content": "x"} if method == "PATCH" else None) == (404, 10008)
    edited = await wire.desk.ask("PATCH", f"{wire.webhook}/messages/@original", {"content": "psst!"})
    assert (edited["content"], edited["flags"]) == ("psst!", 64)
    assert [event for event in wire.desk.events if event.name == "MESSAGE_CREATE"][-1].private_to == alice.id


@pytest.mark.parametrize("kind", [MESSAGE, DEFERRED, MODAL])
async def test_the_callback_object_fits_every_kind_of_answer(wire: Wire, alice: Member, kind: int) -> None:
    await wire.register(SLASH)
    task = await wire.begin(alice.slash("a", timeout_s=0.2))
    data = FORM if kind == MODAL else {"content": "hi", "flags": 64}
    answer = await wire.desk.ask("POST", f"{wire.callback}?with_response=true", {"type": kind, "data": data})
    about = answer["interaction"]
    assert (about["id"], about["type"], "resource" in answer) == (wire.asked["id"], 2, kind == MESSAGE)
    assert about.get("response_message_loading") == {MESSAGE: False, DEFERRED: True, MODAL: None}[kind]
    await asyncio.gather(task, return_exceptions=True)


async def test_a_completion_answers_with_choices_that_fit_their_option(wire: Wire, alice: Member) -> None:
    number = {"type": 4, "name": "n", "description": "n", "autocomplete": True}
    await wire.register(SLASH | {"options": [number, number | {"type": 3, "name": "s"}]})
    task = asyncio.create_task(alice.autocomplete("a", "n", "1", s="x"))
    await wire.hear()
    assert wire.asked["data"]["options"][-1] == {"name": "n", "type": 4, "value": "1", "focused": True}
    for wrong in (
        {"name": "", "value": 1},
        {"name": "x" * 101, "value": 1},
        {"name": "x"},
        {"name": "x", "value": "1"},
    ):
        assert (await wire.refuses(CHOICES, {"choices": [wrong]}))["code"] == 50035
    assert (await wire.refuses(CHOICES, {"choices": [{"name": "x", "value": 1}] * 26}))["code"] == 50035
    choices = [{"name": "One", "value": 1}]
    body = {"type": CHOICES, "data": {"choices": choices}}
    answer = await wire.desk.ask("POST", f"{wire.callback}?with_response=true", body)
    assert answer == {"interaction": {"id": wire.asked["id"], "type": 4}}
    assert await task == choices
    assert await wire.desk.refused("POST", wire.webhook, {"content": "x"}) == (404, 10015)


async def test_a_refused_answer_says_where_under_data_it_is_wrong(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    task = await wire.begin(alice.slash("a"))
    twice = {"content": "x", "components": [row(button("x"), button("x"))]}
    errors = (await wire.refuses(MESSAGE, twice))["errors"]["data"]["components"]["0"]["components"]["1"]
    assert errors["custom_id"]["_errors"][0]["code"] == "COMPONENT_CUSTOM_ID_DUPLICATED"
    long = FORM | {"title": "x" * 46}
    assert (await wire.refuses(MODAL, long))["errors"]["data"]["title"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"
    await wire.answer(MESSAGE, {"content": "ok"})
    await task


async def test_an_answer_mentions_everyone_only_where_the_bot_may(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    for is_allowed in (True, False):
        await wire.exchange(alice.slash("a"), MESSAGE, {"content": "@everyone"})
        assert (await shown(wire))["mention_everyone"] is is_allowed
        wire.desk.without(Permission.MENTION_EVERYONE)


async def test_commands_in_direct_messages_and_threads_say_where_they_are(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    await wire.exchange(alice.dm.slash("a"), MESSAGE, {"content": "hi", "flags": 64})
    asked = wire.asked
    assert (asked["context"], asked["channel"]["type"], asked["user"]["id"]) == (1, 1, str(alice.id))
    assert (asked["authorizing_integration_owners"], "member" in asked) == ({"0": "0"}, False)
    thread = await wire.desk.ask("POST", f"/channels/{alice.channel.id}/threads", {"name": "t", "type": 11})
    await wire.exchange(alice.in_channel("t").slash("a"), MESSAGE, {"content": "hi"})
    assert (wire.asked["channel_id"], wire.asked["channel"]["type"]) == (thread["id"], 11)
    assert int(wire.asked["app_permissions"]) & Permission.VIEW_CHANNEL
    assert wire.asked["attachment_size_limit"] == 10 * 1024 * 1024


async def test_an_interaction_tells_what_its_user_and_server_have_bought(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    application = f"/applications/{wire.sandbox.application_id}/entitlements"
    bought = {"sku_id": "7", "owner_id": str(alice.id), "owner_type": 2}
    made = await wire.desk.ask("POST", application, bought)
    await wire.exchange(alice.slash("a"), MESSAGE, {"content": "hi"})
    assert [one["id"] for one in wire.asked["entitlements"]] == [made["id"]]
    await wire.exchange(wire.sandbox.member("bob").slash("a"), MESSAGE, {"content": "hi"})
    assert wire.asked["entitlements"] == []


async def test_components_alone_are_an_empty_message_unless_they_are_v2(wire: Wire, alice: Member) -> None:
    path = f"/channels/{alice.channel.id}/messages"
    assert await wire.desk.refused("POST", path, {"components": [row(button("x"))]}) == (400, 50006)
    reply = await wire.post(row(button("x")), member=alice, flags=V2)
    assert (reply.text, reply.custom_ids) == ("", ["x"])


async def test_files_come_with_answers_and_can_be_shown_by_components(wire: Wire, alice: Member) -> None:
    await wire.register(SLASH)
    task = await wire.begin(alice.slash("a"))
    shown_file = {"type": 13, "file": {"url": "attachment://a.txt"}}
    form = aiohttp.FormData()
    body = {"type": MESSAGE, "data": {"flags": V2, "components": [shown_file]}}
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    form.add_field("files[0]", b"text", filename="a.txt", content_type="text/plain")
    assert await wire.desk.status("POST", wire.callback, data=form) == 204
    reply = await task
    assert reply.attachments == ["a.txt"]
    assert (reply.components[0]["name"], reply.components[0]["size"]) == ("a.txt", 4)
    missing = {"components": [{"type": 13, "file": {"url": "attachment://b.txt"}}]}
    path = f"{wire.webhook}/messages/@original"
    status, answer, _ = await wire.desk.rest("PATCH", path, missing)
    where = answer["errors"]["components"]["0"]["file"]["url"]["_errors"][0]
    assert (status, where["code"]) == (400, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")
