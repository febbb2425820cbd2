"""The application over REST: itself, its emojis, role connections and entitlements."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from chandelier_sandbox import Sandbox

PNG = "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
GIF = "data:image/gif;base64," + b64encode(b"GIF89a and so on").decode()
LEVEL = {"type": 2, "key": "level", "name": "Level", "description": "At least this level"}
SINCE = {"type": 6, "key": "since", "name": "Since", "description": "Days since joining"}
STAFF = {"type": 7, "key": "staff", "name": "Staff", "description": "Is staff"}


@pytest.fixture
def app(sandbox: Sandbox) -> str:
    return f"/applications/{sandbox.application_id}"


async def test_the_application_is_found_under_all_its_names(rest: Any, sandbox: Sandbox, judge: Any) -> None:
    answers = [
        (await rest("GET", path))[1]
        for path in ("/applications/@me", f"/applications/{sandbox.application_id}", "/oauth2/applications/@me")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["owner"]["username"] == "alice"
    assert not judge.shape_findings("PrivateApplicationResponse", answers[0])
    status, answer, _ = await rest("GET", "/applications/1")
    assert (status, answer["code"]) == (403, 20012)


async def test_registered_redirect_uris_are_shown(rest: Any, sandbox: Sandbox) -> None:
    sandbox.redirect_uris = ["http://127.0.0.1:8080/callback"]
    assert (await rest("GET", "/applications/@me"))[1]["redirect_uris"] == ["http://127.0.0.1:8080/callback"]


async def test_the_application_is_changed(rest: Any, app: str, judge: Any) -> None:
    body = {
        "description": {"default": "Lights up."},
        "icon": PNG,
        "tags": ["light", "fun"],
        "flags": 1 << 19,
        "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "8"},
        "integration_types_config": {"0": {"oauth2_install_params": {"scopes": ["bot"], "permissions": "8"}}},
        "custom_install_url": "https://example.com/add",
        "role_connections_verification_url": "https://example.com/connect",
    }
    status, answer, _ = await rest("PATCH", "/applications/@me", body)
    assert status == 200
    assert not judge.shape_findings("PrivateApplicationResponse", answer)
    assert (answer["description"], answer["tags"]) == ("Lights up.", ["light", "fun"])
    assert answer["flags"] & 1 << 19
    assert answer["flags"] & 1 << 18, "the privileged intents are switched on elsewhere"
    assert answer["install_params"]["permissions"] == "8"
    assert (await rest("GET", app))[1] == answer
    cleared = {"tags": None, "role_connections_verification_url": None, "install_params": None, "icon": None}
    _, answer, _ = await rest("PATCH", app, cleared)
    assert "tags" not in answer
    assert "install_params" not in answer
    assert answer["role_connections_verification_url"] is None
    assert answer["icon"] is None
    assert not judge.shape_findings("PrivateApplicationResponse", answer)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"description": "x" * 401}, "description"),
        ({"icon": "nonsense"}, "icon"),
        ({"tags": ["x"] * 6}, "tags"),
        ({"tags": ["x", "x"]}, "tags"),
        ({"tags": "x"}, "tags"),
        ({"flags": 1}, "flags"),
        ({"custom_install_url": "javascript:x"}, "custom_install_url"),
        ({"event_webhooks_status": 3}, "event_webhooks_status"),
        ({"install_params": {"scopes": ["email"]}}, "install_params"),
        ({"install_params": "bot"}, "install_params"),
        ({"integration_types_config": {"0": 1}}, "integration_types_config"),
        ({"interactions_endpoint_url": "https://example.com/interactions"}, "interactions_endpoint_url"),
    ],
)
async def test_what_does_not_fit_changes_nothing(rest: Any, body: Any, field: str) -> None:
    _, before, _ = await rest("GET", "/applications/@me")
    status, answer, _ = await rest("PATCH", "/applications/@me", {"description": "new"} | body)
    assert (status, answer["code"]) == (400, 50035)
    assert list(answer["errors"]) == [field]
    assert (await rest("GET", "/applications/@me"))[1] == before


async def test_the_application_has_emojis_of_its_own(rest: Any, app: str, sandbox: Sandbox, judge: Any) -> None:
    status, made, _ = await rest("POST", f"{app}/emojis", {"name": "lamp", "image": PNG})
    assert status == 201
    assert not judge.shape_findings("EmojiResponse", made)
    assert made["user"]["id"] == str(sandbox.bot_id)
    assert made["animated"] is False
    _, moving, _ = await rest("POST", f"{app}/emojis", {"name": "flicker", "image": GIF})
    assert moving["animated"] is True
    _, answer, _ = await rest("GET", f"{app}/emojis")
    assert answer == {"items": [made, moving]}
    one = f"{app}/emojis/{made['id']}"
    assert (await rest("PATCH", one, {"name": "torch"}))[1]["name"] == "torch"
    assert (await rest("GET", one))[1]["name"] == "torch"
    assert (await rest("DELETE", one))[0] == 204
    status, answer, _ = await rest("GET", one)
    assert (status, answer["code"]) == (404, 10014)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "lamp"},
        {"name": "x", "image": PNG},
        {"name": "a lamp", "image": PNG},
        {"name": "x" * 33, "image": PNG},
        {"name": "lamp", "image": "nonsense"},
        {"name": "lamp", "image": "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 262_144).decode()},
    ],
)
async def test_an_emoji_that_does_not_fit_is_refused(rest: Any, app: str, body: Any) -> None:
    status, answer, _ = await rest("POST", f"{app}/emojis", body)
    assert (status, answer["code"]) == (400, 50035)
    assert (await rest("GET", f"{app}/emojis"))[1] == {"items": []}


async def test_role_connections_are_judged_by_their_metadata(rest: Any, app: str, sandbox: Sandbox, judge: Any) -> None:
    assert (await rest("GET", f"{app}/role-connections/metadata"))[1] == []
    status, answer, _ = await rest("PUT", f"{app}/role-connections/metadata", [LEVEL, SINCE, STAFF])
    assert (status, answer) == (200, [LEVEL, SINCE, STAFF])
    for one in answer:
        assert not judge.shape_findings("ApplicationRoleConnectionsMetadataItemResponse", one)
    token = await _token(rest, sandbox, "role_connections.write")
    own = f"/users/@me{app}/role-connection"
    assert (await rest("GET", own, headers=token))[1] == {"metadata": {}}
    given = {"level": 3, "since": "2024-01-01T00:00:00Z", "staff": True}
    body = {"platform_name": "Game", "platform_username": "bob7", "metadata": given}
    status, answer, _ = await rest("PUT", own, body, headers=token)
    assert status == 200
    assert answer["metadata"] == {"level": "3", "since": "2024-01-01T00:00:00Z", "staff": "1"}
    assert not judge.shape_findings("ApplicationUserRoleConnectionResponse", answer)
    for wrong in ({"level": "high"}, {"since": "yesterday"}, {"staff": "2"}, {"unknown": "1"}, {"level": ""}):
        status, answer, _ = await rest("PUT", own, {"metadata": wrong}, headers=token)
        assert (status, answer["code"]) == (400, 50035), wrong
    assert (await rest("GET", own, headers=token))[1]["platform_username"] == "bob7"
    assert (await rest("GET", "/users/@me/applications/1/role-connection", headers=token))[1]["code"] == 20012
    assert (await rest("DELETE", own, headers=token))[0] == 204
    assert (await rest("GET", own, headers=token))[1] == {"metadata": {}}
    assert (await rest("GET", own))[0] == 401


@pytest.mark.parametrize(
    "records",
    [
        {},
        [LEVEL, LEVEL],
        [LEVEL | {"key": "Level!"}],
        [LEVEL | {"type": 9}],
        [LEVEL | {"name": ""}],
        [LEVEL | {"description": "x" * 201}],
        [{"key": "level"}],
        [LEVEL | {"key": f"level{number}"} for number in range(6)],
        "level",
    ],
)
async def test_metadata_that_does_not_fit_is_refused(rest: Any, app: str, records: Any) -> None:
    await rest("PUT", f"{app}/role-connections/metadata", [STAFF])
    status, answer, _ = await rest("PUT", f"{app}/role-connections/metadata", records)
    assert (status, answer["code"]) == (400, 50035)
    assert (await rest("GET", f"{app}/role-connections/metadata"))[1] == [STAFF]


async def test_a_test_entitlement_comes_and_goes(
    rest: Any, app: str, sandbox: Sandbox, open_socket: Any, judge: Any
) -> None:
    socket = await open_socket()
    await socket.identify()
    bob = str(sandbox.member("bob").id)
    status, made, _ = await rest("POST", f"{app}/entitlements", {"sku_id": "5", "owner_id": bob, "owner_type": 2})
    assert status == 200
    assert made["user_id"] == bob
    assert not judge.shape_findings("EntitlementResponse", made)
    of_guild = {"sku_id": "6", "owner_id": str(sandbox.guild.id), "owner_type": 1}
    _, other, _ = await rest("POST", f"{app}/entitlements", of_guild)
    assert other["guild_id"] == str(sandbox.guild.id)
    assert (await rest("GET", f"{app}/entitlements"))[1] == [made, other]
    assert (await rest("GET", f"{app}/entitlements?user_id={bob}"))[1] == [made]
    assert (await rest("GET", f"{app}/entitlements?sku_ids=6,7"))[1] == [other]
    assert (await rest("GET", f"{app}/entitlements?after={made['id']}"))[1] == [other]
    token = await _token(rest, sandbox, "identify")
    assert (await rest("GET", f"/users/@me{app}/entitlements", headers=token))[1] == [made]
    one = f"{app}/entitlements/{made['id']}"
    assert (await rest("POST", f"{one}/consume"))[0] == 204
    assert (await rest("GET", one))[1]["consumed"] is True
    assert (await rest("DELETE", one))[0] == 204
    assert (await rest("GET", one))[1]["code"] == 10029
    for name, deleted in (("ENTITLEMENT_CREATE", False), ("ENTITLEMENT_UPDATE", False), ("ENTITLEMENT_DELETE", True)):
        event = await socket.until(name)
        assert event["d"]["deleted"] is deleted
        assert not judge.event_findings(name, event["d"])


async def test_an_entitlement_of_nobody_is_refused(rest: Any, app: str) -> None:
    for kind, code in ((1, 10004), (2, 10013), (3, 50035), ("x", 50035)):
        body = {"sku_id": "5", "owner_id": "1", "owner_type": kind}
        assert (await rest("POST", f"{app}/entitlements", body))[1]["code"] == code


async def test_nothing_is_sold_and_nothing_is_played(rest: Any, app: str) -> None:
    assert (await rest("GET", f"{app}/skus"))[1] == []
    assert (await rest("GET", "/skus/5/subscriptions"))[1] == []
    for path in ("/skus/5/subscriptions/6", f"{app}/activity-instances/i-1-gc-2-3"):
        status, answer, response = await rest("GET", path)
        assert (status, answer["code"]) == (404, 0)
        assert "X-Sandbox-Unknown" not in response.headers


async def test_what_the_sandbox_does_not_play_says_so(rest: Any, app: str) -> None:
    for method, path in (("POST", "/lobbies"), ("POST", "/partner-sdk/token"), ("POST", f"{app}/attachment")):
        status, _, response = await rest(method, path)
        assert status == 404
        assert response.headers["X-Sandbox-Unknown"].startswith(method)


async def _token(rest: Any, sandbox: Sandbox, scope: str) -> dict[str, str]:
    callback = "http://127.0.0.1/callback"
    code = await sandbox.authorize("bob", scopes=[scope], redirect_uri=callback)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    form |= {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    async with rest.session.post(f"{sandbox.api_url}/oauth2/token", data=form) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
