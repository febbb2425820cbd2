"""The gateway's rules: how often sessions begin, what a bot may see, what it may ask for."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Channel, Overwrite, Permission, Sandbox
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.records import ChannelKind, ThreadFacts


@pytest.fixture
async def strict() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


class Client:
    """A raw client of one sandbox, whatever fixture that comes from."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox, self.session = sandbox, session

    async def identify(self, shard: tuple[int, int] = (0, 1), **more: Any) -> Any:
        socket = await self.session.ws_connect(self.sandbox.world.origin + "/gateway")
        assert (await socket.receive_json())["op"] == 10
        identity = {"token": self.sandbox.token, "intents": 1, "properties": {}, "shard": list(shard)} | more
        await socket.send_json({"op": 2, "d": identity})
        frame = await asyncio.wait_for(socket.receive(), 3)
        return json.loads(frame.data) if frame.type is aiohttp.WSMsgType.TEXT else socket.close_code


@pytest.fixture
async def client(strict: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(strict, session)


async def test_two_shards_identify_together_only_where_max_concurrency_lets_them(
    strict: Sandbox, client: Client
) -> None:
    assert (await client.identify((0, 2)))["t"] == "READY"
    assert await client.identify((1, 2)) == {"op": 9, "d": False}
    strict.clock.advance(5)
    strict.max_concurrency = 2
    assert (await client.identify((0, 2)))["t"] == "READY"
    assert (await client.identify((1, 2)))["t"] == "READY"
    assert await client.identify((0, 2)) == {"op": 9, "d": False}


async def test_more_sessions_than_a_day_allows_void_the_token(
    strict: Sandbox, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    strict.session_start_limit = 2
    headers = {"Authorization": f"Bot {strict.token}"}
    for left in (2, 1):
        async with client.session.get(strict.api_url + "/gateway/bot", headers=headers) as answer:
            limit = (await answer.json())["session_start_limit"]
            assert (limit["total"], limit["remaining"], limit["max_concurrency"]) == (2, left, 1)
            assert 0 < limit["reset_after"] <= 86_400_000
        assert (await client.identify())["t"] == "READY"
        strict.clock.advance(5)
    assert await client.identify() == 4004
    assert "the token is void" in capfd.readouterr().err
    strict.clock.advance(5)
    assert await client.identify() == 4004
    strict.session_start_limit = 1000
    assert (await client.identify())["t"] == "READY"


async def test_too_many_servers_on_a_shard_are_4011(strict: Sandbox, client: Client) -> None:
    strict.guilds_per_shard = 1
    strict.world.add_guild("Annex")
    headers = {"Authorization": f"Bot {strict.token}"}
    async with client.session.get(strict.api_url + "/gateway/bot", headers=headers) as answer:
        assert (await answer.json())["shards"] == 2
    assert await client.identify() == 4011


async def test_a_wrong_sequence_is_4007_and_ends_the_session(open_socket: Any, sandbox: Sandbox) -> None:
    ready = await (await open_socket()).identify()
    for expected in (4007, {"op": 9, "d": False}):
        socket = await open_socket()
        await socket.receive()
        await socket.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 99})
        assert await socket.receive() == expected


@pytest.mark.parametrize(("code", "resumes"), [(4000, True), (4008, True), (1001, True), (4006, False), (4009, False)])
async def test_the_close_code_decides_whether_a_session_resumes(
    open_socket: Any, sandbox: Sandbox, code: int, resumes: bool
) -> None:
    socket = await open_socket()
    ready = await socket.identify(0)
    sandbox.drop_gateway(code)
    assert await socket.closing() == code
    again = await open_socket()
    await again.receive()
    await again.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 1})
    answer = await again.receive()
    assert (answer.get("t") == "RESUMED") is resumes


async def test_an_outage_takes_a_server_away_and_brings_it_back(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify()
    await socket.until("GUILD_CREATE")
    sandbox.take_guild_down(sandbox.guild)
    sandbox.member("alice").post("nobody hears this")
    sandbox.bring_back(sandbox.guild)
    gone, back = await socket.receive(), await socket.receive()
    assert (gone["t"], gone["d"]) == ("GUILD_DELETE", {"id": str(sandbox.guild.id), "unavailable": True})
    assert (back["t"], back["d"]["unavailable"]) == ("GUILD_CREATE", False)


async def test_presences_reach_who_asked_for_them(open_socket: Any, sandbox: Sandbox) -> None:
    bare, curious = await open_socket(), await open_socket()
    intents = int(Intent.GUILDS | Intent.GUILD_PRESENCES)
    await bare.identify(1)
    await curious.identify(intents, presence={"status": "idle", "activities": [], "since": None, "afk": False})
    await bare.until("GUILD_CREATE")
    first = (await curious.until("GUILD_CREATE"))["d"]
    assert [(one["user"]["id"], one["status"]) for one in first["presences"]] == [(str(sandbox.bot_id), "idle")]
    sandbox.set_presence(sandbox.member("alice"), "dnd")
    update = (await curious.until("PRESENCE_UPDATE"))["d"]
    assert (update["status"], update["guild_id"]) == ("dnd", str(sandbox.guild.id))
    game = {"name": "chess", "type": 0}
    await curious.send(3, {"status": "online", "activities": [game], "since": None, "afk": False})
    update = (await curious.until("PRESENCE_UPDATE"))["d"]
    assert (update["user"]["id"], update["activities"][0]["name"]) == (str(sandbox.bot_id), "chess")
    sandbox.member("alice").in_direct_messages().post("x")
    sandbox.ask_to_reconnect()
    assert (await bare.receive())["op"] == 7, "no presence came before"
    later = await open_socket()
    await later.identify(intents)
    assert len((await later.until("GUILD_CREATE"))["d"]["presences"]) == 2


async def test_chunks_keep_to_their_limits(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(int(Intent.GUILDS | Intent.GUILD_PRESENCES))
    guild = str(sandbox.guild.id)
    people = [sandbox.member(f"person-{number:03d}") for number in range(120)]
    for wanted, found in (
        ({"query": "person", "limit": 0}, 100),
        ({"query": "person-00", "limit": 3}, 3),
        ({"user_ids": [str(one.id) for one in people]}, 100),
        ({"user_ids": str(people[0].id), "nonce": "x" * 33}, 1),
    ):
        await socket.send(8, {"guild_id": guild, "presences": True} | wanted)
        chunk = (await socket.until("GUILD_MEMBERS_CHUNK"))["d"]
        assert len(chunk["members"]) == found, wanted
        assert "nonce" not in chunk
        assert chunk["presences"] == []
    await socket.send(8, {"guild_id": guild, "query": "", "limit": 0})
    assert await socket.closing() == 4014


async def test_all_members_may_be_asked_for_every_thirty_seconds(strict: Sandbox, client: Client) -> None:
    socket = await client.session.ws_connect(strict.world.origin + "/gateway")
    identity = {"token": strict.token, "intents": int(Intent.GUILD_MEMBERS), "properties": {}}
    await socket.send_json({"op": 2, "d": identity})
    request = {"op": 8, "d": {"guild_id": str(strict.guild.id), "query": "", "limit": 0, "nonce": "n"}}
    names = []
    for step in range(3):
        strict.clock.advance(30 if step == 2 else 0)
        await socket.send_json(request)
        while (frame := await socket.receive_json(timeout=3))["op"] or frame["t"] == "READY":
            pass
        names.append(frame["t"])
        if step == 1:
            assert (frame["d"]["opcode"], frame["d"]["meta"]) == (8, {"guild_id": str(strict.guild.id), "nonce": "n"})
            assert 29 < frame["d"]["retry_after"] <= 30
    assert names == ["GUILD_MEMBERS_CHUNK", "RATE_LIMITED", "GUILD_MEMBERS_CHUNK"]


async def test_sounds_and_channel_facts_can_be_asked_for(open_socket: Any, sandbox: Sandbox) -> None:
    voice = sandbox.world.add_channel(sandbox.guild, "voice", ChannelKind.VOICE)
    voice.settings["status"] = "singing"
    socket = await open_socket()
    await socket.identify()
    await socket.send(31, {"guild_ids": [str(sandbox.guild.id), "5"]})
    assert (await socket.until("SOUNDBOARD_SOUNDS"))["d"]["guild_id"] == str(sandbox.guild.id)
    await socket.send(43, {"guild_id": str(sandbox.guild.id), "fields": ["status"]})
    assert (await socket.until("CHANNEL_INFO"))["d"]["channels"] == [{"id": str(voice.id), "status": "singing"}]


async def test_what_happens_where_the_bot_cannot_look_is_not_sent(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(int(Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.GUILD_MESSAGE_TYPING))
    await socket.until("GUILD_CREATE")
    hidden = sandbox.guild.channel("random")
    hidden.overwrites.append(Overwrite(sandbox.guild.id, 0, deny=int(Permission.VIEW_CHANNEL)))
    alice = sandbox.member("alice", channel="random")
    message = alice.post("secret")
    alice.edit(message, "still secret")
    sandbox.world.typing(hidden, sandbox.world.users[alice.id])
    alice.delete(message)
    sandbox.member("alice", channel="general").post("open")
    assert (await socket.receive())["d"]["content"] == ""
    assert [one.name for one in sandbox.transcript.dispatches] == ["READY", "GUILD_CREATE", "MESSAGE_CREATE"]


async def test_an_opened_channel_brings_its_threads(open_socket: Any, sandbox: Sandbox) -> None:
    channel, now = sandbox.guild.channel("random"), sandbox.clock.now()
    role = next(role for role in sandbox.guild.roles.values() if role.bot_id == sandbox.bot_id)
    sandbox.world.change_role(sandbox.guild, role, 0)  # nor may it manage threads
    channel.overwrites.append(Overwrite(sandbox.guild.id, 0, deny=int(Permission.VIEW_CHANNEL)))
    for kind, number in ((ChannelKind.PUBLIC_THREAD, 7001), (ChannelKind.PRIVATE_THREAD, 7002)):
        facts = ThreadFacts(sandbox.member("alice").id, now, now)
        thread = Channel(number, "thread", kind, sandbox.guild.id, parent_id=channel.id, thread=facts)
        sandbox.guild.threads[number] = sandbox.world.know_channel(thread)
    socket = await open_socket()
    await socket.identify()
    assert (await socket.until("GUILD_CREATE"))["d"]["threads"] == []
    channel.overwrites.clear()
    sandbox.world.publish("CHANNEL_UPDATE", channel_json(channel), sandbox.guild)
    sync = (await socket.until("THREAD_LIST_SYNC"))["d"]
    assert sync["channel_ids"] == [str(channel.id)]
    assert [thread["id"] for thread in sync["threads"]] == ["7001"], "the private one is not the bot's to see"


async def test_the_bots_own_membership_is_sent_whatever_the_intents(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(0)
    guild, role = sandbox.guild, sandbox.world.add_role(sandbox.guild, "Extra")
    sandbox.world.give_role(guild, guild.members[sandbox.member("bob").id], role)
    sandbox.world.give_role(guild, guild.members[sandbox.bot_id], role)
    update = await socket.receive()
    assert (update["t"], update["d"]["user"]["id"]) == ("GUILD_MEMBER_UPDATE", str(sandbox.bot_id))


async def test_a_payload_can_be_compressed_by_itself(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.receive()
    await socket.send(2, {"token": sandbox.token, "intents": 0, "properties": {}, "compress": True})
    frame = await asyncio.wait_for(socket.raw.receive(), 3)
    assert frame.type is aiohttp.WSMsgType.BINARY
    assert json.loads(zlib.decompress(frame.data))["t"] == "READY"


async def test_a_plain_request_to_the_gateway_is_426(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, session.get(sandbox.world.origin + "/gateway") as answer:
        assert answer.status == 426


async def test_the_bot_enters_and_leaves_voice(open_socket: Any, sandbox: Sandbox) -> None:
    voice = sandbox.world.add_channel(sandbox.guild, "voice", ChannelKind.VOICE)
    socket = await open_socket()
    await socket.identify(int(Intent.GUILDS | Intent.GUILD_VOICE_STATES))
    request = {"guild_id": str(sandbox.guild.id), "self_mute": True, "self_deaf": False}
    await socket.send(4, request | {"channel_id": str(sandbox.guild.channel("general").id)})  # no voice channel
    await socket.send(4, request | {"channel_id": str(voice.id)})
    state = (await socket.until("VOICE_STATE_UPDATE"))["d"]
    assert (state["channel_id"], state["user_id"], state["self_mute"]) == (str(voice.id), str(sandbox.bot_id), True)
    assert (await socket.until("VOICE_SERVER_UPDATE"))["d"]["guild_id"] == str(sandbox.guild.id)
    await socket.send(4, request | {"channel_id": None})
    assert (await socket.until("VOICE_STATE_UPDATE"))["d"]["channel_id"] is None
    await socket.send(4, request | {"channel_id": None, "self_deaf": "no"})
    assert await socket.closing() == 4002
