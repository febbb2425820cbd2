"""The audit log: what is written into it and how it is read."""

from __future__ import annotations

from chandelier_sandbox import Permission
from chandelier_sandbox.changes.audit import Action, By, note

from .guild_steps import FAIR, Desk


def write(desk: Desk, *targets: int, by: str = "alice", action: Action = Action.MEMBER_KICK) -> list[str]:
    """Let somebody leave entries; return their ids, oldest first."""
    person = desk.sandbox.world.add_user(by)
    for target in targets:
        note(desk.sandbox.world, desk.guild, By(person), action, target)
    return [str(entry.id) for entry in desk.guild.audit_log[-len(targets) :]]


async def ids(desk: Desk, query: str) -> list[str]:
    return [entry["id"] for entry in (await desk.ask("GET", f"audit-logs?{query}"))["audit_log_entries"]]


async def test_entries_come_newest_first_or_upwards_from_a_point(desk: Desk) -> None:
    written = write(desk, 1, 2, 3, 4)
    assert await ids(desk, "") == written[::-1]
    assert await ids(desk, "limit=2") == [written[3], written[2]]
    assert await ids(desk, f"before={written[2]}") == [written[1], written[0]]
    assert await ids(desk, f"after={written[0]}&limit=2") == written[1:3]
    assert await desk.status("GET", "audit-logs?limit=101") == 400


async def test_entries_are_found_by_actor_target_and_kind(desk: Desk) -> None:
    (kick,) = write(desk, 1)
    (ban,) = write(desk, 2, by="bob", action=Action.MEMBER_BAN_ADD)
    assert await ids(desk, f"user_id={desk.sandbox.member('bob').id}") == [ban]
    assert await ids(desk, "action_type=20") == [kick]
    assert await ids(desk, "target_id=2") == [ban]
    assert await ids(desk, "action_type=20&target_id=2") == []


async def test_whom_entries_name_is_described_with_them(desk: Desk) -> None:
    bob = desk.sandbox.member("bob").id
    write(desk, bob)
    answer = await desk.ask("GET", "audit-logs")
    assert {user["username"] for user in answer["users"]} == {"alice", "bob"}
    assert answer["audit_log_entries"][0]["target_id"] == str(bob)


async def test_webhooks_and_events_of_entries_are_described_with_them(desk: Desk) -> None:
    general = desk.guild.channel("general").id
    event = await desk.ask("POST", "scheduled-events", FAIR)
    webhook = await desk.ask("POST", f"/channels/{general}/webhooks", {"name": "Herald"})
    answer = await desk.ask("GET", "audit-logs")
    assert [one["id"] for one in answer["guild_scheduled_events"]] == [event["id"]]
    assert [one["id"] for one in answer["webhooks"]] == [webhook["id"]]


async def test_entries_are_kept_for_45_days_and_the_newest_thousand(desk: Desk) -> None:
    write(desk, 1)
    desk.sandbox.clock.advance(46 * 86_400)
    (young,) = write(desk, 2)
    assert await ids(desk, "") == [young]
    write(desk, *range(1200))
    assert len(desk.guild.audit_log) == 1000


async def test_each_entry_is_told(desk: Desk) -> None:
    (written,) = write(desk, 1)
    told = desk.last("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert (told["id"], told["guild_id"]) == (written, str(desk.guild.id))
    assert desk.events[-1].guild_id == desk.guild.id


async def test_the_audit_log_takes_its_permission(desk: Desk) -> None:
    desk.without(Permission.VIEW_AUDIT_LOG)
    assert await desk.refused("GET", "audit-logs") == (403, 50013)
