"""Interactions that are posted to an endpoint, as Discord posts them: signed, answered in the body or by the callback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from chandelier_sandbox import Sandbox
from chandelier_sandbox.interactions.endpoint import EndpointRefused


class Bot:
    """A bot without a gateway: it checks signatures, and answers as it is told."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.key = VerifyKey(bytes.fromhex(sandbox.public_key))
        self.url = ""
        self.checks = self.pongs = True
        self.answer: object = {"type": 4, "data": {"content": "from the body"}}
        self.status = 200
        self.wait_s = 0.0
        self.got: list[dict] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            signed = request.headers["X-Signature-Timestamp"].encode() + body
            self.key.verify(signed, bytes.fromhex(request.headers["X-Signature-Ed25519"]))
        except BadSignatureError:
            return web.Response(status=401 if self.checks else 200)
        payload = await request.json()
        if payload["type"] == 1:
            return web.json_response({"type": 1} if self.pongs else {})
        self.got.append(payload)
        await asyncio.sleep(self.wait_s)
        return (
            web.json_response(self.answer, status=self.status)
            if self.answer is not None
            else web.Response(status=self.status)
        )


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    made = Bot(sandbox)
    app = web.Application()
    app.router.add_post("/", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield made
    await runner.cleanup()


@pytest.fixture
async def hello(sandbox: Sandbox, rest) -> None:
    path = f"/applications/{sandbox.application_id}/commands"
    status, *_ = await rest("POST", path, {"name": "hello", "description": "Say hello."})
    assert status in (200, 201)


async def test_an_endpoint_must_pong_and_refuse_what_is_signed_wrongly(sandbox: Sandbox, bot: Bot):
    bot.checks = False
    with pytest.raises(EndpointRefused, match="401"):
        await sandbox.use_interactions_url(bot.url)
    bot.checks, bot.pongs = True, False
    with pytest.raises(EndpointRefused, match="PING"):
        await sandbox.use_interactions_url(bot.url)
    with pytest.raises(EndpointRefused):
        await sandbox.use_interactions_url("http://127.0.0.1:1/")
    bot.pongs = True
    await sandbox.use_interactions_url(bot.url)


async def test_an_answer_in_the_body_is_the_first_answer(sandbox: Sandbox, bot: Bot, hello):
    await sandbox.use_interactions_url(bot.url)
    reply = await sandbox.member("alice").slash("hello")
    assert reply.text == "from the body"
    assert bot.got[0]["data"]["name"] == "hello"
    assert any(one.name == "INTERACTION_CREATE" for one in sandbox.transcript.dispatches)


@pytest.mark.parametrize("trouble", ["late", "an error", "nonsense"])
async def test_an_endpoint_that_does_not_answer_has_not_responded(sandbox: Sandbox, bot: Bot, hello, trouble: str):
    await sandbox.use_interactions_url(bot.url)
    bot.wait_s = 4.0 if trouble == "late" else 0.0
    bot.status = 500 if trouble == "an error" else 200
    bot.answer = {"type": 99} if trouble == "nonsense" else bot.answer
    with pytest.raises(TimeoutError, match="did not respond"):
        await sandbox.member("alice").slash("hello")
    bot.wait_s, bot.status, bot.answer = 0.0, 200, {"type": 4, "data": {"content": "again"}}
    assert (await sandbox.member("alice").slash("hello")).text == "again"


async def test_the_key_is_the_same_at_every_start(sandbox: Sandbox, rest):
    async with Sandbox(port=0) as other:
        assert other.public_key == sandbox.public_key
    _, application, *_ = await rest("GET", "/applications/@me")
    assert application["verify_key"] == sandbox.public_key
