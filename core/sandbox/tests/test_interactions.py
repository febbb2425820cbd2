"""Interaction answers over raw REST: deadlines, order, tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chandelier_sandbox import Reply, Sandbox


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
    for body in ({"type": 8, "data": {"choices": []}}, {}, {"type": "4"}):
        assert (await rest("POST", asked.callback, body))[1]["code"] == 50035
    for body in ({"type": 4, "data": {"content": ""}}, {"type": 4, "data": 5}, {"type": 4, "data": {"flags": "x"}}):
        assert (await rest("POST", asked.callback, body))[0] == 400
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
