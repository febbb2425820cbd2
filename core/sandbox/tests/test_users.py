"""Users over REST: the bot, people with access tokens, their servers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox

PNG = "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
AsSomebody = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def as_somebody(sandbox: Sandbox) -> AsyncIterator[AsSomebody]:
    """Call a path as a person who has allowed some scopes."""
    callback = "http://127.0.0.1/callback"
    async with aiohttp.ClientSession() as session:

        async def call(name: str, scopes: str, path: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
            code = await sandbox.authorize(name, scopes=scopes.split(), redirect_uri=callback)
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
            form |= {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
            async with session.post(f"{sandbox.api_url}/oauth2/token", data=form) as answer:
                token = (await answer.json())["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            async with session.request(method, sandbox.api_url + path, headers=headers, json=body) as answer:
                return answer.status, await answer.json() if answer.status != 204 else None

        yield call


async def test_a_person_is_described_to_the_app(as_somebody: AsSomebody, sandbox: Sandbox, judge: Any) -> None:
    status, answer = await as_somebody("bob", "identify", "/users/@me")
    assert status == 200
    assert answer["id"] == str(sandbox.member("bob").id)
    assert answer["global_name"] == "Bob"
    assert "email" not in answer
    assert not judge.shape_findings("UserPIIResponse", answer)
    _, answer = await as_somebody("bob", "identify email", "/users/@me")
    assert answer["email"] == "bob@example.com"
    assert answer["verified"] is True


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/users/@me", "identify"),
        ("/users/@me/guilds", "guilds"),
        ("/users/@me/guilds/{guild}/member", "guilds.members.read"),
        ("/users/@me/connections", "connections"),
        ("/users/@me/applications/{app}/role-connection", "role_connections.write"),
        ("/applications/{app}/entitlements", "applications.entitlements"),
    ],
)
async def test_without_its_scope_a_token_is_none(
    as_somebody: AsSomebody, sandbox: Sandbox, path: str, scope: str
) -> None:
    path = path.format(guild=sandbox.guild.id, app=sandbox.application_id)
    assert (await as_somebody("bob", scope, path))[0] == 200
    assert await as_somebody("bob", "openid", path) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_people_see_their_own_servers_with_their_own_permissions(
    as_somebody: AsSomebody, sandbox: Sandbox, judge: Any
) -> None:
    theirs = sandbox.world.add_guild("Bobs Place", owner="bob")
    without_bot = sandbox.world.add_guild("Elsewhere", owner="bob", with_bot=False)
    sandbox.world.add_guild("Not for bob", owner="alice")
    sandbox.member("bob", permissions=["MANAGE_GUILD"])
    _, answer = await as_somebody("bob", "guilds", "/users/@me/guilds")
    by_id = {int(one["id"]): one for one in answer}
    assert set(by_id) == {sandbox.guild.id, theirs.id, without_bot.id}
    assert by_id[theirs.id]["owner"] is True
    assert int(by_id[theirs.id]["permissions"]) & 8
    assert by_id[sandbox.guild.id]["owner"] is False
    assert int(by_id[sandbox.guild.id]["permissions"]) & 0x20
    assert not int(by_id[sandbox.guild.id]["permissions"]) & 8
    assert "approximate_member_count" not in answer[0]
    _, answer = await as_somebody("bob", "guilds", "/users/@me/guilds?with_counts=true")
    assert answer[0]["approximate_member_count"] >= 1
    assert not [finding for one in answer for finding in judge.shape_findings("MyGuildResponse", one)]
    assert await as_somebody("nobody", "guilds", "/users/@me/guilds") == (200, [])


async def test_servers_come_in_pages(rest: Any, sandbox: Sandbox) -> None:
    for name in ("one", "two", "three"):
        sandbox.world.add_guild(name)
    _, everything, _ = await rest("GET", "/users/@me/guilds")
    ids = [one["id"] for one in everything]
    assert ids == sorted(ids, key=int)
    assert len(ids) == 4
    for query, wanted in (
        ("limit=2", ids[:2]),
        (f"limit=2&after={ids[0]}", ids[1:3]),
        (f"before={ids[2]}", ids[:2]),
        (f"limit=1&before={ids[2]}", ids[1:2]),
        (f"after={ids[0]}&before={ids[2]}", ids[1:2]),
    ):
        _, page, _ = await rest("GET", f"/users/@me/guilds?{query}")
        assert [one["id"] for one in page] == wanted, query
    for wrong in ("limit=0", "limit=201", "limit=x", "after=x", "before=-1"):
        status, answer, _ = await rest("GET", f"/users/@me/guilds?{wrong}")
        assert (status, answer["code"]) == (400, 50035)


async def test_a_person_is_described_as_a_member(as_somebody: AsSomebody, sandbox: Sandbox, judge: Any) -> None:
    path = f"/users/@me/guilds/{sandbox.guild.id}/member"
    sandbox.member("bob", permissions=["KICK_MEMBERS"])
    _, answer = await as_somebody("bob", "guilds.members.read", path)
    assert answer["user"]["username"] == "bob"
    assert len(answer["roles"]) == 1
    assert int(answer["permissions"]) & 2
    assert not judge.shape_findings("PrivateGuildMemberResponse", answer)
    status, answer = await as_somebody("stranger", "guilds.members.read", path)
    assert (status, answer["code"]) == (404, 10004)
    assert (await as_somebody("bob", "guilds.members.read", "/users/@me/guilds/x/member"))[1]["code"] == 50035


async def test_the_bot_is_no_person(rest: Any, sandbox: Sandbox) -> None:
    status, _, _ = await rest("GET", f"/users/@me/guilds/{sandbox.guild.id}/member")
    assert status == 401


async def test_the_bot_renames_itself_and_every_session_hears_of_it(
    rest: Any, sandbox: Sandbox, open_socket: Any, judge: Any
) -> None:
    socket = await open_socket()
    await socket.identify()
    status, answer, _ = await rest("PATCH", "/users/@me", {"username": "Lamp", "avatar": PNG})
    assert status == 200
    assert answer["username"] == "Lamp"
    assert len(answer["avatar"]) == 32
    assert not judge.shape_findings("UserPIIResponse", answer)
    event = await socket.until("USER_UPDATE")
    assert event["d"]["username"] == "Lamp"
    assert not judge.event_findings("USER_UPDATE", event["d"])
    _, answer, _ = await rest("PATCH", "/users/@me", {"avatar": None})
    assert (answer["username"], answer["avatar"]) == ("Lamp", None)


@pytest.mark.parametrize(
    "body",
    [
        {"username": "x"},
        {"username": "x" * 33},
        {"username": "a@b"},
        {"username": "discord fan"},
        {"username": "everyone"},
        {"username": ["x"]},
        {"avatar": "https://example.com/a.png"},
        {"avatar": "data:image/png;base64,AAAA"},
        {"avatar": "data:text/html;base64,AAAA"},
        {"avatar": 1},
        {"username": "Fine", "banner": "data:image/gif;base64,====="},
    ],
)
async def test_a_name_or_picture_that_is_none_changes_nothing(rest: Any, body: Any) -> None:
    status, answer, _ = await rest("PATCH", "/users/@me", body)
    assert (status, answer["code"]) == (400, 50035)
    assert answer["errors"]
    assert (await rest("GET", "/users/@me"))[1]["username"] == "Chandelier"


async def test_the_bot_leaves_and_the_people_stay(
    rest: Any, sandbox: Sandbox, open_socket: Any, as_somebody: AsSomebody
) -> None:
    guild = sandbox.world.add_guild("Annex", owner="bob")
    socket = await open_socket()
    await socket.identify()
    assert (await rest("DELETE", f"/users/@me/guilds/{guild.id}"))[0] == 204
    assert (await socket.until("GUILD_DELETE"))["d"] == {"id": str(guild.id)}
    assert (await rest("DELETE", f"/users/@me/guilds/{guild.id}"))[1]["code"] == 10004
    channel = next(iter(guild.channels))
    assert (await rest("GET", f"/channels/{channel}"))[1]["code"] == 10003
    _, answer = await as_somebody("bob", "guilds", "/users/@me/guilds")
    assert "Annex" in [one["name"] for one in answer]
    await sandbox.authorize("bob", scopes=["bot"], guild=guild)
    assert (await rest("GET", f"/channels/{channel}"))[0] == 200


async def test_an_owner_cannot_leave(rest: Any, sandbox: Sandbox) -> None:
    sandbox.guild.owner_id = sandbox.bot_id
    status, answer, _ = await rest("DELETE", f"/users/@me/guilds/{sandbox.guild.id}")
    assert (status, answer["code"]) == (403, 50055)


async def test_direct_messages_are_opened_with_people_only(rest: Any, sandbox: Sandbox) -> None:
    for body, status, code in (
        ({"recipient_id": str(sandbox.member("bob").id)}, 200, None),
        ({"recipient_id": "1"}, 404, 10013),
        ({"recipient_id": str(sandbox.bot_id)}, 403, 50007),
        ({"recipient_id": "bob"}, 400, 50035),
        ({}, 400, 50035),
        ([], 400, 50035),
    ):
        answered, answer, _ = await rest("POST", "/users/@me/channels", body)
        assert (answered, answer.get("code")) == (status, code), body
