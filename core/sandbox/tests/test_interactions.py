"""Interaction answers over raw REST: deadlines, order, tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chandelier_sandbox import Member, Reply, Sandbox

from .interaction_steps import (
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Wire,
    button,
    label,
    row,
    text_input,
)

FORM: dict[str, Any] = {"title": "T", "custom_id": "form", "components": [label("L", text_input("i"))]}


class Asked:
    """One use of a command that waits for its answer."""

    def __init__(self, sandbox: Sandbox, task: asyncio.Task[Reply]) -> None:
        interaction = next(reversed(sandbox._discord.interactions._by_id.values()))
        self.task = task
        self.callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
        self.webhook = f"/webhooks/{sandbox.application_id}/{interaction.token}"


@pytest.fixture
async def asked(rest: Any, sandbox: Sandbox) -> AsyncIterator[Asked]:
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "a", "description": "a"}])
    task = asyncio.create_task(sandbox.member("bob").slash("a"))
    await asyncio.sleep(0)
    yield Asked(sandbox, task)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_callback_object_comes_when_asked_for(rest: Any, asked: Asked) -> None:
    body = {"type": 4, "data": {"content": "hi"}}
    status, answer, _ = await rest("POST", f"{asked.callback}?with_response=true", body)
    assert status == 200
    assert answer["interaction"]["response_message_id"] == answer["resource"]["message"]["id"]
    assert answer["resource"]["type"] == 4
    assert (await asked.task).text == "hi"


async def test_a_second_answer_is_40060(rest: Any, asked: Asked) -> None:
    assert (await rest("POST", asked.callback, {"type": 5}))[0] == 204
    assert (await rest("POST", asked.callback, {"type": 5}))[1]["code"] == 40060


async def test_a_late_or_unknown_answer_is_10062(rest: Any, asked: Asked, sandbox: Sandbox) -> None:
    sandbox.clock.advance(3.1)
    assert (await rest("POST", asked.callback, {"type": 5}))[1]["code"] == 10062
    status, body, _ = await rest("POST", "/interactions/5/abc/callback", {"type": 5})
    assert (status, body["code"]) == (404, 10062)


async def test_a_type_that_does_not_fit_is_50035_and_leaves_no_trace(rest: Any, asked: Asked) -> None:
    for kind in ({"type": 8, "data": {"choices": []}}, {}, {"type": "4"}):
        assert (await rest("POST", asked.callback, kind))[1]["code"] == 50035
    for data in ({"content": ""}, 5, {"flags": "x"}):
        assert (await rest("POST", asked.callback, {"type": 4, "data": data}))[0] == 400
    assert (await rest("POST", asked.callback, {"type": 4, "data": {"content": "ok"}}))[0] == 204


async def test_a_deferral_loads_until_it_is_edited(rest: Any, asked: Asked) -> None:
    await rest("POST", asked.callback, {"type": 5, "data": {"flags": 64}})
    _, loading, _ = await rest("GET", f"{asked.webhook}/messages/@original")
    assert loading["flags"] == 64 | 128
    assert not asked.task.done()
    _, edited, _ = await rest("PATCH", f"{asked.webhook}/messages/@original", {"content": "done"})
    assert (edited["content"], edited["flags"]) == ("done", 64)
    assert ((await asked.task).text, (await asked.task).ephemeral) == ("done", True)


async def test_follow_ups_come_after_the_first_answer_and_end_after_fifteen_minutes(
    rest: Any, asked: Asked, sandbox: Sandbox
) -> None:
    assert (await rest("POST", asked.webhook, {"content": "early"}))[1]["code"] == 10015
    await rest("POST", asked.callback, {"type": 4, "data": {"content": "one"}})
    _, more, _ = await rest("POST", f"{asked.webhook}?wait=true", {"content": "two"})
    path = f"{asked.webhook}/messages/{more['id']}"
    assert (await rest("PATCH", path, {"content": "2"}))[1]["content"] == "2"
    assert (await rest("DELETE", path))[0] == 204
    assert (await rest("GET", path))[1]["code"] == 10008
    sandbox.clock.advance(900)
    status, body, _ = await rest("POST", asked.webhook, {"content": "late"})
    assert (status, body["code"]) == (401, 50027)
    assert (await rest("POST", f"/webhooks/{sandbox.application_id}/wrong", {"content": "x"}))[1]["code"] == 10015


async def test_a_deferral_that_is_never_answered_ends_with_a_sentence(
    rest: Any, sandbox: Sandbox, asked: Asked
) -> None:
    task = asyncio.create_task(sandbox.member("carol").slash("a", timeout_s=0.2))
    await asyncio.sleep(0)
    await rest("POST", Asked(sandbox, task).callback, {"type": 5})
    with pytest.raises(TimeoutError, match=r"did not respond to /a within 0\.2 s: it deferred and never answered"):
        await task


@pytest.fixture
async def bob(sandbox: Sandbox) -> Member:
    return sandbox.member("bob")


async def used(wire: Wire, bob: Member) -> asyncio.Task[Reply]:
    """Let bob use /a."""
    await wire.register({"name": "a", "description": "a"})
    task: asyncio.Task[Reply] = await wire.begin(bob.slash("a"))
    return task


async def clicked(wire: Wire, bob: Member) -> tuple[Reply, asyncio.Task[Reply]]:
    """Let bob click a button under a message of the bot's."""
    message = await wire.post(row(button("go")), member=bob)
    return message, await wire.begin(bob.click(message, "go"))


async def test_an_update_of_a_message_that_is_gone_is_10008(wire: Wire, bob: Member) -> None:
    message, task = await clicked(wire, bob)
    await wire.desk.ask("DELETE", f"/channels/{bob.channel.id}/messages/{message.message_id}")
    assert (await wire.refuses(UPDATE, {"content": "x"}))["code"] == 10008
    await wire.answer(MESSAGE, {"content": "Gone."})
    assert (await task).text == "Gone."


async def test_a_form_cannot_answer_a_form(wire: Wire, bob: Member) -> None:
    task = await used(wire, bob)
    await wire.answer(MODAL, FORM)
    submitted = await wire.begin(bob.submit(await task, i="x"))
    assert wire.asked["type"] == 5
    for kind in (MODAL, UPDATE, DEFERRED_UPDATE):  # the form came from a command: there is no message to update
        assert (await wire.refuses(kind, FORM))["code"] == 50035
    await wire.answer(MESSAGE, {"content": "Thanks."})
    assert (await submitted).text == "Thanks."


@pytest.mark.parametrize("flags", [0, 64])
async def test_the_follow_up_after_a_deferral_takes_its_place(wire: Wire, bob: Member, flags: int) -> None:
    task = await used(wire, bob)
    await wire.answer(DEFERRED, {"flags": flags})
    original = await wire.desk.ask("GET", f"{wire.webhook}/messages/@original")
    assert original["flags"] == flags | 128
    first = await wire.desk.ask("POST", wire.webhook, {"content": "Here."})
    assert (first["id"], first["flags"]) == (original["id"], flags)
    second = await wire.desk.ask("POST", wire.webhook, {"content": "And here.", "flags": 64})
    assert (second["id"] != first["id"], second["flags"]) == (True, 64)
    assert ((await task).text, (await task).ephemeral) == ("Here.", bool(flags))


async def test_an_original_that_was_deleted_is_10008_and_follow_ups_go_on(wire: Wire, bob: Member) -> None:
    task = await used(wire, bob)
    await wire.answer(MESSAGE, {"content": "Away."})
    await task
    original = f"{wire.webhook}/messages/@original"
    assert await wire.desk.status("DELETE", original) == 204
    for method in ("GET", "PATCH", "DELETE"):
        body = {"content": "x"} if method == "PATCH" else None
        assert await wire.desk.refused(method, original, body) == (404, 10008)
    assert (await wire.desk.ask("POST", wire.webhook, {"content": "More."}))["content"] == "More."


async def test_completions_are_answered_with_choices_and_have_no_follow_ups(wire: Wire, bob: Member) -> None:
    option = {"type": 3, "name": "o", "description": "o", "autocomplete": True}
    await wire.register({"name": "a", "description": "a", "options": [option]})
    task = asyncio.create_task(bob.autocomplete("a", "o", "x"))
    await wire.hear()
    for kind in (1, MESSAGE, DEFERRED, MODAL, 12):
        assert (await wire.refuses(kind, {"content": "x"}))["code"] == 50035
    assert (await wire.refuses(CHOICES, {"choices": [{"name": "n", "value": "v"}] * 26}))["code"] == 50035
    choices = {"type": CHOICES, "data": {"choices": [{"name": "n", "value": "v"}]}}
    answer = await wire.desk.ask("POST", f"{wire.callback}?with_response=true", choices)
    assert answer["interaction"] == {"id": wire.asked["id"], "type": 4}
    assert await task == [{"name": "n", "value": "v"}]
    assert await wire.desk.refused("POST", wire.webhook, {"content": "x"}) == (404, 10015)
