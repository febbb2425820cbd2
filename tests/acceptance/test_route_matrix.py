"""Every operation of the API, asked by everybody: who is refused where, by the document that the API gives of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from ..house import OPERATOR, House, open_house

METHODS = ("get", "put", "post", "patch", "delete")
#: What is about the caller alone: no scope is asked for.
OWN = {"host.me"}
IN_PATH = {
    "name": "ping",
    "part": "command ping",
    "reminder": "1",
    "token_id": "000000000000",
    "session_id": "000000000000",
    "webhook_id": "000000000000",
}


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    found: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return str(self.found["operationId"])

    @property
    def is_open(self) -> bool:
        return self.found.get("security") == []

    @property
    def in_guild(self) -> bool:
        return "{guild_id}" in self.path

    def url(self, guild_id: int) -> str:
        path = self.path.replace("{guild_id}", str(guild_id))
        for name, value in IN_PATH.items():
            path = path.replace(f"{{{name}}}", value)
        return path.replace("{", "").replace("}", "")

    def body(self, document: dict[str, Any]) -> object:
        given = self.found.get("requestBody")
        return None if given is None else sample(given["content"]["application/json"]["schema"], document)


def sample(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """Make something that fits a schema: its example, or the least that it takes."""
    if "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return sample(found, document)
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("const", "default", "example"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return sample(schema[key][0], document)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: sample(properties[name], document) for name in schema.get("required", ())}
    if kind == "array":
        return [sample(schema["items"], document)] * schema.get("minItems", 0)
    return {
        "string": "x" * schema.get("minLength", 1),
        "integer": schema.get("minimum", 1),
        "number": 1,
        "boolean": True,
    }.get(kind)


@dataclass
class Desk:
    """The bot, its document, and a token for each role."""

    house: House
    document: dict[str, Any]
    tokens: dict[str, str | None]

    @property
    def operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield Operation(method.upper(), path, item[method])

    async def ask(self, operation: Operation, role: str, guild_id: int | None = None) -> tuple[int, str]:
        """Ask as a role; give the status and the problem's code."""
        url = operation.url(guild_id or self.house.one.id)
        status, body, _ = await self.house.ask(
            operation.method, url, token=self.tokens[role], body=operation.body(self.document)
        )
        return status, body.get("code", "") if isinstance(body, dict) else ""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with open_house(chandelier_database, tmp_path_factory.mktemp("matrix")) as house:
        revoked = await house.token("alice")
        await house.ask("DELETE", f"/api/v1/tokens/{revoked.split('_')[1]}")
        tokens = {
            "stranger": None, "revoked": revoked, "operator": OPERATOR, "manager": await house.token("alice"),
            "member": await house.token("carol"), "manager elsewhere": await house.token("bob"),
            "without the scope": await house.token("alice", "ping:read"),
        }  # fmt: skip
        status, document, _ = await house.ask("GET", "/api/v1/openapi.json")
        assert status == 200
        yield Desk(house, document, tokens)


async def test_the_matrix_is_large_and_knows_every_parameter(desk: Desk):
    operations = list(desk.operations)
    assert len(operations) > 40
    assert len({one.name for one in operations}) == len(operations)


async def test_a_stranger_and_a_revoked_token_get_nowhere(desk: Desk):
    for operation in desk.operations:
        if operation.name == "host.interaction":
            continue  # Discord's signature lets in, and nothing else; test_interactions_over_http.py tries it
        for role in ("stranger", "revoked"):
            status, code = await desk.ask(operation, role)
            if role == "stranger" and operation.is_open:
                assert status != 401, operation
            else:
                assert (status, code) == (401, "token_needed" if role == "stranger" else "token_ended"), (
                    role,
                    operation,
                )


async def test_a_token_without_the_scope_gets_as_far_as_its_scope(desk: Desk):
    for operation in desk.operations:
        if operation.is_open or operation.name in OWN or operation.name.startswith("ping."):
            continue
        status, code = await desk.ask(operation, "without the scope")
        if operation.name == "host.logout":  # ends the session of a browser, which a token is none
            assert status == 404
        else:
            assert (status, code) == (403, "scope_missing"), operation


async def test_whoever_manages_another_server_does_not_see_this_one(desk: Desk):
    asked = 0
    for operation in desk.operations:
        if operation.in_guild:
            here, there = (
                await desk.ask(operation, "manager elsewhere"),
                await desk.ask(operation, "manager", desk.house.two.id),
            )
            assert here == there == (404, "not_found"), operation
            asked += 1
    assert asked > 10


async def test_a_member_is_refused_what_takes_a_permission(desk: Desk):
    asked = 0
    for operation in desk.operations:
        takes = "Needs the permission" in operation.found.get("description", "") or (
            operation.name.startswith("host.guild_plugin.") or operation.name == "host.settings.change"
        )
        if takes and operation.in_guild:
            assert await desk.ask(operation, "member") == (403, "not_allowed"), operation
            asked += 1
    assert asked > 8


async def test_what_is_the_operators_is_refused_to_everybody_else(desk: Desk):
    for operation in desk.operations:
        if operation.name.startswith(("host.plugin.", "host.part.")) and operation.method == "POST":
            for role in ("member", "manager elsewhere"):
                assert await desk.ask(operation, role) == (403, "not_allowed"), (role, operation)


async def test_the_operator_and_a_manager_are_let_in(desk: Desk):
    last = {"host.logout", "host.sessions", "host.sessions.end"}
    for operation in desk.operations:
        if "plugin" in operation.name and operation.method == "POST":
            continue  # they would be switched off
        if operation.name == "host.events":
            continue  # a stream without an end; test_events.py reads it
        nowhere = "Needs the permission" in operation.found.get("description", "") and not operation.in_guild
        for role in ("operator",) if nowhere else ("operator", "manager"):  # outside of servers nobody has permissions
            status, code = await desk.ask(operation, role)
            assert status not in (401, 403) or operation.name in last, (role, operation, code)
            assert status < 500 or code in ("no_login", "unavailable"), (role, operation, code)
