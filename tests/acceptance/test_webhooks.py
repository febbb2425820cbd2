"""Webhooks, in a running bot: what is posted where, signed, tried again, and never into the operator's own network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from ..house import House, open_house


@dataclass
class Receiver:
    """Somebody's address, one for each test: keeps what it is sent, and answers as it is told."""

    url: str
    port: int
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        async with self.news:
            self.got.append((dict(request.headers), await request.read()))
            self.news.notify_all()
        status = self.answers.pop(0) if self.answers else 204
        return web.Response(
            status=status, headers={"Location": f"http://127.0.0.1:{self.port}/led"} if status == 302 else {}
        )

    async def until(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(15), self.news:
            while len(self.got) < count:
                await self.news.wait()
            return [json.loads(body) for _, body in self.got]


@dataclass
class Street:
    """Somebody's server: an address of its own for each test."""

    port: int = 0
    addresses: dict[str, Receiver] = field(default_factory=dict)

    async def take(self, request: web.Request) -> web.Response:
        return await self.addresses[request.match_info["name"]].take(request)

    def address(self) -> Receiver:
        name = f"hook{len(self.addresses)}"
        made = self.addresses[name] = Receiver(f"http://127.0.0.1:{self.port}/{name}", self.port)
        return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street() -> AsyncIterator[Street]:
    made = Street()
    app = web.Application()
    app.router.add_post("/{name}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
def receiver(street: Street) -> Receiver:
    return street.address()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(
    chandelier_database: str, tmp_path_factory: pytest.TempPathFactory, street: Street
) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("webhooks")
    async with open_house(chandelier_database, folder, CHANDELIER_WEBHOOK_HOSTS=f"127.0.0.1:{street.port}") as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def house(bot: House) -> AsyncIterator[House]:
    """Give the house with a first server that only this test uses; nothing is sent for the servers of others."""
    bot.one = bot.discord.world.add_guild(f"one of {len(bot.discord.world.guilds)}", owner="alice")
    for name in ("alice", "carol"):
        bot.discord.member(name, guild=bot.one)
    async with asyncio.timeout(10):
        while str(bot.one.id) not in str((await bot.ask("GET", "/api/v1/guilds"))[1]):
            await asyncio.sleep(0.02)
    yield bot
    await bot.rows("DELETE FROM core.webhook")


async def add(house: House, url: str, **more: object) -> tuple[int, dict[str, Any]]:
    path = f"/api/v1/guilds/{house.one.id}/webhooks"
    status, body, _ = await house.ask("POST", path, body={"url": url, **more}, X_Discord_User_Id=house.id_of("alice"))
    return status, body


async def planned(house: House, tried: int) -> None:
    """Wait until an event is to be sent for the so-manieth time."""
    sql = f"SELECT 1 FROM core.job WHERE name = 'deliver_webhook' AND (arguments->>'tried')::int = {tried}"
    async with asyncio.timeout(15):
        while not await house.rows(sql):
            await asyncio.sleep(0.05)


async def test_what_happens_in_the_server_is_posted_and_signed(house: House, receiver: Receiver):
    status, made = await add(house, receiver.url, events=["call"])
    assert status == 201
    await house.discord.member("bob", guild=house.two).slash("ping")
    await house.discord.member("alice", guild=house.one).slash("ping")
    (event,) = await receiver.until(1)
    assert (event["name"], event["command"], event["guild_id"]) == ("call", "ping", str(house.one.id))
    headers, body = receiver.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    _, listed, _ = await house.ask("GET", f"/api/v1/guilds/{house.one.id}/webhooks")
    assert "secret" not in listed["items"][0]


async def test_what_is_not_taken_is_sent_again_and_never_to_where_it_is_led(house: House, receiver: Receiver):
    await add(house, receiver.url, events=["call"])
    receiver.answers = [500, 302]
    await house.discord.member("alice", guild=house.one).slash("ping")
    await receiver.until(1)
    for count, wait_s in ((2, 6), (3, 16)):
        await planned(house, tried=count)
        house.discord.clock.advance(wait_s)
        events = await receiver.until(count)
    assert len({event["id"] for event in events}) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


async def test_an_address_that_is_gone_is_told_nothing_more(house: House, receiver: Receiver):
    await add(house, receiver.url, events=["call"])
    receiver.answers = [410]
    alice, path = house.discord.member("alice", guild=house.one), f"/api/v1/guilds/{house.one.id}/webhooks"
    await alice.slash("ping")
    await receiver.until(1)
    async with asyncio.timeout(10):
        while (await house.ask("GET", path))[1]["items"][0]["off_because"] is None:
            await asyncio.sleep(0.05)
    await alice.slash("ping")
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x", "https://127.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/x", "https://10.0.0.1/x",
        "https://[::ffff:10.0.0.1]/x", "ftp://hooks.example", "https://user:word@hooks.example", "nonsense", "https://", "https://a\nb",
    ],
)  # fmt: skip
async def test_an_address_that_nobody_may_be_sent_to_is_refused(house: House, url: str):
    status, body = await add(house, url)
    assert (status, body["errors"][0]["pointer"]) == (422, "/url")


@pytest.mark.parametrize("host", ["localhost", "0x7f000001", "127.1"])
async def test_a_name_of_this_machine_is_not_connected_to(house: House, receiver: Receiver, host: str):
    status, _ = await add(house, f"https://{host}:{receiver.port}/x", events=["call"])
    assert status == 201, "it is a name; what it means is found out when it is used"
    await house.discord.member("alice", guild=house.one).slash("ping")
    await planned(house, tried=2)
    assert receiver.got == []


async def test_a_server_has_ten_and_its_managers_alone_see_them(house: House, receiver: Receiver):
    made = [await add(house, receiver.url) for _ in range(11)]
    assert [status for status, _ in made] == [201] * 10 + [409]
    path = f"/api/v1/guilds/{house.one.id}/webhooks"
    assert (await house.ask("GET", path, token=await house.token("carol")))[0] == 403
    assert (await house.ask("GET", path, token=await house.token("bob")))[0] == 404
    one = made[0][1]["id"]
    elsewhere = f"/api/v1/guilds/{house.two.id}/webhooks/{one}"
    assert (await house.ask("DELETE", elsewhere))[0] == 404
    assert (await house.ask("DELETE", f"{path}/{one}"))[0] == 204
    assert (await house.ask("DELETE", f"{path}/{one}"))[0] == 404
