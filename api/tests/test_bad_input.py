"""What cannot be read is a 4xx with a sentence, never a 500."""

from __future__ import annotations

import json

import pytest

ECHO = "/api/v1/ping/echo"
JSON = {"Content-Type": "application/json"}


async def problem_of(answer) -> dict:
    assert answer.content_type == "application/problem+json"
    found = json.loads(await answer.get_data())
    assert found["status"] == answer.status_code
    assert found["detail"].endswith((".", "?", "}."))
    return found


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b'{"words":}', b"\xff\xfe", b'{"words": "\xff"}', b'{"words": NaN}', b'{"words": Infinity}',
     b'{"words": "\\ud800"}',     b"[" * 200_000, b'{"a":' * 500 + b"1" + b"}" * 500, b"[" * 70 + b"]" * 70,
     b'{"words": "a", "words": "b"}',
     b'{"words": 1e999}', b'{"times": ' + b"1" * 6000 + b"}", b"[]", b'"text"', b"null", b"\xef\xbb\xbf{}", b"{} {}",
     b"{'words': 1}"],
)  # fmt: skip
async def test_a_body_that_is_no_json_object_is_400(client, host, body) -> None:
    answer = await client.post(ECHO, data=body, headers=JSON)
    found = await problem_of(answer)
    assert (answer.status_code, found["code"]) == ((400, "malformed_body") if body else (422, "missing_option"))
    assert host.calls == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "multipart/form-data"]
)
async def test_another_content_type_is_415(client, kind) -> None:
    answer = await client.post(ECHO, data=b'{"words": "hi"}', headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, (await problem_of(answer))["code"]) == (415, "not_json")


async def test_a_charset_in_the_content_type_does_no_harm(client) -> None:
    answer = await client.post(
        ECHO, data=b'{"words": "hi"}', headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert answer.status_code == 201


async def test_a_body_that_is_too_large_is_413(client) -> None:
    answer = await client.post(ECHO, data=b'{"words": "' + b"a" * 257 * 1024 + b'"}', headers=JSON)
    assert (answer.status_code, (await problem_of(answer))["code"]) == (413, "body_too_large")


async def test_an_unknown_field_is_named_with_the_nearest_right_one(client) -> None:
    answer = await client.post(ECHO, json={"words": "hi", "tiems": 2})
    found = await problem_of(answer)
    assert (answer.status_code, found["code"]) == (422, "unknown_option")
    assert "did you mean `times`?" in found["detail"]
    assert found["errors"] == [{"in": "body", "pointer": "/tiems", "detail": found["detail"]}]


async def test_missing_options_are_named_together(client) -> None:
    answer = await client.post("/commands", json={})
    found = await problem_of(answer)
    assert (answer.status_code, found["code"]) == (422, "missing_option")
    assert found["detail"] == "`name` is missing. `text` is missing."
    assert (await client.post("/commands")).status_code == 422


@pytest.mark.parametrize("query", ["prefx=a", "prefix=a&prefix=b", "guild_id=1&guild_id=2", "x"])
async def test_an_unknown_or_repeated_parameter_is_422(client, query) -> None:
    answer = await client.get(f"/commands?{query}")
    assert (answer.status_code, (await problem_of(answer))["code"]) == (422, "unknown_option")


async def test_a_post_takes_no_query(client) -> None:
    assert (await client.post(f"{ECHO}?words=hi", json={"words": "hi"})).status_code == 422


async def test_a_get_takes_no_body(client) -> None:
    answer = await client.get("/commands", data=b"{}", headers=JSON)
    assert (answer.status_code, (await problem_of(answer))["code"]) == (400, "malformed_request")


@pytest.mark.parametrize(
    "body",
    [{"words": 1}, {"words": None}, {"words": "a" * 21}, {"words": ""}, {"words": "a\0b"}, {"words": "a", "times": "x"},
     {"words": "a", "times": 2**63}, {"words": "a", "times": 1e30}, {"words": "a", "mood": "odd"},
     {"words": "a", "delay": "soon"},
     {"words": ["a"]}, {"words": {"a": 1}}, {"words": "a", "times": None}, {"words": "a", "times": 1.5}],
)  # fmt: skip
async def test_a_value_that_does_not_fit_is_422(client, body) -> None:
    answer = await client.post(ECHO, json=body)
    found = await problem_of(answer)
    assert (answer.status_code, found["code"]) == (422, "bad_option")
    assert found["errors"]


@pytest.mark.parametrize("limit", ["abc", "9" * 20, "9" * 5000, "1.5", ""])
async def test_a_query_value_that_does_not_fit_is_422(client, limit) -> None:
    assert (await client.get("/commands", query_string={"limit": limit})).status_code == 422


async def test_a_query_value_is_read_by_its_type(client) -> None:
    assert (await client.get("/commands?limit=5")).status_code == 200


async def test_an_unknown_route_is_named(client) -> None:
    answer = await client.get("/api/v1/pong")
    found = await problem_of(answer)
    assert (answer.status_code, found["code"]) == (404, "no_such_route")
    assert "GET /api/v1/pong" in found["detail"]
    assert "/api/v1/openapi.json" in found["detail"]


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v1//ping", "/.git/config", "/api/v1/docs/../../pyproject.toml",
     "/api/v1/docs/%2e%2e/app.py", "/%ff", "/%00", "/a" * 3000],
)  # fmt: skip
async def test_strange_paths_are_404(client, path) -> None:
    assert (await client.get(path)).status_code == 404


async def test_a_wrong_method_is_405_with_those_that_fit(client) -> None:
    answer = await client.delete("/commands")
    assert (answer.status_code, (await problem_of(answer))["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


async def test_no_value_that_was_sent_comes_back_but_names(client) -> None:
    answer = await client.post(ECHO, json={"words": 41414141})
    assert "41414141" not in await answer.get_data(as_text=True)
