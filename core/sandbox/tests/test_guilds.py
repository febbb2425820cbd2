"""The server itself: looked at and changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chandelier_sandbox import Permission
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes
from .requests_table import IMAGE

P = Permission


async def test_a_guild_is_described_with_counts_on_demand(desk: Desk) -> None:
    plain = await desk.ask("GET", "")
    assert "approximate_member_count" not in plain
    counted = await desk.ask("GET", "?with_counts=true")
    assert counted["approximate_member_count"] == len(desk.guild.members)
    assert await desk.refused("GET", "/guilds/5") == (404, 10004)


async def test_a_guild_is_changed_told_and_noted(desk: Desk) -> None:
    body = {"name": "Parlour", "description": "A place.", "verification_level": 2, "afk_timeout": 900}
    changed = await desk.ask("PATCH", "", body, headers={"X-Audit-Log-Reason": "spring"})
    assert {name: changed[name] for name in body} == body
    assert desk.last("GUILD_UPDATE")["name"] == desk.guild.name == "Parlour"
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"], entry["reason"]) == (1, str(desk.guild.id), "spring")
    assert changes(entry)["verification_level"] == (0, 2)
    assert (await desk.ask("PATCH", "", {"description": None}))["description"] is None


async def test_channels_with_a_duty_are_of_this_guild_and_the_right_kind(desk: Desk) -> None:
    general = str(desk.guild.channel("general").id)
    talk = str(desk.sandbox.world.add_channel(desk.guild, "talk", ChannelKind.VOICE).id)
    changed = await desk.ask("PATCH", "", {"system_channel_id": general, "afk_channel_id": talk})
    assert (changed["system_channel_id"], changed["afk_channel_id"]) == (general, talk)
    wrong = {"system_channel_id": talk, "rules_channel_id": "5"}
    assert await desk.form_error("", wrong, "system_channel_id", method="PATCH") == "CHANNEL_INVALID"
    assert await desk.form_error("", wrong, "rules_channel_id", method="PATCH") == "CHANNEL_INVALID"
    assert (await desk.ask("PATCH", "", {"system_channel_id": None}))["system_channel_id"] is None


async def test_newcomers_are_announced_in_the_system_channel(desk: Desk) -> None:
    general = desk.guild.channel("general")
    desk.sandbox.member("dave")
    assert desk.sandbox.world.messages[general.id] == {}
    await desk.ask("PATCH", "", {"system_channel_id": str(general.id)})
    desk.sandbox.member("erin")
    (message,) = await desk.ask("GET", f"/channels/{general.id}/messages")
    assert (message["type"], message["author"]["username"], message["content"]) == (7, "erin", "")
    await desk.ask("PATCH", "", {"system_channel_flags": 1})
    desk.sandbox.member("frank")
    assert len(await desk.ask("GET", f"/channels/{general.id}/messages")) == 1


async def test_bad_fields_of_guilds_are_50035(desk: Desk) -> None:
    assert await desk.form_error("", {"name": "x"}, "name", method="PATCH") == "BASE_TYPE_BAD_LENGTH"
    level = {"verification_level": 5}
    assert await desk.form_error("", level, "verification_level", method="PATCH") == "BASE_TYPE_CHOICES"
    assert await desk.form_error("", {"icon": "nonsense"}, "icon", method="PATCH") == "IMAGE_INVALID"


async def test_an_icon_is_kept_as_a_hash_and_a_banner_takes_boosts(desk: Desk) -> None:
    changed = await desk.ask("PATCH", "", {"icon": IMAGE})
    assert len(changed["icon"]) == 32
    assert await desk.refused("PATCH", "", {"banner": IMAGE}) == (400, 50101)
    desk.guild.settings["features"] = ["BANNER"]
    assert (await desk.ask("PATCH", "", {"banner": IMAGE}))["banner"]


async def test_a_guild_takes_manage_guild(desk: Desk) -> None:
    desk.without(P.MANAGE_GUILD)
    assert await desk.refused("PATCH", "", {"name": "Parlour"}) == (403, 50013)


async def test_a_community_takes_an_administrator_and_two_channels(desk: Desk) -> None:
    general = str(desk.guild.channel("general").id)
    assert await desk.refused("PATCH", "", {"features": ["COMMUNITY"]}) == (403, 50013)
    desk.sandbox.world.change_role(desk.guild, desk.own_role, int(P.ADMINISTRATOR))
    body: dict[str, Any] = {"features": ["COMMUNITY", "VERIFIED"]}
    assert await desk.form_error("", body, "rules_channel_id", method="PATCH") == "BASE_TYPE_REQUIRED"
    body |= {"rules_channel_id": general, "public_updates_channel_id": general}
    assert (await desk.ask("PATCH", "", body))["features"] == ["COMMUNITY"]


async def test_a_preview_counts_and_shows_expressions(desk: Desk) -> None:
    preview = await desk.ask("GET", "preview")
    assert preview["approximate_member_count"] == len(desk.guild.members)
    assert (preview["name"], preview["emojis"], preview["stickers"]) == (desk.guild.name, [], [])


async def test_a_bot_that_is_timed_out_may_only_look(desk: Desk) -> None:
    desk.guild.members[desk.sandbox.bot_id].muted_until = desk.sandbox.clock.now() + timedelta(minutes=1)
    assert await desk.refused("PATCH", "", {"name": "Parlour"}) == (403, 50013)
    desk.sandbox.clock.advance(61)
    assert await desk.status("PATCH", "", {"name": "Parlour"}) == 200
