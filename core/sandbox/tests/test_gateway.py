"""The gateway, asked by a raw client."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from importlib import import_module
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.gateway.intents import Intent


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
