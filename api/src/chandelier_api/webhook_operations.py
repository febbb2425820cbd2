"""The operations about webhooks, in the OpenAPI document: the counterpart of ``webhooks``."""

from __future__ import annotations

from chandelier_api.responses import problems, success
from chandelier_api.routes import PREFIX
from chandelier_api.schemas import REF, Schema

_STRING: Schema = {"type": "string"}
_NAMES: Schema = {"type": "array", "items": {**_STRING, "minLength": 1, "maxLength": 128}, "maxItems": 20}
_WEBHOOK: Schema = {
    "id": _STRING, "url": {"type": "string", "format": "uri"}, "events": _NAMES, "created_by": _STRING,
    "created_at": {"type": "string", "format": "date-time"}, "off_because": {"type": ["string", "null"]},
}  # fmt: skip
_WISH: Schema = {
    "type": "object", "additionalProperties": False, "required": ["url"],
    "properties": {
        "url": {"type": "string", "format": "uri", "maxLength": 1000, "examples": ["https://hooks.example/chandelier"]},
        "events": {"anyOf": [_NAMES, {"type": "null"}], "examples": [["call"]], "description": "All, where it is left out."},
    },
}  # fmt: skip

WEBHOOK_SCHEMAS: dict[str, Schema] = {
    "Webhook": {"type": "object", "properties": _WEBHOOK, "required": list(_WEBHOOK)},
    "NewWebhook": {
        "type": "object", "properties": {**_WEBHOOK, "secret": {**_STRING, "examples": ["whsec_…"]}},
        "required": [*_WEBHOOK, "secret"],
    },
    "WebhookList": {
        "type": "object", "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": {"$ref": f"{REF}Webhook"}}, "next": {"type": ["string", "null"]}},
    },
}  # fmt: skip


def webhook_paths() -> dict[str, Schema]:
    """Give the paths about a server's webhooks."""
    place = [{"$ref": "#/components/parameters/GuildId"}, {"$ref": "#/components/parameters/ActingUser"}]
    name = {"name": "webhook_id", "in": "path", "required": True, "schema": _STRING, "description": "The webhook's id."}
    path = f"{PREFIX}/guilds/{{guild_id}}/webhooks"
    return {
        path: {
            "parameters": place,
            "get": _operation("list", "List a server's webhooks.", 200, "WebhookList"),
            "post": {
                **_operation(
                    "add", "Add a webhook; its secret is shown once.", 201, "NewWebhook", (400, 409, 413, 415)
                ),
                "requestBody": {"required": True, "content": {"application/json": {"schema": _WISH}}},
            },
        },
        f"{path}/{{webhook_id}}": {
            "parameters": [*place, name],
            "delete": _operation("remove", "Delete a webhook.", 204, None),
        },
    }


def _operation(name: str, summary: str, status: int, schema: str | None, more: tuple[int, ...] = ()) -> Schema:
    answer = None if schema is None else {"$ref": REF + schema}
    return {
        "operationId": f"host.webhook.{name}", "summary": summary, "tags": ["host"],
        "description": "Needs the permission Manage Guild of the Discord user who acts.",
        "responses": {**success(status, answer, words="As asked."), **problems(401, 403, 404, 422, 500, *more)},
    }  # fmt: skip
