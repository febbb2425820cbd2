"""The way out to other services over HTTP: one client for every plugin that may use it."""

from __future__ import annotations

import aiohttp

LIMIT_S = 10.0


class Outside:
    """Makes the client when it is first asked for."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Give the client; a request takes at most 10 s in all."""
        if self._session is None or self._session.closed:
            timeout, cookies = aiohttp.ClientTimeout(total=LIMIT_S), aiohttp.DummyCookieJar()  # no plugin has another's
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=cookies)
        return self._session

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()
