"""The OpenAPI document and the pages for people."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from api_kit import FakeHost, custom, native, ping
from openapi_spec_validator import OpenAPIV31SpecValidator

from chandelier import State
from chandelier_api import create_app

STATIC = files("chandelier_api") / "static"


async def document(client) -> dict:
    return await (await client.get("/api/v1/openapi.json")).get_json()


async def test_the_document_is_valid_openapi_3_1(client) -> None:
    found = await document(client)
    assert found["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(found).iter_errors()) == []


async def test_the_document_of_a_bot_without_plugins_is_valid(client, host) -> None:
    host.views.clear()
    assert list(OpenAPIV31SpecValidator(await document(client)).iter_errors()) == []


async def test_the_document_has_exactly_the_plugins_that_run(client, host) -> None:
    assert "/api/v1/ping" in (await document(client))["paths"]
    host.set_state("ping", State.STOPPED)
    found = await document(client)
    assert "/api/v1/ping" not in found["paths"]
    assert "ping" not in [tag["name"] for tag in found["tags"]]
    assert not [name for name in found["components"]["schemas"] if name.startswith("Ping")]


async def test_the_same_plugins_give_the_same_document(client) -> None:
    other = create_app(FakeHost(ping, custom, native)).test_client()
    here, there = await client.get("/api/v1/openapi.json"), await other.get("/api/v1/openapi.json")
    assert await here.get_data() == await there.get_data()


async def test_an_operation_says_what_its_command_says(client) -> None:
    found = await document(client)
    add = found["paths"]["/api/v1/guilds/{guild_id}/custom"]["post"]
    assert (add["operationId"], add["summary"], add["tags"]) == ("custom.custom.add", "Make a command.", ["custom"])
    body = add["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["name", "text"]
    assert body["properties"]["name"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 32,
        "description": "What people type.",
    }
    assert {"201", "401", "404", "422", "500", "503"} <= set(add["responses"])
    echo = found["paths"]["/api/v1/ping/echo"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]
    assert (echo["times"]["default"], echo["mood"]["enum"]) == (1, ["glad", "sad"])


async def test_two_plugins_may_name_a_model_alike(client) -> None:
    found = await document(client)
    schemas = found["components"]["schemas"]
    assert set(schemas["CustomItem"]["properties"]) == {"name", "owner_id", "created_at"}
    assert set(schemas["NativeItem"]["properties"]) == {"weight"}
    assert schemas["CustomListingItem"]["properties"]["items"]["items"]["$ref"] == "#/components/schemas/CustomItem"
    assert schemas["CustomItem"]["properties"]["owner_id"]["type"] == "string"


async def test_operation_ids_are_unique_and_every_served_route_is_described(client) -> None:
    found = await document(client)
    ids = [item[method]["operationId"] for item in found["paths"].values() for method in item if method != "parameters"]
    assert len(ids) == len(set(ids))
    rules = [rule for rule in client.app.url_map.iter_rules() if not rule.websocket]
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules}
    pages = {"/", "/problems/{code}", "/api/v1/docs", "/api/v1/docs/{name}", "/api/v1/openapi.json"}
    assert served - pages == set(found["paths"])


async def test_a_route_of_a_blueprint_is_described_as_far_as_quart_knows_it(client) -> None:
    raw = (await document(client))["paths"]["/api/v1/native/raw"]["get"]
    assert (raw["tags"], raw["operationId"], raw["x-scope"]) == (["native"], "native.native.get.raw", "native:read")
    assert {"200", "401", "404", "429", "504"} <= set(raw["responses"])


async def test_answers_fit_the_schemas_of_the_document(client) -> None:
    from openapi_schema_validator import OAS31Validator

    found = await document(client)
    for path in (
        "/health",
        "/health/live",
        "/health/ready",
        "/api/data",
        "/api/v1/plugins",
        "/api/v1/guilds",
        "/api/v1/ping",
        "/commands",
    ):
        schema = found["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = await (await client.get(path)).get_json()
        assert list(OAS31Validator({**schema, "components": found["components"]}).iter_errors(answer)) == [], path


async def test_the_documentation_loads_nothing_from_elsewhere(client) -> None:
    page = await client.get("/api/v1/docs")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    text = await page.get_data(as_text=True)
    for name in ("docs.html", "docs.css", "docs.js"):  # an SVG names its namespace, which nothing loads
        assert not re.search(r"https?://|//cdn|@import|innerHTML|\son\w+=", (STATIC / name).read_text("utf-8")), name
    assert not re.search(r"<script>|<style|style=", text)
    for path, kind in (("/api/v1/docs/docs.css", "text/css"), ("/api/v1/docs/docs.js", "text/javascript")):
        assert (await client.get(path)).content_type.startswith(kind)


async def test_the_front_door_leads_to_the_documentation(client) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/v1/docs")


@pytest.mark.parametrize("code", ["bad_option", "custom.name_taken", "failed"])
async def test_every_problem_has_a_page(client, code) -> None:
    answer = await client.get(f"/problems/{code}")
    assert answer.status_code == 200
    assert code in await answer.get_data(as_text=True)


@pytest.mark.parametrize("code", ["nobody", "<script>", "a.<b>", "..", "A.B"])
async def test_a_problem_that_cannot_be_has_none(client, code) -> None:
    answer = await client.get(f"/problems/{code}")
    assert answer.status_code == 404
    assert "<script>" not in await answer.get_data(as_text=True)
