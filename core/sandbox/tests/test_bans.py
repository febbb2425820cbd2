"""Bans and pruning: who goes, what goes with them, and how they may come back."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Permission

from .guild_steps import Desk

P = Permission


async def test_who_is_banned_is_gone_until_the_ban_is_lifted(desk: Desk) -> None:
    bob = desk.sandbox.member("bob").id
    assert await desk.status("PUT", f"bans/{bob}", {}, headers={"X-Audit-Log-Reason": "noise"}) == 204
    assert desk.names() == ["GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE"]
    ban = await desk.ask("GET", f"bans/{bob}")
    assert (ban["user"]["username"], ban["reason"]) == ("bob", "noise")
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"], entry["reason"]) == (22, str(bob), "noise")
    with pytest.raises(CannotSend, match="bob is banned from"):
        desk.sandbox.member("bob")
    assert await desk.status("DELETE", f"bans/{bob}") == 204
    assert desk.names() == ["GUILD_BAN_REMOVE"]
    assert (await desk.last_entry())["action_type"] == 23
    desk.sandbox.member("bob").post("back again")
    assert await desk.refused("GET", f"bans/{bob}") == (404, 10026)
    assert await desk.refused("DELETE", f"bans/{bob}") == (404, 10026)


async def test_who_never_was_here_can_be_banned_once(desk: Desk) -> None:
    stranger = desk.sandbox.world.add_user("stranger").id
    assert await desk.status("PUT", f"bans/{stranger}") == 204
    assert desk.names() == ["GUILD_BAN_ADD"]
    assert await desk.status("PUT", f"bans/{stranger}") == 204
    assert desk.names() == []
    assert await desk.refused("PUT", "bans/5") == (404, 10013)


async def test_a_ban_deletes_what_was_written_in_the_last_seconds(desk: Desk) -> None:
    bob, carol = desk.sandbox.member("bob"), desk.sandbox.member("carol")
    old = bob.post("old")
    desk.sandbox.clock.advance(7200)
    new = [bob.post("new"), bob.in_channel("random").post("elsewhere")]
    other = carol.post("not mine")
    await desk.ask("PUT", f"bans/{bob.id}", {"delete_message_seconds": 3600})
    channels = [desk.guild.channel(name).id for name in ("general", "random")]
    left = {number for channel_id in channels for number in desk.sandbox.world.messages[channel_id]}
    assert {old, other} <= left
    assert not left & set(new)
    assert desk.names().count("MESSAGE_DELETE_BULK") == 2
    too_long = {"delete_message_seconds": 604_801}
    path = f"bans/{carol.id}"
    assert await desk.form_error(path, too_long, "delete_message_seconds", method="PUT") == "NUMBER_TYPE_MAX"


async def test_bans_are_listed_page_by_page(desk: Desk) -> None:
    users = sorted(desk.sandbox.world.add_user(f"stranger{number}").id for number in range(5))
    for user_id in users:
        await desk.ask("PUT", f"bans/{user_id}")

    async def page(query: str) -> list[int]:
        return [int(one["user"]["id"]) for one in await desk.ask("GET", f"bans?{query}")]

    assert await page("") == users
    assert await page("limit=2") == users[:2]
    assert await page(f"after={users[1]}&limit=2") == users[2:4]
    assert await page(f"before={users[3]}&limit=2") == users[1:3]


@pytest.mark.parametrize(
    ("permission", "method", "path", "body"),
    [
        (P.BAN_MEMBERS, "GET", "bans", None),
        (P.BAN_MEMBERS, "GET", "bans/{bob}", None),
        (P.BAN_MEMBERS, "PUT", "bans/{bob}", {}),
        (P.BAN_MEMBERS, "DELETE", "bans/{bob}", None),
        (P.BAN_MEMBERS, "POST", "bulk-ban", {"user_ids": ["{bob}"]}),
        (P.MANAGE_GUILD, "POST", "bulk-ban", {"user_ids": ["{bob}"]}),
        (P.KICK_MEMBERS, "GET", "prune", None),
        (P.MANAGE_GUILD, "GET", "prune", None),
        (P.KICK_MEMBERS, "POST", "prune", {}),
    ],
)
async def test_bans_and_prunes_take_permissions(
    desk: Desk, permission: Permission, method: str, path: str, body: Any
) -> None:
    desk.without(permission)
    assert await desk.refused(method, path.format(bob=desk.sandbox.member("bob").id), body) == (403, 50013)


async def test_neither_the_owner_nor_the_bot_itself_is_banned(desk: Desk) -> None:
    for user_id in (desk.sandbox.member("alice").id, desk.sandbox.bot_id):
        assert await desk.refused("PUT", f"bans/{user_id}") == (403, 50013)


async def test_many_are_banned_at_once_and_failures_are_named(desk: Desk) -> None:
    bob, carol, alice = (desk.sandbox.member(name).id for name in ("bob", "carol", "alice"))
    body = {"user_ids": [str(one) for one in (bob, carol, alice, 5)]}
    answer = await desk.ask("POST", "bulk-ban", body)
    assert answer == {"banned_users": [str(bob), str(carol)], "failed_users": [str(alice), "5"]}
    assert set(desk.guild.bans) == {bob, carol}
    assert await desk.refused("POST", "bulk-ban", body) == (400, 500000)
    many = {"user_ids": [str(number) for number in range(1, 202)]}
    assert await desk.form_error("bulk-ban", many, "user_ids") == "BASE_TYPE_BAD_LENGTH"


async def test_a_prune_sends_the_idle_away(desk: Desk) -> None:
    world, bob = desk.sandbox.world, desk.sandbox.member("bob")
    carol = desk.sandbox.member("carol", permissions=["SEND_MESSAGES"])
    desk.sandbox.clock.advance(8 * 86_400)
    world.add_member(desk.guild, world.add_user("newcomer"))
    assert await desk.ask("GET", "prune?days=7") == {"pruned": 1}
    role = desk.guild.role("carol's permissions").id
    assert await desk.ask("GET", f"prune?days=7&include_roles={role}") == {"pruned": 2}
    assert await desk.status("GET", "prune?days=31") == 400
    assert await desk.status("GET", "prune?include_roles=5") == 400
    assert await desk.ask("POST", "prune", {"days": 7}) == {"pruned": 1}
    assert bob.id not in desk.guild.members
    assert carol.id in desk.guild.members
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["options"]) == (21, {"delete_member_days": "7", "members_removed": "1"})
    assert await desk.ask("POST", "prune", {"days": 7, "compute_prune_count": False}) == {"pruned": None}


async def test_who_wrote_lately_is_not_idle(desk: Desk) -> None:
    desk.sandbox.member("carol", permissions=["SEND_MESSAGES"])
    desk.sandbox.clock.advance(8 * 86_400)
    desk.sandbox.member("bob").post("still here")
    assert await desk.ask("GET", "prune?days=7") == {"pruned": 0}
