"""A bot with people who may do more or less, and the ways to its API: what tests of identity, limits and conventions share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg

from chandelier_core.store.urls import parse_url
from chandelier_sandbox import Sandbox

from .conftest import own_database, start

OPERATOR = "operator-token-of-the-tests-0123456789"
PLUGINS = "".join(f"[plugins.{name}]\n" for name in ("ping", "custom", "logging", "reminders"))


class House:
    """A bot in two servers: alice owns the first, bob the second; carol is in the first."""

    def __init__(self, discord: Sandbox, database: str, wired: dict[str, str], folder: Path) -> None:
        self.discord, self.database, self.wired, self.folder = discord, database, wired, folder
        self.one = discord.world.add_guild("one", owner="alice")
        self.two = discord.world.add_guild("two", owner="bob")
        discord.member("alice", guild=self.one)
        discord.member("bob", guild=self.two)
        discord.member("carol", guild=self.one)
        self.url = ""
        self.process: Any = None

    def id_of(self, name: str) -> str:
        return str(self.discord.member(name, guild=self.two if name == "bob" else self.one).id)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = OPERATOR,
        body: object = None,
        cookies: Any = None,
        **headers: str,
    ) -> tuple[int, Any, Any]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        jar = aiohttp.DummyCookieJar()
        if cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        async with (
            aiohttp.ClientSession(cookie_jar=jar) as http,
            http.request(method, self.url + path, json=body, headers=given, allow_redirects=False) as answer,
        ):
            text = await answer.text()
            return answer.status, await answer.json(content_type=None) if text else None, answer.headers

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Read the bot's database."""
        connection = await asyncpg.connect(**parse_url(self.database).arguments())
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    async def token(self, person: str | None, /, *scopes: str, **more: object) -> str:
        wish = {"name": "a token", "scopes": list(scopes or ("*:admin",)), **more}
        if person is not None:
            wish["user_id"] = self.id_of(person)
        status, body, _ = await self.ask("POST", "/api/v1/tokens", body=wish)
        assert status == 201, body
        return str(body["token"])

    async def login(self, name: str, next_path: str = "/") -> tuple[dict[str, str], str]:
        """Log somebody in, as a browser does; give the cookies, and where it was led to."""
        _, _, headers = await self.ask("GET", f"/auth/login?next={next_path}", token=None)
        held = cookies_of(headers)
        back = urlsplit(await self.discord.approve(headers["Location"], name))
        status, body, headers = await self.ask("GET", f"{back.path}?{back.query}", token=None, cookies=held)
        assert status == 303, body
        return {key: value for key, value in cookies_of(headers).items() if value}, headers["Location"]


def cookies_of(headers: Any) -> dict[str, str]:
    found = {}
    for line in headers.getall("Set-Cookie", ()):
        name, _, rest = line.partition("=")
        found[name] = rest.partition(";")[0]
    return found


@asynccontextmanager
async def open_house(server: str, folder: Path, **more: str) -> AsyncIterator[House]:
    """Run a bot with the four plugins, an operator's token and a login; ``more`` is what its environment holds besides."""
    (folder / "plugins.toml").write_text(PLUGINS)
    async with own_database(server) as database, Sandbox(rate_limits=False) as discord:
        wired = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": database,
            "DISCORD_CLIENT_SECRET": discord.client_secret, "CHANDELIER_API_TOKEN": OPERATOR,
            "CHANDELIER_BIND": "127.0.0.1:0", "CHANDELIER_PUBLIC_URL": "http://127.0.0.1:8080",
            "CHANDELIER_PLUGINS": str(folder / "plugins.toml"), "CHANDELIER_CLOCK_URL": discord.clock_url,
            "CHANDELIER_API_RATE": "100000", **more,
        }  # fmt: skip
        house = House(discord, database, wired, folder)
        async with start("run", cwd=folder, **wired) as process:
            await process.logged("ready", limit_s=40)
            house.process, house.url = process, str((await process.logged("service_started", service="api"))["url"])
            yield house
            assert await process.end() == 0
