"""Webhooks: made, changed and deleted, with a permission or their token, and what is said through them."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk, changes
from .requests_table import IMAGE


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}"


async def made(desk: Desk, channel: str, name: str = "Herald") -> tuple[Any, str]:
    """Make a webhook; return it and its path with the token."""
    webhook = await desk.ask("POST", f"{channel}/webhooks", {"name": name})
    return webhook, f"/webhooks/{webhook['id']}/{webhook['token']}"


# Webhooks themselves


async def test_a_webhook_is_told_and_noted(desk: Desk, general: str) -> None:
    desk.events.clear()
    webhook, _ = await made(desk, general)
    assert (webhook["type"], webhook["application_id"]) == (1, str(desk.sandbox.application_id))
    assert webhook["user"]["id"] == str(desk.sandbox.bot_id)
    assert desk.names() == ["WEBHOOKS_UPDATE"]
    entry = await desk.last_entry()
    assert (entry["action_type"], entry["target_id"]) == (50, webhook["id"])
    assert changes(entry)["name"] == (None, "Herald")
    random = desk.guild.channel("random")
    body = {"name": "Crier", "channel_id": str(random.id), "avatar": IMAGE}
    changed = await desk.ask("PATCH", f"/webhooks/{webhook['id']}", body)
    assert (changed["name"], changed["channel_id"]) == ("Crier", str(random.id))
    assert len(changed["avatar"]) == 32
    assert desk.names() == ["WEBHOOKS_UPDATE", "WEBHOOKS_UPDATE"]
    assert changes(await desk.last_entry())["name"] == ("Herald", "Crier")
    assert await desk.status("DELETE", f"/webhooks/{webhook['id']}") == 204
    assert (await desk.last_entry())["action_type"] == 52
    assert await desk.refused("GET", f"/webhooks/{webhook['id']}") == (404, 10015)


async def test_webhooks_are_listed(desk: Desk, general: str) -> None:
    one, _ = await made(desk, general)
    two, _ = await made(desk, f"/channels/{desk.guild.channel('random').id}")
    assert [webhook["id"] for webhook in await desk.ask("GET", f"{general}/webhooks")] == [one["id"]]
    assert {webhook["id"] for webhook in await desk.ask("GET", "webhooks")} == {one["id"], two["id"]}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "BASE_TYPE_REQUIRED"),
        ({"name": " "}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"name": "x" * 81}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"name": "Clyde"}, "name", "USERNAME_INVALID_CONTAINS"),
        ({"name": "my discord"}, "name", "USERNAME_INVALID_CONTAINS"),
        ({"name": "x", "avatar": "nope"}, "avatar", "IMAGE_INVALID"),
    ],
)
async def test_a_webhook_has_rules(desk: Desk, general: str, body: Any, field: str, code: str) -> None:
    assert await desk.form_error(f"{general}/webhooks", body, field) == code


async def test_a_channel_has_at_most_fifteen_webhooks(desk: Desk, general: str) -> None:
    for _ in range(15):
        await made(desk, general)
    assert await desk.refused("POST", f"{general}/webhooks", {"name": "x"}) == (400, 30007)


async def test_webhooks_take_a_permission_or_their_token(desk: Desk, general: str) -> None:
    webhook, path = await made(desk, general)
    desk.without(Permission.MANAGE_WEBHOOKS)
    for method, place in (
        ("POST", f"{general}/webhooks"),
        ("GET", f"{general}/webhooks"),
        ("GET", "webhooks"),
        ("GET", f"/webhooks/{webhook['id']}"),
        ("PATCH", f"/webhooks/{webhook['id']}"),
        ("DELETE", f"/webhooks/{webhook['id']}"),
    ):
        body = {"name": "x"} if method != "GET" else None
        assert await desk.refused(method, place, body) == (403, 50013), (method, place)
    assert "user" not in await desk.ask("GET", path)
    body = {"name": "Crier", "channel_id": str(desk.guild.channel("random").id)}
    changed = await desk.ask("PATCH", path, body)
    assert (changed["name"], changed["channel_id"]) == ("Crier", webhook["channel_id"])
    assert await desk.status("DELETE", path) == 204


async def test_a_wrong_token_opens_nothing(desk: Desk, general: str) -> None:
    webhook, path = await made(desk, general)
    for method in ("GET", "PATCH", "DELETE", "POST"):
        body = {"content": "x"} if method == "POST" else None
        assert await desk.refused(method, f"/webhooks/{webhook['id']}/wrong", body) == (401, 50027)
        assert await desk.refused(method, f"/webhooks/5/{webhook['token']}", body) == (404, 10015)
    assert (await desk.ask("GET", path))["name"] == "Herald"


async def test_some_places_have_no_webhooks(desk: Desk, general: str) -> None:
    thread = await desk.ask("POST", f"{general}/threads", {"name": "t", "type": 11})
    category = desk.sandbox.world.add_channel(desk.guild, "category", ChannelKind.CATEGORY)
    for channel_id in (thread["id"], category.id):
        refused = await desk.refused("POST", f"/channels/{channel_id}/webhooks", {"name": "x"})
        assert refused == (400, 50024)
    bob = desk.sandbox.world.users[desk.sandbox.member("bob").id]
    direct = desk.sandbox.world.direct_channel(bob)
    assert await desk.refused("POST", f"/channels/{direct.id}/webhooks", {"name": "x"}) == (403, 50003)


# Messages


async def test_a_webhook_speaks_under_its_name_or_another(desk: Desk, general: str) -> None:
    webhook, path = await made(desk, general)
    desk.events.clear()
    said = await desk.ask("POST", f"{path}?wait=true", {"content": "Hear!"})
    assert (said["author"]["username"], said["author"]["id"], said["author"]["bot"]) == (
        "Herald",
        webhook["id"],
        True,
    )
    assert said["webhook_id"] == webhook["id"]
    told = desk.last("MESSAGE_CREATE")
    assert "member" not in told
    body = {"content": "x", "username": "Town", "avatar_url": "https://example.com/a.png"}
    other = await desk.ask("POST", f"{path}?wait=true", body)
    assert (other["author"]["username"], len(other["author"]["avatar"])) == ("Town", 32)
    status, nothing, _ = await desk.rest("POST", path, {"content": "quiet"})
    assert (status, nothing) == (204, None)


async def test_what_a_webhook_says_is_judged(desk: Desk, general: str) -> None:
    _, path = await made(desk, general)
    assert await desk.refused("POST", path, {}) == (400, 50006)
    assert await desk.form_error(path, {"content": "x" * 2001}, "content") == "BASE_TYPE_MAX_LENGTH"
    odd = {"content": "x", "username": "clyde"}
    assert await desk.form_error(path, odd, "username") == "USERNAME_INVALID_CONTAINS"
    odd = {"content": "x", "avatar_url": "nope"}
    assert await desk.form_error(path, odd, "avatar_url") == "URL_TYPE_INVALID_URL"
    body = {"content": "@everyone", "allowed_mentions": {"parse": []}}
    assert (await desk.ask("POST", f"{path}?wait=true", body))["mention_everyone"] is False


async def test_a_webhook_sends_files_and_embeds(desk: Desk, general: str) -> None:
    _, path = await made(desk, general)
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps({"embeds": [{"title": "t"}]}), content_type="application/json")
    data.add_field("files[0]", b"a", filename="a.txt", content_type="text/plain")
    said = await desk.ask("POST", f"{path}?wait=true", data=data)
    assert (said["attachments"][0]["filename"], said["embeds"][0]["title"]) == ("a.txt", "t")


async def test_components_are_for_webhooks_of_an_application(desk: Desk, general: str) -> None:
    webhook, path = await made(desk, general)
    row = {"type": 1, "components": [{"type": 2, "style": 5, "label": "Go", "url": "https://example.com"}]}
    body = {"content": "x", "components": [row]}
    assert len((await desk.ask("POST", f"{path}?wait=true", body))["components"]) == 1
    desk.guild.webhooks[int(webhook["id"])].application_id = None
    assert (await desk.ask("POST", f"{path}?wait=true", body))["components"] == []
    shown = await desk.ask("POST", f"{path}?wait=true&with_components=true", body)
    assert len(shown["components"]) == 1


async def test_a_webhook_reads_edits_and_deletes_only_its_own(desk: Desk, general: str) -> None:
    _, path = await made(desk, general)
    said = await desk.ask("POST", f"{path}?wait=true", {"content": "one"})
    own = f"{path}/messages/{said['id']}"
    assert (await desk.ask("GET", own))["content"] == "one"
    assert (await desk.ask("PATCH", own, {"content": "two"}))["edited_timestamp"] is not None
    others = f"{path}/messages/{desk.sandbox.member('bob').post('x')}"
    for method in ("GET", "PATCH", "DELETE"):
        body = {"content": "x"} if method == "PATCH" else None
        assert await desk.refused(method, others, body) == (404, 10008)
    assert await desk.status("DELETE", own) == 204
    assert await desk.refused("GET", own) == (404, 10008)
    assert await desk.refused("GET", f"{path}/messages/@original") == (400, 50035)


async def test_a_webhook_speaks_in_a_thread_of_its_channel(desk: Desk, general: str) -> None:
    _, path = await made(desk, general)
    thread = await desk.ask("POST", f"{general}/threads", {"name": "t", "type": 11})
    said = await desk.ask("POST", f"{path}?wait=true&thread_id={thread['id']}", {"content": "x"})
    assert said["channel_id"] == thread["id"]
    assert await desk.refused("GET", f"{path}/messages/{said['id']}") == (404, 10008)
    await desk.ask("GET", f"{path}/messages/{said['id']}?thread_id={thread['id']}")
    elsewhere = f"/channels/{desk.guild.channel('random').id}"
    other = await desk.ask("POST", f"{elsewhere}/threads", {"name": "t", "type": 11})
    assert await desk.refused("POST", f"{path}?thread_id={other['id']}", {"content": "x"}) == (404, 10003)
    body = {"content": "x", "thread_name": "y"}
    assert await desk.refused("POST", path, body) == (400, 220003)
    assert await desk.refused("POST", f"{path}?thread_id={thread['id']}", body) == (400, 220002)


async def test_a_webhook_posts_in_a_forum(desk: Desk) -> None:
    forum = desk.sandbox.world.add_channel(desk.guild, "forum", ChannelKind.FORUM)
    webhook, path = await made(desk, f"/channels/{forum.id}")
    assert await desk.refused("POST", path, {"content": "x"}) == (400, 220001)
    said = await desk.ask("POST", f"{path}?wait=true", {"content": "x", "thread_name": "Post"})
    thread = await desk.ask("GET", f"/channels/{said['channel_id']}")
    assert (thread["id"], thread["name"], thread["owner_id"]) == (said["id"], "Post", webhook["id"])
    assert await desk.refused("POST", f"{path}/slack", {"text": "x"}) == (400, 220004)


async def test_other_services_are_understood_a_little(desk: Desk, general: str) -> None:
    _, path = await made(desk, general)
    attachment = {"title": "t", "text": "d", "color": "good"}
    assert await desk.ask("POST", f"{path}/slack", {"text": "x", "attachments": [attachment]}) == "ok"
    said = (await desk.ask("GET", f"{general}/messages"))[0]
    assert (said["content"], said["embeds"][0]["color"]) == ("x", 0x2EB67D)
    body = {"action": "opened", "sender": {"login": "octo"}, "repository": {"full_name": "a/b"}}
    assert await desk.status("POST", f"{path}/github", body) == 204
    assert (await desk.ask("GET", f"{general}/messages"))[0]["embeds"][0]["title"] == "[a/b] opened by octo"


async def test_the_applications_id_leads_to_its_interactions(desk: Desk) -> None:
    path = f"/webhooks/{desk.sandbox.application_id}/unknown"
    assert await desk.refused("POST", path, {"content": "x"}) == (404, 10015)
    assert await desk.refused("GET", f"{path}/messages/@original") == (404, 10015)
