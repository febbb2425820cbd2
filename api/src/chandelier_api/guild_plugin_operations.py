"""The operations about a server's plugins, in the OpenAPI document: the counterpart of ``guild_plugins``."""

from __future__ import annotations

from chandelier_api.responses import problems, success
from chandelier_api.routes import PREFIX
from chandelier_api.schemas import REF, Schema

_STRING: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_SHORT: Schema = {"name": _STRING, "summary": _STRING, "on": _FLAG, "running": _FLAG, "sentence": _STRING}
_FULL: Schema = {
    **_SHORT, "config": {"type": "object"}, "schema": {"type": "object"}, "misfits": {"type": "array", "items": _STRING},
}  # fmt: skip
_ON: Schema = {"type": "object", "properties": {"on": _FLAG}, "required": ["on"], "additionalProperties": False}
_CHANGES: Schema = {"type": "object", "examples": [{"noun": "cups"}],
                    "description": "Settings by name; null puts one back to its default."}  # fmt: skip

GUILD_PLUGIN_SCHEMAS: dict[str, Schema] = {
    "GuildPlugin": {"type": "object", "properties": _SHORT, "required": list(_SHORT)},
    "GuildPluginInFull": {"type": "object", "properties": _FULL, "required": list(_FULL)},
    "GuildPluginList": {
        "type": "object", "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": {"$ref": f"{REF}GuildPlugin"}}, "next": {"type": ["string", "null"]}},
    },
}  # fmt: skip


def guild_plugin_paths() -> dict[str, Schema]:
    """Give the paths about a server's plugins."""
    place = [{"$ref": "#/components/parameters/GuildId"}, {"$ref": "#/components/parameters/ActingUser"}]
    name = {"name": "name", "in": "path", "required": True, "schema": _STRING, "description": "The plugin's name."}
    plugins = f"{PREFIX}/guilds/{{guild_id}}/plugins"
    return {
        plugins: {
            "parameters": place,
            "get": _operation("list", "List the plugins, on or off in a server.", "GuildPluginList"),
        },
        f"{plugins}/{{name}}": {
            "parameters": [*place, name],
            "get": _operation("get", "Give a plugin with its settings in a server.", "GuildPluginInFull"),
            "put": _operation("switch", "Switch a plugin on or off in a server.", "GuildPluginInFull", _ON),
        },
        f"{plugins}/{{name}}/config": {
            "parameters": [*place, name],
            "patch": _operation("configure", "Make settings of a plugin in a server.", "GuildPluginInFull", _CHANGES),
            "delete": _operation(
                "reset", "Put a plugin's settings in a server back to their defaults.", "GuildPluginInFull"
            ),
        },
    }


def _operation(name: str, summary: str, schema: str, body: Schema | None = None) -> Schema:
    codes = (400, 401, 403, 404, 409, 413, 415, 422, 500)
    made: Schema = {
        "operationId": f"host.guild_plugin.{name}", "summary": summary, "tags": ["host"],
        "responses": {**success(200, {"$ref": REF + schema}, words="As asked."), **problems(*codes)},
    }  # fmt: skip
    if body is not None:
        made["requestBody"] = {"required": "required" in body, "content": {"application/json": {"schema": body}}}
    return made
