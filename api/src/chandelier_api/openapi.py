"""The OpenAPI 3.1 document, for exactly the plugins that run now.

Made from declarations alone, in their order: the same plugins give the same bytes. (OpenAPI Specification 3.1.1; its schemas are
JSON Schema 2020-12.) What all operations have in common is added by ``completion``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chandelier_api.completion import HEADER_PARAMETERS, SECURITY_SCHEMES, complete
from chandelier_api.headers import header_components
from chandelier_api.native_operations import native_operations
from chandelier_api.own_operations import OWN_SCHEMAS, own_paths
from chandelier_api.responses import RESPONSES, declared, success
from chandelier_api.schemas import SNOWFLAKE, Components, PluginSchemas, Schema

if TYPE_CHECKING:
    from chandelier_api.routes import Route
    from chandelier_core.host import Host, PluginView

_USER_HEADER: Schema = {
    "name": "X-Discord-User-Id", "in": "header", "schema": SNOWFLAKE,
    "description": "The Discord user to act for, by the operator's word. Without it the operator acts.",
}  # fmt: skip
_GUILD: Schema = {
    "name": "guild_id",
    "in": "path",
    "required": True,
    "schema": SNOWFLAKE,
    "description": "The server's id.",
}
_SOUGHT = "The server's id; not needed while the bot is in one server only."


def build_document(host: Host, routes: Iterable[Route]) -> dict[str, Any]:
    """Build the document of a host: what runs there now."""
    running = [view for view in host.plugins if view.state.running and view.enabled]
    return describe(running, routes, version=host.settings.version, open_door=host.settings.api_token is None)


def describe(
    plugins: Iterable[PluginView], routes: Iterable[Route], *, version: str, open_door: bool = False
) -> dict[str, Any]:
    """Describe these plugins, running or not. ``open_door``: this machine's own programs need no token."""
    described = {view.name: view for view in plugins if view.declaration}
    components = Components({name: dict(schema) for name, schema in OWN_SCHEMAS.items()})
    schemas = {name: PluginSchemas(name, _commands(view), components) for name, view in described.items()}
    paths = own_paths()
    for route in routes:
        if route.plugin in described:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas[route.plugin])
    for view in described.values():
        for path, method, operation in native_operations(view):
            paths.setdefault(path, {}).setdefault(method.lower(), operation)
    complete(paths, components.schemas, open_door=open_door)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chandelier",
            "version": version,
            "summary": "What this bot does over REST, for exactly the plugins that run now.",
        },
        "servers": [{"url": "/"}],
        "tags": [*({"name": name, "description": view.summary} for name, view in described.items() if name != "host"),
                 {"name": "host", "description": "The bot itself: its health, its plugins and its servers."}],
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "responses": RESPONSES,
            "parameters": {"ActingUser": _USER_HEADER, "GuildId": _GUILD, **HEADER_PARAMETERS},
            "headers": header_components(),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }  # fmt: skip


def _commands(view: PluginView) -> tuple[Any, ...]:
    return view.declaration.commands if view.declaration else ()


def _operation(route: Route, schemas: PluginSchemas) -> Schema:
    command = route.command
    parameters: list[Schema] = [{"$ref": "#/components/parameters/GuildId"}] if route.guild == "path" else []
    for parameter in command.parameters:
        place = "path" if parameter.name in route.in_path else "query"
        if place == "path" or not route.has_body:
            schema = schemas.parameter(command, parameter, nullable=False)
            parameters.append({"name": parameter.name, "in": place, "required": place == "path" or parameter.required,
                               "schema": schema, **_described(parameter.description)})  # fmt: skip
    if route.guild == "sought" and not route.has_body:
        parameters.append(
            {"name": "guild_id", "in": "query", "required": False, "schema": SNOWFLAKE, "description": _SOUGHT}
        )
    operation: Schema = {
        "operationId": route.operation_id,
        "summary": command.summary,
        "tags": [route.plugin],
        "parameters": [*parameters, {"$ref": "#/components/parameters/ActingUser"}],
    }
    notes = [f"Needs the permission {command.allow.words} of the Discord user who acts."] if command.allow else []
    notes += ["The short way to the same command."] if route.short else []
    operation |= _described(" ".join(notes))
    if body := _body(route, schemas):
        operation["requestBody"] = body
    operation["responses"] = {
        **success(route.status, schemas.result(command)),
        **declared(has_body=route.has_body),
    }
    return operation


def _body(route: Route, schemas: PluginSchemas) -> Schema | None:
    carried = route.carried
    if not route.has_body or not (carried or route.guild == "sought"):
        return None
    properties = {
        parameter.name: {
            **schemas.parameter(route.command, parameter, nullable=True),
            **_described(parameter.description),
        }
        for parameter in carried
    }
    if route.guild == "sought":
        properties["guild_id"] = {**SNOWFLAKE, "description": _SOUGHT}
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required := [parameter.name for parameter in carried if parameter.required]:
        schema["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def _described(text: str) -> Schema:
    return {"description": text} if text else {}
