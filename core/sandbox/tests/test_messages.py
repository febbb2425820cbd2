"""Messages: what may be sent, answered, forwarded, edited and deleted, and what Discord says to the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Permission, Sandbox
from chandelier_sandbox.records import ChannelKind, Message, MessageKind, Sticker

from .guild_steps import Desk


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


# Flags


async def test_flags_that_nobody_may_set_are_ignored(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, {"content": "x", "flags": 1 << 12 | 1 << 6 | 1 << 0 | 1 << 30})
    assert sent["flags"] == 1 << 12


async def test_suppressed_embeds_are_hidden_until_they_are_shown_again(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, {"content": "x", "embeds": [{"title": "t"}], "flags": 4})
    assert (sent["flags"], sent["embeds"]) == (4, [])
    shown = await desk.ask("PATCH", f"{general}/{sent['id']}", {"flags": 0})
    assert (shown["flags"], shown["embeds"][0]["title"]) == (0, "t")


async def test_components_v2_leave_no_room_for_content_and_embeds(desk: Desk, general: str) -> None:
    components = [{"type": 10, "content": "Text"}]
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    both = {"flags": 1 << 15, "components": components, "content": "x", "embeds": [{"title": "t"}]}
    assert await desk.form_error(general, both, "content") == code
    assert await desk.form_error(general, both, "embeds") == code
    sent = await desk.ask("POST", general, {"flags": 1 << 15, "components": components})
    path = f"{general}/{sent['id']}"
    assert await desk.form_error(path, {"content": "x"}, "content", method="PATCH") == code
    assert (await desk.ask("PATCH", path, {"flags": 0}))["flags"] == 1 << 15


async def test_speech_takes_a_permission_of_its_own(desk: Desk, general: str) -> None:
    assert (await desk.ask("POST", general, {"content": "x", "tts": True}))["tts"] is True
    desk.without(Permission.SEND_TTS_MESSAGES)
    assert await desk.refused("POST", general, {"content": "x", "tts": True}) == (403, 50013)


# Replies and forwards


async def test_a_reply_shows_what_it_answers_and_mentions_its_author(desk: Desk, general: str) -> None:
    asked = desk.sandbox.member("bob").post("Well?")
    sent = await desk.ask("POST", general, {"content": "Yes.", "message_reference": {"message_id": str(asked)}})
    assert (sent["type"], sent["referenced_message"]["content"]) == (19, "Well?")
    assert [user["username"] for user in sent["mentions"]] == ["bob"]
    quiet = {"content": "No.", "message_reference": {"message_id": asked}, "allowed_mentions": {"replied_user": False}}
    assert (await desk.ask("POST", general, quiet))["mentions"] == []
    desk.sandbox.member("bob").delete(asked)
    assert (await desk.ask("GET", f"{general}/{sent['id']}"))["referenced_message"] is None


async def test_a_reply_to_nothing_fails_unless_it_may_not(desk: Desk, general: str) -> None:
    body = {"content": "x", "message_reference": {"message_id": "5"}}
    assert await desk.form_error(general, body, "message_reference") == "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
    body["message_reference"] |= {"fail_if_not_exists": False}  # type: ignore[operator]
    assert (await desk.ask("POST", general, body))["type"] == 0


async def test_a_reply_stays_in_its_channel(desk: Desk, general: str) -> None:
    random = desk.guild.channel("random")
    elsewhere = desk.sandbox.member("bob", channel="random").post("There")
    about = {"message_id": str(elsewhere), "channel_id": str(random.id)}
    code = await desk.form_error(general, {"content": "x", "message_reference": about}, "message_reference")
    assert code == "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL"


async def test_nobody_replies_to_a_system_message(desk: Desk, general: str) -> None:
    notice = system_message(desk, MessageKind.PINNED)
    about = {"content": "x", "message_reference": {"message_id": str(notice.id)}}
    assert await desk.form_error(general, about, "message_reference") == "REPLIES_CANNOT_REFERENCE_SYSTEM_MESSAGE"


async def test_a_reply_takes_the_message_history(desk: Desk, general: str) -> None:
    asked = desk.sandbox.member("bob").post("Well?")
    desk.without(Permission.READ_MESSAGE_HISTORY)
    body = {"content": "x", "message_reference": {"message_id": str(asked)}}
    assert await desk.refused("POST", general, body) == (403, 160002)


async def test_a_forward_carries_a_snapshot(desk: Desk, general: str) -> None:
    random = desk.guild.channel("random")
    said = desk.sandbox.member("bob", channel="random").post("News!")
    about = {"type": 1, "message_id": str(said), "channel_id": str(random.id)}
    sent = await desk.ask("POST", general, {"message_reference": about})
    assert (sent["content"], sent["flags"], sent["message_reference"]["type"]) == ("", 1 << 14, 1)
    assert sent["message_snapshots"][0]["message"]["content"] == "News!"
    assert "referenced_message" not in sent
    assert await desk.refused("POST", general, {"content": "x", "message_reference": about}) == (400, 160011)
    del about["channel_id"]
    assert await desk.form_error(general, {"message_reference": about}, "message_reference", "channel_id")


async def test_a_forward_is_of_what_can_be_read(desk: Desk, general: str) -> None:
    random = desk.guild.channel("random")
    said = desk.sandbox.member("bob", channel="random").post("News!")
    about = {"type": 1, "message_id": str(said), "channel_id": str(random.id)}
    assert await desk.refused("POST", general, {"message_reference": about | {"channel_id": "5"}}) == (403, 160014)
    unknown = {"message_reference": about | {"message_id": "5"}}
    assert await desk.form_error(general, unknown, "message_reference") == "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
    notice = system_message(desk, MessageKind.PINNED)
    system = about | {"message_id": str(notice.id), "channel_id": str(notice.channel_id)}
    assert await desk.refused("POST", general, {"message_reference": system}) == (400, 160012)
    desk.without(Permission.READ_MESSAGE_HISTORY)
    assert await desk.refused("POST", general, {"message_reference": about}) == (403, 160009)


def system_message(desk: Desk, kind: MessageKind) -> Message:
    channel, world = desk.guild.channel("general"), desk.sandbox.world
    author = world.users[desk.sandbox.member("bob").id]
    message = Message(world.snowflakes.make(), channel.id, author, "", world.clock.now(), desk.guild.id, kind)
    return world.post(message)


# Mentions


@pytest.mark.parametrize("kind", ["users", "roles"])
async def test_mentions_are_parsed_or_listed_but_not_both(desk: Desk, general: str, kind: str) -> None:
    both = {"content": "x", "allowed_mentions": {"parse": [kind], kind: ["5"]}}
    assert await desk.form_error(general, both, "allowed_mentions") == "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
    many = {"content": "x", "allowed_mentions": {kind: [str(number) for number in range(1, 102)]}}
    assert await desk.form_error(general, many, "allowed_mentions", kind) == "BASE_TYPE_MAX_LENGTH"
    odd = {"content": "x", "allowed_mentions": {"parse": ["somebody"]}}
    assert await desk.form_error(general, odd, "allowed_mentions", "parse", "0") == "BASE_TYPE_CHOICES"


async def test_everyone_is_mentioned_by_permission(desk: Desk, general: str) -> None:
    assert (await desk.ask("POST", general, {"content": "@everyone"}))["mention_everyone"] is True
    desk.without(Permission.MENTION_EVERYONE)
    assert (await desk.ask("POST", general, {"content": "@everyone"}))["mention_everyone"] is False


# Stickers


async def test_stickers_are_those_of_the_server(desk: Desk, general: str) -> None:
    creator = desk.sandbox.world.users[desk.sandbox.member("alice").id]
    desk.guild.stickers[9] = Sticker(9, "wave", "hello", "", creator)
    sent = await desk.ask("POST", general, {"sticker_ids": ["9"]})
    assert sent["sticker_items"] == [{"id": "9", "name": "wave", "format_type": 1}]
    assert await desk.refused("POST", general, {"sticker_ids": ["5"]}) == (400, 50081)
    many = {"sticker_ids": ["5"] * 4}
    assert await desk.form_error(general, many, "sticker_ids") == "BASE_TYPE_MAX_LENGTH"


# Where messages are


async def test_channels_of_some_kinds_hold_no_messages(desk: Desk) -> None:
    world = desk.sandbox.world
    for kind, refusal in ((ChannelKind.CATEGORY, (400, 50008)), (ChannelKind.FORUM, (400, 40058))):
        channel = world.add_channel(desk.guild, kind.name.lower(), kind)
        assert await desk.refused("POST", f"/channels/{channel.id}/messages", {"content": "x"}) == refusal
    voice = world.add_channel(desk.guild, "voice", ChannelKind.VOICE)
    await desk.ask("POST", f"/channels/{voice.id}/messages", {"content": "x"})


async def test_direct_messages_reach_who_takes_them(desk: Desk) -> None:
    bob = desk.sandbox.world.users[desk.sandbox.member("bob").id]
    path = f"/channels/{desk.sandbox.world.direct_channel(bob).id}/messages"
    await desk.ask("POST", path, {"content": "psst"})
    bob.accepts_dms = False
    assert await desk.refused("POST", path, {"content": "psst"}) == (403, 50007)
    other = desk.sandbox.world.add_user("robot", bot=True)
    path = f"/channels/{desk.sandbox.world.direct_channel(other).id}/messages"
    assert await desk.refused("POST", path, {"content": "psst"}) == (403, 50007)


async def test_slow_mode_slows_people_but_no_bot(desk: Desk, general: str) -> None:
    desk.guild.channel("general").slowmode_s = 30
    bob = desk.sandbox.member("bob")
    bob.post("one")
    with pytest.raises(CannotSend, match="slow mode"):
        bob.post("two")
    desk.sandbox.clock.advance(31)
    bob.post("two")
    await desk.ask("POST", general, {"content": "one"})
    await desk.ask("POST", general, {"content": "two"})
    carol = desk.sandbox.member("carol", permissions=["BYPASS_SLOWMODE"])
    carol.post("one")
    carol.post("two")


# Editing and deleting


async def test_only_own_messages_are_edited(desk: Desk, general: str) -> None:
    path = f"{general}/{desk.sandbox.member('bob').post('https://example.com')}"
    assert await desk.refused("PATCH", path, {"content": "x"}) == (403, 50005)
    assert await desk.refused("PATCH", path, {"content": "x", "flags": 4}) == (403, 50005)
    assert (await desk.ask("PATCH", path, {"flags": 4}))["flags"] == 4
    desk.without(Permission.MANAGE_MESSAGES)
    assert await desk.refused("PATCH", path, {"flags": 0}) == (403, 50013)


async def test_an_edit_that_is_refused_changes_nothing(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, {"content": "one"})
    path = f"{general}/{sent['id']}"
    assert await desk.refused("PATCH", path, {"content": ""}) == (400, 50006)
    assert await desk.form_error(path, {"content": "x" * 2001}, "content", method="PATCH") == "BASE_TYPE_MAX_LENGTH"
    assert (await desk.ask("GET", path))["content"] == "one"


async def test_an_edit_leaves_what_it_does_not_name(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, {"content": "one", "embeds": [{"title": "t"}]})
    edited = await desk.ask("PATCH", f"{general}/{sent['id']}", {"content": "two"})
    assert (edited["content"], edited["embeds"][0]["title"]) == ("two", "t")
    edited = await desk.ask("PATCH", f"{general}/{sent['id']}", {"embeds": []})
    assert (edited["content"], edited["embeds"]) == ("two", [])


async def test_old_messages_are_not_edited_all_the_time(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, {"content": "0"})
    path = f"{general}/{sent['id']}"
    desk.sandbox.clock.advance(3601)
    for number in range(20):
        await desk.ask("PATCH", path, {"content": str(number)})
    assert await desk.refused("PATCH", path, {"content": "x"}) == (429, 30046)
    desk.sandbox.clock.advance(61)
    await desk.ask("PATCH", path, {"content": "x"})


async def test_system_messages_are_left_alone(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("keep")
    await desk.ask("PUT", f"{general}/pins/{message}")
    notice = (await desk.ask("GET", general))[0]
    assert (notice["type"], notice["author"]["id"]) == (6, str(desk.sandbox.bot_id))
    assert await desk.refused("PATCH", f"{general}/{notice['id']}", {"content": "x"}) == (403, 50021)
    assert await desk.refused("PUT", f"{general}/pins/{notice['id']}") == (403, 50021)
    assert await desk.refused("POST", f"{general}/{notice['id']}/threads", {"name": "t"}) == (403, 50021)
    assert await desk.status("DELETE", f"{general}/{notice['id']}") == 204
    starter = system_message(desk, MessageKind.THREAD_STARTER)
    assert await desk.refused("DELETE", f"{general}/{starter.id}") == (403, 50021)


async def test_deleting_what_others_wrote_takes_a_permission_and_is_noted(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob")
    headers = {"X-Audit-Log-Reason": "rude"}
    assert await desk.status("DELETE", f"{general}/{bob.post('x')}", headers=headers) == 204
    entry = await desk.last_entry()
    channel = desk.guild.channel("general")
    assert (entry["action_type"], entry["target_id"], entry["reason"]) == (72, str(bob.id), "rude")
    assert entry["options"] == {"channel_id": str(channel.id), "count": "1"}
    message = bob.post("y")
    desk.without(Permission.MANAGE_MESSAGES)
    assert await desk.refused("DELETE", f"{general}/{message}") == (403, 50013)
    own = await desk.ask("POST", general, {"content": "mine"})
    assert await desk.status("DELETE", f"{general}/{own['id']}") == 204


async def test_bulk_deletion_has_limits_and_is_noted(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob")
    ids = [str(bob.post(str(number))) for number in range(3)]
    path = f"{general}/bulk-delete"
    assert await desk.refused("POST", path, {"messages": ids[:1]}) == (400, 50016)
    assert await desk.refused("POST", path, {"messages": [str(n) for n in range(101)]}) == (400, 50016)
    assert await desk.form_error(path, {"messages": [ids[0], ids[0]]}, "messages") == "BASE_TYPE_DUPLICATES"
    assert await desk.form_error(path, {}, "messages") == "BASE_TYPE_REQUIRED"
    desk.events.clear()
    assert await desk.status("POST", path, {"messages": [*ids, "5"]}) == 204
    assert desk.last("MESSAGE_DELETE_BULK")["ids"] == ids
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["options"]) == (73, {"count": "3"})
    old = str(bob.post("old"))
    desk.sandbox.clock.advance(timedelta(days=15).total_seconds())
    assert await desk.refused("POST", path, {"messages": [old, str(bob.post("new"))]}) == (400, 50034)
    desk.without(Permission.MANAGE_MESSAGES)
    assert await desk.refused("POST", path, {"messages": ids}) == (403, 50013)
    direct = desk.sandbox.world.direct_channel(desk.sandbox.world.users[bob.id]).id
    assert await desk.refused("POST", f"/channels/{direct}/messages/bulk-delete", {"messages": ids}) == (403, 50003)


async def test_every_event_about_a_message_names_its_channel(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob")
    desk.events.clear()
    message = bob.post("x")
    bob.edit(message, "y")
    bob.react(message, "👍")
    await desk.ask("DELETE", f"{general}/{message}/reactions")
    bob.delete(message)
    about: list[Mapping[str, Any]] = [event.payload for event in desk.events if event.name.startswith("MESSAGE_")]
    assert len(about) == 5
    assert {payload["channel_id"] for payload in about} == {str(desk.guild.channel("general").id)}


async def test_reading_a_message_takes_its_history(desk: Desk, general: str) -> None:
    message = desk.sandbox.member("bob").post("x")
    desk.without(Permission.READ_MESSAGE_HISTORY)
    assert await desk.ask("GET", general) == []
    assert await desk.refused("GET", f"{general}/{message}") == (403, 50013)


async def test_without_the_privileged_intent_what_others_say_is_withheld(desk: Desk, general: str) -> None:
    bob = desk.sandbox.member("bob")
    message = bob.post("secret")
    desk.sandbox.privileged_intents &= ~type(desk.sandbox.privileged_intents).MESSAGE_CONTENT
    assert (await desk.ask("GET", f"{general}/{message}"))["content"] == ""
    own = await desk.ask("POST", general, {"content": "mine"})
    named = bob.post(f"for <@{desk.sandbox.bot_id}>")
    assert (await desk.ask("GET", f"{general}/{own['id']}"))["content"] == "mine"
    assert (await desk.ask("GET", f"{general}/{named}"))["content"].startswith("for")


async def test_a_search_finds_by_words_author_and_channel(desk: Desk) -> None:
    bob, carol = desk.sandbox.member("bob"), desk.sandbox.member("carol", channel="random")
    bob.post("a red apple")
    carol.post("a red pear")
    carol.post("nothing")

    async def found(query: str) -> list[str]:
        answer = await desk.ask("GET", f"messages/search?{query}")
        assert answer["total_results"] == len(answer["messages"])
        return [one[0]["content"] for one in answer["messages"]]

    assert await found("content=RED") == ["a red pear", "a red apple"]
    assert await found(f"author_id={bob.id}") == ["a red apple"]
    assert await found(f"author_id={bob.id}&author_id={carol.id}&content=red") == ["a red pear", "a red apple"]
    assert await found(f"channel_id={carol.channel.id}&content=red") == ["a red pear"]
    assert await found("has=file") == []
