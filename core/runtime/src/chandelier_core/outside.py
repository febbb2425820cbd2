"""The way out to other services over HTTP: a client for each plugin that may use it."""

from __future__ import annotations

import aiohttp

LIMIT_S = 10.0


class Outside:
    """Makes a plugin's client when it first asks for it, and closes it when the plugin stops."""

    def __init__(self) -> None:
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def session_of(self, plugin: str) -> aiohttp.ClientSession:
        """Give a plugin's client; a request takes at most 10 s in all."""
        session = self._sessions.get(plugin)
        if session is None or session.closed:
            timeout = aiohttp.ClientTimeout(total=LIMIT_S)
            session = self._sessions[plugin] = aiohttp.ClientSession(
                timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
        return session

    async def close(self, plugin: str) -> None:
        """Close a plugin's connections."""
        if (session := self._sessions.pop(plugin, None)) is not None:
            await session.close()
