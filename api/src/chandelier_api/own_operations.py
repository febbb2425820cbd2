"""The host's own operations in the OpenAPI document: the counterpart of ``reports``."""

from __future__ import annotations

from typing import Any

from chandelier import State
from chandelier_api.access_operations import ACCESS_SCHEMAS, access_paths
from chandelier_api.control_operations import CONTROL_SCHEMAS, control_paths
from chandelier_api.guild_plugin_operations import GUILD_PLUGIN_SCHEMAS, guild_plugin_paths
from chandelier_api.responses import problems, success
from chandelier_api.routes import PREFIX
from chandelier_api.schemas import REF, SNOWFLAKE, Schema
from chandelier_api.webhook_operations import WEBHOOK_SCHEMAS, webhook_paths

_STRING: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_INSTANT: Schema = {"type": "string", "format": "date-time"}


def _object(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _ref(name: str) -> Schema:
    return {"$ref": REF + name}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


_PLUGIN: Schema = {
    "name": _STRING, "summary": _STRING, "version": _STRING, "state": {"type": "string", "enum": [one.value for one in State]},
    "sentence": _STRING, "enabled": _FLAG, "running": _FLAG,
}  # fmt: skip
_BOUND: Schema = {"type": ["number", "null"]}
_OPTION = _object({
    "name": _STRING, "kind": _STRING, "description": _STRING, "required": _FLAG, "default": {},
    "choices": _list(_object({"name": _STRING, "value": {"type": ["string", "number"]}})), "minimum": _BOUND, "maximum": _BOUND,
})  # fmt: skip
_COMMAND = _object({
    "path": _STRING, "summary": _STRING, "surfaces": _list(_STRING), "aliases": _list(_STRING),
    "where": {"type": "string", "enum": ["anywhere", "guild", "dm"]}, "allow": _MAYBE,
    "http": {"anyOf": [_object({"method": _STRING, "path": _STRING, "short": _MAYBE}), {"type": "null"}]},
    "options": _list(_OPTION),
})  # fmt: skip
_FINDING = _object({"level": _STRING, "place": _STRING, "sentence": _STRING, "remedy": _STRING})
_BOT = _object({
    "connected": _FLAG, "latency_ms": _BOUND, "version": _STRING, "started_at": _INSTANT, "uptime_s": _COUNT,
})  # fmt: skip
_DETAIL = _object(
    {"in": _STRING, "pointer": _STRING, "name": _STRING, "detail": _STRING}, optional=("in", "pointer", "name")
)

#: The host's own schemas. They stand first, so that no plugin's model can take their names.
OWN_SCHEMAS: dict[str, Schema] = {
    "Problem": _object({
        "type": {"type": "string", "format": "uri-reference"}, "title": _STRING, "status": {"type": "integer"},
        "code": _STRING, "detail": _STRING, "instance": _STRING, "errors": _list(_DETAIL),
    }, optional=("errors",)),
    "Check": _object({"name": _STRING, "ok": _FLAG, "required": _FLAG, "sentence": _STRING}),
    "Health": _object({"status": {"type": "string", "enum": ["ok", "degraded", "failing"]}, "checks": _list(_ref("Check"))}),
    "Alive": _object({"status": {"type": "string", "const": "ok"}}),
    "Guild": _object({"id": SNOWFLAKE, "name": _STRING}),
    "GuildList": _object({"items": _list(_ref("Guild")), "next": _MAYBE}),
    "Invite": _object({"url": {"type": "string", "format": "uri"}}),
    "GuildSettings": _object({"text_prefix": {"type": "string", "examples": ["!"]}}),
    "Plugin": _object(_PLUGIN),
    "PluginList": _object({"items": _list(_ref("Plugin")), "next": _MAYBE}),
    "PluginDetail": _object({**_PLUGIN, "distribution": _STRING, "recoverable": _FLAG, "commands": _list(_COMMAND),
                             "findings": _list(_FINDING), "parts": _list(_ref("PluginPart")), "blocked": _COUNT,
                             "load_ms": {"type": "number"}, "start_ms": {"type": "number"}}),
    "Overview": _object({"bot": _BOT, "guilds": _list(_ref("Guild")), "plugins": _list(_ref("Plugin")),
                         "calls": {"type": "object", "additionalProperties": _COUNT}}),
    **ACCESS_SCHEMAS,
    **CONTROL_SCHEMAS,
    **GUILD_PLUGIN_SCHEMAS,
    **WEBHOOK_SCHEMAS,
}  # fmt: skip


def own_paths() -> dict[str, Schema]:
    """Give the paths that every bot has."""
    guild = {
        "parameters": [{"$ref": "#/components/parameters/GuildId"}, {"$ref": "#/components/parameters/ActingUser"}]
    }
    change = {"type": "object", "properties": {"text_prefix": {"type": ["string", "null"], "examples": ["?"]}},
              "required": ["text_prefix"], "additionalProperties": False}  # fmt: skip
    body = {"required": True, "content": {"application/json": {"schema": change}}}
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "The plugin's name.",
    }
    usual, server = problems(401, 500), problems(401, 403, 404, 422, 500)
    return {
        **access_paths(),
        **control_paths(),
        **guild_plugin_paths(),
        **webhook_paths(),
        "/health": {"get": _get("health", "Tell whether the bot works, check by check.", "Health", _failing(), security=[])},
        "/health/live": {"get": _get("live", "Tell that the process turns.", "Alive", {}, security=[])},
        "/health/ready": {"get": _get("ready", "Tell whether the bot can serve.", "Health", _failing(), security=[])},
        "/api/data": {"get": _get("overview", "Give the overview of the bot.", "Overview", usual)},
        f"{PREFIX}/events": {"get": _events()},
        f"{PREFIX}/invite": {
            "get": _get("invite", "Give the link that adds the bot to a server.", "Invite", problems(401, 500, 503))},
        f"{PREFIX}/plugins": {"get": _get("plugins", "List the plugins, running or not.", "PluginList", usual)},
        f"{PREFIX}/plugins/{{name}}": {
            "get": _get("plugin", "Give a plugin with its commands and findings.", "PluginDetail",
                        problems(401, 404, 500), parameters=[name])},
        f"{PREFIX}/guilds": {"get": _get("guilds", "List the servers that the bot is in.", "GuildList", usual)},
        f"{PREFIX}/guilds/{{guild_id}}/settings": {
            **guild,
            "get": _get("settings", "Give a server's settings.", "GuildSettings", server),
            "put": {**_get("settings.change", "Change a server's settings; null gives the bot's own prefix back.",
                           "GuildSettings", {**server, **problems(400, 413, 415)}), "requestBody": body},
        },
    }  # fmt: skip


def _get(name: str, summary: str, schema: str, others: Schema, **more: Any) -> Schema:
    responses = {**success(200, _ref(schema), words="As asked."), **others}
    return {"operationId": f"host.{name}", "summary": summary, "tags": ["host"], **more, "responses": responses}


def _events() -> Schema:
    words = (
        "A stream without an end: `call`, `plugin`, and `<plugin>.<Class>` for what plugins tell; a comment every 15 s."
    )
    stream = {"description": words, "content": {"text/event-stream": {"schema": _STRING}}}
    asked = {
        "guild_id": "Of this server only.", "name": "Of this name only.",
        "last_event_id": "What came after this one, of the last hour; the header Last-Event-ID says the same.",
    }  # fmt: skip
    return {
        "operationId": "host.events", "summary": "Follow what happens, as server-sent events.", "tags": ["host"],
        "parameters": [{"name": name, "in": "query", "schema": _STRING, "description": told} for name, told in asked.items()],
        "responses": {"200": stream, **problems(401, 403, 404, 422, 429, 500)},
    }  # fmt: skip


def _failing() -> Schema:
    return {
        "503": {"description": "A required check fails.", "content": {"application/json": {"schema": _ref("Health")}}}
    }
