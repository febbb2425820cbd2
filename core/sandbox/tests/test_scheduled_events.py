"""Scheduled events and rules of auto moderation."""

from __future__ import annotations

from datetime import timedelta

from chandelier_sandbox import Permission
from chandelier_sandbox.changes.scheduled_events import add_interest, drop_interest
from chandelier_sandbox.records import ChannelKind

from .guild_steps import FAIR, Desk, changes

P = Permission
WORDS = {"name": "Words", "event_type": 1, "trigger_type": 1, "trigger_metadata": {"keyword_filter": ["bad"]}}
RULES = "auto-moderation/rules"


async def test_an_event_is_scheduled_told_and_noted(desk: Desk) -> None:
    event = await desk.ask("POST", "scheduled-events", FAIR)
    assert (event["status"], event["entity_metadata"]) == (1, {"location": "Market"})
    assert desk.last("GUILD_SCHEDULED_EVENT_CREATE")["id"] == event["id"]
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)["location"]) == (100, (None, "Market"))
    path = f"scheduled-events/{event['id']}"
    assert (await desk.ask("GET", f"{path}?with_user_count=true"))["user_count"] == 1
    assert (await desk.ask("PATCH", path, {"name": "Market Day"}))["name"] == "Market Day"
    assert (await desk.last_entry())["action_type"] == 101
    assert await desk.status("DELETE", path) == 204
    assert (await desk.last_entry())["action_type"] == 102
    assert desk.last("GUILD_SCHEDULED_EVENT_DELETE")["id"] == event["id"]
    assert await desk.refused("GET", path) == (404, 10070)


async def test_an_event_only_moves_on(desk: Desk) -> None:
    event = await desk.ask("POST", "scheduled-events", FAIR)
    path = f"scheduled-events/{event['id']}"
    assert await desk.form_error(path, {"status": 3}, "status", method="PATCH") == "TRANSITION_INVALID"
    assert (await desk.ask("PATCH", path, {"status": 2}))["status"] == 2
    assert await desk.form_error(path, {"status": 4}, "status", method="PATCH") == "TRANSITION_INVALID"
    assert (await desk.ask("PATCH", path, {"status": 3}))["status"] == 3
    assert await desk.refused("PATCH", path, {"name": "again"}) == (400, 180000)
    assert await desk.ask("GET", "scheduled-events") == []


async def test_an_event_takes_place_somewhere_and_in_the_future(desk: Desk) -> None:
    past = (desk.sandbox.clock.now() - timedelta(hours=1)).isoformat()
    path, start = "scheduled-events", "scheduled_start_time"
    assert await desk.form_error(path, FAIR | {start: past}, start) == "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"
    end = FAIR | {"scheduled_end_time": FAIR[start]}
    assert await desk.form_error(path, end, "scheduled_end_time") == "GUILD_SCHEDULED_EVENT_END_BEFORE_START"
    endless = FAIR | {"scheduled_end_time": None}
    assert await desk.form_error(path, endless, "scheduled_end_time") == "BASE_TYPE_REQUIRED"
    nowhere = FAIR | {"entity_metadata": None}
    assert await desk.form_error(path, nowhere, "entity_metadata", "location") == "BASE_TYPE_REQUIRED"
    assert await desk.form_error(path, FAIR | {"privacy_level": 1}, "privacy_level") == "BASE_TYPE_CHOICES"
    indoors = FAIR | {"entity_type": 2, "entity_metadata": None}
    assert await desk.form_error(path, indoors, "channel_id") == "BASE_TYPE_REQUIRED"
    assert await desk.refused("POST", path, indoors | {"channel_id": "5"}) == (404, 10003)
    text = indoors | {"channel_id": str(desk.guild.channel("general").id)}
    assert await desk.form_error(path, text, "channel_id") == "CHANNEL_INVALID"
    talk = desk.sandbox.world.add_channel(desk.guild, "talk", ChannelKind.VOICE)
    made = await desk.ask("POST", path, indoors | {"channel_id": str(talk.id)})
    assert (made["channel_id"], made["entity_metadata"]) == (str(talk.id), None)


async def test_members_are_interested_in_an_event(desk: Desk) -> None:
    made, world = await desk.ask("POST", "scheduled-events", FAIR), desk.sandbox.world
    event, bob = desk.guild.scheduled_events[int(made["id"])], desk.sandbox.member("bob").id
    add_interest(world, desk.guild, event, bob)
    assert desk.last("GUILD_SCHEDULED_EVENT_USER_ADD")["user_id"] == str(bob)
    path = f"scheduled-events/{made['id']}/users"
    listed = await desk.ask("GET", f"{path}?with_member=true")
    ids = [int(one["user"]["id"]) for one in listed]
    assert ids == sorted({bob, desk.sandbox.bot_id})
    assert all("member" in one for one in listed)
    assert [int(one["user_id"]) for one in await desk.ask("GET", f"{path}?after={ids[0]}")] == ids[1:]
    assert [int(one["user_id"]) for one in await desk.ask("GET", f"{path}?before={ids[1]}")] == ids[:1]
    assert (await desk.ask("GET", f"{path}/counts"))["guild_scheduled_event_count"] == 2
    drop_interest(world, desk.guild, event, bob)
    assert desk.last("GUILD_SCHEDULED_EVENT_USER_REMOVE")["user_id"] == str(bob)


async def test_events_take_permissions_but_their_maker_may_change_them(desk: Desk) -> None:
    made = await desk.ask("POST", "scheduled-events", FAIR)
    path = f"scheduled-events/{made['id']}"
    desk.without(P.MANAGE_EVENTS)
    assert await desk.status("PATCH", path, {"name": "own"}) == 200
    desk.guild.scheduled_events[int(made["id"])].creator = desk.sandbox.world.add_user("bob")
    assert await desk.refused("PATCH", path, {"name": "not own"}) == (403, 50013)
    assert await desk.refused("DELETE", path) == (403, 50013)
    desk.without(P.CREATE_EVENTS)
    assert await desk.refused("POST", "scheduled-events", FAIR) == (403, 50013)


async def test_a_guild_has_a_hundred_events_at_most(desk: Desk) -> None:
    made = await desk.ask("POST", "scheduled-events", FAIR)
    desk.guild.scheduled_events |= dict.fromkeys(range(99), desk.guild.scheduled_events[int(made["id"])])
    assert await desk.refused("POST", "scheduled-events", FAIR) == (400, 30038)


async def test_a_rule_is_made_changed_and_deleted(desk: Desk) -> None:
    rule = await desk.ask("POST", RULES, WORDS)
    assert rule["trigger_metadata"] == {"keyword_filter": ["bad"], "regex_patterns": [], "allow_list": []}
    assert desk.last("AUTO_MODERATION_RULE_CREATE") == rule
    path = f"{RULES}/{rule['id']}"
    assert (await desk.ask("PATCH", path, {"enabled": True}))["enabled"] is True
    assert (await desk.ask("GET", path))["name"] == "Words"
    assert len(await desk.ask("GET", RULES)) == 1
    assert await desk.status("DELETE", path) == 204
    kinds = [entry["action_type"] for entry in (await desk.ask("GET", "audit-logs"))["audit_log_entries"]]
    assert kinds == [142, 141, 140]
    assert await desk.status("GET", path) == 404


async def test_rules_are_limited_and_take_manage_guild(desk: Desk) -> None:
    spam = {"name": "Spam", "event_type": 1, "trigger_type": 3}
    await desk.ask("POST", RULES, spam)
    code = await desk.form_error(RULES, spam, "trigger_type")
    assert code == "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED"
    alert = WORDS | {"actions": [{"type": 2, "metadata": {"channel_id": "5"}}]}
    assert await desk.refused("POST", RULES, alert) == (404, 10003)
    assert await desk.form_error(RULES, WORDS | {"trigger_type": 2}, "trigger_type") == "BASE_TYPE_CHOICES"
    desk.without(P.MANAGE_GUILD)
    assert await desk.refused("GET", RULES) == (403, 50013)
    assert await desk.refused("POST", RULES, WORDS) == (403, 50013)
