"""A bot on the wire for tests of interactions: it hears them over the gateway and answers over REST."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from chandelier_sandbox import Member, Reply, Sandbox
from chandelier_sandbox.events import JsonObject

from .guild_steps import Desk

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
V2 = 1 << 15


class Wire:
    """Hear each interaction over the gateway, answer it over REST. asked: the last one heard."""

    def __init__(self, desk: Desk, socket: Any) -> None:
        self.desk = desk
        self.sandbox: Sandbox = desk.sandbox
        self.socket = socket
        self.asked: JsonObject = {}

    @property
    def callback(self) -> str:
        return f"/interactions/{self.asked['id']}/{self.asked['token']}/callback"

    @property
    def webhook(self) -> str:
        return f"/webhooks/{self.sandbox.application_id}/{self.asked['token']}"

    async def register(self, *commands: JsonObject, guild: bool = False) -> list[JsonObject]:
        """Replace the commands of the application, or of the server."""
        scope = f"/guilds/{self.sandbox.guild.id}" if guild else ""
        path = f"/applications/{self.sandbox.application_id}{scope}/commands"
        made: list[JsonObject] = await self.desk.ask("PUT", path, list(commands))
        return made

    async def post(self, *components: JsonObject, member: Member, flags: int = 0, **more: Any) -> Reply:
        """Let the bot post components, and return the message as the member sees it."""
        body = {"components": list(components), "flags": flags} | ({} if flags & V2 else {"content": "See."}) | more
        sent = await self.desk.ask("POST", f"/channels/{member.channel.id}/messages", body)
        return member.see(int(sent["id"]))

    async def hear(self) -> JsonObject:
        """Return the next interaction."""
        self.asked = (await self.socket.until("INTERACTION_CREATE"))["d"]
        return self.asked

    async def answer(self, kind: int, data: JsonObject | None = None) -> None:
        """Answer the last interaction."""
        body: JsonObject = {"type": kind} | ({} if data is None else {"data": data})
        assert await self.desk.status("POST", self.callback, body) == 204

    async def refuses(self, kind: int, data: JsonObject | None = None) -> Any:
        """Answer the last interaction in a way that is refused; return the body of the refusal."""
        body: JsonObject = {"type": kind} | ({} if data is None else {"data": data})
        status, answer, _ = await self.desk.rest("POST", self.callback, body)
        assert status >= 400, answer
        return answer

    async def begin(self, doing: Coroutine[Any, Any, Reply]) -> asyncio.Task[Reply]:
        """Let a member do something, and hear of it."""
        task = asyncio.create_task(doing)
        heard = asyncio.create_task(self.hear())
        await asyncio.wait({task, heard}, return_when=asyncio.FIRST_COMPLETED)
        if not heard.done():
            heard.cancel()
            await task
        await heard
        return task

    async def exchange(self, doing: Coroutine[Any, Any, Reply], kind: int, data: JsonObject | None = None) -> Reply:
        """Let a member do something, answer it, and return what the member gets."""
        task = await self.begin(doing)
        await self.answer(kind, data)
        return await asyncio.wait_for(task, 3)


def row(*components: JsonObject) -> JsonObject:
    return {"type": 1, "components": list(components)}


def button(custom_id: str, label: str = "Go", **more: Any) -> JsonObject:
    return {"type": 2, "style": 1, "custom_id": custom_id, "label": label} | more


def menu(kind: int, custom_id: str = "menu", **more: Any) -> JsonObject:
    return {"type": kind, "custom_id": custom_id} | more


def option(name: str, **more: Any) -> JsonObject:
    return {"label": name.capitalize(), "value": name} | more


def label(text: str, component: JsonObject) -> JsonObject:
    return {"type": 18, "label": text, "component": component}


def text_input(custom_id: str, **more: Any) -> JsonObject:
    return {"type": 4, "custom_id": custom_id, "style": 1} | more
