"""What every operation of the OpenAPI document has, whoever declared it: security, its scope, the answers that any request may
meet, their headers, and an example of each success and body.
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
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})


def complete(paths: Mapping[str, Schema], schemas: Mapping[str, Schema], *, open_door: bool) -> None:
    """Complete every operation, in place. ``open_door``: this machine's own programs need no token."""
    for method, operation in operations(paths):
        _secure(method, operation, open_door=open_door)
        operation["responses"] = _answers(operation["responses"])
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                response["headers"] = {**headers_of(int(status)), **response.get("headers", {})}
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


def _answers(given: Schema) -> Schema:
    """Add what any request may meet, in the order of the statuses."""
    found = {**problems(*_ALWAYS), **given}
    return {status: found[status] for status in sorted(found)}


def _exemplify(holder: Schema, schemas: Mapping[str, Schema]) -> None:
    """Give a response or a body an example, made from its schema, where it has none."""
    content = holder.get("content", {}).get("application/json")
    if content is not None and "example" not in content and "examples" not in content:
        with suppress(NoExample):
            content["example"] = make_example(content.get("schema", {}), schemas)
