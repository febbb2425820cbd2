"""What the table of docs/security.md asks, where no other test shows it. House: alice manages one, bob two, carol is in one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio

from ..gate import gate_to
from ..house import House, open_house

SLEEPER = '''
import asyncio
from chandelier import Context, Plugin

plugin = Plugin("sleeper", summary="Sleeps.")

@plugin.command(http="POST /")
async def sleep(ctx: Context) -> str:
    """Sleep for a minute."""
    await asyncio.sleep(60)
    return "Awake."
'''


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(
        chandelier_database, tmp_path_factory.mktemp("security"), CHANDELIER_API_RATE="3000"
    ) as built:
        yield built


async def raw(house: House, lines: str) -> str:
    """Send a request as it is written; give the first line of the answer."""
    parts = urlsplit(house.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(lines.encode())
    answer = await reader.readline()
    writer.close()
    return answer.decode()


async def test_a_reminder_of_somebody_else_is_not_there_and_stays_as_it_was(house: House):
    bobs, alices = await house.token("bob", "reminders:write"), await house.token("alice", "reminders:write")
    status, made, _ = await house.ask(
        "POST", "/api/v1/reminders", token=bobs, body={"after": "1h", "text": "bob's own"}
    )
    assert status == 201, made
    path = f"/api/v1/reminders/{made['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        status, answer, _ = await house.ask(
            method, path, token=alices, body={"text": "mine"} if method == "PATCH" else None
        )
        assert status in (404, 405), (method, answer)
    rows = await house.rows("SELECT text FROM reminders.reminder WHERE text IN ('bob''s own', 'mine')")
    assert [row["text"] for row in rows] == ["bob's own"]


@pytest.mark.parametrize("more", [{"guild_id": "1"}, {"id": 7}, {"version": 9}, {"author_id": "1"}, {"uses": 1000}])
async def test_a_field_that_is_not_the_callers_to_set_is_refused_and_nothing_is_stored(
    house: House, more: dict[str, Any]
):
    body = {"name": "assigned", "content": "x", **more}
    status, answer, _ = await house.ask("POST", f"/api/v1/guilds/{house.one.id}/custom", body=body)
    assert (status, answer["code"]) == (422, "unknown_option")
    assert await house.rows("SELECT id FROM custom.command WHERE name = 'assigned'") == []


async def test_a_preflight_from_another_site_is_told_nothing(house: House):
    asked = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}
    status, _, headers = await house.ask("OPTIONS", "/commands", token=None, **asked)
    assert status in (200, 204, 401, 405)
    assert not [name for name in headers if name.lower().startswith("access-control-allow")]


async def test_a_page_of_another_site_cannot_follow_the_events(house: House):
    cookies, _ = await house.login("alice")
    status, answer, _ = await house.ask(
        "GET", "/api/v1/events", token=None, cookies=cookies, Origin="https://evil.example"
    )
    assert (status, answer["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"\xff", 400), (b'{"name": NaN}', 400), (b'{"name": "\\ud800", "content": "x"}', 400), (b"[" * 200_000, 400),
     (b'{"name": "a", "name": "b", "content": "x"}', 400), (b'{"name": "' + b"a" * 257 * 1024 + b'"}', 413)],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused_and_the_bot_lives(house: House, body: bytes, status: int):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer operator-token-of-the-tests-0123456789"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{house.url}/api/v1/guilds/{house.one.id}/custom", data=body, headers=headers) as answer,
    ):
        assert answer.status == status, await answer.text()
    assert (await house.ask("GET", "/health/live", token=None))[0] == 200


async def test_a_name_with_a_nul_or_markup_is_refused_and_an_id_too_large_is_not_there(house: House):
    for name in ("a\0b", "<img src=x onerror=alert(1)>"):
        status, answer, _ = await house.ask(
            "POST", f"/api/v1/guilds/{house.one.id}/custom", body={"name": name, "content": "x"}
        )
        assert (status, answer["code"]) == (422, "bad_option"), answer
    for path in ("guilds/9999999999999999999/custom", "reminders/9999999999999999999"):
        assert (await house.ask("DELETE" if "rem" in path else "GET", f"/api/v1/{path}"))[0] in (404, 422), path


async def test_who_tries_paths_is_slowed_down(house: House):
    token = await house.token("carol")
    _, _, headers = await house.ask("GET", "/nowhere", token=token)
    assert headers["RateLimit"].startswith('"default";r=2999')
    seen = {(await house.ask("GET", f"/nowhere/{number}", token=None))[0] for number in range(200)}
    assert seen == {401, 429}


async def test_every_cookie_is_of_this_host_alone_and_unreadable_to_scripts(house: House):
    lines: list[str] = []
    _, _, headers = await house.ask("GET", "/auth/login", token=None)
    lines += headers.getall("Set-Cookie")
    cookies, _ = await house.login("carol")
    _, _, headers = await house.ask("POST", "/auth/logout", token=None, cookies=cookies, X_Requested_With="test")
    lines += headers.getall("Set-Cookie")
    assert len(lines) >= 2
    for line in lines:  # over plain HTTP on this machine a browser takes neither Secure nor the prefix that demands it
        assert "HttpOnly" in line and "Path=/" in line and "Domain" not in line, line


async def test_over_https_every_cookie_has_the_prefix_of_its_host(chandelier_database: str, tmp_path):
    more = {"CHANDELIER_PUBLIC_URL": "https://bot.example"}
    async with open_house(chandelier_database, tmp_path, **more) as house:
        _, _, headers = await house.ask("GET", "/auth/login", token=None)
        lines = headers.getall("Set-Cookie")
        assert lines
        for line in lines:
            assert line.startswith("__Host-") and "Secure" in line and "Path=/" in line and "Domain" not in line, line


@pytest.mark.parametrize(
    "path", ["/openapi.json.bak", "/.git/config", "/metrics", "/api/v1/docs/../../pyproject.toml", "/static/../x"]
)
async def test_what_is_not_served_is_not_there(house: House, path: str):
    assert (await house.ask("GET", path))[0] == 404
    assert (await house.ask("GET", path, token=None))[0] in (401, 404, 429)


async def test_a_trace_is_refused(house: House):
    host = urlsplit(house.url).netloc
    asked = f"TRACE / HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer operator-token-of-the-tests-0123456789\r\n\r\n"
    assert " 405 " in await raw(house, asked)


async def test_while_a_route_sleeps_others_answer(shelf, started, wiring, fresh_database, discord):
    shelf.add("sleeper", SLEEPER)
    wired = wiring(discord, fresh_database, "sleeper", "ping")
    async with started("run", **wired) as bot, aiohttp.ClientSession() as http:
        await bot.logged("ready")
        url = (await bot.logged("service_started", service="api"))["url"]
        sleeping = asyncio.create_task(http.post(f"{url}/api/v1/sleeper", json={}))
        for _ in range(50):
            async with http.get(f"{url}/api/v1/ping") as answer:
                assert answer.status == 200
        assert not sleeping.done()
        sleeping.cancel()


async def test_while_the_database_is_away_the_api_says_so_and_it_comes_back_by_itself(
    started, wiring, fresh_database, discord
):
    alice = discord.member("alice")
    async with gate_to(fresh_database) as gate, started("run", **wiring(discord, gate.url)) as bot:
        await bot.logged("ready")
        url = (await bot.logged("service_started", service="api"))["url"]
        async with aiohttp.ClientSession() as http:
            async with http.post(f"{url}/commands", json={"name": "rules", "content": "Be kind."}) as answer:
                assert answer.status == 201
            gate.shut()
            async with http.get(f"{url}/health/live") as answer:
                assert answer.status == 200
            async with http.get(f"{url}/health/ready") as answer:
                assert answer.status == 503
            async with http.get(f"{url}/commands") as answer:
                said = await answer.json()
                assert (answer.status, said["code"]) == (503, "database_away"), said
                assert int(answer.headers["Retry-After"]) > 0
            told = await alice.slash("custom list")
            assert told.text == "The database does not answer at the moment. Try again in a few seconds."
            async with http.get(f"{url}/api/v1/ping") as answer:
                assert answer.status == 200, "what needs no database works"
            await gate.open()
            async with asyncio.timeout(10):
                while True:
                    async with http.get(f"{url}/health/ready") as answer:
                        if answer.status == 200:
                            break
                    await asyncio.sleep(0.05)
            async with http.get(f"{url}/commands") as answer:
                assert [one["name"] for one in (await answer.json())["items"]] == ["rules"]
        assert (await alice.slash("custom run", name="rules")).text == "Be kind."
