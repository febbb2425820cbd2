"""Voice and stages: who is where, who may speak."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Channel, Permission
from chandelier_sandbox.changes import voice
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes

P = Permission


@pytest.fixture
def talk(desk: Desk) -> Channel:
    return desk.sandbox.world.add_channel(desk.guild, "talk", ChannelKind.VOICE)


@pytest.fixture
def stage(desk: Desk) -> Channel:
    return desk.sandbox.world.add_channel(desk.guild, "stage", ChannelKind.STAGE)


def enter(desk: Desk, channel: Channel, *people: int) -> None:
    for user_id in people:
        voice.join(desk.sandbox.world, desk.guild, user_id, channel)


async def test_who_joins_and_leaves_voice_is_told(desk: Desk, talk: Channel) -> None:
    bob = desk.sandbox.member("bob").id
    enter(desk, talk, bob)
    told = desk.last("VOICE_STATE_UPDATE")
    assert (told["channel_id"], told["member"]["user"]["username"]) == (str(talk.id), "bob")
    assert await desk.ask("GET", f"voice-states/{bob}") == told
    assert "VOICE_SERVER_UPDATE" not in desk.names()
    voice.leave(desk.sandbox.world, desk.guild, bob)
    assert desk.last("VOICE_STATE_UPDATE")["channel_id"] is None
    assert await desk.refused("GET", f"voice-states/{bob}") == (404, 10065)
    assert await desk.refused("GET", "voice-states/@me") == (404, 10065)
    assert await desk.refused("GET", "voice-states/5") == (404, 10013)


async def test_a_voice_channel_has_room_for_so_many(desk: Desk, talk: Channel) -> None:
    world, bob, carol = desk.sandbox.world, desk.guild.person("bob").user, desk.guild.person("carol").user
    await desk.ask("PATCH", f"/channels/{talk.id}", {"user_limit": 1})
    assert voice.may_join(world, desk.guild, bob, talk)
    enter(desk, talk, bob.id)
    assert not voice.may_join(world, desk.guild, carol, talk)
    assert voice.may_join(world, desk.guild, world.bot, talk)
    assert not voice.may_join(world, desk.guild, bob, desk.guild.channel("general"))
    await desk.ask("PUT", f"/channels/{talk.id}/permissions/{desk.guild.id}", {"type": 0, "deny": str(int(P.CONNECT))})
    assert not voice.may_join(world, desk.guild, bob, talk)


async def test_the_bot_is_told_where_its_voice_goes_once_per_channel(desk: Desk, talk: Channel) -> None:
    bot = desk.sandbox.bot_id
    enter(desk, talk, bot)
    server = desk.last("VOICE_SERVER_UPDATE")
    assert set(server) == {"token", "guild_id", "endpoint"}
    voice.join(desk.sandbox.world, desk.guild, bot, talk, self_mute=True)
    assert desk.names().count("VOICE_SERVER_UPDATE") == 1
    assert (await desk.ask("GET", "voice-states/@me"))["self_mute"] is True


async def test_who_leaves_the_server_leaves_voice(desk: Desk, talk: Channel) -> None:
    bob = desk.sandbox.member("bob").id
    enter(desk, talk, bob)
    desk.names()
    await desk.ask("DELETE", f"members/{bob}")
    assert desk.names() == ["VOICE_STATE_UPDATE", "GUILD_MEMBER_REMOVE"]


async def test_who_enters_a_stage_listens_until_let_to_speak(desk: Desk, stage: Channel) -> None:
    bob = desk.sandbox.member("bob").id
    enter(desk, stage, bob)
    path = f"voice-states/{bob}"
    assert (await desk.ask("GET", path))["suppress"] is True
    assert await desk.status("PATCH", path, {"channel_id": str(stage.id), "suppress": False}) == 204
    assert desk.last("VOICE_STATE_UPDATE")["suppress"] is False
    assert await desk.refused("PATCH", path, {"channel_id": "5"}) == (400, 40032)
    desk.without(P.MUTE_MEMBERS)
    assert await desk.refused("PATCH", path, {"suppress": True}) == (403, 50013)


async def test_the_bot_asks_to_speak_and_speaks(desk: Desk, stage: Channel) -> None:
    enter(desk, stage, desk.sandbox.bot_id)
    now = desk.sandbox.clock.now().isoformat()
    assert await desk.status("PATCH", "voice-states/@me", {"request_to_speak_timestamp": now}) == 204
    assert desk.last("VOICE_STATE_UPDATE")["request_to_speak_timestamp"] == now
    assert await desk.status("PATCH", "voice-states/@me", {"suppress": False}) == 204
    assert desk.last("VOICE_STATE_UPDATE")["request_to_speak_timestamp"] is None
    desk.without(P.MUTE_MEMBERS, P.REQUEST_TO_SPEAK)
    assert await desk.refused("PATCH", "voice-states/@me", {"suppress": False}) == (403, 50013)
    assert await desk.status("PATCH", "voice-states/@me", {"suppress": True}) == 204
    assert await desk.refused("PATCH", "voice-states/@me", {"request_to_speak_timestamp": now}) == (403, 50013)


async def test_in_a_plain_voice_channel_nobody_is_suppressed(desk: Desk, talk: Channel) -> None:
    enter(desk, talk, desk.sandbox.bot_id)
    assert await desk.refused("PATCH", "voice-states/@me", {"suppress": False}) == (400, 50024)


async def test_a_stage_is_opened_changed_and_closed(desk: Desk, stage: Channel) -> None:
    body, path = {"channel_id": str(stage.id), "topic": "Song"}, f"/stage-instances/{stage.id}"
    assert await desk.refused("GET", path) == (404, 10067)
    opened = await desk.ask("POST", "/stage-instances", body)
    assert (opened["topic"], opened["privacy_level"]) == ("Song", 2)
    assert desk.last("STAGE_INSTANCE_CREATE")["id"] == opened["id"]
    assert (await desk.last_entry())["options"] == {"channel_id": str(stage.id)}
    assert await desk.refused("POST", "/stage-instances", body) == (400, 150006)
    assert (await desk.ask("PATCH", path, {"topic": "Songs"}))["topic"] == "Songs"
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)) == (84, {"topic": ("Song", "Songs")})
    assert await desk.ask("GET", path) == opened | {"topic": "Songs"}
    assert await desk.status("DELETE", path) == 204
    assert desk.last("STAGE_INSTANCE_DELETE")["id"] == opened["id"]
    assert await desk.refused("DELETE", path) == (404, 10067)


@pytest.mark.parametrize("permission", [P.MANAGE_CHANNELS, P.MUTE_MEMBERS, P.MOVE_MEMBERS])
async def test_stages_take_a_moderator(desk: Desk, stage: Channel, permission: Permission) -> None:
    body = {"channel_id": str(stage.id), "topic": "Song"}
    await desk.ask("POST", "/stage-instances", body)
    desk.without(permission)
    path = f"/stage-instances/{stage.id}"
    assert await desk.refused("POST", "/stage-instances", body) == (403, 50013)
    assert await desk.refused("PATCH", path, {"topic": "x"}) == (403, 50013)
    assert await desk.refused("DELETE", path) == (403, 50013)


async def test_a_stage_is_opened_in_a_stage_channel(desk: Desk, talk: Channel, stage: Channel) -> None:
    assert await desk.refused("POST", "/stage-instances", {"channel_id": "5", "topic": "x"}) == (404, 10003)
    wrong = {"channel_id": str(talk.id), "topic": "x"}
    assert await desk.refused("POST", "/stage-instances", wrong) == (400, 50024)
    assert await desk.form_error("/stage-instances", wrong | {"topic": "x" * 121}, "topic") == "BASE_TYPE_BAD_LENGTH"
    desk.without(P.MENTION_EVERYONE)
    loud = {"channel_id": str(stage.id), "topic": "x", "send_start_notification": True}
    assert await desk.refused("POST", "/stage-instances", loud) == (403, 50013)


async def test_a_voice_channel_has_a_status(desk: Desk, talk: Channel) -> None:
    path = f"/channels/{talk.id}/voice-status"
    assert await desk.status("PUT", path, {"status": "Cards"}) == 204
    assert desk.last("VOICE_CHANNEL_STATUS_UPDATE")["status"] == "Cards"
    general = desk.guild.channel("general").id
    assert await desk.refused("PUT", f"/channels/{general}/voice-status", {"status": "x"}) == (400, 50024)
    desk.without(P.SET_VOICE_CHANNEL_STATUS)
    assert await desk.refused("PUT", path, {"status": "x"}) == (403, 50013)


async def test_a_sound_is_played_where_the_bot_is(desk: Desk, talk: Channel) -> None:
    horn = {"name": "horn", "sound": "data:audio/ogg;base64,T2dnUw=="}
    sound = await desk.ask("POST", "soundboard-sounds", horn)
    path, body = f"/channels/{talk.id}/send-soundboard-sound", {"sound_id": sound["sound_id"]}
    assert await desk.refused("POST", path, body) == (400, 40032)
    enter(desk, talk, desk.sandbox.bot_id)
    assert await desk.status("POST", path, body) == 204
    assert await desk.refused("POST", path, {"sound_id": "5"}) == (404, 10097)


async def test_a_new_session_is_told_who_is_in_voice(desk: Desk, talk: Channel, open_socket: Any) -> None:
    bob = desk.sandbox.member("bob").id
    enter(desk, talk, bob)
    socket = await open_socket()
    await socket.identify(1 | 1 << 7)
    states = (await socket.until("GUILD_CREATE"))["d"]["voice_states"]
    assert [(one["user_id"], one["channel_id"]) for one in states] == [(str(bob), str(talk.id))]
