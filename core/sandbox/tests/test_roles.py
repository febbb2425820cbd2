"""Roles: who may make, change, move and give which."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Permission
from chandelier_sandbox.changes.roles import move_roles

from .guild_steps import Desk, changes

P = Permission


async def test_a_new_role_stands_above_everyone_and_has_their_permissions(desk: Desk) -> None:
    role = await desk.ask("POST", "roles", {})
    everyone = desk.guild.roles[desk.guild.id]
    assert (role["name"], role["position"]) == ("new role", 1)
    assert role["permissions"] == str(everyone.permissions)
    assert desk.own_role.position == 2
    assert desk.last("GUILD_ROLE_CREATE")["role"] == role
    assert desk.events[0].guild_id == desk.guild.id


async def test_a_role_is_made_with_every_field_and_noted(desk: Desk) -> None:
    body = {"name": "Red", "permissions": "1024", "color": 255, "hoist": True, "mentionable": True}
    role = await desk.ask("POST", "roles", body, headers={"X-Audit-Log-Reason": "for%20colour"})
    assert {name: role[name] for name in body} == body
    assert await desk.ask("GET", f"roles/{role['id']}") == role
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"], entry["reason"]) == (30, role["id"], "for colour")
    assert changes(entry)["name"] == (None, "Red")


async def test_a_role_is_changed_told_and_noted(desk: Desk) -> None:
    role = await desk.ask("POST", "roles", {"name": "Red"})
    desk.names()
    changed = await desk.ask("PATCH", f"roles/{role['id']}", {"name": "Blue", "colors": {"primary_color": 7}})
    assert (changed["name"], changed["color"], changed["colors"]["primary_color"]) == ("Blue", 7, 7)
    assert desk.last("GUILD_ROLE_UPDATE")["role"] == changed
    entry = await desk.last_entry()
    assert entry["action_type"] == 31
    assert changes(entry) == {"name": ("Red", "Blue"), "color": (0, 7)}


async def test_a_deleted_role_is_gone_from_members_and_channels(desk: Desk) -> None:
    role = await desk.ask("POST", "roles", {"name": "Red"})
    bob, general = desk.sandbox.member("bob"), desk.guild.channel("general")
    await desk.ask("PUT", f"members/{bob.id}/roles/{role['id']}")
    await desk.ask("PUT", f"/channels/{general.id}/permissions/{role['id']}", {"type": 0, "deny": "2048"})
    assert await desk.status("DELETE", f"roles/{role['id']}") == 204
    assert (await desk.ask("GET", f"members/{bob.id}"))["roles"] == []
    assert (await desk.ask("GET", f"/channels/{general.id}"))["permission_overwrites"] == []
    assert desk.last("GUILD_ROLE_DELETE") == {"guild_id": str(desk.guild.id), "role_id": role["id"]}
    assert (await desk.last_entry())["action_type"] == 32
    assert await desk.refused("GET", f"roles/{role['id']}") == (404, 10011)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "roles", {}),
        ("PATCH", "roles/{role}", {"name": "x"}),
        ("DELETE", "roles/{role}", None),
        ("PATCH", "roles", [{"id": "{role}", "position": 1}]),
        ("PUT", "members/{bob}/roles/{role}", None),
        ("DELETE", "members/{bob}/roles/{role}", None),
    ],
)
async def test_roles_take_manage_roles(desk: Desk, method: str, path: str, body: Any) -> None:
    role = desk.sandbox.world.add_role(desk.guild, "Helpers")
    desk.without(P.MANAGE_ROLES)
    named = path.format(role=role.id, bob=desk.sandbox.member("bob").id)
    if isinstance(body, list):
        body = [{"id": str(role.id), "position": 1}]
    assert await desk.refused(method, named, body) == (403, 50013)


async def test_a_role_at_or_above_the_bots_highest_is_out_of_reach(desk: Desk) -> None:
    above = desk.sandbox.world.add_role(desk.guild, "Above")
    move_roles(desk.sandbox.world, desk.guild, {above.id: 2})
    assert above.position > desk.own_role.position
    bob = desk.sandbox.member("bob").id
    for role in (above, desk.own_role):
        assert await desk.refused("PATCH", f"roles/{role.id}", {"name": "x"}) == (403, 50013)
        assert await desk.refused("PATCH", "roles", [{"id": str(role.id), "position": 1}]) == (403, 50013)
        assert await desk.refused("PUT", f"members/{bob}/roles/{role.id}") == (403, 50013)
    assert await desk.refused("DELETE", f"roles/{above.id}") == (403, 50013)


async def test_a_bot_cannot_grant_what_it_does_not_hold(desk: Desk) -> None:
    role = await desk.ask("POST", "roles", {"permissions": str(int(P.BAN_MEMBERS))})
    desk.without(P.BAN_MEMBERS, P.KICK_MEMBERS)
    grant = str(int(P.KICK_MEMBERS))
    assert await desk.refused("POST", "roles", {"permissions": grant}) == (403, 50013)
    assert await desk.refused("PATCH", f"roles/{role['id']}", {"permissions": grant}) == (403, 50013)
    assert await desk.status("PATCH", f"roles/{role['id']}", {"permissions": role["permissions"]}) == 200


async def test_administrators_may_grant_everything(desk: Desk) -> None:
    desk.sandbox.world.change_role(desk.guild, desk.own_role, int(P.ADMINISTRATOR))
    role = await desk.ask("POST", "roles", {"permissions": str(int(P.ADMINISTRATOR))})
    assert role["permissions"] == "8"


async def test_of_everyone_only_the_permissions_change(desk: Desk) -> None:
    everyone = f"roles/{desk.guild.id}"
    changed = await desk.ask("PATCH", everyone, {"name": "nobody", "permissions": "1024"})
    assert (changed["name"], changed["permissions"]) == ("@everyone", "1024")
    assert await desk.refused("DELETE", everyone) == (400, 50028)
    assert await desk.refused("PATCH", "roles", [{"id": str(desk.guild.id), "position": 1}]) == (400, 50028)
    bob = desk.sandbox.member("bob").id
    assert await desk.refused("PUT", f"members/{bob}/roles/{desk.guild.id}") == (400, 50028)


async def test_a_role_of_the_world_stands_right_under_the_bots(desk: Desk) -> None:
    first, second = [desk.sandbox.world.add_role(desk.guild, name) for name in ("first", "second")]
    assert first.position < second.position < desk.own_role.position
    positions = [role.position for role in desk.guild.roles.values()]
    assert sorted(positions) == list(range(len(positions)))
    told = [event.payload["role"]["name"] for event in desk.events if event.name == "GUILD_ROLE_UPDATE"]
    assert told == [desk.own_role.name] * 2


async def test_managed_roles_are_neither_deleted_nor_given(desk: Desk) -> None:
    assert await desk.refused("DELETE", f"roles/{desk.own_role.id}") == (400, 50028)
    managed = desk.sandbox.world.add_role(desk.guild, "Another bot")
    managed.managed = True
    assert await desk.refused("DELETE", f"roles/{managed.id}") == (400, 50028)
    bob = desk.sandbox.member("bob").id
    assert await desk.refused("PUT", f"members/{bob}/roles/{managed.id}") == (403, 50013)


async def test_roles_change_places_below_the_bots_own(desk: Desk) -> None:
    low, high = [await desk.ask("POST", "roles", {"name": name}) for name in ("high", "low")][::-1]
    assert (desk.guild.role("low").position, desk.guild.role("high").position) == (1, 2)
    listed = await desk.ask("PATCH", "roles", [{"id": low["id"], "position": 2}])
    places = {role["name"]: role["position"] for role in listed}
    assert (places["high"], places["low"], places["@everyone"]) == (1, 2, 0)
    assert await desk.refused("PATCH", "roles", [{"id": high["id"], "position": 3}]) == (403, 50013)
    assert await desk.refused("PATCH", "roles", [{"id": "5", "position": 1}]) == (404, 10011)
    assert await desk.form_error("roles", [{"id": "x"}], "0", "id", method="PATCH") == "NUMBER_TYPE_COERCE"


async def test_a_guild_has_250_roles_at_most(desk: Desk) -> None:
    while len(desk.guild.roles) < 250:
        desk.sandbox.world.add_role(desk.guild, f"role {len(desk.guild.roles)}")
    assert await desk.refused("POST", "roles", {}) == (400, 30005)


async def test_bad_fields_of_roles_are_50035(desk: Desk) -> None:
    assert await desk.form_error("roles", {"name": "x" * 101}, "name") == "BASE_TYPE_BAD_LENGTH"
    assert await desk.form_error("roles", {"color": 1 << 24}, "color") == "NUMBER_TYPE_MAX"
    assert await desk.form_error("roles", {"permissions": "many"}, "permissions") == "INTEGER_TYPE_CONVERT"


async def test_icons_and_gradients_take_a_boosted_server(desk: Desk) -> None:
    assert await desk.refused("POST", "roles", {"unicode_emoji": "🔥"}) == (400, 50101)
    gradient = {"colors": {"primary_color": 1, "secondary_color": 2}}
    assert await desk.refused("POST", "roles", gradient) == (400, 50101)
    desk.guild.settings["features"] = ["ROLE_ICONS", "ENHANCED_ROLE_COLORS"]
    role = await desk.ask("POST", "roles", {"unicode_emoji": "🔥", **gradient})
    assert (role["unicode_emoji"], role["colors"]["secondary_color"]) == ("🔥", 2)


async def test_giving_and_taking_a_role_is_told_and_noted(desk: Desk) -> None:
    role, bob = desk.sandbox.world.add_role(desk.guild, "Helpers"), desk.sandbox.member("bob").id
    path = f"members/{bob}/roles/{role.id}"
    assert await desk.status("PUT", path) == 204
    assert desk.last("GUILD_MEMBER_UPDATE")["roles"] == [str(role.id)]
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"]) == (25, str(bob))
    assert changes(entry) == {"$add": (None, [{"id": str(role.id), "name": "Helpers"}])}
    desk.names()
    assert await desk.status("PUT", path) == 204
    assert desk.names() == []
    assert await desk.ask("GET", "roles/member-counts") == {str(role.id): 1, str(desk.own_role.id): 1}
    assert await desk.status("DELETE", path) == 204
    assert (await desk.ask("GET", f"members/{bob}"))["roles"] == []
    assert await desk.refused("PUT", f"members/5/roles/{role.id}") == (404, 10013)
    assert await desk.refused("PUT", f"members/{bob}/roles/5") == (404, 10011)
