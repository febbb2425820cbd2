"""Forums and media channels: every thread there is a post, with a first message and tags."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk
from .requests_table import PNG

POST = {"name": "A post", "message": {"content": "First!"}}


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


async def forum(desk: Desk, **more: Any) -> tuple[str, list[str]]:
    """Make a forum with an open tag and one for moderators; return its path and the tags."""
    tags = [{"name": "open"}, {"name": "official", "moderated": True}]
    made = await desk.ask("POST", "channels", {"name": "forum", "type": 15, "available_tags": tags} | more)
    return f"/channels/{made['id']}", [tag["id"] for tag in made["available_tags"]]


async def test_a_post_starts_with_a_message_of_the_same_id(desk: Desk) -> None:
    path, tags = await forum(desk)
    desk.events.clear()
    body = POST | {"applied_tags": tags[:1], "auto_archive_duration": 1440}
    status, post, _ = await desk.rest("POST", f"{path}/threads", body)
    assert (status, post["type"], post["applied_tags"]) == (201, 11, tags[:1])
    assert (post["message"]["id"], post["message"]["content"]) == (post["id"], "First!")
    assert desk.names() == ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]
    shown = await desk.ask("GET", f"/channels/{post['id']}")
    assert (shown["message_count"], shown["total_message_sent"]) == (0, 0)
    assert (await desk.ask("GET", path))["last_message_id"] == post["id"]


async def test_a_post_needs_a_name_and_a_message(desk: Desk) -> None:
    path, _ = await forum(desk)
    assert await desk.form_error(f"{path}/threads", {"name": "x"}, "message") == "BASE_TYPE_REQUIRED"
    assert await desk.form_error(f"{path}/threads", {"message": {"content": "x"}}, "name") == "BASE_TYPE_REQUIRED"
    assert await desk.refused("POST", f"{path}/threads", POST | {"message": {"content": ""}}) == (400, 50006)
    assert desk.guild.threads == {}


async def test_a_picture_of_a_first_message_can_be_fetched(desk: Desk) -> None:
    path, _ = await forum(desk)
    said = {"embeds": [{"title": "t", "image": {"url": "attachment://p.png"}}], "attachments": [{"id": 0}]}
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps({"name": "x", "message": said}), content_type="application/json")
    data.add_field("files[0]", PNG, filename="p.png", content_type="image/png")
    post = await desk.ask("POST", f"{path}/threads", data=data)
    async with desk.rest.session.get(post["message"]["embeds"][0]["image"]["url"]) as answer:
        assert await answer.read() == PNG


async def test_a_media_channel_takes_posts_with_files(desk: Desk) -> None:
    media = desk.sandbox.world.add_channel(desk.guild, "media", ChannelKind.MEDIA)
    path = f"/channels/{media.id}/threads"
    assert await desk.form_error(path, POST, "message", "attachments") == "BASE_TYPE_REQUIRED"
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps(POST), content_type="application/json")
    data.add_field("files[0]", PNG, filename="p.png", content_type="image/png")
    assert (await desk.ask("POST", path, data=data))["message"]["attachments"][0]["filename"] == "p.png"


async def test_tags_are_those_of_the_forum(desk: Desk) -> None:
    path, tags = await forum(desk)
    assert await desk.refused("POST", f"{path}/threads", POST | {"applied_tags": ["5"]}) == (404, 10087)
    twice = POST | {"applied_tags": [tags[0], tags[0]]}
    assert await desk.form_error(f"{path}/threads", twice, "applied_tags") == "SET_TYPE_ALREADY_CONTAINS_VALUE"
    six = POST | {"applied_tags": [str(number) for number in range(6)]}
    assert await desk.form_error(f"{path}/threads", six, "applied_tags") == "BASE_TYPE_MAX_LENGTH"


async def test_moderators_tags_are_for_moderators(desk: Desk) -> None:
    path, tags = await forum(desk)
    desk.without(Permission.MANAGE_THREADS)
    assert await desk.refused("POST", f"{path}/threads", POST | {"applied_tags": tags[1:]}) == (403, 50013)
    post = await desk.ask("POST", f"{path}/threads", POST | {"applied_tags": tags[:1]})
    assert await desk.refused("PATCH", f"/channels/{post['id']}", {"applied_tags": tags}) == (403, 50013)


async def test_a_forum_may_require_a_tag(desk: Desk) -> None:
    path, tags = await forum(desk, flags=1 << 4)
    assert await desk.refused("POST", f"{path}/threads", POST) == (400, 40067)
    post = await desk.ask("POST", f"{path}/threads", POST | {"applied_tags": tags[:1]})
    assert await desk.refused("PATCH", f"/channels/{post['id']}", {"applied_tags": []}) == (400, 40067)


async def test_a_forum_whose_tags_are_all_moderated_is_40066(desk: Desk) -> None:
    path, _ = await forum(desk, flags=1 << 4, available_tags=[{"name": "official", "moderated": True}])
    desk.without(Permission.MANAGE_THREADS)
    assert await desk.refused("POST", f"{path}/threads", POST) == (400, 40066)


async def test_one_post_is_pinned(desk: Desk) -> None:
    path, _ = await forum(desk)
    one, two = [await desk.ask("POST", f"{path}/threads", POST) for _ in range(2)]
    assert (await desk.ask("PATCH", f"/channels/{one['id']}", {"flags": 2}))["flags"] == 2
    assert await desk.refused("PATCH", f"/channels/{two['id']}", {"flags": 2}) == (400, 30047)
    desk.sandbox.clock.advance(30 * 24 * 3600)
    assert (await desk.ask("GET", f"/channels/{one['id']}"))["thread_metadata"]["archived"] is False
    assert (await desk.ask("GET", f"/channels/{two['id']}"))["thread_metadata"]["archived"] is True


async def test_to_post_takes_a_permission(desk: Desk) -> None:
    path, _ = await forum(desk)
    desk.without(Permission.SEND_MESSAGES)
    assert await desk.refused("POST", f"{path}/threads", POST) == (403, 50013)


async def test_posts_are_found_by_name_and_tag(desk: Desk) -> None:
    path, tags = await forum(desk)
    await desk.ask("POST", f"{path}/threads", POST | {"applied_tags": tags[:1]})
    await desk.ask("POST", f"{path}/threads", POST | {"name": "Other"})

    async def found(query: str) -> list[str]:
        answer = await desk.ask("GET", f"{path}/threads/search?{query}")
        assert len(answer["first_messages"]) == answer["total_results"]
        return [thread["name"] for thread in answer["threads"]]

    assert await found("") == ["Other", "A post"]
    assert await found("name=oth") == ["Other"]
    assert await found(f"tag={tags[0]}") == ["A post"]
    assert await found("archived=true") == []
