"""The operations that switch plugins, in the OpenAPI document: the counterpart of ``plugin_control``."""

from __future__ import annotations

from chandelier import State
from chandelier_api.responses import problems, success
from chandelier_api.routes import PREFIX
from chandelier_api.schemas import REF, Schema

_STRING: Schema = {"type": "string"}
_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
_PART: Schema = {
    "name": _STRING, "state": {"type": "string", "enum": ["in_use", "parked", "quarantined"]}, "sentence": _STRING,
    "reference": {"type": ["string", "null"]}, "since": _INSTANT, "probe_at": _INSTANT,
}  # fmt: skip
_SWITCHED: Schema = {
    "name": _STRING, "state": {"type": "string", "enum": [one.value for one in State]}, "sentence": _STRING,
    "running": {"type": "boolean"}, "parts": {"type": "array", "items": {"$ref": f"{REF}PluginPart"}},
}  # fmt: skip

CONTROL_SCHEMAS: dict[str, Schema] = {
    "PluginPart": {"type": "object", "properties": _PART, "required": list(_PART)},
    "PluginSwitched": {"type": "object", "properties": _SWITCHED, "required": list(_SWITCHED)},
}


def control_paths() -> dict[str, Schema]:
    """Give the paths that switch plugins and parts."""
    plugin, part = f"{PREFIX}/plugins/{{name}}", f"{PREFIX}/plugins/{{name}}/parts/{{part}}"
    name = _in_path("name", "The plugin's name.")
    of_part = [name, _in_path("part", "The part, such as `command remind me`, as GET of the plugin names it.")]
    return {
        f"{plugin}/stop": {"post": _post("stop", "Switch a plugin off, until it is started.", [name])},
        f"{plugin}/start": {"post": _post("start", "Start a plugin that is off, or that failed.", [name])},
        f"{part}/park": {"post": _post("park", "Take a part of a plugin out of use.", of_part)},
        f"{part}/resume": {"post": _post("resume", "Bring a part of a plugin back into use.", of_part)},
    }


def _post(name: str, summary: str, parameters: list[Schema]) -> Schema:
    responses = {
        **success(200, {"$ref": f"{REF}PluginSwitched"}, words="It is done; this is the plugin now."),
        **problems(400, 401, 403, 404, 409, 413, 415, 422, 500),
    }
    return {
        "operationId": f"host.plugin.{name}", "summary": summary, "tags": ["host"], "parameters": parameters,
        "responses": responses,
    }  # fmt: skip


def _in_path(name: str, words: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": words}
