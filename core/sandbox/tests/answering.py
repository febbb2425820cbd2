"""The smallest of bots: it hears interactions over the gateway, and answers each as it was told beforehand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from chandelier_sandbox import Sandbox

SAID: dict[str, Any] = {"type": 4, "data": {"content": "ok"}}
V2 = 1 << 15


class Answering:
    """What the bot was asked, oldest first, and what it will answer; without orders it says "ok"."""

    def __init__(self, rest: Any, socket: Any, sandbox: Sandbox) -> None:
        self._rest = rest
        self._socket = socket
        self._sandbox = sandbox
        self.asked: list[Any] = []
        self.answers: list[Any] = []

    @property
    def last(self) -> Any:
        return self.asked[-1]

    @property
    def data(self) -> Any:
        return self.last["data"]

    async def knows(self, *commands: Any) -> None:
        path = f"/applications/{self._sandbox.application_id}/commands"
        status, answer, _ = await self._rest("PUT", path, list(commands))
        assert status == 200, answer

    async def shows(self, *components: Any, channel: Any = "general", flags: int = 0, **more: Any) -> int:
        """Post a message with components and return its id."""
        channel_id = self._sandbox.guild.channel(channel).id if isinstance(channel, str) else channel.id
        body = ({} if flags & V2 else {"content": "Look."}) | {"components": list(components), "flags": flags} | more
        status, answer, _ = await self._rest("POST", f"/channels/{channel_id}/messages", body)
        assert status == 200, answer
        return int(answer["id"])

    def opens(self, *components: Any, title: str = "Feedback", custom_id: str = "form") -> None:
        """Let the next answer be a form."""
        form = {"custom_id": custom_id, "title": title, "components": list(components)}
        self.answers.append({"type": 9, "data": form})

    async def _run(self) -> None:
        async for frame in self._socket.raw:
            event = json.loads(frame.data)
            if event["t"] != "INTERACTION_CREATE":
                continue
            self.asked.append(event["d"])
            path = f"/interactions/{self.last['id']}/{self.last['token']}/callback"
            body = self.answers.pop(0) if self.answers else SAID
            status, refused, _ = await self._rest("POST", path, body)
            assert status == 204, refused


@asynccontextmanager
async def answering_bot(rest: Any, open_socket: Any, sandbox: Sandbox) -> AsyncIterator[Answering]:
    """Run the bot; at the end nothing may have gone wrong in it."""
    socket = await open_socket()
    await socket.identify()
    bot = Answering(rest, socket, sandbox)
    running = asyncio.create_task(bot._run())
    try:
        yield bot
    finally:
        if not running.done():
            running.cancel()
        result = (await asyncio.gather(running, return_exceptions=True))[0]
    assert isinstance(result, asyncio.CancelledError), result


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: str, label: str = "", **more: Any) -> dict[str, Any]:
    shown = {} if "emoji" in more else {"label": label or custom_id.capitalize()}
    return {"type": 2, "style": 1, "custom_id": custom_id} | shown | more


def menu(custom_id: str, *values: str, **more: Any) -> dict[str, Any]:
    options = [{"label": value.capitalize(), "value": value} for value in values]
    return {"type": 3, "custom_id": custom_id, "options": options} | more


def label(component: Any, text: str = "Say") -> dict[str, Any]:
    return {"type": 18, "label": text, "component": component}
