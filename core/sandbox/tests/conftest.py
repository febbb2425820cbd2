"""A sandbox, raw clients for it, and a small bot made with the real hikari."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import hikari
import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.judge import Judge, find_descriptions

from .answering import Answering, answering_bot
from .chat_steps import Visit
from .guild_steps import Desk
from .interaction_steps import Wire


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(port=0, rate_limits=False) as running:
        yield running


class Rest:
    """A raw client of the REST API."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any
    ) -> tuple[int, Any, aiohttp.ClientResponse]:
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"} | more.pop("headers", {})
        more |= {} if body is None else {"json": body}
        async with self.session.request(method, self.sandbox.api_url + path, headers=headers, **more) as answer:
            raw = await answer.read()
            return answer.status, json.loads(raw) if raw else None, answer


@pytest.fixture
async def rest(sandbox: Sandbox) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(sandbox, session)


class Socket:
    """A raw client of the gateway."""

    def __init__(self, raw: aiohttp.ClientWebSocketResponse, sandbox: Sandbox, compressed: bool) -> None:
        self.raw = raw
        self.sandbox = sandbox
        self.stream = zlib.decompressobj() if compressed else None

    async def receive(self) -> Any:
        frame = await asyncio.wait_for(self.raw.receive(), 3)
        if frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
            return self.raw.close_code
        if self.stream is None:
            assert frame.type is aiohttp.WSMsgType.TEXT
            return json.loads(frame.data)
        assert frame.type is aiohttp.WSMsgType.BINARY
        assert frame.data.endswith(b"\x00\x00\xff\xff")
        return json.loads(self.stream.decompress(frame.data))

    async def until(self, name: str) -> Any:
        while True:
            payload = await self.receive()
            assert isinstance(payload, dict), f"closed with {payload} before {name}"
            if payload.get("t") == name:
                return payload

    async def closing(self) -> int:
        while True:
            payload = await self.receive()
            if isinstance(payload, int):
                return payload

    async def send(self, op: int, d: Any) -> None:
        await self.raw.send_bytes(json.dumps({"op": op, "d": d}).encode())

    async def identify(self, intents: int = 513, **more: Any) -> Any:
        properties = {"os": "linux", "browser": "raw", "device": "raw"}
        identity = {"token": self.sandbox.token, "intents": intents, "properties": properties} | more
        await self.send(2, identity)
        return (await self.until("READY"))["d"]


@pytest.fixture
async def open_socket(sandbox: Sandbox) -> AsyncIterator[Callable[..., Awaitable[Socket]]]:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def connect(query: str = "v=10&encoding=json") -> Socket:
            url = sandbox.world.origin.replace("http", "ws") + f"/gateway?{query}"
            raw = await stack.enter_async_context(session.ws_connect(url, autoclose=True))
            return Socket(raw, sandbox, "zlib" in query)

        yield connect


async def answer_command(interaction: hikari.CommandInteraction) -> None:
    values = {option.name: option.value for option in interaction.options or []}
    match interaction.command_name:
        case "ping":
            await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "Pong!", flags=64)
        case "slow":
            await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
            await asyncio.sleep(0.1)
            await interaction.edit_initial_response("Here at last.")
            await interaction.execute("And one more.")
        case "echo":
            text = " ".join(f"{name}={value!r}" for name, value in values.items())
            await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, text)
        case "mute" | "ban":
            return
        case name:
            raise AssertionError(name)


@asynccontextmanager
async def running_bot(sandbox: Sandbox) -> AsyncIterator[hikari.GatewayBot]:
    bot = hikari.GatewayBot(
        sandbox.token,
        rest_url=sandbox.api_url,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        intents=hikari.Intents.ALL,
    )

    @bot.listen()
    async def _(event: hikari.InteractionCreateEvent) -> None:
        if isinstance(event.interaction, hikari.CommandInteraction):
            await answer_command(event.interaction)
        elif isinstance(event.interaction, hikari.AutocompleteInteraction):
            typed = str(event.interaction.options[0].value)
            choices = [
                hikari.impl.AutocompleteChoiceBuilder(name=typed + end, value=typed + end) for end in ("llo", "y")
            ]
            await event.interaction.create_response(choices)
        elif isinstance(event.interaction, hikari.ComponentInteraction):
            await event.interaction.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, "Pressed.")

    @bot.listen()
    async def _(event: hikari.MessageCreateEvent) -> None:
        if event.is_human and event.content == "!ping":
            await event.message.respond("Pong!", reply=True)
        elif event.is_human and event.content == "!button":
            row = bot.rest.build_message_action_row().add_interactive_button(
                hikari.ButtonStyle.PRIMARY, "go", label="Go"
            )
            await event.message.respond("Press.", component=row)
        elif event.is_human and event.content == "!dm":
            await event.author.send("Between us.")

    await bot.start(check_for_updates=False)
    try:
        await bot.rest.set_application_commands(sandbox.application_id, await commands(bot))
        await sandbox.wait_ready(5)
        yield bot
    finally:
        await bot.close()


async def commands(bot: hikari.GatewayBot) -> list[Any]:
    make, option, kind = bot.rest.slash_command_builder, hikari.CommandOption, hikari.OptionType
    echo = make("echo", "Say what came")
    echo.add_option(option(type=kind.STRING, name="text", description="A text", is_required=True, max_length=10))
    echo.add_option(option(type=kind.INTEGER, name="count", description="A number", min_value=1, max_value=9))
    echo.add_option(option(type=kind.USER, name="who", description="A member"))
    echo.add_option(option(type=kind.CHANNEL, name="where", description="A channel"))
    echo.add_option(
        option(
            type=kind.STRING,
            name="colour",
            description="A choice",
            choices=[hikari.CommandChoice(name="Red", value="r"), hikari.CommandChoice(name="Blue", value="b")],
        )
    )
    find = make("find", "Complete a word")
    find.add_option(option(type=kind.STRING, name="word", description="A word", autocomplete=True))
    admin = make("ban", "Needs a permission").set_default_member_permissions(hikari.Permissions.BAN_MEMBERS)
    return [make("ping", "Pong"), make("slow", "Take time"), make("mute", "Never answer"), echo, find, admin]


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[hikari.GatewayBot]:
    async with running_bot(sandbox) as running:
        yield running


@pytest.fixture(scope="session")
def judge() -> Judge:
    folder = find_descriptions(beside=Path(__file__))
    if folder is None:
        pytest.skip("Discord's own descriptions are not here; CHANDELIER_DISCORD_SPEC names their folder")
    return Judge(folder)


@pytest.fixture
async def desk(rest: Rest, sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Where a server is administered; all that crossed it is judged at the end, if there is a judge."""
    described = find_descriptions(beside=Path(__file__)) is not None
    judge = request.getfixturevalue("judge") if described else None
    place = Desk(rest, sandbox)
    yield place
    findings = place.findings(judge) if judge is not None else []
    assert not findings, "\n".join(sorted(set(findings)))


@pytest.fixture
async def wire(desk: Desk, open_socket: Callable[..., Awaitable[Socket]]) -> Wire:
    """A bot on the wire that hears interactions and answers them; all that crosses is judged at the end."""
    socket = await open_socket()
    await socket.identify()
    return Wire(desk, socket)


@pytest.fixture
async def answering(
    rest: Rest, open_socket: Callable[..., Awaitable[Socket]], sandbox: Sandbox, request: pytest.FixtureRequest
) -> AsyncIterator[Answering]:
    """A bot that answers as told; all that crossed the wires is judged at the end, if there is a judge."""
    described = find_descriptions(beside=Path(__file__)) is not None
    judge = request.getfixturevalue("judge") if described else None
    async with answering_bot(rest, open_socket, sandbox) as running:
        yield running
    findings = judge.findings_of(sandbox.transcript.entries) if judge is not None else []
    assert not findings, "\n".join(sorted(set(findings)))


@pytest.fixture
async def visit(sandbox: Sandbox) -> AsyncIterator[Visit]:
    """Open the chat page as somebody, as often as needed."""
    async with aiohttp.ClientSession() as session:
        yield Visit(sandbox, session)
