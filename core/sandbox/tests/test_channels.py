"""Channels: who may make, change, move and delete them, and what they allow."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Overwrite, Permission
from chandelier_sandbox.changes import voice
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes

P = Permission
_EVERY_KIND = {"id", "type", "flags", "guild_id", "name", "position", "parent_id", "permission_overwrites"}
_OF_TALK = {"nsfw", "rate_limit_per_user", "last_message_id"}
_OF_VOICE = _EVERY_KIND | _OF_TALK | {"bitrate", "user_limit", "rtc_region"}
_OF_POSTS = _EVERY_KIND | _OF_TALK | {"topic", "available_tags", "default_reaction_emoji", "default_sort_order"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (0, _EVERY_KIND | _OF_TALK | {"topic"}),
        (2, _OF_VOICE),
        (4, _EVERY_KIND),
        (5, _EVERY_KIND | _OF_TALK | {"topic"}),
        (13, _OF_VOICE),
        (15, _OF_POSTS | {"default_forum_layout"}),
        (16, _OF_POSTS),
    ],
)
async def test_a_channel_of_each_kind_has_the_fields_of_its_kind(desk: Desk, kind: int, fields: set[str]) -> None:
    channel = await desk.ask("POST", "channels", {"name": "New Place", "type": kind, "bitrate": 8000} | _tag())
    assert set(channel) == fields
    assert channel["name"] == ("New Place" if kind in (2, 4, 13) else "new-place")
    assert desk.last("CHANNEL_CREATE") == channel
    assert desk.events[0].guild_id == desk.guild.id
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"]) == (10, channel["id"])
    assert changes(entry)["type"] == (None, kind)


def _tag() -> dict[str, Any]:
    return {"available_tags": [{"name": "help", "emoji_name": "🔥", "moderated": True}]}


async def test_a_channel_is_changed_told_and_noted(desk: Desk) -> None:
    general = desk.guild.channel("general")
    body = {"name": "Main Hall", "topic": "Talk", "nsfw": True, "rate_limit_per_user": 5}
    changed = await desk.ask("PATCH", f"/channels/{general.id}", body)
    assert (changed["name"], changed["topic"], changed["nsfw"]) == ("main-hall", "Talk", True)
    assert desk.last("CHANNEL_UPDATE") == changed
    entry = await desk.last_entry()
    assert entry["action_type"] == 11
    assert changes(entry)["rate_limit_per_user"] == (0, 5)
    assert (await desk.ask("PATCH", f"/channels/{general.id}", {"topic": None}))["topic"] is None


async def test_text_becomes_news_and_nothing_else(desk: Desk) -> None:
    path = f"/channels/{desk.guild.channel('general').id}"
    assert (await desk.ask("PATCH", path, {"type": 5}))["type"] == 5
    assert (await desk.ask("PATCH", path, {"type": 0}))["type"] == 0
    assert await desk.form_error(path, {"type": 2}, "type", method="PATCH") == "CHANNEL_TYPE_INVALID"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "channels", {"name": "x"}),
        ("PATCH", "channels", [{"id": "1", "position": 1}]),
        ("PATCH", "/channels/{general}", {"name": "x"}),
        ("DELETE", "/channels/{general}", None),
    ],
)
async def test_channels_take_manage_channels(desk: Desk, method: str, path: str, body: Any) -> None:
    desk.without(P.MANAGE_CHANNELS)
    assert await desk.refused(method, path.format(general=desk.guild.channel("general").id), body) == (403, 50013)


async def test_overwrites_take_manage_roles(desk: Desk) -> None:
    general = desk.guild.channel("general")
    general.overwrites.append(Overwrite(desk.sandbox.bot_id, 1))
    desk.without(P.MANAGE_ROLES)
    overwrites = {"permission_overwrites": [{"id": str(desk.guild.id), "type": 0, "deny": "2048"}]}
    path = f"/channels/{general.id}"
    assert await desk.refused("PATCH", path, overwrites) == (403, 50013)
    assert await desk.refused("POST", "channels", {"name": "x"} | overwrites) == (403, 50013)
    assert await desk.refused("PUT", f"{path}/permissions/{desk.guild.id}", {"type": 0}) == (403, 50013)
    assert await desk.refused("DELETE", f"{path}/permissions/{desk.sandbox.bot_id}") == (403, 50013)


async def test_an_overwrite_is_set_and_forgotten(desk: Desk) -> None:
    general, role = desk.guild.channel("general"), desk.sandbox.world.add_role(desk.guild, "Helpers")
    path = f"/channels/{general.id}/permissions/{role.id}"
    assert await desk.status("PUT", path, {"type": 0, "allow": "1024", "deny": "2048"}) == 204
    expected = [{"id": str(role.id), "type": 0, "allow": "1024", "deny": "2048"}]
    assert desk.last("CHANNEL_UPDATE")["permission_overwrites"] == expected
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"]) == (13, str(general.id))
    assert entry["options"] == {"id": str(role.id), "type": "0", "role_name": "Helpers"}
    await desk.ask("PUT", path, {"type": 0, "allow": "0", "deny": "2048"})
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)) == (14, {"allow": ("1024", "0")})
    assert await desk.status("DELETE", path) == 204
    assert general.overwrites == []
    assert (await desk.last_entry())["action_type"] == 15
    assert await desk.refused("DELETE", path) == (404, 10009)
    assert await desk.refused("PUT", f"/channels/{general.id}/permissions/5", {"type": 0}) == (404, 10009)


async def test_an_overwrite_cannot_allow_what_the_bot_does_not_hold(desk: Desk) -> None:
    desk.without(P.BAN_MEMBERS)
    path = f"/channels/{desk.guild.channel('general').id}/permissions/{desk.guild.id}"
    assert await desk.refused("PUT", path, {"type": 0, "allow": str(int(P.BAN_MEMBERS))}) == (403, 50013)
    assert await desk.refused("PUT", path, {"type": 0, "deny": str(int(P.BAN_MEMBERS))}) == (403, 50013)
    assert await desk.status("PUT", path, {"type": 0, "deny": str(int(P.SEND_MESSAGES))}) == 204


async def test_children_outlive_their_category(desk: Desk) -> None:
    overwrites = [{"id": str(desk.guild.id), "type": 0, "allow": "0", "deny": "2048"}]
    group = await desk.ask("POST", "channels", {"name": "Group", "type": 4, "permission_overwrites": overwrites})
    child = await desk.ask("POST", "channels", {"name": "child", "parent_id": group["id"]})
    assert (child["parent_id"], child["permission_overwrites"]) == (group["id"], overwrites)
    desk.names()
    assert (await desk.ask("DELETE", f"/channels/{group['id']}"))["id"] == group["id"]
    assert (await desk.ask("GET", f"/channels/{child['id']}"))["parent_id"] is None
    assert desk.names() == ["CHANNEL_UPDATE", "CHANNEL_DELETE"]
    assert await desk.refused("GET", f"/channels/{group['id']}") == (404, 10003)


async def test_a_deleted_channel_takes_its_invites_and_its_duties_with_it(desk: Desk) -> None:
    general = desk.guild.channel("general")
    await desk.ask("PATCH", "", {"system_channel_id": str(general.id)})
    invite = await desk.ask("POST", f"/channels/{general.id}/invites", {})
    desk.names()
    await desk.ask("DELETE", f"/channels/{general.id}")
    assert desk.names() == ["CHANNEL_DELETE", "GUILD_UPDATE"]
    assert (await desk.ask("GET", ""))["system_channel_id"] is None
    assert await desk.refused("GET", f"/invites/{invite['code']}") == (404, 10006)
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)["name"]) == (12, ("general", None))


async def test_a_deleted_voice_channel_disconnects_who_is_in_it(desk: Desk) -> None:
    world, bob = desk.sandbox.world, desk.sandbox.member("bob").id
    channel = world.add_channel(desk.guild, "talk", ChannelKind.VOICE)
    voice.join(world, desk.guild, bob, channel)
    await desk.ask("DELETE", f"/channels/{channel.id}")
    assert desk.last("VOICE_STATE_UPDATE")["channel_id"] is None
    assert desk.guild.voice_states == {}


async def test_a_deleted_stage_channel_closes_its_stage(desk: Desk) -> None:
    channel = desk.sandbox.world.add_channel(desk.guild, "stage", ChannelKind.STAGE)
    await desk.ask("POST", "/stage-instances", {"channel_id": str(channel.id), "topic": "Song"})
    await desk.ask("DELETE", f"/channels/{channel.id}")
    assert desk.names()[-2:] == ["STAGE_INSTANCE_DELETE", "CHANNEL_DELETE"]
    assert desk.guild.stages == {}


async def test_channels_change_places(desk: Desk) -> None:
    general, random = desk.guild.channel("general"), desk.guild.channel("random")
    group = desk.sandbox.world.add_channel(desk.guild, "Group", ChannelKind.CATEGORY)
    body = [{"id": str(random.id), "position": 0}, {"id": str(general.id), "parent_id": str(group.id)}]
    assert await desk.status("PATCH", "channels", body) == 204
    assert (random.position, general.position, general.parent_id) == (0, 1, group.id)
    assert desk.names().count("CHANNEL_UPDATE") == 2
    assert await desk.refused("PATCH", "channels", [{"id": "5", "position": 0}]) == (404, 10003)
    wrong = [{"id": str(group.id), "parent_id": str(random.id)}]
    assert await desk.status("PATCH", "channels", wrong) == 400


async def test_a_channel_moved_under_a_category_may_take_its_overwrites(desk: Desk) -> None:
    general, random = desk.guild.channel("general"), desk.guild.channel("random")
    overwrites = [{"id": str(desk.guild.id), "type": 0, "allow": "0", "deny": "2048"}]
    group = await desk.ask("POST", "channels", {"name": "Group", "type": 4, "permission_overwrites": overwrites})
    rows = [
        {"id": str(general.id), "parent_id": group["id"], "lock_permissions": True},
        {"id": str(random.id), "parent_id": group["id"], "lock_permissions": False},
    ]
    await desk.ask("PATCH", "channels", rows)
    assert (await desk.ask("GET", f"/channels/{general.id}"))["permission_overwrites"] == overwrites
    assert (await desk.ask("GET", f"/channels/{random.id}"))["permission_overwrites"] == []


async def test_a_position_pushes_the_others_on(desk: Desk) -> None:
    first = await desk.ask("POST", "channels", {"name": "first", "position": 0})
    places = {one["name"]: one["position"] for one in await desk.ask("GET", "channels")}
    assert places == {"first": 0, "general": 1, "random": 2}
    await desk.ask("PATCH", f"/channels/{first['id']}", {"position": 2})
    places = {one["name"]: one["position"] for one in await desk.ask("GET", "channels")}
    assert places == {"general": 0, "random": 1, "first": 2}


async def test_a_parent_is_a_category_with_room(desk: Desk) -> None:
    general = desk.guild.channel("general")
    body = {"name": "x", "parent_id": str(general.id)}
    assert await desk.form_error("channels", body, "parent_id") == "CHANNEL_PARENT_INVALID_TYPE"
    assert await desk.form_error("channels", body | {"parent_id": "5"}, "parent_id") == "CHANNEL_PARENT_INVALID"
    group = desk.sandbox.world.add_channel(desk.guild, "Group", ChannelKind.CATEGORY)
    for number in range(50):
        desk.sandbox.world.add_channel(desk.guild, f"child-{number}").parent_id = group.id
    full = body | {"parent_id": str(group.id)}
    assert await desk.form_error("channels", full, "parent_id") == "CHANNEL_PARENT_MAX_CHANNELS"


async def test_a_guild_has_500_channels_at_most(desk: Desk) -> None:
    for number in range(50):
        desk.sandbox.world.add_channel(desk.guild, f"group {number}", ChannelKind.CATEGORY)
    assert await desk.refused("POST", "channels", {"name": "x", "type": 4}) == (400, 30030)
    while len(desk.guild.channels) < 500:
        desk.sandbox.world.add_channel(desk.guild, f"channel-{len(desk.guild.channels)}")
    assert await desk.refused("POST", "channels", {"name": "x"}) == (400, 30013)


async def test_bad_fields_of_channels_are_refused(desk: Desk) -> None:
    assert await desk.form_error("channels", {}, "name") == "BASE_TYPE_REQUIRED"
    assert await desk.form_error("channels", {"name": "x" * 101}, "name") == "BASE_TYPE_BAD_LENGTH"
    assert await desk.form_error("channels", {"name": "x", "type": 1}, "type") == "BASE_TYPE_CHOICES"
    assert await desk.form_error("channels", {"name": "x", "topic": "x" * 1025}, "topic") == "BASE_TYPE_MAX_LENGTH"
    slow = {"name": "x", "rate_limit_per_user": 21_601}
    assert await desk.form_error("channels", slow, "rate_limit_per_user") == "NUMBER_TYPE_MAX"
    crowd = {"name": "x", "type": 2, "user_limit": 100}
    assert await desk.form_error("channels", crowd, "user_limit") == "NUMBER_TYPE_MAX"
    assert await desk.refused("POST", "channels", {"name": "x", "type": 2, "bitrate": 128_000}) == (400, 30052)


async def test_tags_of_a_forum_keep_their_ids(desk: Desk) -> None:
    forum = await desk.ask("POST", "channels", {"name": "forum", "type": 15} | _tag())
    tag, path = forum["available_tags"][0], f"/channels/{forum['id']}"
    changed = await desk.ask("PATCH", path, {"available_tags": [tag | {"name": "helped"}, {"name": "new"}]})
    assert [one["name"] for one in changed["available_tags"]] == ["helped", "new"]
    assert changed["available_tags"][0]["id"] == tag["id"]
    twins = {"available_tags": [{"name": "a"}, {"name": "a"}]}
    assert await desk.refused("PATCH", path, twins) == (400, 40061)
    assert await desk.refused("PATCH", path, {"available_tags": [{"id": "5", "name": "a"}]}) == (404, 10087)
    many = {"available_tags": [{"name": str(number)} for number in range(21)]}
    assert await desk.form_error(path, many, "available_tags", method="PATCH") == "BASE_TYPE_MAX_LENGTH"
    emoji = {"emoji_name": "🔥", "emoji_id": None}
    body = {"flags": 16, "default_reaction_emoji": {"emoji_name": "🔥"}, "default_sort_order": 1}
    changed = await desk.ask("PATCH", path, body)
    assert (changed["flags"], changed["default_reaction_emoji"], changed["default_sort_order"]) == (16, emoji, 1)


async def test_channels_a_community_needs_stay(desk: Desk) -> None:
    general = desk.guild.channel("general")
    desk.guild.settings |= {"features": ["COMMUNITY"], "rules_channel_id": str(general.id)}
    assert await desk.refused("DELETE", f"/channels/{general.id}") == (403, 50074)


async def test_direct_messages_are_closed_but_not_changed(desk: Desk) -> None:
    opened = await desk.ask("POST", "/users/@me/channels", {"recipient_id": str(desk.sandbox.member("bob").id)})
    assert await desk.refused("PATCH", f"/channels/{opened['id']}", {"name": "x"}) == (403, 50003)
    assert (await desk.ask("DELETE", f"/channels/{opened['id']}"))["id"] == opened["id"]


async def test_a_hidden_channel_cannot_be_changed(desk: Desk) -> None:
    general = desk.guild.channel("general")
    general.overwrites.append(Overwrite(desk.guild.id, 0, deny=int(P.VIEW_CHANNEL)))
    assert await desk.refused("PATCH", f"/channels/{general.id}", {"name": "x"}) == (403, 50001)
