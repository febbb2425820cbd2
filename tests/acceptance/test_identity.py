"""Who calls the API, in a running bot: tokens with their scopes and ends, logins of browsers, and what each may not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
import pytest_asyncio

from chandelier_core.store.urls import parse_url

from ..house import OPERATOR, House, cookies_of, open_house


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(chandelier_database, tmp_path_factory.mktemp("identity")) as found:
        yield found


async def test_a_stranger_is_told_how_to_come_in(house: House):
    status, body, headers = await house.ask("GET", "/api/v1/guilds", token=None)
    assert (status, body["code"]) == (401, "token_needed")
    assert headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("text", ["garbage", "chd_000000000000_" + "0" * 49, "chd_", "\u00fc"])
async def test_what_is_no_token_opens_nothing_even_beside_a_good_cookie(house: House, text: str):
    cookies, _ = await house.login("alice")
    status, body, _ = await house.ask("GET", "/api/v1/me", token=text, cookies=cookies)
    assert (status, body["code"]) == (401, "token_wrong")


async def test_a_token_acts_as_its_person_and_is_shown_once(house: House):
    token = await house.token("carol", "*:write", name="laptop")
    assert re.fullmatch(r"chd_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", token)
    status, me, _ = await house.ask("GET", "/api/v1/me", token=token)
    assert (status, me["kind"], me["user_id"], me["operator"]) == (200, "token", house.id_of("carol"), False)
    _, listed, _ = await house.ask("GET", "/api/v1/tokens")
    assert token not in str(listed)
    assert any(one["name"] == "laptop" and one["last_used_at"] for one in listed["items"])


async def test_a_token_without_the_scope_is_refused_and_the_scope_named(house: House):
    token = await house.token("alice", "custom:read")
    path = f"/api/v1/guilds/{house.one.id}/custom"
    assert (await house.ask("GET", path, token=token))[0] == 200
    status, body, _ = await house.ask("POST", path, token=token, body={"name": "a", "content": "b"})
    assert (status, body["code"]) == (403, "scope_missing")
    assert "custom:write" in body["detail"]
    assert (await house.ask("GET", "/api/v1/ping", token=token))[1]["detail"].endswith("ping:read.")
    assert (await house.ask("POST", "/api/v1/plugins/ping/stop", token=token))[1]["detail"].endswith("host:admin.")


async def test_another_server_is_like_one_that_is_not_there(house: House):
    token = await house.token("alice")
    seen = []
    for guild_id in (house.two.id, house.two.id + 1):
        status, body, _ = await house.ask("GET", f"/api/v1/guilds/{guild_id}/custom", token=token)
        body.pop("instance")
        seen.append((status, str(body).replace(str(guild_id), "ID")))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404
    _, listed, _ = await house.ask("GET", "/api/v1/guilds", token=token)
    assert str(house.one.id) in [one["id"] for one in listed["items"]]
    assert str(house.two.id) not in [one["id"] for one in listed["items"]]


async def test_a_token_for_one_server_knows_no_other(house: House):
    alice = house.discord.member("alice", guild=house.two)
    assert alice.id == house.discord.member("alice", guild=house.one).id
    try:
        token = await house.token("alice", guild_ids=[str(house.one.id)])
        assert (await house.ask("GET", f"/api/v1/guilds/{house.one.id}/custom", token=token))[0] == 200
        assert (await house.ask("GET", f"/api/v1/guilds/{house.two.id}/custom", token=token))[0] == 404
        _, listed, _ = await house.ask("GET", "/api/v1/guilds", token=token)
        assert [one["id"] for one in listed["items"]] == [str(house.one.id)]
    finally:
        house.discord.world.remove_member(house.two, house.discord.world.users[alice.id])


async def test_a_member_may_read_and_not_add(house: House):
    token, path = await house.token("carol"), f"/api/v1/guilds/{house.one.id}/custom"
    assert (await house.ask("GET", path, token=token))[0] == 200
    status, body, _ = await house.ask("POST", path, token=token, body={"name": "a", "content": "b"})
    assert (status, body["code"]) == (403, "not_allowed")


async def test_only_an_operator_acts_in_somebodys_name(house: House):
    token = await house.token("carol")
    status, body, _ = await house.ask(
        "GET", f"/api/v1/guilds/{house.one.id}/custom", token=token, X_Discord_User_Id=house.id_of("alice")
    )
    assert (status, body["code"]) == (403, "not_allowed")
    acting = await house.ask("GET", f"/api/v1/guilds/{house.one.id}/custom", X_Discord_User_Id=house.id_of("alice"))
    assert acting[0] == 200


async def test_a_token_that_was_revoked_or_has_expired_opens_nothing(house: House):
    revoked, expiring = await house.token("alice"), await house.token("alice", expires_in="1h")
    token_id = revoked.split("_")[1]
    assert (await house.ask("DELETE", f"/api/v1/tokens/{token_id}", token=revoked))[0] == 204
    assert (await house.ask("GET", "/api/v1/me", token=revoked))[1]["detail"] == "This token was revoked."
    assert (await house.ask("DELETE", f"/api/v1/tokens/{token_id}"))[0] == 404
    assert (await house.ask("GET", "/api/v1/me", token=expiring))[0] == 200
    used = await _last_used(house, expiring)
    house.discord.clock.advance(3601)
    async with asyncio.timeout(10):  # the bot follows Discord's clock
        while (answer := await house.ask("GET", "/api/v1/me", token=expiring))[0] != 401:
            await asyncio.sleep(0.05)
    assert (answer[1]["code"], answer[1]["detail"]) == ("token_ended", "This token has expired.")
    assert await _last_used(house, expiring) == used


async def _last_used(house: House, token: str) -> object:
    _, listed, _ = await house.ask("GET", "/api/v1/tokens")
    return next(one["last_used_at"] for one in listed["items"] if one["id"] == token.split("_")[1])


async def test_nobody_gives_away_more_than_they_hold(house: House):
    weak = await house.token("alice", "host:admin", "custom:read", guild_ids=[str(house.one.id)])
    for wish, code in (
        ({"name": "x", "scopes": ["custom:write"]}, "scope_missing"),
        ({"name": "x", "scopes": ["*:read"]}, "scope_missing"),
        ({"name": "x", "scopes": ["custom:read"], "guild_ids": [str(house.two.id)]}, "not_allowed"),
        ({"name": "x", "scopes": ["custom:read"], "user_id": house.id_of("bob")}, "not_allowed"),
    ):
        status, body, _ = await house.ask("POST", "/api/v1/tokens", token=weak, body=wish)
        assert (status, body["code"]) == (403, code), wish
    _, made, _ = await house.ask("POST", "/api/v1/tokens", token=weak, body={"name": "x", "scopes": ["custom:read"]})
    assert made["guild_ids"] == [str(house.one.id)]
    _, others, _ = await house.ask("GET", "/api/v1/tokens", token=await house.token("bob"))
    assert made["id"] not in [one["id"] for one in others["items"]]
    assert (await house.ask("DELETE", f"/api/v1/tokens/{made['id']}", token=await house.token("bob")))[0] == 404


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": "", "scopes": ["*:read"]}, "name"),
        ({"name": "a\nb", "scopes": ["*:read"]}, "name"),
        ({"name": 5, "scopes": ["*:read"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": "custom:read"}, "scopes"),
        ({"name": "x", "scopes": ["custom"]}, "scopes"),
        ({"name": "x", "scopes": ["nosuch:read"]}, "scopes"),
        ({"name": "x", "scopes": ["*:read"], "expires_in": "soon"}, "expires_in"),
        ({"name": "x", "scopes": ["*:read"], "guild_ids": []}, "guild_ids"),
        ({"name": "x", "scopes": ["*:read"], "user_id": "me"}, "user_id"),
    ],
)
async def test_a_wish_that_does_not_fit_is_named(house: House, wish: dict[str, object], field: str):
    status, body, _ = await house.ask("POST", "/api/v1/tokens", body=wish)
    assert status == 422
    assert body["errors"][0]["pointer"] == f"/{field}"


async def test_no_secret_is_kept_in_the_database(house: House):
    token = await house.token("alice")
    cookies, _ = await house.login("alice")
    connection = await asyncpg.connect(**parse_url(house.database).arguments())
    try:
        rows = [
            str(tuple(row))
            for table in ("token", "session", "login")
            for row in await connection.fetch(f"SELECT * FROM core.{table}")
        ]
    finally:
        await connection.close()
    assert rows
    for secret in (token, token.split("_")[2], *cookies.values()):
        assert not any(secret in row for row in rows)


async def test_a_login_goes_to_discord_with_state_and_challenge(house: House):
    status, _, headers = await house.ask("GET", "/auth/login", token=None)
    query = {key: value[0] for key, value in parse_qs(urlsplit(headers["Location"]).query).items()}
    assert status == 302
    assert query["code_challenge_method"] == "S256"
    assert query["scope"] == "identify guilds"
    assert query["state"] and query["code_challenge"]
    line = headers["Set-Cookie"]
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line


async def test_a_browser_logs_in_is_known_and_logs_out(house: House):
    before = len(house.discord.transcript.exchanges)
    cookies, led_to = await house.login("alice", "/api/v1/docs")
    assert led_to == "/api/v1/docs"
    status, me, _ = await house.ask("GET", "/api/v1/me", token=None, cookies=cookies)
    assert (status, me["kind"], me["user_id"]) == (200, "session", house.id_of("alice"))
    paths = [one.path for one in house.discord.transcript.exchanges[before:]]
    assert any(path.endswith("/oauth2/token/revoke") for path in paths), "Discord's token is not kept"
    _, listed, _ = await house.ask("GET", "/api/v1/sessions", token=None, cookies=cookies)
    assert [one["current"] for one in listed["items"] if one["id"] == me["session_id"]] == [True]
    status, _, headers = await house.ask("POST", "/auth/logout", token=None, cookies=cookies, X_Requested_With="test")
    assert status == 204
    assert headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0] == 401


async def test_a_login_that_began_elsewhere_is_refused_before_discord_hears_of_it(house: House):
    _, _, headers = await house.ask("GET", "/auth/login", token=None)
    held, back = cookies_of(headers), urlsplit(await house.discord.approve(headers["Location"], "alice"))
    _, _, other = await house.ask("GET", "/auth/login", token=None)
    before = len(house.discord.transcript.exchanges)
    for cookies, query in (
        ({}, back.query),
        (cookies_of(other), back.query),
        (held, back.query + "&iss=https://evil.example"),
        (held, back.query),  # the state was used up by the one before
    ):
        status, body, headers = await house.ask("GET", f"{back.path}?{query}", token=None, cookies=cookies)
        assert (status, body["code"]) == (400, "login_invalid")
        assert "Set-Cookie" not in headers
    asked = [one.path for one in house.discord.transcript.exchanges[before:]]
    assert not any(path.endswith("/oauth2/token") for path in asked)


async def test_a_login_works_once(house: House):
    _, _, headers = await house.ask("GET", "/auth/login", token=None)
    held, back = cookies_of(headers), urlsplit(await house.discord.approve(headers["Location"], "alice"))
    assert (await house.ask("GET", f"{back.path}?{back.query}", token=None, cookies=held))[0] == 303
    assert (await house.ask("GET", f"{back.path}?{back.query}", token=None, cookies=held))[0] == 400


@pytest.mark.parametrize(
    "next_path", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a b", "/%0d%0aX:1"]
)
async def test_a_login_leads_to_no_other_site(house: House, next_path: str):
    _, led_to = await house.login("alice", next_path)
    assert led_to.startswith("/") and not led_to.startswith(("//", "/\\")) and "\n" not in led_to


async def test_a_session_is_given_and_never_taken_over(house: House):
    chosen = {"chandelier": "a" * 43}
    assert (await house.ask("GET", "/api/v1/me", token=None, cookies=chosen))[0] == 401
    cookies, _ = await house.login("alice")
    assert cookies["chandelier"] != chosen["chandelier"]
    assert (await house.ask("GET", "/api/v1/me", token=None, cookies=chosen))[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Requested_With": "x", "Origin": "https://evil.example"},
        {"X_Requested_With": "x", "Sec_Fetch_Site": "cross-site"},
    ],
)
async def test_a_page_of_another_site_changes_nothing_with_somebodys_cookie(house: House, headers: dict[str, str]):
    cookies, _ = await house.login("alice")
    path = f"/api/v1/guilds/{house.one.id}/custom"
    wish = {"name": "forged", "content": "x"}
    status, body, _ = await house.ask("POST", path, token=None, cookies=cookies, body=wish, **headers)
    assert (status, body["code"]) == (403, "foreign_origin")
    _, found, _ = await house.ask("GET", path)
    assert "forged" not in [one["name"] for one in found["items"]]


async def test_a_session_makes_tokens_and_ends_everywhere(house: House):
    first, _ = await house.login("alice")
    second, _ = await house.login("alice")
    wish = {"name": "from the browser", "scopes": ["*:read"]}
    status, made, headers = await house.ask(
        "POST", "/api/v1/tokens", token=None, cookies=first, body=wish, X_Requested_With="test"
    )
    assert (status, made["user_id"]) == (201, house.id_of("alice"))
    assert headers["Location"] == f"/api/v1/tokens/{made['id']}"
    ended = await house.ask("DELETE", "/api/v1/sessions", token=None, cookies=first, X_Requested_With="test")
    assert ended[0] == 204
    for cookies in (first, second):
        assert (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0] == 401


async def test_the_operator_ends_anybodys_session(house: House):
    cookies, _ = await house.login("alice")
    _, me, _ = await house.ask("GET", "/api/v1/me", token=None, cookies=cookies)
    assert (await house.ask("DELETE", f"/api/v1/sessions/{me['session_id']}"))[0] == 204
    assert (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0] == 401


@pytest.mark.parametrize(("passes_s", "known"), [(23 * 3600, True), (24 * 3600 + 1, False)])
async def test_a_session_ends_after_a_day_without_use(house: House, passes_s: int, known: bool):
    cookies, _ = await house.login("alice")
    await _pass(house, passes_s)
    status = (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0]
    assert status == (200 if known else 401)


async def test_a_session_in_use_ends_after_seven_days(house: House):
    cookies, _ = await house.login("alice")
    for _ in range(8):
        assert (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0] == 200
        await _pass(house, 21 * 3600 + 1)
    assert (await house.ask("GET", "/api/v1/me", token=None, cookies=cookies))[0] == 401


async def _pass(house: House, seconds: float) -> None:
    """Let time pass in Discord, and wait until the bot has followed: one of its own tokens tells."""
    short = await house.token("alice", expires_in=seconds - 5)
    house.discord.clock.advance(seconds)
    async with asyncio.timeout(10):
        while (await house.ask("GET", "/api/v1/me", token=short))[0] != 401:
            await asyncio.sleep(0.05)


async def test_a_permission_that_is_taken_away_is_gone_within_a_minute(house: House):
    role = house.discord.world.add_role(house.one, "Helper", permissions=1 << 5)
    dora = house.discord.member("dora", guild=house.one)
    membership = house.one.members[dora.id]
    house.discord.world.give_role(house.one, membership, role)
    token, path = await house.token("dora"), f"/api/v1/guilds/{house.one.id}/settings"
    async with asyncio.timeout(10):
        while (await house.ask("PUT", path, token=token, body={"text_prefix": "?"}))[0] != 200:
            await asyncio.sleep(0.05)
    house.discord.world.take_role(house.one, membership, role)
    async with asyncio.timeout(60):
        while (answer := await house.ask("PUT", path, token=token, body={"text_prefix": "!"}))[0] == 200:
            await asyncio.sleep(0.2)
    assert answer[1]["code"] == "not_allowed"


async def test_a_member_makes_lists_and_revokes_tokens_in_discord(house: House):
    carol = house.discord.member("carol", guild=house.one)
    reply = await carol.slash("token create", name="phone", scopes="custom:read")
    assert reply.ephemeral
    token = re.findall(r"chd_\w+", reply.text)[0]
    _, me, _ = await house.ask("GET", "/api/v1/me", token=token)
    assert (me["user_id"], me["scopes"], me["guild_ids"]) == (str(carol.id), ["custom:read"], [str(house.one.id)])
    assert "phone" in (await carol.slash("token list")).text
    choices = await carol.autocomplete("token revoke", "token", "pho")
    assert (await carol.slash("token revoke", token=choices[0]["value"])).text.startswith("It is revoked")
    assert (await house.ask("GET", "/api/v1/me", token=token))[0] == 401


async def test_the_command_line_makes_lists_and_revokes_tokens(house: House, chandelier):
    wired = {**house.wired, "CHANDELIER_PLUGINS": str(house.folder / "plugins.toml")}
    made = await chandelier("token", "create", "backup", "--scope", "*:read", "--expires-in", "30d", **wired)
    token = made.out.strip()
    assert (made.code, (await house.ask("GET", "/api/v1/me", token=token))[1]["kind"]) == (0, "token")
    listed = await chandelier("token", "list", **wired)
    assert "backup" in listed.out and token not in listed.out
    assert (await chandelier("token", "revoke", token.split("_")[1], **wired)).code == 0
    assert (await house.ask("GET", "/api/v1/me", token=token))[0] == 401
    wrong = await chandelier("token", "create", "x", "--scope", "nonsense", **wired)
    assert (wrong.code, "is no scope" in wrong.err) == (2, True)


async def test_no_secret_was_logged(house: House):
    said = "".join(house.process.lines)
    assert "chd_" not in said
    for secret in (OPERATOR, house.discord.token, house.discord.client_secret):
        assert secret not in said
