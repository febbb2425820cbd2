"""Rate limits: buckets, the global limit, what has limits of its own, and who is banished."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.limits import INVALID_MOST


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


def messages(sandbox: Sandbox, channel: str = "general") -> str:
    return f"/channels/{sandbox.guild.channel(channel).id}/messages"


async def test_the_sixth_message_in_five_seconds_is_limited(rest: Any, sandbox: Sandbox) -> None:
    remaining, buckets = [], set()
    for number in range(5):
        status, _, answer = await rest("POST", messages(sandbox), {"content": str(number)})
        assert status == 200
        remaining.append(answer.headers["X-RateLimit-Remaining"])
        buckets.add(answer.headers["X-RateLimit-Bucket"])
    assert (remaining, len(buckets)) == (["4", "3", "2", "1", "0"], 1)
    status, body, answer = await rest("POST", messages(sandbox), {"content": "6"})
    assert (status, body["global"], body["message"]) == (429, False, "You are being rate limited.")
    assert 0 < body["retry_after"] <= 5
    assert body["code"] == 0
    assert answer.headers["X-RateLimit-Scope"] == "user"
    assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert answer.headers["X-RateLimit-Bucket"] in buckets
    assert len(sandbox.world.messages[sandbox.guild.channel("general").id]) == 5


async def test_another_channel_has_a_bucket_of_its_own_with_the_same_hash(rest: Any, sandbox: Sandbox) -> None:
    for _ in range(6):
        first = await rest("POST", messages(sandbox), {"content": "x"})
    second = await rest("POST", messages(sandbox, "random"), {"content": "x"})
    assert (first[0], second[0]) == (429, 200)
    assert first[2].headers["X-RateLimit-Bucket"] == second[2].headers["X-RateLimit-Bucket"]


async def test_the_clock_of_the_sandbox_opens_a_bucket_again(rest: Any, sandbox: Sandbox) -> None:
    for _ in range(6):
        status, body, _ = await rest("POST", messages(sandbox), {"content": "x"})
    assert status == 429
    sandbox.clock.advance(body["retry_after"])
    status, _, answer = await rest("POST", messages(sandbox), {"content": "x"})
    assert (status, answer.headers["X-RateLimit-Remaining"]) == (200, "4")
    assert abs(float(answer.headers["X-RateLimit-Reset"]) - sandbox.clock.time() - 5) < 1


async def test_reactions_share_one_bucket_of_one_in_a_quarter_of_a_second(rest: Any, sandbox: Sandbox) -> None:
    path = f"{messages(sandbox)}/{sandbox.member('bob').post('like me')}/reactions/%F0%9F%91%8D/@me"
    assert (await rest("PUT", path))[0] == 204
    status, body, _ = await rest("DELETE", path)
    assert status == 429
    assert body["retry_after"] <= 0.25
    sandbox.clock.advance(0.25)
    assert (await rest("DELETE", path))[0] == 204


async def test_the_global_limit_is_fifty_a_second_and_says_so(rest: Any, sandbox: Sandbox) -> None:
    sandbox.clock.time = lambda: 1_800_000_000.0  # type: ignore[method-assign]  # no second passes meanwhile
    paths = [f"/users/{sandbox.member(name).id}" for name in ("alice", "bob")] + [f"/guilds/{sandbox.guild.id}"]
    statuses = [(await rest("GET", paths[number % 3]))[0] for number in range(50)]
    assert set(statuses) == {200}
    status, body, answer = await rest("GET", paths[0])
    assert (status, body["global"]) == (429, True)
    assert answer.headers["X-RateLimit-Global"] == "true"
    assert answer.headers["X-RateLimit-Scope"] == "global"
    assert "X-RateLimit-Bucket" not in answer.headers
    callback = await rest("POST", "/interactions/5/x/callback", {"type": 4})
    assert callback[1]["code"] == 10062  # interactions are free of it


async def test_a_webhook_takes_five_in_two_seconds(rest: Any, sandbox: Sandbox) -> None:
    statuses = [(await rest("POST", "/webhooks/5/token", {"content": "x"}))[0] for _ in range(6)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:5]
    assert (await rest("POST", "/webhooks/5/another", {"content": "x"}))[0] != 429


async def test_a_channel_is_renamed_twice_in_ten_minutes(rest: Any, sandbox: Sandbox) -> None:
    role = next(role for role in sandbox.guild.roles.values() if role.bot_id == sandbox.bot_id)
    sandbox.world.change_role(sandbox.guild, role, int(Permission.ADMINISTRATOR))
    path = f"/channels/{sandbox.guild.channel('random').id}"
    statuses = [(await rest("PATCH", path, {"name": f"name-{number}"}))[0] for number in range(3)]
    assert statuses == [200, 200, 429]
    assert (await rest("PATCH", path, {"nsfw": True}))[0] == 200
    assert (await rest("PATCH", path, {"topic": "another limit"}))[0] == 200
    sandbox.clock.advance(600)
    assert (await rest("PATCH", path, {"name": "again"}))[0] == 200


async def test_opening_direct_messages_too_fast_is_40003(rest: Any, sandbox: Sandbox) -> None:
    people = [sandbox.member(f"person-{number}").id for number in range(11)]
    answers = [await rest("POST", "/users/@me/channels", {"recipient_id": str(one)}) for one in people]
    assert [status for status, _, _ in answers] == [200] * 10 + [429]
    assert answers[-1][1]["code"] == 40003


async def test_ten_thousand_invalid_requests_banish_without_json(rest: Any, sandbox: Sandbox) -> None:
    limits = sandbox._discord.limits
    for _ in range(INVALID_MOST - 1):
        limits.note_invalid(403, None, sandbox.clock.time())
    assert (await rest("GET", "/users/@me", token="wrong"))[0] == 401
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with rest.session.get(f"{sandbox.api_url}/users/@me", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (429, "text/html")
        assert "X-RateLimit-Scope" not in answer.headers
        assert int(answer.headers["Retry-After"]) > 500
    sandbox.clock.advance(601)
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_switched_off_nobody_is_limited_and_the_headers_stay(rest: Any, sandbox: Sandbox) -> None:
    sandbox.rate_limits = False
    assert sandbox.rate_limits is False
    for _ in range(60):
        status, _, answer = await rest("POST", messages(sandbox), {"content": "x"})
        assert status == 200
        assert int(answer.headers["X-RateLimit-Remaining"]) == int(answer.headers["X-RateLimit-Limit"]) - 1
    assert answer.headers["X-RateLimit-Bucket"]


async def test_one_sandbox_does_not_limit_another(rest: Any, sandbox: Sandbox) -> None:
    for _ in range(6):
        status, _, _ = await rest("POST", messages(sandbox), {"content": "x"})
    assert status == 429
    async with Sandbox() as other, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {other.token}"}
        async with session.post(other.api_url + messages(other), json={"content": "x"}, headers=headers) as answer:
            assert answer.status == 200
