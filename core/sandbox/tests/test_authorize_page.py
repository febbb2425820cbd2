"""The authorization page: who may be sent where, and what follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from chandelier_sandbox import Sandbox

from .logging_in import CALLBACK, Browser, person, query_of

CHALLENGE = "a" * 43


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(sandbox, session)


@pytest.mark.parametrize("prefix", ["", "/api", "/api/v10", "/api/v9"])
async def test_somebody_logs_in_through_the_page(browser: Browser, sandbox: Sandbox, prefix: str) -> None:
    browser.prefix = prefix
    status, page, _ = await browser.get(scope="identify email")
    assert status == 200
    assert "Know your username" in page
    assert "Know your email address" in page
    assert "<script" not in page
    status, _, location = await browser.answer(page, user_id=person(sandbox, "bob"))
    assert status == 302
    assert location.startswith(CALLBACK + "&code=")
    answer = query_of(location)
    assert answer["state"] == "s&t"
    assert answer["from"] == "sandbox"
    status, token = await browser.token(grant_type="authorization_code", code=answer["code"], redirect_uri=CALLBACK)
    assert status == 200
    assert set(token) == {"token_type", "access_token", "expires_in", "refresh_token", "scope"}
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 604_800
    assert token["scope"] == "identify email"
    status, user = await browser.call(token["access_token"], "/users/@me")
    assert (status, user["username"], user["email"]) == (200, "bob", "bob@example.com")


async def test_the_page_may_load_nothing_and_lead_nowhere_but_back(browser: Browser) -> None:
    await browser.get()
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("form-action 'self' http://127.0.0.1:9")
    assert "frame-ancestors 'none'" in policy
    assert browser.headers["Cache-Control"] == "no-store"
    await browser.get(client_id="1")
    assert browser.headers["Content-Security-Policy"].endswith("form-action 'self'")


async def test_cancel_sends_back_access_denied(browser: Browser) -> None:
    _, page, _ = await browser.get()
    status, _, location = await browser.answer(page, decision="cancel")
    answer = query_of(location)
    assert (status, answer["error"], answer["state"]) == (302, "access_denied", "s&t")
    assert answer["error_description"]


async def test_a_page_is_answered_once_and_only_from_the_page(browser: Browser, sandbox: Sandbox) -> None:
    _, page, _ = await browser.get()
    bob = person(sandbox, "bob")
    assert (await browser.answer(page, user_id=bob))[0] == 302
    status, text, location = await browser.answer(page, user_id=bob)
    assert (status, location) == (400, "")
    assert "answered already" in text
    status, _, location = await browser.answer(page, request="guessed", user_id=bob)
    assert (status, location) == (400, "")
    _, page, _ = await browser.get()
    sandbox.clock.advance(601)
    assert (await browser.answer(page, user_id=bob))[0] == 400


async def test_a_page_of_another_origin_cannot_answer(browser: Browser, sandbox: Sandbox) -> None:
    url = f"{sandbox.world.origin}/oauth2/authorize"
    async with browser.session.post(url, data={}, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("user_id", ["", "0", "x", "bot", "9" * 30])
async def test_an_answer_from_nobody_shows_the_page_again(browser: Browser, sandbox: Sandbox, user_id: str) -> None:
    _, page, _ = await browser.get()
    status, page, _ = await browser.answer(page, user_id=str(sandbox.bot_id) if user_id == "bot" else user_id)
    assert status == 400
    assert "Choose who you are" in page
    assert (await browser.answer(page, user_id=person(sandbox, "alice")))[0] == 302


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("client_id", None),
        ("client_id", "1"),
        ("client_id", "<b>x"),
        ("client_id", "٣"),
        ("redirect_uri", None),
        ("redirect_uri", "http://evil.example/callback"),
        ("redirect_uri", "http://evil.example\\@127.0.0.1/"),
        ("redirect_uri", "http://127.0.0.1@evil.example/"),
        ("redirect_uri", "http://127.0.0.1.evil.example/"),
        ("redirect_uri", "http://[::1/"),
        ("redirect_uri", "http://127.0.0.1:99999/"),
        ("redirect_uri", "//127.0.0.1/"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "http://127.0.0.1/\r\nSet-Cookie: a=b"),
        ("redirect_uri", "http://127.0.0.1/#fragment"),
        ("state", "x" * 3000),
    ],
)
async def test_who_cannot_be_trusted_gets_a_page_and_no_redirect(
    browser: Browser, parameter: str, value: str | None
) -> None:
    status, page, location = await browser.get(**{parameter: value})
    assert (status, location) == (400, "")
    assert "This cannot be authorized" in page
    assert "<b>x" not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("parameter", "value", "error"),
    [
        ("scope", None, "invalid_scope"),
        ("scope", "identify nonsense", "invalid_scope"),
        ("scope", "rpc", "invalid_scope"),
        ("response_type", None, "unsupported_response_type"),
        ("response_type", "password", "unsupported_response_type"),
        ("prompt", "always", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "S256", "invalid_request"),
        ("code_challenge", CHALLENGE, "invalid_request"),
        ("permissions", "all", "invalid_request"),
        ("permissions", "-1", "invalid_request"),
        ("permissions", "9" * 30, "invalid_request"),
        ("guild_id", "<i>", "invalid_request"),
        ("integration_type", "2", "invalid_request"),
        ("disable_guild_select", "maybe", "invalid_request"),
    ],
)
async def test_any_other_mistake_is_sent_back_to_the_app(
    browser: Browser, parameter: str, value: str | None, error: str
) -> None:
    status, _, location = await browser.get(**{parameter: value})
    answer = query_of(location)
    assert status == 302
    assert location.startswith(CALLBACK)
    assert (answer["error"], answer["state"]) == (error, "s&t")
    assert answer["error_description"]


async def test_only_registered_redirect_uris_are_taken_once_there_are_some(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.redirect_uris = ["https://dash.example/callback", "app:/back"]
    assert (await browser.get())[0] == 400
    assert (await browser.get(redirect_uri="https://dash.example/callback/"))[0] == 400
    assert (await browser.get(redirect_uri="https://dash.example/callback"))[0] == 200
    assert (await browser.get(redirect_uri="app:/back"))[0] == 200
    _, page, _ = await browser.get(redirect_uri=None)
    _, _, location = await browser.answer(page, user_id=person(sandbox, "bob"))
    assert location.startswith("https://dash.example/callback?code=")
    for wrong in ("javascript:alert(1)", "/callback", "http://a/#b", "http://a b/"):
        with pytest.raises(ValueError, match="redirect URI"):
            sandbox.redirect_uris = [wrong]


async def test_names_are_escaped_on_the_page(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.world.add_guild('<script>alert("x")</script>', owner="mallory")
    sandbox.world.users[sandbox.member("mallory").id].display_name = '"><img src=x>'
    _, page, _ = await browser.get(scope="bot", permissions="8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


async def test_prompt_none_goes_straight_back_where_it_was_allowed_before(browser: Browser, sandbox: Sandbox) -> None:
    assert (await browser.get(prompt="none"))[0] == 200
    _, page, _ = await browser.get(scope="identify guilds")
    await browser.answer(page, user_id=person(sandbox, "bob"))
    status, _, location = await browser.get(prompt="none", scope="guilds")
    assert status == 302
    code = query_of(location)["code"]
    _, token = await browser.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert (await browser.call(token["access_token"], "/users/@me/guilds"))[0] == 200
    assert (await browser.get(prompt="none", scope="guilds email"))[0] == 200
    assert (await browser.get(scope="guilds"))[0] == 200
    await browser.token("token/revoke", token=token["access_token"])
    assert (await browser.get(prompt="none", scope="guilds"))[0] == 200


async def test_the_implicit_grant_puts_a_token_into_the_fragment(browser: Browser, sandbox: Sandbox) -> None:
    _, page, _ = await browser.get(response_type="token")
    _, _, location = await browser.answer(page, user_id=person(sandbox, "carol"))
    answer = {name: values[0] for name, values in parse_qs(urlsplit(location).fragment).items()}
    assert answer["state"] == "s&t"
    assert "refresh_token" not in answer
    assert (await browser.call(answer["access_token"], "/users/@me"))[1]["username"] == "carol"


async def test_somebody_adds_the_bot_to_a_server_of_theirs(
    browser: Browser, sandbox: Sandbox, rest: Any, open_socket: Any
) -> None:
    guild = sandbox.world.add_guild("Elsewhere", owner="bob", with_bot=False)
    socket = await open_socket()
    await socket.identify()
    assert (await rest("GET", f"/guilds/{guild.id}"))[0] == 404
    _, page, _ = await browser.get(scope="bot identify", permissions="10")
    bob, carol = person(sandbox, "bob"), person(sandbox, "carol")
    assert f'name="guild_{bob}"' in page
    assert f'name="guild_{carol}"' not in page
    status, page, location = await browser.answer(page, user_id=carol, guild_id=str(guild.id))
    assert (status, location) == (400, "")
    assert "Manage Server" in page
    status, _, location = await browser.answer(page, user_id=bob, permission=["2"], **{f"guild_{bob}": str(guild.id)})
    answer = query_of(location)
    assert (answer["guild_id"], answer["permissions"]) == (str(guild.id), "2")
    created = await socket.until("GUILD_CREATE")
    while created["d"]["id"] != str(guild.id):
        created = await socket.until("GUILD_CREATE")
    assert "unavailable" not in created["d"]
    _, token = await browser.token(grant_type="authorization_code", code=answer["code"], redirect_uri=CALLBACK)
    assert token["guild"]["id"] == str(guild.id)
    own = next(role for role in token["guild"]["roles"] if role["managed"])
    assert (own["permissions"], own["tags"]) == ("2", {"bot_id": str(sandbox.bot_id)})
    assert (await rest("GET", f"/guilds/{guild.id}"))[0] == 200
    assert guild.audit_log[-1].action == 28


async def test_the_bot_can_be_added_without_a_redirect(browser: Browser, sandbox: Sandbox) -> None:
    guild = sandbox.world.add_guild("Elsewhere", owner="bob", with_bot=False)
    more = {"guild_id": str(guild.id), "disable_guild_select": "true"}
    _, page, _ = await browser.get(redirect_uri=None, response_type=None, scope="bot", **more)
    bob, elsewhere = person(sandbox, "bob"), str(sandbox.guild.id)
    status, page, location = await browser.answer(page, user_id=bob, **{f"guild_{bob}": elsewhere})
    assert (status, location) == (200, "")
    assert "Authorized" in page
    assert sandbox.bot_id in guild.members
    _, page, _ = await browser.get(redirect_uri=None, response_type=None, scope="bot", **more)
    assert "Cancelled" in (await browser.answer(page, decision="cancel"))[1]


async def test_a_webhook_comes_with_the_token(browser: Browser, sandbox: Sandbox) -> None:
    _, page, _ = await browser.get(scope="webhook.incoming")
    alice, bob, general = person(sandbox, "alice"), person(sandbox, "bob"), sandbox.guild.channel("general")
    status, page, _ = await browser.answer(page, user_id=bob, channel_id=str(general.id))
    assert status == 400
    _, _, location = await browser.answer(page, user_id=alice, **{f"channel_{alice}": str(general.id)})
    code = query_of(location)["code"]
    _, token = await browser.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    hook = token["webhook"]
    assert (hook["channel_id"], hook["guild_id"]) == (str(general.id), str(sandbox.guild.id))
    assert int(hook["id"]) in sandbox.guild.webhooks
    assert hook["url"].endswith(f"/webhooks/{hook['id']}/{hook['token']}")


async def test_a_program_authorizes_in_one_call(browser: Browser, sandbox: Sandbox) -> None:
    location = await sandbox.approve(browser.url(), "dave")
    assert query_of(location)["state"] == "s&t"
    url = f"{sandbox.world.origin}/sandbox/authorize"
    async with browser.session.post(url, json={"as": "bob", "url": browser.url(scope="guilds")}) as answer:
        code = query_of((await answer.json())["location"])["code"]
    _, token = await browser.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert (await browser.call(token["access_token"], "/users/@me/guilds"))[1][0]["name"] == sandbox.guild.name
    for body in (b"[", b"[]", b"{}", b'{"as": "bob"}', b'{"as": "<b>", "url": "x"}', b'{"as": "bob", "url": "x"}'):
        async with browser.session.post(url, data=body) as answer:
            assert answer.status == 422, body
            assert (await answer.json())["error"]


async def test_the_one_call_refuses_what_the_page_would_refuse(browser: Browser, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="redirect_uri"):
        await sandbox.authorize("bob", redirect_uri="http://evil.example/")
    with pytest.raises(ValueError, match="scope"):
        await sandbox.authorize("bob", scopes=["nonsense"])
    with pytest.raises(ValueError, match="Manage Server"):
        await sandbox.authorize("bob", scopes=["bot"], guild=sandbox.guild)


@pytest.mark.parametrize("body", [b"request=%ff", b"\xff\xfe", b"&" * 500 + b"a=b" * 300, b"request", b"permission=x"])
async def test_a_form_that_is_none_is_answered_with_the_page(browser: Browser, sandbox: Sandbox, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"}
    async with browser.session.post(f"{sandbox.world.origin}/oauth2/authorize", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "answered already" in await answer.text()
