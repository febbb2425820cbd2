"""What the chat page does over HTTP and its WebSocket, for tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from chandelier_sandbox import Sandbox
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Overwrite


class Live:
    """The line of one page: what it heard, oldest first."""

    def __init__(self, raw: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = raw
        self.heard: list[Any] = []

    async def until(self, name: str) -> Any:
        """Return the payload of the next event of this name."""
        async with asyncio.timeout(5):
            while True:
                frame = await self.raw.receive()
                assert frame.type is aiohttp.WSMsgType.TEXT, f"{frame.type} before {name}"
                self.heard.append(json.loads(frame.data))
                if self.heard[-1]["t"] == name:
                    return self.heard[-1]["d"]

    @property
    def world(self) -> list[Any]:
        """What was heard of the world: without the transcript, which shows the bot's own traffic to everybody."""
        return [one for one in self.heard if one["t"] not in ("TRANSCRIPT", "CLOCK", "CONNECTED")]


class Page:
    """The page of one person, in #general at first."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, name: str) -> None:
        self.sandbox = sandbox
        self.session = session
        self.name = name
        self.channel = sandbox.guild.channel("general")

    async def call(self, method: str, path: str, fields: Any = None, **more: Any) -> tuple[int, Any]:
        """Return status and JSON; fields are the query of a GET, else the body."""
        more |= {"params": fields} if method == "GET" else {} if "data" in more else {"json": fields}
        url = f"{self.sandbox.world.origin}/sandbox/chat/{path}"
        async with self.session.request(method, url, **more) as answer:
            assert answer.content_type == "application/json", await answer.text()
            return answer.status, await answer.json()

    def place(self, fields: Any) -> dict[str, Any]:
        """Say who and where."""
        return {"as": self.name, "channel": str(self.channel.id), **fields}

    async def does(self, method: str, path: str, **fields: Any) -> Any:
        """Do what must succeed, here."""
        status, answer = await self.call(method, path, self.place(fields))
        assert status == 200, (status, answer)
        return answer

    async def refused(self, method: str, path: str, **fields: Any) -> str:
        """Do what must be refused, here; return the sentence."""
        status, answer = await self.call(method, path, self.place(fields))
        assert status in (404, 422, 504), (status, answer)
        assert set(answer) == {"error"}
        return str(answer["error"])

    async def sends(self, path: str, fields: Any, **files: bytes) -> Any:
        """Post a form with files: files_0 is files[0]."""
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(self.place(fields)))
        for name, content in files.items():
            form.add_field(f"files[{name.removeprefix('files_')}]", content, filename=f"{name}.txt")
        status, answer = await self.call("POST", path, data=form)
        assert status == 200, answer
        return answer

    async def reads(self, **more: Any) -> list[str]:
        """Return what the messages here say."""
        return [one["content"] for one in (await self.does("GET", "messages", **more))["messages"]]

    @asynccontextmanager
    async def live(self, **more: Any) -> AsyncIterator[Live]:
        """Listen, from the first news on."""
        url = f"{self.sandbox.world.origin.replace('http', 'ws')}/sandbox/chat/live?as={self.name}"
        async with self.session.ws_connect(url, **more) as raw:
            line = Live(raw)
            await line.until("CONNECTED")
            yield line


class Visit:
    """Open the page as somebody."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session

    def __call__(self, name: str = "alice", channel: Channel | None = None) -> Page:
        page = Page(self._sandbox, self._session, name)
        page.channel = channel or page.channel
        return page


def hidden_channel(sandbox: Sandbox, name: str, *, shown_to: str) -> Channel:
    """Make a channel that one member sees, and the owner of the server."""
    channel = sandbox.world.add_channel(sandbox.guild, name)
    view = int(Permission.VIEW_CHANNEL)
    channel.overwrites.append(Overwrite(sandbox.guild.id, 0, deny=view))
    channel.overwrites.append(Overwrite(sandbox.member(shown_to).id, 1, allow=view))
    channel.overwrites.append(Overwrite(sandbox.bot_id, 1, allow=view))
    return channel
