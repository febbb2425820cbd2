"""Pins: under both paths, with their limit, their notice and their permission."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Permission, Sandbox

from .guild_steps import Desk


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}"


@pytest.mark.parametrize("pins", ["messages/pins", "pins"])
async def test_a_pin_is_told_noted_and_announced(desk: Desk, general: str, pins: str) -> None:
    bob = desk.sandbox.member("bob")
    message = bob.post("keep")
    desk.events.clear()
    headers = {"X-Audit-Log-Reason": "worth%20it"}
    assert await desk.status("PUT", f"{general}/{pins}/{message}", headers=headers) == 204
    assert desk.last("MESSAGE_UPDATE")["pinned"] is True
    assert desk.last("CHANNEL_PINS_UPDATE")["last_pin_timestamp"] is not None
    notice = desk.last("MESSAGE_CREATE")
    assert (notice["type"], notice["message_reference"]["message_id"]) == (6, str(message))
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"], entry["reason"]) == (74, str(bob.id), "worth it")
    assert entry["options"] == {"channel_id": str(bob.channel.id), "message_id": str(message)}
    desk.names()
    assert await desk.status("PUT", f"{general}/{pins}/{message}") == 204
    assert desk.names() == []
    assert await desk.status("DELETE", f"{general}/{pins}/{message}") == 204
    assert desk.names() == ["MESSAGE_UPDATE", "CHANNEL_PINS_UPDATE"]
    assert (await desk.last_entry())["action_type"] == 75


async def test_pins_are_listed_the_latest_first(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob")
    ids = []
    for number in range(3):
        ids.insert(0, str(bob.post(str(number))))
        await desk.ask("PUT", f"{general}/messages/pins/{ids[0]}")
        desk.sandbox.clock.advance(10)
    first = await desk.ask("GET", f"{general}/messages/pins?limit=2")
    assert ([item["message"]["id"] for item in first["items"]], first["has_more"]) == (ids[:2], True)
    before = first["items"][-1]["pinned_at"].replace("+", "%2B")
    rest = await desk.ask("GET", f"{general}/messages/pins?before={before}")
    assert ([item["message"]["id"] for item in rest["items"]], rest["has_more"]) == (ids[2:], False)
    assert [message["id"] for message in await desk.ask("GET", f"{general}/pins")] == ids
    assert await desk.refused("GET", f"{general}/messages/pins?limit=51") == (400, 50035)
    assert await desk.refused("GET", f"{general}/messages/pins?before=then") == (400, 50035)


async def test_a_channel_has_at_most_250_pins(desk: Desk, general: str) -> None:
    bob, world = desk.sandbox.member("bob"), desk.sandbox.world
    for number in range(250):
        world.message(bob.channel.id, bob.post(str(number))).pinned_at = world.clock.now()
    assert await desk.refused("PUT", f"{general}/messages/pins/{bob.post('x')}") == (400, 30003)


async def test_to_manage_messages_is_not_enough_to_pin(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("keep")
    desk.without(Permission.PIN_MESSAGES)
    assert await desk.refused("PUT", f"{general}/messages/pins/{message}") == (403, 50013)
    assert await desk.refused("DELETE", f"{general}/messages/pins/{message}") == (403, 50013)


async def test_without_the_history_there_are_no_pins_to_see(desk: Desk, general: str) -> None:
    await desk.ask("PUT", f"{general}/pins/{desk.sandbox.member('bob').post('keep')}")
    desk.without(Permission.READ_MESSAGE_HISTORY)
    assert await desk.ask("GET", f"{general}/messages/pins") == {"items": [], "has_more": False}
    assert await desk.ask("GET", f"{general}/pins") == []


async def test_an_unknown_message_cannot_be_pinned(desk: Desk, general: str) -> None:
    assert await desk.refused("PUT", f"{general}/messages/pins/5") == (404, 10008)
