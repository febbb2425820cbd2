"""Members: found, changed, timed out, added and sent away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Permission
from chandelier_sandbox.changes import voice
from chandelier_sandbox.changes.roles import move_roles
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes

P = Permission


@pytest.fixture
def bob(desk: Desk) -> str:
    return f"members/{desk.sandbox.member('bob').id}"


async def test_members_are_listed_page_by_page(desk: Desk) -> None:
    ids = sorted(desk.guild.members)
    first = await desk.ask("GET", "members?limit=2")
    rest = await desk.ask("GET", f"members?limit=1000&after={first[-1]['user']['id']}")
    assert [int(one["user"]["id"]) for one in (*first, *rest)] == ids
    assert len(await desk.ask("GET", "members")) == 1
    assert await desk.status("GET", "members?limit=1001") == 400


async def test_the_list_of_members_takes_the_privileged_intent(desk: Desk) -> None:
    desk.sandbox._discord.gateway.privileged = Intent.MESSAGE_CONTENT
    assert await desk.refused("GET", "members") == (403, 50001)


async def test_members_are_searched_by_name_and_nickname(desk: Desk, bob: str) -> None:
    await desk.ask("PATCH", bob, {"nick": "Zorro"})
    for query in ("bo", "BO", "zor"):
        found = await desk.ask("GET", f"members/search?query={query}&limit=10")
        assert [one["user"]["username"] for one in found] == ["bob"]
    assert await desk.ask("GET", "members/search?query=nobody") == []
    assert await desk.status("GET", "members/search") == 400


async def test_a_user_who_is_not_here_is_10007_and_an_unknown_one_10013(desk: Desk) -> None:
    stranger = desk.sandbox.world.add_user("stranger")
    for method, body in (("GET", None), ("PATCH", {"nick": "x"}), ("DELETE", None)):
        assert await desk.refused(method, f"members/{stranger.id}", body) == (404, 10007)
        assert await desk.refused(method, "members/5", body) == (404, 10013)


async def test_a_nickname_is_set_told_noted_and_cleared(desk: Desk, bob: str) -> None:
    member = await desk.ask("PATCH", bob, {"nick": "Bobby"}, headers={"X-Audit-Log-Reason": "nicer"})
    assert member["nick"] == desk.last("GUILD_MEMBER_UPDATE")["nick"] == "Bobby"
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["reason"]) == (24, "nicer")
    assert changes(entry) == {"nick": (None, "Bobby")}
    assert (await desk.ask("PATCH", bob, {"nick": ""}))["nick"] is None
    assert await desk.form_error(bob, {"nick": "x" * 33}, "nick", method="PATCH") == "BASE_TYPE_MAX_LENGTH"
    desk.names()
    await desk.ask("PATCH", bob, {"nick": None})
    assert desk.names() == []


@pytest.mark.parametrize(
    ("permission", "body"),
    [
        (P.MANAGE_NICKNAMES, {"nick": "x"}),
        (P.MANAGE_ROLES, {"roles": []}),
        (P.MUTE_MEMBERS, {"mute": True}),
        (P.DEAFEN_MEMBERS, {"deaf": True}),
        (P.MOVE_MEMBERS, {"channel_id": None}),
        (P.MODERATE_MEMBERS, {"communication_disabled_until": None}),
        (P.MODERATE_MEMBERS, {"flags": 4}),
    ],
)
async def test_each_field_of_a_member_takes_its_permission(
    desk: Desk, bob: str, permission: Permission, body: Any
) -> None:
    desk.without(permission)
    assert await desk.refused("PATCH", bob, body) == (403, 50013)


async def test_roles_are_set_at_once_and_each_must_be_in_reach(desk: Desk, bob: str) -> None:
    roles = [desk.sandbox.world.add_role(desk.guild, name) for name in ("a", "b", "c")]
    await desk.ask("PATCH", bob, {"roles": [str(role.id) for role in roles[:2]]})
    desk.names()
    member = await desk.ask("PATCH", bob, {"roles": [str(role.id) for role in roles[1:]]})
    assert set(member["roles"]) == {str(role.id) for role in roles[1:]}
    assert desk.names() == ["GUILD_MEMBER_UPDATE"]
    entry = await desk.last_entry()
    assert entry["action_type"] == 25
    assert {key: new[0]["name"] for key, (_, new) in changes(entry).items()} == {"$add": "c", "$remove": "a"}
    move_roles(desk.sandbox.world, desk.guild, {roles[0].id: 9})
    assert await desk.refused("PATCH", bob, {"roles": [str(roles[0].id)]}) == (403, 50013)
    assert await desk.refused("PATCH", bob, {"roles": ["5"]}) == (404, 10011)
    assert set((await desk.ask("GET", bob))["roles"]) == {str(role.id) for role in roles[1:]}


async def test_who_stands_above_the_bot_is_left_alone(desk: Desk, bob: str) -> None:
    world, boss = desk.sandbox.world, desk.guild.person("bob")
    role = world.add_role(desk.guild, "Boss")
    move_roles(world, desk.guild, {role.id: 9})
    world.give_role(desk.guild, boss, role)
    owner = f"members/{desk.sandbox.member('alice').id}"
    until = (desk.sandbox.clock.now() + timedelta(hours=1)).isoformat()
    for path in (bob, owner):
        assert await desk.refused("PATCH", path, {"nick": "x"}) == (403, 50013)
        assert await desk.refused("PATCH", path, {"communication_disabled_until": until}) == (403, 50013)
        assert await desk.refused("DELETE", path) == (403, 50013)
    world.take_role(desk.guild, boss, role)
    assert await desk.status("DELETE", bob) == 204


async def test_who_is_timed_out_is_silent_until_the_clock_says_so(desk: Desk, bob: str) -> None:
    until = (desk.sandbox.clock.now() + timedelta(minutes=10)).isoformat()
    member = await desk.ask("PATCH", bob, {"communication_disabled_until": until})
    assert member["communication_disabled_until"] == until
    assert changes(await desk.last_entry()) == {"communication_disabled_until": (None, until)}
    person = desk.sandbox.member("bob")
    with pytest.raises(CannotSend):
        person.post("hello")
    desk.sandbox.clock.advance(599)
    with pytest.raises(CannotSend):
        person.post("hello")
    desk.sandbox.clock.advance(2)
    person.post("hello")


async def test_a_time_out_ends_within_28_days_and_spares_administrators(desk: Desk, bob: str) -> None:
    now = desk.sandbox.clock.now()
    late = {"communication_disabled_until": (now + timedelta(days=28, minutes=1)).isoformat()}
    field = "communication_disabled_until"
    assert await desk.form_error(bob, late, field, method="PATCH") == "MEMBER_TIMEOUT_TOO_LONG"
    assert await desk.form_error(bob, {field: "soon"}, field, method="PATCH") == "DATE_TIME_TYPE_PARSE"
    fine = {field: (now + timedelta(days=27)).isoformat()}
    assert await desk.status("PATCH", bob, fine) == 200
    desk.sandbox.member("bob", permissions=["ADMINISTRATOR"])
    assert await desk.refused("PATCH", bob, fine) == (403, 50013)


async def test_a_refused_change_leaves_no_trace(desk: Desk, bob: str) -> None:
    desk.names()
    assert await desk.refused("PATCH", bob, {"nick": "x", "mute": True}) == (400, 40032)
    assert (await desk.ask("GET", bob))["nick"] is None
    assert desk.names() == []


async def test_members_in_voice_are_muted_moved_and_disconnected(desk: Desk, bob: str) -> None:
    world, user_id = desk.sandbox.world, desk.sandbox.member("bob").id
    one, two = [world.add_channel(desk.guild, name, ChannelKind.VOICE) for name in ("one", "two")]
    voice.join(world, desk.guild, user_id, one)
    member = await desk.ask("PATCH", bob, {"mute": True, "deaf": True})
    assert (member["mute"], member["deaf"]) == (True, True)
    assert desk.last("VOICE_STATE_UPDATE")["mute"] is True
    await desk.ask("PATCH", bob, {"channel_id": str(two.id)})
    assert desk.last("VOICE_STATE_UPDATE")["channel_id"] == str(two.id)
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["options"]) == (26, {"channel_id": str(two.id), "count": "1"})
    assert await desk.refused("PATCH", bob, {"channel_id": "5"}) == (404, 10003)
    general = str(desk.guild.channel("general").id)
    assert await desk.refused("PATCH", bob, {"channel_id": general}) == (400, 50024)
    await desk.ask("PATCH", bob, {"channel_id": None})
    assert desk.last("VOICE_STATE_UPDATE")["channel_id"] is None
    assert (await desk.last_entry())["action_type"] == 27


async def test_the_bot_names_itself(desk: Desk) -> None:
    assert (await desk.ask("PATCH", "members/@me", {"nick": "Botty"}))["nick"] == "Botty"
    assert desk.last("GUILD_MEMBER_UPDATE")["user"]["id"] == str(desk.sandbox.bot_id)
    assert await desk.status("PATCH", "members/@me", {"avatar": "data:nonsense"}) == 400
    desk.without(P.CHANGE_NICKNAME, P.MANAGE_NICKNAMES)
    assert await desk.refused("PATCH", "members/@me", {"nick": "x"}) == (403, 50013)


async def test_who_is_kicked_may_come_back(desk: Desk, bob: str) -> None:
    assert await desk.status("DELETE", bob, headers={"X-Audit-Log-Reason": "noise"}) == 204
    assert desk.last("GUILD_MEMBER_REMOVE")["user"]["username"] == "bob"
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["reason"]) == (20, "noise")
    assert await desk.refused("GET", bob) == (404, 10007)
    desk.sandbox.member("bob").post("back again")
    desk.without(P.KICK_MEMBERS)
    assert await desk.refused("DELETE", bob) == (403, 50013)


async def test_a_user_who_allowed_it_is_added(desk: Desk) -> None:
    dave = desk.sandbox.world.add_user("dave")
    issue = desk.sandbox._discord.oauth2.issue
    token, narrow = issue(dave, ("guilds.join",)).access, issue(dave, ("identify",)).access
    path = f"members/{dave.id}"
    assert await desk.refused("PUT", path, {"access_token": "made up"}) == (403, 50025)
    assert await desk.refused("PUT", path, {"access_token": narrow}) == (403, 50026)
    status, member, _ = await desk.rest("PUT", f"{desk.path}/{path}", {"access_token": token, "nick": "Davy"})
    assert (status, member["nick"]) == (201, "Davy")
    assert "GUILD_MEMBER_ADD" in desk.names()
    assert await desk.status("PUT", path, {"access_token": token}) == 204
    await desk.ask("PUT", f"bans/{dave.id}")
    assert await desk.refused("PUT", path, {"access_token": token}) == (403, 40007)
