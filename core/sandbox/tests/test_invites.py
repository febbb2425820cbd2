"""Invites: made, used, used up, ended by the clock, revoked."""

from __future__ import annotations

import pytest

from chandelier_sandbox import CannotSend, Permission
from chandelier_sandbox.changes.invites import accept_invite
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes

P = Permission


@pytest.fixture
def invites(desk: Desk) -> str:
    return f"/channels/{desk.guild.channel('general').id}/invites"


async def test_an_invite_is_made_told_and_noted(desk: Desk, invites: str) -> None:
    invite = await desk.ask("POST", invites, {"max_age": 60, "max_uses": 3, "temporary": True})
    assert (invite["max_age"], invite["max_uses"], invite["uses"], invite["temporary"]) == (60, 3, 0, True)
    told = desk.last("INVITE_CREATE")
    assert (told["code"], told["guild_id"], told["max_uses"]) == (invite["code"], str(desk.guild.id), 3)
    assert desk.events[0].guild_id == desk.guild.id
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)["code"]) == (40, (None, invite["code"]))


async def test_an_invite_of_the_same_terms_is_used_again_unless_unique(desk: Desk, invites: str) -> None:
    first = await desk.ask("POST", invites, {})
    assert (await desk.ask("POST", invites, {}))["code"] == first["code"]
    codes = {first["code"]}
    for body in ({"unique": True}, {"max_age": 60}):
        codes.add((await desk.ask("POST", invites, body))["code"])
    assert len(codes) == 3
    assert {one["code"] for one in await desk.ask("GET", invites)} == codes
    assert {one["code"] for one in await desk.ask("GET", "invites")} == codes


async def test_anybody_may_look_at_an_invite_but_not_at_its_terms(desk: Desk, invites: str) -> None:
    made = await desk.ask("POST", invites, {})
    seen = await desk.ask("GET", f"/invites/{made['code']}", headers={"Authorization": ""})
    assert (seen["guild"]["name"], seen["channel"]["name"]) == (desk.guild.name, "general")
    assert "uses" not in seen
    counted = await desk.ask("GET", f"/invites/{made['code']}?with_counts=true")
    assert counted["approximate_member_count"] == len(desk.guild.members)
    assert await desk.refused("GET", "/invites/none") == (404, 10006)


async def test_an_invite_ends_by_the_clock(desk: Desk, invites: str) -> None:
    short = await desk.ask("POST", invites, {"max_age": 60})
    endless = await desk.ask("POST", invites, {"max_age": 0})
    assert endless["expires_at"] is None
    desk.sandbox.clock.advance(61)
    assert await desk.refused("GET", f"/invites/{short['code']}") == (404, 10006)
    assert [one["code"] for one in await desk.ask("GET", "invites")] == [endless["code"]]
    with pytest.raises(CannotSend, match="not valid"):
        accept_invite(desk.sandbox.world, short["code"], desk.sandbox.world.add_user("dave"))


async def test_people_join_by_an_invite_until_it_is_used_up(desk: Desk, invites: str) -> None:
    world, role = desk.sandbox.world, desk.sandbox.world.add_role(desk.guild, "Guests")
    made = await desk.ask("POST", invites, {"max_uses": 2, "role_ids": [str(role.id)]})
    dave = accept_invite(world, made["code"], world.add_user("dave"))
    assert dave.roles == [role.id]
    accept_invite(world, made["code"], world.add_user("dave"))
    assert (await desk.ask("GET", "invites"))[0]["uses"] == 1
    accept_invite(world, made["code"], world.add_user("erin"))
    assert desk.last("INVITE_DELETE")["code"] == made["code"]
    with pytest.raises(CannotSend, match="not valid"):
        accept_invite(world, made["code"], world.add_user("frank"))


async def test_who_is_banned_does_not_join_by_an_invite(desk: Desk, invites: str) -> None:
    made, dave = await desk.ask("POST", invites, {}), desk.sandbox.world.add_user("dave")
    await desk.ask("PUT", f"bans/{dave.id}")
    with pytest.raises(CannotSend, match="dave is banned"):
        accept_invite(desk.sandbox.world, made["code"], dave)
    assert (await desk.ask("GET", "invites"))[0]["uses"] == 0


async def test_nobody_joins_while_invites_are_paused(desk: Desk, invites: str) -> None:
    made, dave = await desk.ask("POST", invites, {}), desk.sandbox.world.add_user("dave")
    await desk.ask("PATCH", "", {"features": ["INVITES_DISABLED"]})
    with pytest.raises(CannotSend, match="paused its invites"):
        accept_invite(desk.sandbox.world, made["code"], dave)
    await desk.ask("PATCH", "", {"features": []})
    assert accept_invite(desk.sandbox.world, made["code"], dave).user is dave


async def test_an_invite_is_revoked_told_and_noted(desk: Desk, invites: str) -> None:
    made = await desk.ask("POST", invites, {})
    assert (await desk.ask("DELETE", f"/invites/{made['code']}"))["code"] == made["code"]
    assert desk.last("INVITE_DELETE")["channel_id"] == made["channel"]["id"]
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)["code"]) == (42, (made["code"], None))
    assert await desk.refused("DELETE", f"/invites/{made['code']}") == (404, 10006)


async def test_invites_take_permissions(desk: Desk, invites: str) -> None:
    made = await desk.ask("POST", invites, {})
    desk.without(P.CREATE_INSTANT_INVITE, P.MANAGE_CHANNELS)
    assert await desk.refused("POST", invites, {}) == (403, 50013)
    assert await desk.refused("GET", invites) == (403, 50013)
    assert await desk.status("GET", "invites") == 200
    desk.without(P.MANAGE_CHANNELS, P.MANAGE_GUILD)
    assert "uses" not in (await desk.ask("GET", "invites"))[0]
    assert await desk.refused("DELETE", f"/invites/{made['code']}") == (403, 50013)
    desk.without(P.MANAGE_GUILD, P.VIEW_AUDIT_LOG)
    assert await desk.refused("GET", "invites") == (403, 50013)


async def test_bad_invites_are_refused(desk: Desk, invites: str) -> None:
    assert await desk.form_error(invites, {"max_uses": 101}, "max_uses") == "NUMBER_TYPE_MAX"
    assert await desk.form_error(invites, {"max_age": -1}, "max_age") == "NUMBER_TYPE_MIN"
    assert await desk.refused("POST", invites, {"role_ids": ["5"]}) == (404, 10011)
    group = desk.sandbox.world.add_channel(desk.guild, "Group", ChannelKind.CATEGORY)
    assert await desk.refused("POST", f"/channels/{group.id}/invites", {}) == (400, 50024)


async def test_a_guild_has_a_thousand_invites_at_most(desk: Desk, invites: str) -> None:
    made = await desk.ask("POST", invites, {})
    one = desk.guild.invites[made["code"]]
    for number in range(999):
        desk.guild.invites[f"code{number}"] = one
    assert await desk.refused("POST", invites, {"unique": True}) == (400, 30016)
