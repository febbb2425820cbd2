"""Whatever is thrown at the sandbox, it answers as Discord does and lives on."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from contextlib import suppress
from random import Random
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.rest import ROUTES
from chandelier_sandbox.rest.routing import Route

from .requests_table import REQUESTS

ODDITIES: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 1e300, "", "x", "5", "\u0000", "🙂" * 50, [], {}, [None], [[[]]], {"id": {}},
    [{"id": "x", "type": "y"}], {"0": [1]}, ["a"] * 200, {"content": {"content": []}}, "9" * 25, [2**64 - 1],
)  # fmt: skip
PART = b'--x\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n'
JSON_TYPE = {"Content-Type": "application/json"}


def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


async def is_alive(sandbox: Sandbox, rest: Any) -> bool:
    status, me, _ = await rest("GET", "/users/@me")
    return bool(status == 200 and me["id"] == str(sandbox.bot_id))


def known_fields(route: Route) -> dict[str, Any]:
    """Return the body of a valid request for a route, from the table of requests."""
    segments = [one if not one.startswith("{") else None for one in route.template.split("/")]
    for row in REQUESTS:
        parts = row.path.split("/")
        fits = len(parts) == len(segments) and all(map(_matches, segments, parts))
        if row.method == route.method and fits and isinstance(row.body, dict):
            return dict(row.body)
    return {}


def _matches(segment: str | None, part: str) -> bool:
    return segment is None or segment == part


def path_of(route: Route, sandbox: Sandbox, chance: Random) -> str:
    guild, channel = sandbox.guild, sandbox.guild.channel("general")
    target = sandbox.member(f"target-{chance.randrange(10**9)}")  # a fresh one: the last may be banned by now
    names = {
        "guild_id": guild.id,
        "channel_id": channel.id,
        "application_id": sandbox.application_id,
        "user_id": target.id,
        "role_id": guild.id,
        "message_id": target.post("a target"),
        "emoji_name": "%F0%9F%91%8D",
    }
    parts = []
    for segment in route.template.split("/"):
        odd = chance.choice(("x", "0", "9" * 25, "%00", "-1", "%F0%9F%99%82"))
        real = names.get(segment.strip("{}"), "12345")
        known = real if chance.random() < 0.8 else odd
        parts.append(str(known) if segment.startswith("{") else segment)
    return "/".join(parts)


@pytest.mark.parametrize("seed", range(3))
async def test_no_body_and_no_path_makes_any_route_fail(
    rest: Any, sandbox: Sandbox, seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    chance, broken = Random(seed), set()
    for route in ROUTES:
        if (route.method, route.template) in LEAVES:
            continue
        fields = known_fields(route)
        bodies: list[Any] = [chance.choice(ODDITIES), fields]
        bodies += [fields | {name: chance.choice(ODDITIES)} for name in fields]
        for body in bodies:
            path = path_of(route, sandbox, chance)
            query = chance.choice(
                ("", "?limit=x", "?limit=-1&before=%00", "?with_counts=maybe&after=9999999999999999999999")
            )
            status, _, _ = await rest(route.method, path + query, body)
            if status >= 500:
                broken.add(f"{route.method} {route.template} with {json.dumps(body)[:300]}: {status}")
    err = capfd.readouterr().err
    assert not broken, "\n".join(sorted(broken)) + "\n" + "\n".join(one for one in err.splitlines() if "broke:" in one)
    assert "Traceback" not in err
    assert await is_alive(sandbox, rest)


# After these the world is no longer the one that the other requests are about.
LEAVES = {
    ("DELETE", "/users/@me/guilds/{guild_id}"),
    ("DELETE", "/guilds/{guild_id}"),
    ("DELETE", "/channels/{channel_id}"),
}


async def test_random_frames_close_a_connection_at_worst(
    open_socket: Any, rest: Any, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = Random(7)
    codes = set()
    for number in range(300):
        connection = await open_socket()
        if number % 3:
            await connection.identify(513)
        for _ in range(3):
            frame = random_frame(chance, sandbox)
            with suppress(ConnectionError):
                if number % 2:
                    await connection.raw.send_bytes(frame)
                else:
                    await connection.raw.send_str(frame.decode(errors="replace"))
        await connection.raw.close()
        codes.add(connection.raw.close_code)
    assert "Traceback" not in capfd.readouterr().err
    assert await is_alive(sandbox, rest)
    assert codes <= {None, 1000, 1006, 1007, 4001, 4002, 4003, 4004, 4005, 4010, 4013, 4014}
    assert (await (await open_socket()).identify())["v"] == 10


def random_frame(chance: Random, sandbox: Sandbox) -> bytes:
    operation = chance.choice((0, 1, 2, 3, 4, 5, 6, 8, 31, 43, 99, -1, "2", None, True, 2.5))
    names = (
        "token",
        "intents",
        "properties",
        "shard",
        "guild_id",
        "user_ids",
        "limit",
        "query",
        "status",
        "activities",
    )
    more = (
        "session_id",
        "seq",
        "channel_id",
        "guild_ids",
        "fields",
        "nonce",
        "large_threshold",
        "presence",
        "self_mute",
    )
    data: Any = {name: chance.choice(ODDITIES) for name in chance.sample(names + more, 6)}
    if chance.random() < 0.5:
        data |= {"token": sandbox.token, "properties": {}, "intents": 513, "guild_id": str(sandbox.guild.id)}
    if chance.random() < 0.2:
        data = chance.choice(ODDITIES)
    raw = json.dumps({"op": operation, "d": data}).encode()
    if chance.random() < 0.2:
        return chance.randbytes(chance.randint(0, 200))
    return raw[: chance.randint(1, len(raw))] if chance.random() < 0.2 else raw


@pytest.mark.parametrize(("query", "code"), [("v=5", 4012), ("v=x", 4012), ("encoding=etf", 4002), ("v=11", 4012)])
async def test_another_version_or_encoding_is_refused(open_socket: Any, query: str, code: int) -> None:
    assert await (await open_socket(query)).closing() == code


async def test_a_hundred_and_twenty_commands_a_minute_and_no_more() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        connection = await session.ws_connect(sandbox.world.origin + "/gateway")
        for _ in range(121):
            await connection.send_json({"op": 1, "d": None})
        acks = 0
        while (frame := await asyncio.wait_for(connection.receive(), 3)).type is aiohttp.WSMsgType.TEXT:
            acks += json.loads(frame.data)["op"] == 11
        assert (acks, connection.close_code) == (120, 4008)


async def test_a_broken_websocket_frame_harms_nobody(
    sandbox: Sandbox, rest: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    handshake = (
        f"GET /gateway HTTP/1.1\r\nHost: 127.0.0.1:{sandbox.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    mask = b"\x00\x00\x00\x00"
    frames = (
        b"\x81\x82" + mask + b"\xff\xfe",  # a text that is no UTF-8
        b"\xf1\x81" + mask + b"a",  # reserved bits
        b"\x83\x81" + mask + b"a",  # a reserved opcode
        b"\x81\x01a",  # without a mask
        b"\x82\xff" + struct.pack(">Q", 1 << 40) + mask,  # a terabyte
        b"\x88\x81" + mask + b"a",  # a close frame with half a code
        b"\x81\xfe\xff",  # cut off
    )
    for frame in frames:
        reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
        writer.write(handshake)
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 3)
        writer.write(frame)
        await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    async with asyncio.timeout(3):
        while sandbox._discord.gateway._open:
            await asyncio.sleep(0.01)
    assert await is_alive(sandbox, rest)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /api/v10/users/@me HTTP/9.9\r\n\r\n",
        b"POST /api/v10/channels/1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        b"POST /api/v10/channels/1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf",
        b"GET /api/v10/" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET //// HTTP/1.1\r\nHost: [::\r\n\r\n",
        b"GET /api/ HTTP/1.1\r\n\r\n",
    ],
)
async def test_broken_http_harms_nobody(
    sandbox: Sandbox, rest: Any, raw: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    writer.write(raw)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 3)
    assert not answer or b" 4" in answer[:15]
    writer.close()
    assert await is_alive(sandbox, rest)
    assert "Traceback" not in capfd.readouterr().err


async def test_a_client_that_resets_in_the_middle_of_a_body_harms_nobody(
    sandbox: Sandbox, rest: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    head = (
        f"POST {sandbox.api_url}{general(sandbox)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bot {sandbox.token}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{{"
    )
    for _ in range(5):
        line = socket.create_connection(("127.0.0.1", sandbox.port))
        line.sendall(head.encode())
        await asyncio.sleep(0.01)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
    assert await is_alive(sandbox, rest)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("content_type", "raw", "status", "code"),
    [
        ("application/json", b"{", 400, 50109),
        ("application/json", b"\xff", 400, 50109),
        ("application/json", b'{"content": "\\ud800"}', 400, 50109),
        ("application/json", b'{"embeds":' + b"[" * 500 + b"]" * 500 + b"}", 400, 50109),
        ("text/plain", b"hello", 400, 50035),
        ("application/etf", b"\x83", 400, 50035),
        ("multipart/form-data", b"--x\r\n", 400, 0),
        ("multipart/form-data; boundary=x", b"nothing of the kind", 400, 0),
        ("multipart/form-data; boundary=x", PART + b"[1]\r\n--x--", 400, 50109),
        ("multipart/form-data; boundary=x", PART + b"{\r\n--x--", 400, 50109),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused(
    rest: Any, sandbox: Sandbox, content_type: str, raw: bytes, status: int, code: int
) -> None:
    answered, body, _ = await rest("POST", general(sandbox), data=raw, headers={"Content-Type": content_type})
    assert (answered, body["code"]) == (status, code)
    assert await is_alive(sandbox, rest)


async def test_a_form_without_payload_json_is_a_body_of_its_fields(rest: Any, sandbox: Sandbox) -> None:
    form = aiohttp.FormData({"content": "plain"})
    form.add_field("file", b"x", filename="x.txt")
    status, sent, _ = await rest("POST", general(sandbox), data=form)
    assert (status, sent["content"], sent["attachments"][0]["filename"]) == (200, "plain", "x.txt")


async def test_a_compressed_body_is_read(rest: Any, sandbox: Sandbox) -> None:
    raw, headers = gzip.compress(b'{"content": "small"}'), JSON_TYPE | {"Content-Encoding": "gzip"}
    assert (await rest("POST", general(sandbox), data=raw, headers=headers))[1]["content"] == "small"


@pytest.mark.parametrize("as_form", [False, True])
async def test_a_body_over_25_mib_is_40005(rest: Any, sandbox: Sandbox, as_form: bool) -> None:
    async def chunks() -> Any:
        for _ in range(26):
            yield b" " * (1 << 20)

    form = aiohttp.FormData()
    form.add_field("files[0]", b" " * (26 << 20), filename="big.bin")
    with suppress(aiohttp.ClientConnectionError):  # the answer may overtake what is still being sent
        status, body, _ = await rest(
            "POST", general(sandbox), data=form if as_form else chunks(), headers={} if as_form else JSON_TYPE
        )
        assert (status, body["code"]) == (413, 40005)
    assert not sandbox.world.messages[sandbox.guild.channel("general").id]
    assert await is_alive(sandbox, rest)


async def test_versions_methods_and_paths(rest: Any, sandbox: Sandbox) -> None:
    root = sandbox.api_url.removesuffix("/v10")
    headers = {"Authorization": f"Bot {sandbox.token}"}
    expected = {
        ("GET", "/users/@me"): 200,
        ("GET", "/v9/users/@me"): 200,
        ("GET", "/v5/users/@me"): 400,
        ("GET", "/v99/users/@me"): 400,
        ("HEAD", "/v10/users/@me"): 200,
        ("OPTIONS", "/v10/users/@me"): 204,
        ("PUT", "/v10/users/@me"): 405,
        ("GET", "/v10/users/@me/"): 404,
        ("GET", "/v10"): 404,
    }
    for (method, path), status in expected.items():
        async with rest.session.request(method, root + path, headers=headers) as answer:
            assert (answer.status, method, path) == (status, method, path)
            body = await answer.read()
            if status == 400:
                assert json.loads(body)["code"] == 50041
            if status == 405:
                assert json.loads(body) == {"message": "405: Method Not Allowed", "code": 0}
                assert answer.headers["Allow"] == "GET, PATCH"
