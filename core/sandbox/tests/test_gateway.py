"""The gateway, asked by a raw client."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import zlib
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Channel, Overwrite, Permission, Sandbox
from chandelier_sandbox.intents import Intent
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.records import ChannelKind, ThreadFacts


@pytest.mark.parametrize("query", ["v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream"])
async def test_the_handshake_with_and_without_compression(open_socket: Any, sandbox: Sandbox, query: str) -> None:
    socket = await open_socket(query)
    assert (await socket.receive())["op"] == 10
    await socket.send(1, None)
    assert (await socket.receive())["op"] == 11
    ready = await socket.identify()
    assert ready["guilds"] == [{"id": str(sandbox.guild.id), "unavailable": True}]
    guild = (await socket.receive())["d"]
    assert guild["unavailable"] is False
    assert [channel["name"] for channel in guild["channels"]] == ["general", "random"]
    sandbox.member("alice").post("hello")
    assert (await socket.until("MESSAGE_CREATE"))["s"] == 3


@pytest.mark.parametrize(
    ("operation", "data", "code"),
    [
        (99, None, 4001),
        (2, {"token": "wrong", "intents": 0, "properties": {}}, 4004),
        (2, {"intents": 0}, 4002),
        (2, 5, 4002),
        (2, {"intents": -1, "properties": {}}, 4013),
        (2, {"intents": 1 << 30, "properties": {}}, 4013),
        (2, {"intents": 0, "properties": {}, "shard": [2, 2]}, 4010),
        (3, {"status": "online"}, 4003),
        (6, {"session_id": "x"}, 4002),
        (6, {"session_id": "x", "seq": 1, "token": "wrong"}, 4004),
    ],
)
async def test_a_broken_rule_closes_with_its_code(
    open_socket: Any, sandbox: Sandbox, operation: int, data: Any, code: int
) -> None:
    socket = await open_socket()
    if isinstance(data, dict) and operation == 2 and "properties" in data:
        data = {"token": sandbox.token} | data
    await socket.send(operation, data)
    assert await socket.closing() == code


@pytest.mark.parametrize("frame", [b"{", b"[]", b'{"op":"1"}', b"\xff\xfe", b" " * 5000])
async def test_a_frame_that_cannot_be_read_closes_with_4002(open_socket: Any, frame: bytes) -> None:
    socket = await open_socket()
    await socket.raw.send_bytes(frame)
    assert await socket.closing() == 4002


async def test_identifying_twice_and_an_old_version_are_refused(open_socket: Any) -> None:
    socket = await open_socket()
    await socket.identify()
    await socket.send(2, {"token": "x"})
    assert await socket.closing() == 4005
    assert await (await open_socket("v=6")).closing() == 4012


async def test_an_intent_that_is_switched_off_is_4014(open_socket: Any, sandbox: Sandbox) -> None:
    sandbox.privileged_intents = Intent(0)
    socket = await open_socket()
    properties: dict[str, str] = {}
    identity = {"token": sandbox.token, "intents": int(Intent.MESSAGE_CONTENT), "properties": properties}
    await socket.send(2, identity)
    assert await socket.closing() == 4014


async def test_a_client_without_heartbeat_is_4009(open_socket: Any, sandbox: Sandbox) -> None:
    sandbox.heartbeat_interval_ms = 50
    assert await (await open_socket()).closing() == 4009


async def test_intents_decide_what_arrives_and_whether_content_shows(open_socket: Any, sandbox: Sandbox) -> None:
    bare, members = await open_socket(), await open_socket()
    await bare.identify(int(Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES), shard=[0, 1])
    await members.identify(int(Intent.GUILD_MEMBERS))
    alice = sandbox.member("alice")
    alice.post("secret")
    assert (await bare.until("MESSAGE_CREATE"))["d"]["content"] == ""
    alice.post(f"<@{sandbox.bot_id}> for you")
    assert (await bare.until("MESSAGE_CREATE"))["d"]["content"].endswith("for you")
    alice.in_direct_messages().post("between us")
    assert (await bare.until("MESSAGE_CREATE"))["d"]["content"] == "between us"
    sandbox.member("newcomer")
    assert (await members.receive())["t"] == "GUILD_MEMBER_ADD"


async def test_members_are_sent_in_chunks(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(int(Intent.GUILD_MEMBERS))
    await socket.send(8, {"guild_id": str(sandbox.guild.id), "query": "", "limit": 0, "nonce": "n"})
    chunk = (await socket.until("GUILD_MEMBERS_CHUNK"))["d"]
    assert (chunk["chunk_count"], chunk["nonce"], len(chunk["members"])) == (1, "n", 4)
    await socket.send(8, {"guild_id": str(sandbox.guild.id), "user_ids": ["5", str(sandbox.bot_id)]})
    chunk = (await socket.until("GUILD_MEMBERS_CHUNK"))["d"]
    assert (chunk["not_found"], len(chunk["members"])) == (["5"], 1)
    for bad in ({"guild_id": "x"}, {"guild_id": str(sandbox.guild.id), "user_ids": "x", "limit": "y"}):
        await socket.send(8, bad)
    assert await socket.closing() == 4002


async def test_a_resume_replays_what_was_missed(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    ready = await socket.identify()
    await socket.until("GUILD_CREATE")
    sandbox.drop_gateway(4000)
    assert await socket.closing() == 4000
    sandbox.member("alice").post("missed")
    again = await open_socket("v=10&encoding=json&compress=zlib-stream")
    await again.receive()
    await again.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 2})
    missed, resumed = await again.receive(), await again.receive()
    assert (missed["t"], missed["s"]) == ("MESSAGE_CREATE", 3)
    assert resumed["t"] == "RESUMED"


async def test_a_session_that_ended_cannot_be_resumed(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    ready = await socket.identify()
    await socket.raw.close(code=1000)
    await asyncio.sleep(0.05)
    again = await open_socket()
    await again.receive()
    await again.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 1})
    assert await again.receive() == {"op": 9, "d": False}
    await again.identify()


async def test_reconnect_and_invalid_session_can_be_asked_for(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(0)
    sandbox.ask_to_reconnect()
    assert (await socket.receive())["op"] == 7
    sandbox.invalidate_sessions(resumable=True)
    assert await socket.receive() == {"op": 9, "d": True}


async def test_each_shard_gets_its_own_guilds(open_socket: Any, sandbox: Sandbox) -> None:
    one, two = await open_socket(), await open_socket()
    guilds = [(await socket.identify(1, shard=[number, 2]))["guilds"] for number, socket in enumerate((one, two))]
    assert sorted(map(len, guilds)) == [0, 1]
    assert len(guilds[(sandbox.guild.id >> 22) % 2]) == 1


async def test_zstd_works_where_python_has_it_and_nonsense_is_refused_loudly(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    url = sandbox.world.origin + "/gateway?compress="
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await session.ws_connect(url + "brotli")
        assert refusal.value.status == 400
        assert "no transport compression 'brotli'" in capfd.readouterr().err
        name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
        try:
            stream = import_module(name).ZstdDecompressor()
        except ImportError:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url + "zstd-stream")
            assert "install backports.zstd" in capfd.readouterr().err
        else:
            socket = await session.ws_connect(url + "zstd-stream")
            assert json.loads(stream.decompress(await socket.receive_bytes()))["op"] == 10
            await socket.send_json({"op": 1, "d": None})
            assert json.loads(stream.decompress(await socket.receive_bytes()))["op"] == 11


async def test_stopping_is_quick_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with aiohttp.ClientSession() as session:
        async with Sandbox() as sandbox:
            sockets = [await session.ws_connect(sandbox.world.origin + "/gateway") for _ in range(20)]
            began = time.monotonic()
        assert time.monotonic() - began < 1
        assert [(await socket.receive()).type for socket in sockets] == [aiohttp.WSMsgType.TEXT] * 20
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() - before == set()


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
