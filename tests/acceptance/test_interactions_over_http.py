"""Interactions that Discord posts to the API: only with its signature, and answered as those of the gateway are."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from nacl.signing import SigningKey

from chandelier_sandbox import Sandbox

from ..conftest import Shelf, own_database, start

SOURCE = """
import asyncio
import hikari, lightbulb
from typing import Annotated
from lightbulb.components import Menu, Modal
from chandelier import Context, Plugin, Suggest

loader = lightbulb.Loader()

class Buttons(Menu):
    def __init__(self):
        self.add_interactive_button(hikari.ButtonStyle.PRIMARY, self.press, label="Press")
    async def press(self, ctx):
        await ctx.respond("pressed", edit=True, components=[])

class Form(Modal):
    def __init__(self):
        self.words = self.add_short_text_input("Words", custom_id="words")
    async def on_submit(self, ctx):
        await ctx.respond(f"you said {ctx.value_for(self.words)}")

@loader.command
class Press(lightbulb.SlashCommand, name="press", description="Shows a button."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        menu = Buttons()
        await ctx.respond("press it", components=menu)
        await menu.attach(ctx.client, timeout=30)

@loader.command
class Fill(lightbulb.SlashCommand, name="fill", description="Shows a form."):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        form = Form()
        await ctx.respond_with_modal("Form", "the_form", components=form)
        await form.attach(ctx.client, "the_form", timeout=30)

plugin = Plugin("posted", summary="Answers.", native=[loader])

async def names(ctx, typed):
    return ["Ann", "Anton"]

@plugin.command()
async def greet(ctx: Context, whom: Annotated[str, Suggest(names)] = "you") -> str:
    '''Greet.

    Args:
        whom: Who.
    '''
    return f"hello {whom}"

@plugin.command()
async def slowly(ctx: Context) -> str:
    'Take longer than Discord waits.'
    await asyncio.sleep(3.5)
    return "at last"
"""


class House:
    """A bot whose interactions come over HTTP, and the key that they are signed with."""

    def __init__(self, discord: Sandbox, url: str) -> None:
        self.discord, self.url = discord, f"{url}/discord/interactions"
        self.alice = discord.member("alice")

    async def post(
        self, body: bytes, *, key: SigningKey, sent_at: int | None = None, altered: bytes = b""
    ) -> tuple[int, Any]:
        stamp = str(int(time.time()) if sent_at is None else sent_at)
        headers = {
            "X-Signature-Ed25519": key.sign(stamp.encode() + body).signature.hex(), "X-Signature-Timestamp": stamp,
            "Content-Type": "application/json",
        }  # fmt: skip
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body + altered, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("posted")
    Shelf(folder).add("posted", SOURCE)
    (folder / "plugins.toml").write_text("[plugins.posted]\n[plugins.ping]\n")
    async with own_database(chandelier_database) as database, Sandbox(rate_limits=False) as discord:
        wired = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": database,
            "DISCORD_PUBLIC_KEY": discord.public_key, "CHANDELIER_API_TOKEN": "an-operators-token-of-the-tests",
            "CHANDELIER_BIND": "127.0.0.1:0", "CHANDELIER_PLUGINS": str(folder / "plugins.toml"), "PYTHONPATH": str(folder),
        }  # fmt: skip
        async with start("run", cwd=folder, **wired) as process:
            await process.logged("ready", limit_s=40)
            made = House(discord, str((await process.logged("service_started", service="api"))["url"]))
            await discord.use_interactions_url(made.url)
            yield made
            assert await process.end() == 0


async def test_commands_completions_buttons_and_forms_are_answered_as_over_the_gateway(house: House):
    alice = house.alice
    assert (await alice.slash("greet", whom="Ann")).text == "hello Ann"
    assert [one["name"] for one in await alice.autocomplete("greet", "whom", "an")] == ["Ann", "Anton"]
    assert (await alice.slash("slowly")).text == "at last"
    shown = await alice.slash("press")
    assert (await alice.click(shown, "Press")).text == "pressed"
    form = await alice.slash("fill")
    assert (await alice.submit(form, words="tea")).text == "you said tea"


async def test_what_discord_has_not_signed_is_refused(house: House):
    key = house.discord._discord.endpoint._key  # the key that only Discord has
    ping = b'{"type": 1, "version": 1}'
    assert await house.post(ping, key=key) == (200, {"type": 1})
    for posted in (
        house.post(ping, key=SigningKey.generate()),
        house.post(ping, key=key, altered=b" "),
        house.post(ping, key=key, sent_at=int(time.time()) - 600),
        house.post(ping, key=key, sent_at=int(time.time()) + 600),
    ):
        status, body = await posted
        assert (status, body["code"]) == (401, "signature_wrong")
    async with aiohttp.ClientSession() as http, http.post(house.url, data=ping) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nonsense", b"\xff", b'{"type": 2}', b'{"type": 77, "id": "1"}', b'{"type": 2, "id": [], "data": 5}'],
)
async def test_rubbish_with_a_good_signature_is_refused_and_hurts_nobody(house: House, body: bytes):
    status, problem = await house.post(body, key=house.discord._discord.endpoint._key)
    assert (status, problem["code"] in ("malformed_body", "malformed_request")) == (400, True)
    assert (await house.alice.slash("greet")).text == "hello you"


async def test_without_the_key_there_is_no_such_route(started, wiring, fresh_database, discord):
    async with started("run", **wiring(discord, fresh_database, "ping")) as process:
        url = str((await process.logged("service_started", service="api"))["url"])
        async with aiohttp.ClientSession() as http, http.post(f"{url}/discord/interactions", data=b"{}") as answer:
            assert answer.status == 404
            assert "DISCORD_PUBLIC_KEY" in (await answer.json())["detail"]
