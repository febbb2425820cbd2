"""Announcement channels: what they publish reaches the channels that follow them."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.records import ChannelKind

from .guild_steps import Desk


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def news(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.world.add_channel(sandbox.guild, 'news', ChannelKind.ANNOUNCEMENT).id}"


async def followed(desk: Desk, news: str) -> str:
    """Let #random follow the news; return its path."""
    random = desk.guild.channel("random").id
    await desk.ask("POST", f"{news}/followers", {"webhook_channel_id": str(random)})
    return f"/channels/{random}"


async def test_following_is_told_noted_and_announced(desk: Desk, news: str) -> None:
    random = desk.guild.channel("random")
    answer = await desk.ask("POST", f"{news}/followers", {"webhook_channel_id": str(random.id)})
    assert answer["channel_id"] == news.rsplit("/", 1)[1]
    assert "WEBHOOKS_UPDATE" in desk.names()
    assert (await desk.last_entry())["action_type"] == 50
    notice = (await desk.ask("GET", f"/channels/{random.id}/messages"))[0]
    assert (notice["type"], notice["content"]) == (12, f"{desk.guild.name} #news")
    webhook = await desk.ask("GET", f"/webhooks/{answer['webhook_id']}")
    assert (webhook["type"], webhook["source_channel"]["name"], "token" in webhook) == (2, "news", False)
    assert await desk.refused("POST", f"/webhooks/{webhook['id']}/any", {"content": "x"}) == (401, 50027)


async def test_a_published_message_reaches_its_followers_and_stays_the_same_there(desk: Desk, news: str) -> None:
    random = await followed(desk, news)
    sent = await desk.ask("POST", f"{news}/messages", {"content": "Extra!"})
    published = await desk.ask("POST", f"{news}/messages/{sent['id']}/crosspost")
    assert published["flags"] == 1
    copy = (await desk.ask("GET", f"{random}/messages"))[0]
    assert (copy["content"], copy["flags"], copy["author"]["username"]) == ("Extra!", 2, f"{desk.guild.name} #news")
    assert copy["message_reference"]["message_id"] == sent["id"]
    await desk.ask("PATCH", f"{news}/messages/{sent['id']}", {"content": "Corrected."})
    assert (await desk.ask("GET", f"{random}/messages"))[0]["content"] == "Corrected."
    assert await desk.status("DELETE", f"{news}/messages/{sent['id']}") == 204
    left = (await desk.ask("GET", f"{random}/messages"))[0]
    assert (left["content"], left["flags"]) == ("[Original Message Deleted]", 2 | 8)


async def test_a_message_is_published_once(desk: Desk, news: str) -> None:
    sent = await desk.ask("POST", f"{news}/messages", {"content": "Extra!"})
    await desk.ask("POST", f"{news}/messages/{sent['id']}/crosspost")
    assert await desk.refused("POST", f"{news}/messages/{sent['id']}/crosspost") == (400, 40033)


async def test_only_announcements_are_published_and_followed(desk: Desk, news: str) -> None:
    general, random = (f"/channels/{desk.guild.channel(name).id}" for name in ("general", "random"))
    sent = await desk.ask("POST", f"{general}/messages", {"content": "x"})
    assert await desk.refused("POST", f"{general}/messages/{sent['id']}/crosspost") == (400, 50024)
    body = {"webhook_channel_id": random.rsplit("/", 1)[1]}
    assert await desk.refused("POST", f"{general}/followers", body) == (400, 50024)
    assert await desk.form_error(f"{news}/followers", {}, "webhook_channel_id") == "BASE_TYPE_REQUIRED"
    assert await desk.refused("POST", f"{news}/followers", {"webhook_channel_id": "5"}) == (404, 10003)


async def test_to_publish_and_to_follow_takes_permissions(desk: Desk, news: str) -> None:
    bob = desk.sandbox.member("bob", channel="news")
    message = bob.post("mine")
    desk.without(Permission.MANAGE_MESSAGES, Permission.MANAGE_WEBHOOKS)
    assert await desk.refused("POST", f"{news}/messages/{message}/crosspost") == (403, 50013)
    body = {"webhook_channel_id": str(desk.guild.channel("random").id)}
    assert await desk.refused("POST", f"{news}/followers", body) == (403, 50013)
