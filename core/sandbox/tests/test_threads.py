"""Threads: started, spoken in, joined, archived, locked, listed and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Permission, Sandbox
from chandelier_sandbox.changes.threads import join
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}"


async def started(desk: Desk, general: str, **more: Any) -> str:
    """Start a public thread and return its path."""
    thread = await desk.ask("POST", f"{general}/threads", {"name": "Talk", "type": 11} | more)
    return f"/channels/{thread['id']}"


# Starting


async def test_a_thread_starts_at_a_message_and_takes_its_id(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("A question")
    desk.events.clear()
    status, thread, _ = await desk.rest("POST", f"{general}/messages/{message}/threads", {"name": "Answers"})
    assert (status, thread["id"], thread["type"]) == (201, str(message), 11)
    assert (thread["owner_id"], thread["member"]["user_id"]) == (str(desk.sandbox.bot_id),) * 2
    told = desk.last("THREAD_CREATE")
    assert (told["newly_created"], told["parent_id"]) == (True, general.rsplit("/", 1)[1])
    assert desk.last("MESSAGE_UPDATE")["flags"] == 1 << 5
    starter = desk.last("MESSAGE_CREATE")
    assert (starter["type"], starter["channel_id"]) == (21, str(message))
    assert starter["referenced_message"]["content"] == "A question"
    assert (await desk.ask("GET", f"{general}/messages/{message}"))["thread"]["name"] == "Answers"
    assert (await desk.last_entry())["action_type"] == 110
    again = await desk.refused("POST", f"{general}/messages/{message}/threads", {"name": "More"})
    assert again == (400, 160004)


async def test_a_thread_without_a_message_is_announced_in_its_channel(desk: Desk, general: str) -> None:
    status, thread, _ = await desk.rest("POST", f"{general}/threads", {"name": "Talk", "type": 11})
    assert (status, thread["thread_metadata"]["auto_archive_duration"]) == (201, 4320)
    notice = (await desk.ask("GET", f"{general}/messages"))[0]
    assert (notice["type"], notice["content"]) == (18, "Talk")
    assert notice["message_reference"]["channel_id"] == thread["id"]


async def test_a_thread_is_private_unless_said_otherwise(desk: Desk, general: str) -> None:
    thread = await desk.ask("POST", f"{general}/threads", {"name": "Hush", "invitable": False})
    assert (thread["type"], thread["thread_metadata"]["invitable"]) == (12, False)
    assert await desk.ask("GET", f"{general}/messages") == []


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "BASE_TYPE_REQUIRED"),
        ({"name": ""}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"name": "x" * 101}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"name": "x", "auto_archive_duration": 61}, "auto_archive_duration", "BASE_TYPE_CHOICES"),
        ({"name": "x", "rate_limit_per_user": 21601}, "rate_limit_per_user", "NUMBER_TYPE_MAX"),
        ({"name": "x", "type": 0}, "type", "BASE_TYPE_CHOICES"),
    ],
)
async def test_a_thread_has_limits(desk: Desk, general: str, body: Any, field: str, code: str) -> None:
    assert await desk.form_error(f"{general}/threads", body, field) == code


async def test_threads_are_of_the_kind_of_their_channel(desk: Desk, general: str) -> None:
    news = desk.sandbox.world.add_channel(desk.guild, "news", ChannelKind.ANNOUNCEMENT)
    assert (await desk.ask("POST", f"/channels/{news.id}/threads", {"name": "x", "type": 10}))["type"] == 10
    for kind in (11, 12):
        refused = await desk.refused("POST", f"/channels/{news.id}/threads", {"name": "x", "type": kind})
        assert refused == (400, 50024)
    assert await desk.refused("POST", f"{general}/threads", {"name": "x", "type": 10}) == (400, 50024)
    voice = desk.sandbox.world.add_channel(desk.guild, "voice", ChannelKind.VOICE)
    assert await desk.refused("POST", f"/channels/{voice.id}/threads", {"name": "x"}) == (400, 50024)
    assert await desk.refused("POST", f"{await started(desk, general)}/threads", {"name": "x"}) == (400, 50024)


async def test_to_start_threads_takes_permissions(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("x")
    desk.without(Permission.CREATE_PUBLIC_THREADS)
    assert await desk.refused("POST", f"{general}/threads", {"name": "x", "type": 11}) == (403, 50013)
    assert await desk.refused("POST", f"{general}/messages/{message}/threads", {"name": "x"}) == (403, 50013)
    assert await desk.status("POST", f"{general}/threads", {"name": "x", "type": 12}) == 201
    desk.without(Permission.CREATE_PRIVATE_THREADS)
    assert await desk.refused("POST", f"{general}/threads", {"name": "x", "type": 12}) == (403, 50013)


async def test_a_server_has_at_most_a_thousand_active_threads(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    one = desk.guild.threads[int(path.rsplit("/", 1)[1])]
    for number in range(999):
        desk.guild.threads[number] = one
    assert await desk.refused("POST", f"{general}/threads", {"name": "x", "type": 11}) == (400, 160006)


# Speaking


async def test_messages_count_and_who_speaks_joins(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    bob = desk.sandbox.member("bob", channel=int(path.rsplit("/", 1)[1]))
    desk.events.clear()
    message = bob.post("Hello")
    told = desk.last("THREAD_MEMBERS_UPDATE")
    assert (told["member_count"], told["added_members"][0]["user_id"]) == (2, str(bob.id))
    await desk.ask("POST", f"{path}/messages", {"content": "Hello"})
    bob.delete(message)
    thread = await desk.ask("GET", path)
    assert (thread["message_count"], thread["total_message_sent"], thread["member_count"]) == (1, 2, 2)


async def test_to_speak_in_threads_takes_a_permission_of_its_own(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    desk.without(Permission.SEND_MESSAGES)
    assert await desk.status("POST", f"{path}/messages", {"content": "x"}) == 200
    desk.without(Permission.SEND_MESSAGES_IN_THREADS)
    assert await desk.refused("POST", f"{path}/messages", {"content": "x"}) == (403, 50013)
    assert await desk.status("POST", f"{general}/messages", {"content": "x"}) == 200
    with pytest.raises(CannotSend, match="may not send messages"):
        desk.sandbox.member("bob", channel=int(path.rsplit("/", 1)[1])).post("x")


async def test_a_message_reopens_an_archived_thread(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    await desk.ask("PATCH", path, {"archived": True})
    desk.names()
    await desk.ask("POST", f"{path}/messages", {"content": "x"})
    assert desk.names() == ["THREAD_UPDATE", "MESSAGE_CREATE"]
    assert (await desk.ask("GET", path))["thread_metadata"]["archived"] is False


async def test_a_locked_thread_is_for_who_manages_threads(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    await desk.ask("PATCH", path, {"archived": True, "locked": True})
    desk.without(Permission.MANAGE_THREADS)
    assert await desk.refused("POST", f"{path}/messages", {"content": "x"}) == (400, 160005)
    assert await desk.refused("PATCH", path, {"archived": False}) == (400, 160005)


async def test_what_is_in_an_archived_thread_stays_as_it_is(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    sent = await desk.ask("POST", f"{path}/messages", {"content": "x"})
    message = f"{path}/messages/{sent['id']}"
    await desk.ask("PATCH", path, {"archived": True})
    for method, place, body in (
        ("PATCH", message, {"content": "y"}),
        ("DELETE", message, None),
        ("PUT", f"{message}/reactions/%F0%9F%91%8D/@me", None),
        ("PUT", f"{path}/messages/pins/{sent['id']}", None),
        ("PUT", f"{path}/thread-members/{desk.sandbox.member('bob').id}", None),
        ("PUT", f"{path}/thread-members/@me", None),
        ("DELETE", f"{path}/thread-members/@me", None),
        ("PATCH", path, {"name": "y"}),
    ):
        assert await desk.refused(method, place, body) == (400, 50083), (method, place)
    assert (await desk.ask("PATCH", path, {"name": "y", "archived": False}))["name"] == "y"


# Changing


async def test_a_change_is_told_and_noted(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    desk.names()
    body = {"name": "Other", "rate_limit_per_user": 10, "auto_archive_duration": 60, "locked": True}
    thread = await desk.ask("PATCH", path, body)
    assert (thread["name"], thread["rate_limit_per_user"]) == ("Other", 10)
    assert thread["thread_metadata"]["auto_archive_duration"] == 60
    assert desk.names() == ["THREAD_UPDATE"]
    entry = await desk.last_entry()
    assert entry["action_type"] == 111
    assert changes(entry)["name"] == ("Talk", "Other")
    assert changes(entry)["locked"] == (False, True)
    await desk.ask("PATCH", path, {"name": "Other"})
    assert desk.names() == []


async def test_what_is_null_stays_as_it_is(desk: Desk, general: str) -> None:
    path = await started(desk, general, type=12)
    await desk.ask("PATCH", path, {"locked": "true"})
    thread = await desk.ask("PATCH", path, {"locked": None, "invitable": None, "archived": None, "name": None})
    facts = thread["thread_metadata"]
    assert (facts["locked"], facts["invitable"], facts["archived"], thread["name"]) == (True, True, False, "Talk")


async def test_the_owner_may_change_most_and_others_nothing(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    desk.without(Permission.MANAGE_THREADS)
    assert (await desk.ask("PATCH", path, {"name": "Mine"}))["name"] == "Mine"
    for body in ({"locked": True}, {"rate_limit_per_user": 5}):
        assert await desk.refused("PATCH", path, body) == (403, 50013)
    thread = desk.guild.threads[int(path.rsplit("/", 1)[1])]
    assert thread.thread is not None
    thread.thread.owner_id = desk.sandbox.member("bob").id
    assert await desk.refused("PATCH", path, {"name": "Yours"}) == (403, 50013)
    assert await desk.refused("PATCH", path, {"archived": True}) == (403, 50013)
    assert await desk.refused("DELETE", path) == (403, 50013)
    thread.thread.archived = True
    assert (await desk.ask("PATCH", path, {"archived": False}))["thread_metadata"]["archived"] is False


async def test_what_belongs_to_other_threads_is_50024(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    for body in ({"invitable": False}, {"applied_tags": []}, {"flags": 2}):
        assert await desk.refused("PATCH", path, body) == (400, 50024)


async def test_a_deleted_thread_is_gone(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("A question")
    await desk.ask("POST", f"{general}/messages/{message}/threads", {"name": "Answers"})
    assert (await desk.ask("DELETE", f"/channels/{message}"))["id"] == str(message)
    told = desk.last("THREAD_DELETE")
    assert told == {"id": str(message), "guild_id": str(desk.guild.id), "parent_id": general[10:], "type": 11}
    assert await desk.refused("GET", f"/channels/{message}") == (404, 10003)
    assert "thread" not in await desk.ask("GET", f"{general}/messages/{message}")
    assert (await desk.last_entry())["action_type"] == 112


async def test_a_quiet_thread_is_archived_by_the_clock(desk: Desk, general: str) -> None:
    path = await started(desk, general, auto_archive_duration=60)
    desk.sandbox.clock.advance(3000)
    await desk.ask("POST", f"{path}/messages", {"content": "still here"})
    desk.sandbox.clock.advance(3000)
    assert (await desk.ask("GET", path))["thread_metadata"]["archived"] is False
    desk.names()
    desk.sandbox.clock.advance(700)
    assert desk.names() == ["THREAD_UPDATE"]
    assert (await desk.ask("GET", path))["thread_metadata"]["archived"] is True


# Members


async def test_members_come_and_go(desk: Desk, general: str) -> None:
    path, bob = await started(desk, general), desk.sandbox.member("bob")
    desk.events.clear()
    assert await desk.status("PUT", f"{path}/thread-members/{bob.id}") == 204
    assert desk.last("THREAD_MEMBERS_UPDATE")["added_members"][0]["member"]["user"]["username"] == "bob"
    assert await desk.status("PUT", f"{path}/thread-members/{bob.id}") == 204
    assert desk.names() == ["THREAD_MEMBERS_UPDATE"]
    ids = sorted([bob.id, desk.sandbox.bot_id])
    listed = await desk.ask("GET", f"{path}/thread-members")
    assert [int(one["user_id"]) for one in listed] == ids
    assert "member" not in listed[0]
    page = await desk.ask("GET", f"{path}/thread-members?with_member=true&limit=1&after={ids[0]}")
    assert [int(one["member"]["user"]["id"]) for one in page] == ids[1:]
    one = await desk.ask("GET", f"{path}/thread-members/{bob.id}?with_member=true")
    assert (one["user_id"], one["member"]["user"]["username"]) == (str(bob.id), "bob")
    assert await desk.status("DELETE", f"{path}/thread-members/{bob.id}") == 204
    assert desk.last("THREAD_MEMBERS_UPDATE")["removed_member_ids"] == [str(bob.id)]
    assert await desk.refused("GET", f"{path}/thread-members/{bob.id}") == (404, 10007)
    assert await desk.refused("GET", f"{general}/thread-members") == (400, 50024)


async def test_who_leaves_the_server_leaves_its_threads(desk: Desk, general: str) -> None:
    path, bob = await started(desk, general), desk.sandbox.member("bob")
    await desk.ask("PUT", f"{path}/thread-members/{bob.id}")
    desk.sandbox.world.remove_member(desk.guild, desk.sandbox.world.users[bob.id])
    assert (await desk.ask("GET", path))["member_count"] == 1
    assert await desk.refused("PUT", f"{path}/thread-members/{bob.id}") == (404, 10007)
    assert await desk.refused("PUT", f"{path}/thread-members/5") == (404, 10013)


async def test_the_bot_leaves_and_joins(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    assert await desk.status("DELETE", f"{path}/thread-members/@me") == 204
    assert "member" not in await desk.ask("GET", path)
    desk.names()
    assert await desk.status("PUT", f"{path}/thread-members/@me") == 204
    assert desk.names() == ["THREAD_MEMBERS_UPDATE", "THREAD_MEMBER_UPDATE"]


async def test_who_adds_the_bot_to_a_private_thread_shows_it_the_thread(desk: Desk, general: str) -> None:
    path = await started(desk, general, type=12)
    await desk.ask("DELETE", f"{path}/thread-members/@me")
    desk.events.clear()
    thread = desk.guild.threads[int(path.rsplit("/", 1)[1])]
    join(desk.sandbox.world, thread, desk.sandbox.world.bot)
    told = desk.last("THREAD_CREATE")
    assert (told["member"]["user_id"], "newly_created" in told) == (str(desk.sandbox.bot_id), False)


async def test_a_thread_has_at_most_a_thousand_members(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    facts = desk.guild.threads[int(path.rsplit("/", 1)[1])].thread
    assert facts is not None
    facts.members |= dict.fromkeys(range(1000), desk.sandbox.clock.now())
    assert await desk.refused("PUT", f"{path}/thread-members/{desk.sandbox.member('bob').id}") == (400, 30033)


async def test_removing_others_is_for_owners_of_private_threads_and_managers(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob").id
    public, private = await started(desk, general), await started(desk, general, type=12)
    for path in (public, private):
        await desk.ask("PUT", f"{path}/thread-members/{bob}")
    desk.without(Permission.MANAGE_THREADS)
    assert await desk.refused("DELETE", f"{public}/thread-members/{bob}") == (403, 50013)
    assert await desk.status("DELETE", f"{private}/thread-members/{bob}") == 204


async def test_the_list_of_members_takes_the_privileged_intent(desk: Desk, general: str) -> None:
    path = await started(desk, general)
    desk.sandbox.privileged_intents = type(desk.sandbox.privileged_intents)(0)
    assert await desk.refused("GET", f"{path}/thread-members") == (403, 50001)


async def test_a_private_thread_is_for_its_members_and_who_manages_threads(desk: Desk, general: str) -> None:
    path = await started(desk, general, type=12, invitable=False)
    thread = desk.guild.threads[int(path.rsplit("/", 1)[1])]
    assert thread.thread is not None
    bob = desk.sandbox.world.users[desk.sandbox.member("bob").id]
    assert desk.sandbox.world.permissions_in(thread, bob) == 0
    await desk.ask("PUT", f"{path}/thread-members/{bob.id}")
    assert desk.sandbox.world.permissions_in(thread, bob) & Permission.VIEW_CHANNEL
    thread.thread.owner_id = bob.id
    desk.without(Permission.MANAGE_THREADS)
    carol = desk.sandbox.member("carol").id
    assert await desk.refused("PUT", f"{path}/thread-members/{carol}") == (403, 50013)
    assert await desk.status("DELETE", f"{path}/thread-members/@me") == 204
    assert await desk.refused("GET", path) == (403, 50001)


# Lists


async def test_active_threads_are_listed_with_the_bots_memberships(desk: Desk, general: str) -> None:
    one, two = await started(desk, general), await started(desk, general)
    await desk.ask("DELETE", f"{one}/thread-members/@me")
    answer = await desk.ask("GET", "threads/active")
    assert [f"/channels/{thread['id']}" for thread in answer["threads"]] == [two, one]
    assert [f"/channels/{member['id']}" for member in answer["members"]] == [two]
    await desk.ask("PATCH", two, {"archived": True})
    assert len((await desk.ask("GET", "threads/active"))["threads"]) == 1


async def test_archived_threads_are_listed_page_by_page(desk: Desk, general: str) -> None:
    paths = []
    for _ in range(3):
        paths.insert(0, await started(desk, general))
        await desk.ask("PATCH", paths[0], {"archived": True})
        desk.sandbox.clock.advance(10)
    first = await desk.ask("GET", f"{general}/threads/archived/public?limit=2")
    assert ([f"/channels/{one['id']}" for one in first["threads"]], first["has_more"]) == (paths[:2], True)
    before = first["threads"][-1]["thread_metadata"]["archive_timestamp"].replace("+", "%2B")
    rest = await desk.ask("GET", f"{general}/threads/archived/public?before={before}")
    assert ([f"/channels/{one['id']}" for one in rest["threads"]], rest["has_more"]) == (paths[2:], False)
    assert (await desk.ask("GET", f"{general}/threads/archived/private"))["threads"] == []
    assert await desk.refused("GET", f"{general}/threads/archived/public?before=then") == (400, 50035)


async def test_private_threads_are_listed_for_managers_and_members(desk: Desk, general: str) -> None:
    own, left = await started(desk, general, type=12), await started(desk, general, type=12)
    await desk.ask("DELETE", f"{left}/thread-members/@me")
    for path in (own, left):
        await desk.ask("PATCH", path, {"archived": True})
    both = await desk.ask("GET", f"{general}/threads/archived/private")
    assert len(both["threads"]) == 2
    mine = await desk.ask("GET", f"{general}/users/@me/threads/archived/private")
    assert [f"/channels/{one['id']}" for one in mine["threads"]] == [own]
    older = await desk.ask("GET", f"{general}/users/@me/threads/archived/private?before={own[10:]}")
    assert older["threads"] == []
    desk.without(Permission.MANAGE_THREADS)
    assert await desk.refused("GET", f"{general}/threads/archived/private") == (403, 50013)
    assert await desk.status("GET", f"{general}/users/@me/threads/archived/private") == 200
