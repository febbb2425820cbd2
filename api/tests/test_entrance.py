"""Who may come in."""

from __future__ import annotations

import pytest
from api_kit import FakeHost

from chandelier_api import create_app

TOKEN = "0123456789abcdef0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def guarded():
    return create_app(FakeHost(token=TOKEN)).test_client()


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
async def test_health_needs_no_token(guarded, path) -> None:
    assert (await guarded.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/api/data", "/api/v1/ping", "/commands", "/api/v1/plugins", "/api/v1/openapi.json", "/nowhere",
                                  "/api/v1/native/raw", "/health/other"])  # fmt: skip
async def test_everything_else_needs_one(guarded, path) -> None:
    answer = await guarded.get(path)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await guarded.get(path, headers=BEARER)).status_code in (200, 404)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer ü",
                                    f"Bearer {TOKEN[:-1]}"])  # fmt: skip
async def test_a_wrong_token_is_401(guarded, header) -> None:
    answer = await guarded.get("/api/v1/ping", headers={"Authorization": header})
    assert answer.status_code == 401
    assert TOKEN not in await answer.get_data(as_text=True)


async def test_a_stranger_is_told_nothing_of_the_fields(guarded) -> None:
    assert (await guarded.post("/commands", data=b"{")).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/docs/docs.js", "/problems/bad_option"])
async def test_the_shell_of_the_documentation_opens_so_that_a_browser_can_ask_for_the_token(guarded, path) -> None:
    assert (await guarded.get(path)).status_code == 200


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
                                  "0.0.0.0",
                                  "169.254.169.254", "[::2]:80"])  # fmt: skip
async def test_without_a_token_another_host_name_is_refused(client, name) -> None:
    answer = await client.get("/api/v1/ping", headers={"Host": name})
    assert (answer.status_code, (await answer.get_json())["code"]) == (421, "wrong_host")


@pytest.mark.parametrize(
    "name", ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.2", "[::1]:8080", "LOCALHOST"]
)
async def test_this_machines_own_names_are_taken(client, name) -> None:
    assert (await client.get("/api/v1/ping", headers={"Host": name})).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:1"},
                                     {"Sec-Fetch-Site": "cross-site"}])  # fmt: skip
async def test_a_page_of_another_site_changes_nothing(client, host, headers) -> None:
    answer = await client.post("/api/v1/ping/echo", json={"words": "hi"}, headers=headers)
    assert (answer.status_code, (await answer.get_json())["code"]) == (403, "foreign_origin")
    assert host.calls == []


async def test_a_page_of_the_same_origin_may(client) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/api/v1/ping/echo", json={"words": "hi"}, headers=headers)).status_code == 201


async def test_no_answer_is_shared_with_another_origin(client) -> None:
    answer = await client.get("/api/v1/ping", headers={"Origin": "https://evil.example"})
    assert not [name for name in list(answer.headers.keys()) if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/api/v1/ping", "/commands", "/api/data", "/nowhere", "/health"])
async def test_answers_are_not_kept_and_not_sniffed(client, path) -> None:
    headers = (await client.get(path)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
