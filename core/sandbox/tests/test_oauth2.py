"""OAuth2: codes and tokens, and what they open."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import aiohttp
import hikari
import pytest

from chandelier_sandbox import Sandbox

from .logging_in import CALLBACK, Browser

VERIFIER = "a" * 50
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(sandbox, session)


async def test_a_code_is_good_once(browser: Browser, sandbox: Sandbox) -> None:
    code = await sandbox.authorize("alice", redirect_uri=CALLBACK)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert (await browser.token(**form))[0] == 200
    assert await browser.token(**form) == (
        400,
        {"error": "invalid_grant", "error_description": 'Invalid "code" in request.'},
    )


async def test_a_code_ends_after_ten_minutes(browser: Browser, sandbox: Sandbox) -> None:
    code = await sandbox.authorize("alice", redirect_uri=CALLBACK)
    sandbox.clock.advance(601)
    status, answer = await browser.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert (status, answer["error"]) == (400, "invalid_grant")


async def test_a_code_belongs_to_its_redirect_uri_and_its_verifier(browser: Browser, sandbox: Sandbox) -> None:
    code = await sandbox.authorize("alice", redirect_uri=CALLBACK, code_challenge=CHALLENGE)
    form = {"grant_type": "authorization_code", "code": code}
    for wrong in ({}, {"redirect_uri": CALLBACK + "&more"}):
        assert (await browser.token(**form, code_verifier=VERIFIER, **wrong))[1]["error"] == "invalid_grant"
    for wrong in ({}, {"code_verifier": "b" * 50}, {"code_verifier": CHALLENGE}):
        status, answer = await browser.token(**form, redirect_uri=CALLBACK, **wrong)
        assert (status, answer["error"]) == (400, "invalid_grant")
        assert "code_verifier" in answer["error_description"]
    assert (await browser.token(**form, redirect_uri=CALLBACK, code_verifier=VERIFIER))[0] == 200


async def test_the_client_may_use_http_basic(browser: Browser, sandbox: Sandbox) -> None:
    right = f"{sandbox.client_id}:{sandbox.client_secret}"
    status, token = await browser.token(basic=right, grant_type="client_credentials", scope="identify")
    assert status == 200
    assert "refresh_token" not in token
    assert (await browser.call(token["access_token"], "/users/@me"))[1]["username"] == "alice"
    for wrong in (f"{sandbox.client_id}:guess", "", ":", "nothing"):
        answer = await browser.token(basic=wrong, grant_type="client_credentials", scope="identify")
        assert answer == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "guess"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "guess"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "bot"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "identify", "client_secret": "guess"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "scope": "identify", "client_id": "é"}, 401, "invalid_client"),
    ],
)
async def test_a_wrong_token_request_says_what_is_wrong(
    browser: Browser, form: dict[str, str], status: int, error: str
) -> None:
    answered, answer = await browser.token(**form)
    assert (answered, answer["error"]) == (status, error)


async def test_only_a_form_is_read(browser: Browser, sandbox: Sandbox) -> None:
    body = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret, "grant_type": "client_credentials"}
    url = f"{sandbox.api_url}/oauth2/token"
    async with browser.session.post(url, json=body | {"scope": "identify"}) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"] == "unsupported_grant_type"
    for kind in ("application/x-www-form-urlencoded; charset=nonsense", "text/plain", "multipart/form-data"):
        async with browser.session.post(url, data=b"\xff\xfe=1", headers={"Content-Type": kind}) as answer:
            assert answer.status == 400


async def test_a_refresh_token_is_replaced_at_each_use(browser: Browser) -> None:
    first = await browser.log_in("alice", "identify", "guilds")
    status, second = await browser.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert status == 200
    assert second["scope"] == "identify guilds"
    assert second["refresh_token"] != first["refresh_token"]
    assert (await browser.call(first["access_token"], "/users/@me"))[0] == 401
    assert (await browser.call(second["access_token"], "/users/@me"))[0] == 200
    again = await browser.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again[0], again[1]["error"]) == (400, "invalid_grant")


async def test_a_token_ends_after_a_week_and_can_still_be_refreshed(browser: Browser, sandbox: Sandbox) -> None:
    token = await browser.log_in("alice", "identify")
    sandbox.clock.advance(604_801)
    assert (await browser.call(token["access_token"], "/users/@me"))[0] == 401
    assert (await browser.token(grant_type="refresh_token", refresh_token=token["refresh_token"]))[0] == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revoking_one_token_ends_all_of_that_person(browser: Browser, which: str) -> None:
    first, second = await browser.log_in("alice", "identify"), await browser.log_in("alice", "guilds")
    other = await browser.log_in("bob", "identify")
    assert await browser.token("token/revoke", token=first[which]) == (200, {})
    assert (await browser.call(first["access_token"], "/users/@me"))[0] == 401
    assert (await browser.call(second["access_token"], "/users/@me/guilds"))[0] == 401
    assert (await browser.call(other["access_token"], "/users/@me"))[0] == 200
    assert await browser.token("token/revoke", token="unknown") == (200, {})
    assert (await browser.token("token/revoke", token=other[which], client_secret="x"))[0] == 401
    assert (await browser.token("token/revoke"))[1]["error"] == "invalid_request"


async def test_the_current_authorization_is_described(
    browser: Browser, sandbox: Sandbox, rest: Any, judge: Any
) -> None:
    token = (await browser.log_in("bob", "identify", "guilds"))["access_token"]
    nameless = (await browser.log_in("bob", "guilds"))["access_token"]
    status, answer = await browser.call(token, "/oauth2/@me")
    assert status == 200
    assert (answer["scopes"], answer["user"]["username"]) == (["guilds", "identify"], "bob")
    assert "user" not in (await browser.call(nameless, "/oauth2/@me"))[1]
    _, as_bot, _ = await rest("GET", "/oauth2/@me")
    for one in (answer, as_bot):
        assert not judge.shape_findings("OAuth2GetAuthorizationResponse", one)
    _, keys, _ = await rest("GET", "/oauth2/keys")
    assert not judge.shape_findings("OAuth2GetKeys", keys)


async def test_userinfo_tells_what_the_scopes_allow(browser: Browser, judge: Any) -> None:
    little = (await browser.log_in("bob", "openid"))["access_token"]
    _, answer = await browser.call(little, "/oauth2/userinfo")
    assert set(answer) == {"sub"}
    much = (await browser.log_in("bob", "openid", "identify", "email"))["access_token"]
    _, answer = await browser.call(much, "/oauth2/userinfo")
    assert (answer["preferred_username"], answer["email"]) == ("bob", "bob@example.com")
    assert not judge.shape_findings("OAuth2GetOpenIDConnectUserInfoResponse", answer)
    without = (await browser.log_in("bob", "identify"))["access_token"]
    assert (await browser.call(without, "/oauth2/userinfo"))[0] == 401


async def test_an_access_token_is_not_the_bots_token(browser: Browser, sandbox: Sandbox) -> None:
    token = (await browser.log_in("alice", "identify", "guilds"))["access_token"]
    assert (await browser.call(token, f"/guilds/{sandbox.guild.id}"))[0] == 401
    assert (await browser.call(sandbox.token, "/users/@me"))[0] == 401
    assert (await browser.call("guess", "/users/@me"))[0] == 401


async def test_the_transcript_keeps_no_secret(browser: Browser, sandbox: Sandbox) -> None:
    token = await browser.log_in("alice", "identify", code_challenge=None)
    await browser.token(grant_type="refresh_token", refresh_token=token["refresh_token"])
    shown = repr(sandbox.transcript.exchanges) + "".join(
        repr((one.path, one.request, one.answer)) for one in sandbox.transcript.exchanges
    )
    assert "/oauth2/token" in shown
    for secret in (sandbox.client_secret, token["access_token"], token["refresh_token"]):
        assert secret not in shown


async def test_a_fault_hits_the_token_endpoint(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.faults.fail(path_contains="/oauth2/token", status=503)
    assert (await browser.token(grant_type="client_credentials", scope="identify"))[0] == 503
    assert (await browser.token(grant_type="client_credentials", scope="identify"))[0] == 200


async def test_id_and_secret_are_the_same_at_every_start(sandbox: Sandbox) -> None:
    async with Sandbox() as other:
        assert (other.client_id, other.client_secret) == (sandbox.client_id, sandbox.client_secret)
    assert sandbox.client_id == str(sandbox.application_id)
    assert len(sandbox.client_secret) == 32


async def test_the_real_hikari_logs_somebody_in(sandbox: Sandbox) -> None:
    app = hikari.RESTApp(url=sandbox.api_url)
    await app.start()
    client, secret = int(sandbox.client_id), sandbox.client_secret
    try:
        code = await sandbox.authorize("bob", scopes=["identify", "guilds"], redirect_uri=CALLBACK)
        async with app.acquire() as rest:
            token = await rest.authorize_access_token(client, secret, code, CALLBACK)
            assert token.scopes == ["identify", "guilds"]
            token = await rest.refresh_access_token(client, secret, token.refresh_token)
            for_owner = await rest.authorize_client_credentials_token(client, secret, ["identify"])
        async with app.acquire(token.access_token, hikari.TokenType.BEARER) as rest:
            assert (await rest.fetch_my_user()).username == "bob"
            assert [guild.name async for guild in rest.fetch_my_guilds()] == [sandbox.guild.name]
            authorization = await rest.fetch_authorization()
            assert authorization.user is not None
            assert authorization.user.username == "bob"
        async with app.acquire(for_owner.access_token, hikari.TokenType.BEARER) as rest:
            assert (await rest.fetch_my_user()).username == "alice"
        async with app.acquire() as rest:
            await rest.revoke_access_token(client, secret, token.access_token)
        async with app.acquire(token.access_token, hikari.TokenType.BEARER) as rest:
            with pytest.raises(hikari.UnauthorizedError):
                await rest.fetch_my_user()
    finally:
        await app.close()
