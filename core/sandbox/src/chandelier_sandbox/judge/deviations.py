"""Where the descriptions are known to be wrong: Discord's documentation, or what Discord sends, says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chandelier_sandbox.events import JsonObject


@dataclass(frozen=True, slots=True)
class Deviation:
    """One mend of a description.

    document: openapi or gateway. keys: what leads to a schema, or to its `required`. schema: what stands there instead.
    reason: why. example: a value that is right and that the description refuses.
    """

    document: str
    keys: tuple[str | int, ...]
    schema: JsonObject | list[str] = field(repr=False)
    reason: str
    example: Any = field(repr=False)

    def mend(self, document: Any) -> None:
        """Put the schema in its place."""
        *above, last = self.keys
        for key in above:
            document = document[key]
        document[last] = self.schema


_SCHEMAS = ("components", "schemas")
_BODY_OF_OVERWRITE = (
    *("paths", "/channels/{channel_id}/permissions/{overwrite_id}", "put"),
    *("requestBody", "content", "application/json", "schema", "properties"),
)
_PERMISSIONS_SENT: tuple[tuple[str | int, ...], ...] = (
    (*_SCHEMAS, "ApplicationCommandCreateRequest", "properties", "default_member_permissions"),
    (*_SCHEMAS, "ApplicationCommandPatchRequestPartial", "properties", "default_member_permissions"),
    (*_SCHEMAS, "ApplicationCommandUpdateRequest", "properties", "default_member_permissions"),
    (*_SCHEMAS, "ApplicationOAuth2InstallParams", "properties", "permissions"),
    (*_SCHEMAS, "ChannelPermissionOverwriteRequest", "properties", "allow"),
    (*_SCHEMAS, "ChannelPermissionOverwriteRequest", "properties", "deny"),
    (*_SCHEMAS, "CreateRoleRequest", "properties", "permissions"),
    (*_SCHEMAS, "UpdateRoleRequestPartial", "properties", "permissions"),
    (*_BODY_OF_OVERWRITE, "allow"),
    (*_BODY_OF_OVERWRITE, "deny"),
)
_ACTIVITY: JsonObject = {"$ref": "#/definitions/GatewayActivityUpdateData"}
_JOIN_REQUEST_STATUS: JsonObject = {"$ref": "#/components/schemas/GuildJoinRequestApplicationStatus"}

DEVIATIONS: tuple[Deviation, ...] = (
    *(
        Deviation(
            "openapi",
            keys,
            {"type": ["string", "integer", "null"], "pattern": "^[0-9]+$", "minimum": 0},
            "Permissions are sent as text (Topics: Permissions); numbers are the older way and still taken.",
            "8",
        )
        for keys in _PERMISSIONS_SENT
    ),
    Deviation(
        "openapi",
        (*_SCHEMAS, "MessageAttachmentRequest", "properties", "id"),
        {"type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 0},
        "A file that is uploaded is named by its number, which the examples write without quotes (Reference: Uploading Files).",
        0,
    ),
    Deviation(
        "openapi",
        (*_SCHEMAS, "BotAccountPatchRequest", "required"),
        [],
        "Every field may be left out (User: Modify Current User); clients change the avatar alone.",
        {"avatar": None},
    ),
    Deviation(
        "openapi",
        ("paths", "/guilds/{guild_id}/requests", "get", "parameters", 0, "schema"),
        _JOIN_REQUEST_STATUS,
        "The list of possible values is empty there, so that no status at all would do.",
        "SUBMITTED",
    ),
    Deviation(
        "openapi",
        (
            *("paths", "/guilds/{guild_id}/requests/{request_id}", "patch"),
            *("requestBody", "content", "application/json", "schema", "properties", "action"),
        ),
        _JOIN_REQUEST_STATUS,
        "The list of possible values is empty there, so that no action at all would do.",
        "APPROVED",
    ),
    Deviation(
        "openapi",
        ("components", "schemas", "InnerErrors", "properties", "_errors", "items"),
        {
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code", "message"],
        },
        "The code of a field's error is a word, not a number (Reference: Error Messages).",
        {"code": "BASE_TYPE_REQUIRED", "message": "This field is required"},
    ),
    Deviation(
        "gateway",
        ("definitions", "GatewayPresenceUpdateData"),
        {
            "type": "object",
            "properties": {
                "since": {"type": ["number", "null"]},
                "activities": {"type": "array", "items": _ACTIVITY},
                "game": {"anyOf": [{"type": "null"}, _ACTIVITY]},
                "status": {"$ref": "#/definitions/PresenceUpdateStatus"},
                "afk": {"type": "boolean"},
            },
            "required": ["since", "status", "afk"],
            "additionalProperties": False,
        },
        "hikari (2.6, 2.7) sends `game`, one activity, as Discord once had it and takes it to this day.",
        {"since": None, "afk": False, "game": None, "status": "online"},
    ),
    Deviation(
        "gateway",
        ("definitions", "APIStageInstance", "properties", "guild_scheduled_event_id"),
        {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/Snowflake"}]},
        "A stage that belongs to no event has null there (Stage Instance Object: ?snowflake); clients read the field.",
        None,
    ),
    Deviation(
        "gateway",
        ("definitions", "APIAuditLogChange", "anyOf", 0),
        {
            "anyOf": [
                {"$ref": "#/definitions/APIAuditLogChangeKey%24Add"},
                {
                    "type": "object",
                    "properties": {"key": {"type": "string", "pattern": "^[0-9]+$"}, "new_value": {}, "old_value": {}},
                    "required": ["key"],
                    "additionalProperties": False,
                },
            ]
        },
        "Changes of a command's permissions go by the id of whom they are for (Audit Log: Audit Log Change Exceptions).",
        {"key": "5", "new_value": {"id": "5", "type": 1, "permission": True}},
    ),
    Deviation(
        "gateway",
        ("definitions", "GatewayGuildCreateDispatchData", "properties", "presences", "items"),
        {
            "anyOf": [
                {"$ref": "#/definitions/GatewayPresenceUpdate"},
                {"$ref": "#/definitions/GatewayGuildMembersChunkPresence"},
            ]
        },
        "In GUILD_CREATE presences are partial (Gateway Events: Guild Create): the guild is not repeated in each.",
        {"user": {"id": "5"}, "status": "online", "activities": [], "client_status": {"web": "online"}},
    ),
    Deviation(
        "gateway",
        ("definitions", "APIUnfurledMediaItem"),
        {
            "type": "object",
            "properties": {
                "id": {"$ref": "#/definitions/Snowflake"},
                "url": {"type": "string"},
                "proxy_url": {"type": "string"},
                "width": {"type": ["number", "null"]},
                "height": {"type": ["number", "null"]},
                "placeholder": {"type": ["string", "null"]},
                "placeholder_version": {"type": ["number", "null"]},
                "content_type": {"type": ["string", "null"]},
                "loading_state": {"$ref": "#/definitions/UnfurledMediaItemLoadingState"},
                "flags": {"$ref": "#/definitions/UnfurledMediaItemFlags"},
                "attachment_id": {"$ref": "#/definitions/Snowflake"},
            },
            "required": ["url"],
            "additionalProperties": False,
        },
        "The OpenAPI document demands an `id` of every picture and file in a component; no `id` may be there by this one.",
        {"id": "5", "url": "https://example.com/a.png"},
    ),
    Deviation(
        "gateway",
        ("x-events", "RESUMED"),
        {"type": "object"},
        "Nothing at all may stand in `d` there; Discord sends an object, and clients read one.",
        {},
    ),
)

# Operations that Discord documents (Topics: OAuth2; Monetization: SKUs) and the description leaves out.
UNDESCRIBED: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/applications/{application_id}/skus"),
        ("GET", "/oauth2/authorize"),
        ("POST", "/oauth2/authorize"),
        ("POST", "/oauth2/token"),
        ("POST", "/oauth2/token/revoke"),
    }
)
