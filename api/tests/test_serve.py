"""The real server, on a port of its own."""

from __future__ import annotations

import asyncio
import socket
import time

import aiohttp
import pytest
from api_kit import FakeHost, ping
from quart import Blueprint, Response, websocket

from chandelier import Plugin, State
from chandelier_api import service
from chandelier_core.host import ServiceFailed


async def test_it_serves_and_lets_the_port_go() -> None:
    async with service(FakeHost()) as api, aiohttp.ClientSession() as session:
        async with session.get(f"{api.url}/api/v1/ping") as answer:
            assert (answer.status, await answer.json()) == (200, {"latency_ms": 41.5})
            assert "Server" not in answer.headers
        async with session.post(
            f"{api.url}/api/v1/ping/echo", data=b"{" * 300_000, headers={"Content-Type": "application/json"}
        ) as big:
            assert big.status == 413
    async with service(FakeHost(bind=("127.0.0.1", int(api.url.rpartition(":")[2])))):
        pass


@pytest.mark.parametrize("bind", ["127.0.0.1", "localhost", "::1"])
async def test_its_address_can_be_opened(bind) -> None:
    async with (
        service(FakeHost(bind=(bind, 0))) as api,
        aiohttp.ClientSession() as session,
        session.get(f"{api.url}/health") as answer,
    ):
        assert answer.status == 200


async def test_a_busy_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceFailed) as refusal:
            async with service(FakeHost(bind=("127.0.0.1", port))):
                pass
    assert str(refusal.value) == (
        f"The API cannot listen on 127.0.0.1:{port}: another program has the port. "
        "Stop it, or set CHANDELIER_BIND to another address."
    )


async def test_an_address_that_is_not_here_is_one_sentence() -> None:
    with pytest.raises(ServiceFailed, match="this machine has no such address"):
        async with service(FakeHost(bind=("192.0.2.1", 0), token="x" * 24)):
            pass


async def test_the_network_is_not_served_without_a_token() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "bot.example"):
        with pytest.raises(ServiceFailed, match="set CHANDELIER_API_TOKEN"):
            async with service(FakeHost(bind=(host, 0))):
                pass


async def test_it_stops_in_time_with_connections_open() -> None:
    endless = Blueprint("endless", __name__)

    @endless.get("/stream")
    async def stream() -> Response:
        async def lines():
            while True:
                yield b"data: x\n\n"
                await asyncio.sleep(0.05)

        response = Response(lines(), content_type="text/event-stream")
        response.timeout = None
        return response

    async with aiohttp.ClientSession() as session:
        async with service(FakeHost(ping, Plugin("endless", summary="Never ends.", blueprint=endless))) as api:
            answer = await session.get(f"{api.url}/api/v1/endless/stream")
            assert (await answer.content.readline()).startswith(b"data")
            began = time.monotonic()
        assert time.monotonic() - began < 6.2


async def test_a_websocket_of_a_plugin_is_guarded_like_its_routes() -> None:
    live = Blueprint("live", __name__)

    @live.websocket("/live")
    async def talk() -> None:
        await websocket.send("hello")

    host = FakeHost(ping, Plugin("live", summary="Talks.", blueprint=live))
    async with service(host) as api, aiohttp.ClientSession() as session:
        address = f"{api.url}/api/v1/live/live"
        async with session.ws_connect(address) as talking:
            assert await talking.receive_str() == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address, origin="https://evil.example")
        host.set_state("live", State.STOPPED)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address)


async def test_a_client_that_says_nonsense_does_no_harm() -> None:
    async with service(FakeHost()) as api:
        port = int(api.url.rpartition(":")[2])
        for nonsense in (
            b"\x16\x03\x01\x02\x00",
            b"GET / HTTP/1.1\r\n\r\n",
            b"POST /commands HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(nonsense)
            await writer.drain()
            writer.close()
        async with aiohttp.ClientSession() as session, session.get(f"{api.url}/health") as answer:
            assert answer.status == 200
