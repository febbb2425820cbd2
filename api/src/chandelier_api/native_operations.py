"""The routes of plugins' own blueprints in the OpenAPI document: as much as Quart knows of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quart import Quart

from chandelier_api.native import trial_of
from chandelier_api.responses import problems
from chandelier_api.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from chandelier_core.host import PluginView

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH"})
_CONVERTED = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_KINDS = {"int": "integer", "float": "number"}


def native_operations(view: PluginView) -> Iterator[tuple[str, str, Schema]]:
    """Give the path, the method and the operation of every route of a plugin's blueprint that could be mounted."""
    trial = trial_of(view)
    if not isinstance(trial, Quart):
        return
    for rule in sorted(trial.url_map.iter_rules(), key=lambda rule: rule.rule):
        path = _CONVERTED.sub(lambda found: f"{{{found[2]}}}", rule.rule)
        for method in sorted((rule.methods or set()) & _METHODS):
            if not rule.websocket:
                yield path, method, _operation(view, rule.rule, method, trial.view_functions[rule.endpoint])


def _operation(view: PluginView, rule: str, method: str, answer: Callable[..., object]) -> Schema:
    words = (inspect.getdoc(answer) or "").strip()
    name = re.sub(r"\W+", "_", answer.__name__)
    parameters: list[Schema] = [
        {"name": found[2], "in": "path", "required": True, "schema": {"type": _KINDS.get(found[1] or "", "string")}}
        for found in _CONVERTED.finditer(rule)
    ]
    operation: Schema = {
        "operationId": f"{view.name}.native.{method.lower()}.{name}",
        "summary": words.partition("\n")[0] or f"A route of the plugin {view.name}, which says nothing about it.",
        "tags": [view.name],
        "parameters": parameters,
        "responses": {
            "200": {"description": "What the plugin answers; it may be another success, too."},
            **problems(404, 504),
        },
    }
    if method in ("POST", "PUT", "PATCH"):
        operation["requestBody"] = {"required": False, "content": {"*/*": {"schema": {}}}}
    return operation
