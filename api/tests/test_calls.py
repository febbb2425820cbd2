"""From a request to a call, and back."""

from __future__ import annotations

import pytest
from api_kit import ALICE, GUILD, OTHER_GUILD, FakeHost

from chandelier import Permission, Surface
from chandelier_core.host import GuildView

ADD = f"/api/v1/guilds/{GUILD}/custom"


async def test_a_command_answers_with_its_model(client) -> None:
    answer = await client.get("/api/v1/ping")
    assert (answer.status_code, await answer.get_json()) == (200, {"latency_ms": 41.5})
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(
    "path", ["/api/v1/ping/", "/api/v1/ping", "/commands/", "/api/data/", "/health/", "/api/v1/docs/"]
)
async def test_a_trailing_slash_makes_no_difference(client, path) -> None:
    assert (await client.get(path)).status_code == 200


async def test_the_call_carries_what_the_request_said(client, host) -> None:
    await client.post("/api/v1/ping/echo", json={"words": "hi", "times": 2})
    call = host.calls[-1]
    assert (call.plugin, call.command, call.surface, call.arguments) == (
        "ping",
        "echo",
        Surface.REST,
        {"words": "hi", "times": 2},
    )
    assert call.actor.operator
    assert call.guild_id is None


async def test_text_becomes_an_object_and_a_post_is_201(client) -> None:
    answer = await client.post(
        "/api/v1/ping/echo", json={"words": "hi", "times": 2, "delay": "5m", "mood": "sad", "colour": "green"}
    )
    assert (answer.status_code, await answer.get_json()) == (201, {"text": "hi hi"})


async def test_the_body_of_a_reply_is_what_rest_answers(client) -> None:
    answer = await client.post(ADD, json={"name": "hello", "text": "Hi"})
    assert answer.status_code == 201
    assert await answer.get_json() == {"name": "hello", "owner_id": "1", "created_at": "2026-06-10T12:00:00Z"}


async def test_nothing_is_204(client) -> None:
    answer = await client.delete(f"{ADD}/hello")
    assert (answer.status_code, await answer.get_data()) == (204, b"")


async def test_lists_of_dataclasses_are_written(client) -> None:
    assert await (await client.get("/api/v1/ping/span")).get_json() == [{"lasts": "PT1M30S", "owner_id": 5}]


async def test_a_short_path_takes_the_only_server(client) -> None:
    answer = await client.get("/commands")
    assert (await answer.get_json())["items"][0]["name"] == f"in-{GUILD}"


async def test_with_two_servers_a_short_path_wants_to_know_which(client, host) -> None:
    host.known_guilds += (GuildView(OTHER_GUILD, "Other"),)
    unnamed = await client.get("/commands")
    assert unnamed.status_code == 422
    assert "guild_id" in (await unnamed.get_json())["detail"]
    named = await client.get(f"/commands?guild_id={OTHER_GUILD}")
    assert (await named.get_json())["items"][0]["name"] == f"in-{OTHER_GUILD}"
    await client.post("/commands", json={"guild_id": str(OTHER_GUILD), "name": "a", "text": "b"})
    assert host.calls[-1].guild_id == OTHER_GUILD
    assert host.calls[-1].arguments == {"name": "a", "text": "b"}
    assert (await client.post("/commands", json={"name": "a", "text": "b"})).status_code == 422


async def test_with_no_server_a_short_path_says_so(client, host) -> None:
    host.known_guilds = ()
    assert "no server yet" in (await (await client.get("/commands")).get_json())["detail"]


@pytest.mark.parametrize("guild", ["999999999999999999", "abc", "0", "9999999999999999999", "1" * 40])
async def test_a_server_the_bot_is_not_in_is_404(client, host, guild) -> None:
    assert (await client.get(f"/api/v1/guilds/{guild}/custom")).status_code == 404
    assert host.calls == []


async def test_a_query_guild_id_that_is_none_is_422(client) -> None:
    assert (await client.get("/commands?guild_id=abc")).status_code == 422


async def test_the_operator_may_act_for_a_user(client, host) -> None:
    answer = await client.post(ADD, json={"name": "a", "text": "b"}, headers={"X-Discord-User-Id": str(ALICE)})
    problem = await answer.get_json()
    assert (answer.status_code, problem["code"], problem["type"]) == (403, "not_allowed", "/problems/not_allowed")
    assert "Manage Guild" in problem["detail"]
    host.members[ALICE] = Permission.MANAGE_GUILD
    answer = await client.post(ADD, json={"name": "a", "text": "b"}, headers={"X-Discord-User-Id": str(ALICE)})
    assert (await answer.get_json())["owner_id"] == str(ALICE)


@pytest.mark.parametrize("user", ["", "alice", "-1", "0", "1" * 30, "80351110224678912, 5", "<@80351110224678912>"])
async def test_a_malformed_user_is_422(client, user) -> None:
    answer = await client.get("/api/v1/ping", headers={"X-Discord-User-Id": user})
    assert (answer.status_code, (await answer.get_json())["code"]) == (422, "bad_user")


async def test_an_unknown_user_is_404(client) -> None:
    answer = await client.get(ADD, headers={"X-Discord-User-Id": "12345678901234567"})
    assert (answer.status_code, (await answer.get_json())["code"]) == (404, "not_found")


async def test_a_refusal_of_a_plugin_has_the_plugin_in_its_type(client) -> None:
    answer = await client.post(ADD, json={"name": "taken", "text": "b"})
    problem = await answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert problem == {
        "type": "/problems/custom.name_taken", "title": "Name taken", "status": 409, "code": "name_taken",
        "detail": "There is a command `taken` already.", "instance": answer.headers["X-Request-Id"],
    }  # fmt: skip
    gone = await (await client.get(f"{ADD}/nope")).get_json()
    assert (gone["type"], gone["status"]) == ("/problems/custom.command_not_found", 404)


async def test_a_cooldown_says_when_to_come_back(client) -> None:
    answer = await client.get("/api/v1/ping/soon")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")


async def test_what_took_too_long_is_504(client) -> None:
    answer = await client.get("/api/v1/ping/slow")
    assert (answer.status_code, (await answer.get_json())["code"]) == (504, "timed_out")


@pytest.mark.parametrize("path", ["/api/v1/ping/break", "/api/v1/ping/unwritable", "/api/v1/native/raw/break"])
async def test_a_bug_gives_a_reference_and_no_trace(client, path) -> None:
    answer = await client.get(path)
    text = await answer.get_data(as_text=True)
    reference = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert f"Something broke; it is recorded as {reference}." in text
    assert not any(word in text for word in ("hunter2", "Traceback", "RuntimeError", ".py", "site-packages"))


async def test_each_request_has_its_own_reference(client) -> None:
    first, second = await client.get("/health"), await client.get("/nowhere")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


async def test_the_reference_is_the_calls_own(client, host: FakeHost) -> None:
    answer = await client.get("/api/v1/ping")
    assert host.calls[-1].reference == answer.headers["X-Request-Id"]
