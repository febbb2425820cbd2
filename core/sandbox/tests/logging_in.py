"""A browser that logs in to the sandbox, and a few things that tests of OAuth2 share."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from chandelier_sandbox import Sandbox

CALLBACK = "http://127.0.0.1:9/callback?from=sandbox"


class Browser:
    """A client that keeps cookies, fills in the page's form and follows no redirect."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.prefix = ""

    def url(self, **more: str | None) -> str:
        asked = {"client_id": self.sandbox.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        query = asked | {"scope": "identify", "state": "s&t"} | more
        written = {name: value for name, value in query.items() if value is not None}
        return f"{self.sandbox.world.origin}{self.prefix}/oauth2/authorize?{urlencode(written)}"

    async def get(self, **more: str | None) -> tuple[int, str, str]:
        async with self.session.get(self.url(**more), allow_redirects=False) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    async def answer(self, page: str, **fields: Any) -> tuple[int, str, str]:
        found = re.search(r'name="request" value="([^"]+)"', page)
        assert found is not None, page
        form = {"request": found.group(1), "decision": "authorize"} | fields
        url = f"{self.sandbox.world.origin}{self.prefix}/oauth2/authorize"
        async with self.session.post(url, data=form, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    async def token(self, how: str = "token", basic: str | None = None, **form: str) -> tuple[int, Any]:
        headers = {} if basic is None else {"Authorization": f"Basic {b64encode(basic.encode()).decode()}"}
        if basic is None:
            form = {"client_id": self.sandbox.client_id, "client_secret": self.sandbox.client_secret} | form
        url = f"{self.sandbox.world.origin}/api/oauth2/{how}"
        async with self.session.post(url, data=form, headers=headers) as answer:
            return answer.status, await answer.json()

    async def log_in(self, who: str, *scopes: str, **more: Any) -> Any:
        code = await self.sandbox.authorize(who, scopes=scopes, redirect_uri=CALLBACK, **more)
        status, token = await self.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
        assert status == 200, token
        return token

    async def call(self, token: str, path: str, method: str = "GET", **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.request(method, self.sandbox.api_url + path, headers=headers, **more) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def person(sandbox: Sandbox, name: str) -> str:
    return str(sandbox.member(name).id)
