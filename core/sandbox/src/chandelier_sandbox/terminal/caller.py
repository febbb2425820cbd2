"""The other end of the control routes: what `chandelier say` uses."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import aiohttp

from chandelier_sandbox.events import JsonObject


class NotRunning(Exception):
    """No sandbox answers at that port."""


class Refused(Exception):
    """The sandbox answered with a sentence instead of replies; kind is cannot_send or no_answer."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Caller:
    """Call a running sandbox on loopback."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/sandbox"
        self._port = port
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the HTTP session."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, connect=5))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def state(self) -> JsonObject:
        """Ask who and what is there."""
        return await self._ask("GET", "/state", None)

    async def say(self, who: str, channel: str, text: str, wait_s: float, *, forget: bool = True) -> list[JsonObject]:
        """Say something and return the answers; wait_s 0 waits for none. forget: drop what was said before."""
        body = {"as": who, "channel": channel, "text": text, "wait_s": wait_s, "forget": forget}
        return list((await self._ask("POST", "/say", body))["replies"])

    async def listen(self, who: str, channel: str, wait_s: float, *, forget: bool = False) -> list[JsonObject]:
        """Return what the bot says next; nothing when the time is up. forget: drop what it said before."""
        body = {"as": who, "channel": channel, "wait_s": wait_s, "forget": forget}
        return list((await self._ask("POST", "/listen", body))["replies"])

    async def _ask(self, method: str, path: str, body: Any) -> JsonObject:
        if self._session is None:
            raise RuntimeError("Caller is used outside its context.")
        try:
            async with self._session.request(method, self._url + path, json=body) as response:
                answer: JsonObject = await response.json()
        except (aiohttp.ClientConnectionError, aiohttp.ContentTypeError, ValueError):
            raise NotRunning(
                f"No sandbox answers at 127.0.0.1:{self._port}; "
                f"start one with `chandelier sandbox --port {self._port}`."
            ) from None
        if response.status != 200:
            raise Refused(str(answer.get("kind", "no_answer")), str(answer.get("error", "The sandbox refused.")))
        return answer


def shown_lines(reply: JsonObject) -> list[str]:
    """Write one answer as lines for a terminal."""
    parts = [reply["text"]] if reply["text"] else []
    for embed in reply["embeds"]:
        parts += [str(embed[name]) for name in ("title", "description") if embed.get(name)]
        parts += [f"{field['name']}: {field['value']}" for field in embed.get("fields") or []]
    parts += [f"[file {name}]" for name in reply["attachments"]]
    marks = " (in a form)" if reply["modal"] else " (direct message)" if reply["direct"] else ""
    marks += " (only you can see this)" if reply["ephemeral"] else ""
    lines = "\n".join(parts).split("\n") or [""]
    lead = f"{reply['author']}: "
    shown = [lead + lines[0], *(" " * len(lead) + line for line in lines[1:])]
    return [*shown[:-1], shown[-1] + marks]
