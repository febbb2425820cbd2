"""What every operation of the OpenAPI document has, whoever declared it.

Security and its scope, the headers that any request may carry, the answers that any may meet, their headers, and an example of
each success and body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from chandelier_api.examples import NoExample, make_example
from chandelier_api.headers import headers_of
from chandelier_api.responses import problems
from chandelier_api.schemas import Schema

#: How callers say who they are.
SECURITY_SCHEMES: Mapping[str, Schema] = {
    "bearer": {
        "type": "http", "scheme": "bearer",
        "description": "A token that `chandelier token create` or POST /api/v1/tokens made (chd_…), or the operator's.",
    },
    "session": {
        "type": "apiKey", "in": "cookie", "name": "__Host-chandelier",
        "description": "The session of a browser that logged in with Discord. Changes need the header X-Requested-With besides.",
    },
}  # fmt: skip
#: Any request may be answered with one of these.
_ALWAYS = (401, 403, 405, 421, 429, 500, 503)
#: The bot's own operations whose scope does not follow from their method; None for what every caller may do.
_SCOPES: Mapping[str, str | None] = {
    "host.me": None, "host.logout": None, "host.token.create": "host:admin", "host.token.revoke": "host:admin",
    "host.sessions": "host:admin", "host.sessions.end": "host:admin", "host.session.end": "host:admin",
    "host.plugin.stop": "host:admin", "host.plugin.start": "host:admin", "host.plugin.park": "host:admin",
    "host.plugin.resume": "host:admin",
}  # fmt: skip
#: The headers that requests may carry, by name below ``components.parameters``.
HEADER_PARAMETERS: Mapping[str, Schema] = {
    "IfNoneMatch": {
        "name": "If-None-Match", "in": "header", "schema": {"type": "string", "examples": ['"Zm9yIGV4YW1wbGUu"']},
        "description": "The ETag of what you have; 304 where it is still that.",
    },
    "IfMatch": {
        "name": "If-Match", "in": "header", "schema": {"type": "string", "examples": ['"Zm9yIGV4YW1wbGUu"']},
        "description": "The ETag of what you read; 412, and no change, where it is no longer that.",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header",
        "schema": {"type": "string", "pattern": "^[!-~]{8,64}$", "examples": ["0b6f2c1e-6f0e-4f7c-9d5a-3f1d2c4b5a69"]},
        "description": "Sent again within 24 hours with the same key, the request is answered as before, and not done twice.",
    },
}  # fmt: skip
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})


def complete(paths: Mapping[str, Schema], schemas: Mapping[str, Schema], *, open_door: bool) -> None:
    """Complete every operation, in place. ``open_door``: this machine's own programs need no token."""
    for method, operation in operations(paths):
        _secure(method, operation, open_door=open_door)
        _condition(method, operation)
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                written = method if "application/json" in response.get("content", {}) or method == "post" else ""
                response["headers"] = {**headers_of(int(status), written), **response.get("headers", {})}
                _exemplify(response, schemas)
        _exemplify(operation.get("requestBody", {}), schemas)


def operations(paths: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """Give every operation with its method, in the document's order."""
    for item in paths.values():
        for method, operation in item.items():
            if method in _METHODS:
                yield method, operation


def _secure(method: str, operation: Schema, *, open_door: bool) -> None:
    """Say who may call. What is open says so itself, with an empty list."""
    if operation.get("security") == []:
        return
    operation["security"] = [*([{}] if open_door else []), *({name: []} for name in SECURITY_SCHEMES)]
    level = "read" if method == "get" else "write"
    scope = _SCOPES.get(operation["operationId"], f"{operation['tags'][0]}:{level}")
    if scope is not None:
        operation["x-scope"] = scope


def _condition(method: str, operation: Schema) -> None:
    """Add the headers that a request may carry, and what any may be answered with, in the order of the statuses."""
    found, given = problems(*_ALWAYS), operation["responses"]
    carried = {"get": "IfNoneMatch", "post": "IdempotencyKey"}.get(method, "IfMatch")
    if method == "get" and "application/json" not in given.get("200", {}).get("content", {}):
        carried = ""
    elif method == "get":
        found["304"] = {"$ref": "#/components/responses/NotModified"}
    else:
        found |= problems(409, 413, 422) if method == "post" else problems(412, 422)
    if carried:
        reference = {"$ref": f"#/components/parameters/{carried}"}
        operation["parameters"] = [*operation.get("parameters", ()), reference]
    found |= given
    operation["responses"] = {status: found[status] for status in sorted(found)}


def _exemplify(holder: Schema, schemas: Mapping[str, Schema]) -> None:
    """Give a response or a body an example, made from its schema, where it has none."""
    content = holder.get("content", {}).get("application/json")
    if content is not None and "example" not in content and "examples" not in content:
        with suppress(NoExample):
            content["example"] = make_example(content.get("schema", {}), schemas)
