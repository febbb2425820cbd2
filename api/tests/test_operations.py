"""What every operation of the OpenAPI document has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_kit import FakeHost
from jsonschema import Draft202012Validator, FormatChecker

from chandelier_api import create_app
from chandelier_api.examples import NoExample, make_example
from chandelier_api.problems import KINDS

ALWAYS = {"401", "403", "405", "421", "429", "500", "503"}


TOKEN = "x" * 24


@pytest.fixture
async def found() -> dict[str, Any]:
    """Give the document of an API that asks for a token."""
    asking = create_app(FakeHost(token=TOKEN)).test_client()
    answer = await asking.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"})
    return await answer.get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", operation


def answers(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every answer of an operation, with what its reference leads to."""
    for status, response in operation["responses"].items():
        name = response.get("$ref", "").rpartition("/")[2]
        yield status, document["components"]["responses"][name] if name else response


async def test_every_operation_says_what_it_is_and_who_may_call_it(found) -> None:
    for name, operation in operations(found):
        assert operation["summary"], name
        assert operation["operationId"].split(".")[0] == operation["tags"][0], name
        assert operation["security"] in ([], [{"bearer": []}, {"session": []}]), name
        assert set(operation["responses"]) >= ALWAYS, name
    assert set(found["components"]["securitySchemes"]) == {"bearer", "session"}


async def test_what_this_machine_may_do_without_a_token_is_said(client) -> None:
    here = await (await client.get("/api/v1/openapi.json")).get_json()
    assert here["paths"]["/api/v1/ping"]["get"]["security"] == [{}, {"bearer": []}, {"session": []}]


async def test_the_scope_of_an_operation_follows_from_its_plugin_and_its_method(found) -> None:
    scopes = {operation["operationId"]: operation.get("x-scope") for _, operation in operations(found)}
    assert scopes["custom.custom.list"] == scopes["custom.custom.list.short"] == "custom:read"
    assert (scopes["custom.custom.add"], scopes["custom.custom.remove"]) == ("custom:write", "custom:write")
    assert (scopes["host.guilds"], scopes["host.settings.change"]) == ("host:read", "host:write")
    assert (scopes["host.plugin.stop"], scopes["host.token.create"]) == ("host:admin", "host:admin")
    assert (scopes["host.health"], scopes["host.me"], scopes["host.logout"]) == (None, None, None)


async def test_every_answer_names_its_headers_and_every_header_is_described(found) -> None:
    for name, operation in operations(found):
        for status, answer in answers(found, operation):
            assert "X-Request-Id" in answer["headers"], (name, status)
    headers = found["components"]["headers"]
    assert all(one["description"] and "example" in one for one in headers.values())
    problems = found["components"]["responses"]
    assert all("RateLimit" in one["headers"] for one in problems.values())
    assert {"Retry-After", "WWW-Authenticate"} & set(problems["TooSoon"]["headers"]) == {"Retry-After"}
    assert "WWW-Authenticate" in problems["TokenNeeded"]["headers"]
    assert "Allow" in problems["MethodNotAllowed"]["headers"]


async def test_what_is_read_has_a_tag_and_a_change_may_name_it_and_a_post_may_have_a_key(found) -> None:
    for name, operation in operations(found):
        method = name.partition(" ")[0]
        carried = {one.get("$ref", "").rpartition("/")[2] for one in operation.get("parameters", ())}
        content = operation["responses"].get("200", {}).get("content", {})
        if method == "GET" and "application/json" in content:
            assert "ETag" in operation["responses"]["200"]["headers"], name
            assert ("304" in operation["responses"], "IfNoneMatch" in carried) == (True, True), name
        elif method == "POST":
            assert ({"409", "422"} <= set(operation["responses"]), "IdempotencyKey" in carried) == (True, True), name
        elif method != "GET":
            assert ("412" in operation["responses"], "IfMatch" in carried) == (True, True), name


async def test_every_problem_has_an_example_for_each_of_its_codes(found) -> None:
    shown = {
        code: example["value"]
        for response in found["components"]["responses"].values()
        for code, example in response.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
    }
    assert {"token_needed", "scope_missing", "not_found", "bad_option", "too_soon", "failed"} <= set(shown)
    for code, problem in shown.items():
        assert (problem["code"], problem["status"]) == (code, KINDS[code].status)
        _check(problem, {"$ref": "#/components/schemas/Problem"}, found)


async def test_every_success_and_every_body_has_an_example_that_fits_its_schema(found) -> None:
    checked = 0
    for name, operation in operations(found):
        holders = [answer for status, answer in answers(found, operation) if status < "300"]
        for holder in [*holders, operation.get("requestBody", {})]:
            for media, content in holder.get("content", {}).items():
                if media == "application/json":
                    assert "example" in content, name
                    _check(content["example"], content["schema"], found)
                    checked += 1
    assert checked > 30


def _check(value: object, schema: dict[str, Any], document: dict[str, Any]) -> None:
    whole = {**schema, "components": document["components"]}
    assert list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value)) == []


@pytest.mark.parametrize(
    ("schema", "name", "made"),
    [
        ({"type": "string", "format": "date-time"}, "due_at", "2026-06-10T12:00:00Z"),
        ({"type": "string", "pattern": "^[0-9]{1,19}$"}, "guild_id", "175928847299117063"),
        ({"type": "string", "maxLength": 3}, "name", "hel"),
        ({"type": "string", "minLength": 7}, "name", "helloaa"),
        ({"type": "string", "examples": ["?"]}, "prefix", "?"),
        ({"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 5}]}, "limit", 5),
        ({"type": ["string", "null"], "enum": [None, "b"]}, "mood", "b"),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, "flags", [True, True]),
        ({"type": "integer", "exclusiveMinimum": 9, "multipleOf": 4}, "count", 12),
        ({"$ref": "#/components/schemas/Leaf"}, "", {"name": "hello"}),
    ],
)
def test_an_example_is_what_the_schema_asks_for(schema, name, made) -> None:
    leaf = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Leaf2"}},
    }
    endless = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Leaf2"}}}
    assert make_example(schema, {"Leaf": leaf, "Leaf2": endless}, name) == made


def test_a_schema_that_nothing_fits_has_no_example() -> None:
    with pytest.raises(NoExample):
        make_example({"type": "string", "pattern": "^zz[0-9]{40}$"}, {})
