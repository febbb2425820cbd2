"""The operations about who calls, in the OpenAPI document: the counterpart of ``access`` and ``auth``."""

from __future__ import annotations

from chandelier_api.responses import problems, success
from chandelier_api.routes import PREFIX
from chandelier_api.schemas import DURATION, REF, SNOWFLAKE, Schema

_STRING: Schema = {"type": "string"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_MAYBE_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
_MAYBE_ID: Schema = {**SNOWFLAKE, "type": ["string", "null"]}
_SCOPE: Schema = {
    "type": "string",
    "pattern": r"^(\*|[a-z][a-z0-9_]{1,30}):(read|write|admin)$",
    "examples": ["custom:read"],
}
_GUILDS: Schema = {"type": ["array", "null"], "items": SNOWFLAKE}
_TOKEN: Schema = {
    "id": _STRING, "name": _STRING, "user_id": _MAYBE_ID, "scopes": {"type": "array", "items": _SCOPE}, "guild_ids": _GUILDS,
    "created_by": _STRING, "created_at": _INSTANT, "expires_at": _MAYBE_INSTANT, "last_used_at": _MAYBE_INSTANT,
    "revoked_at": _MAYBE_INSTANT,
}  # fmt: skip
_SESSION: Schema = {
    "id": _STRING, "user_agent": _STRING, "created_at": _INSTANT, "last_used_at": _INSTANT, "ends_at": _INSTANT,
    "current": {"type": "boolean"},
}  # fmt: skip
_ME: Schema = {
    "kind": {"type": "string", "enum": ["operator", "token", "session"]}, "user_id": _MAYBE_ID, "name": _STRING,
    "operator": {"type": "boolean"}, "scopes": {"type": ["array", "null"], "items": _SCOPE}, "guild_ids": _GUILDS,
    "session_id": {"type": ["string", "null"]},
}  # fmt: skip
_WISH: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "scopes"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 80, "examples": ["backup"]},
        "scopes": {"type": "array", "items": _SCOPE, "minItems": 1, "maxItems": 50},
        "guild_ids": {"type": ["array", "null"], "items": SNOWFLAKE, "minItems": 1, "maxItems": 100,
                      "description": "The servers it is for; every server where it is left out."},
        "expires_in": {**DURATION, "type": ["string", "number", "null"], "examples": ["30d"],
                       "description": "How long it lasts, such as 30d, or seconds; without an end where it is left out."},
        "user_id": {**_MAYBE_ID, "description": "Whom it acts as; only an operator names somebody else."},
    },
}  # fmt: skip


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list_of(name: str) -> Schema:
    return _object({"items": {"type": "array", "items": {"$ref": REF + name}}, "next": {"type": ["string", "null"]}})


ACCESS_SCHEMAS: dict[str, Schema] = {
    "Me": _object(_ME),
    "Token": _object(_TOKEN),
    "NewToken": _object({**_TOKEN, "token": {"type": "string", "examples": ["chd_0A1b2C3d4E5f_…"]}}),
    "TokenList": _list_of("Token"),
    "Session": _object(_SESSION),
    "SessionList": _list_of("Session"),
}


def access_paths() -> dict[str, Schema]:
    """Give the paths about the caller, tokens, sessions and the login."""
    token, session = _in_path("token_id", "The token's id."), _in_path("session_id", "The session's id.")
    return {
        f"{PREFIX}/me": {"get": _operation("me", "Tell who calls, and what they may do.", 200, "Me")},
        f"{PREFIX}/tokens": {
            "get": _operation("tokens", "List your tokens; an operator's are all there are.", 200, "TokenList"),
            "post": {
                **_operation("token.create", "Make a token; its text is shown once.", 201, "NewToken", (400, 409, 413, 415)),
                "requestBody": {"required": True, "content": {"application/json": {"schema": _WISH}}},
            },
        },
        f"{PREFIX}/tokens/{{token_id}}": {
            "parameters": [token],
            "delete": _operation("token.revoke", "Revoke a token.", 204, None, (404,)),
        },
        f"{PREFIX}/sessions": {
            "get": _operation("sessions", "List the browsers in which you are logged in.", 200, "SessionList"),
            "delete": _operation("sessions.end", "Log out everywhere.", 204, None),
        },
        f"{PREFIX}/sessions/{{session_id}}": {
            "parameters": [session],
            "delete": _operation("session.end", "Log out in one browser.", 204, None, (404,)),
        },
        "/discord/interactions": {"post": {
            "operationId": "host.interaction", "summary": "Take an interaction that Discord posts, signed.", "tags": ["host"],
            "security": [],
            "parameters": [_header("X-Signature-Ed25519"), _header("X-Signature-Timestamp")],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {
                **success(200, _object({"type": {"type": "integer", "const": 1}}), words="To a PING."),
                **success(204, None, words="It is answered by the callback."), **problems(400, 401, 404, 413, 500, 503),
            },
        }},
        "/auth/login": {"get": {
            "operationId": "host.login", "summary": "Begin to log in: leads to Discord.", "tags": ["host"], "security": [],
            "parameters": [{"name": "next", "in": "query", "schema": {"type": "string"}, "description": "The path to go on to."}],
            "responses": {"302": _leads("To Discord."), **problems(500, 503)},
        }},
        "/auth/callback": {"get": {
            "operationId": "host.login.finish", "summary": "Log in: where Discord leads the browser back to.", "tags": ["host"],
            "security": [],
            "parameters": [_query("code"), _query("state"), _query("iss"), _query("error")],
            "responses": {"303": _leads("To the path that was asked for."), **problems(400, 500, 503)},
        }},
        "/auth/logout": {"post": _operation("logout", "Log out.", 204, None, (404,))},
    }  # fmt: skip


def _operation(name: str, summary: str, status: int, schema: str | None, more: tuple[int, ...] = ()) -> Schema:
    answer = None if schema is None else {"$ref": REF + schema}
    responses = {**success(status, answer, words="As asked."), **problems(401, 403, 422, 500, *more)}
    return {"operationId": f"host.{name}", "summary": summary, "tags": ["host"], "responses": responses}


def _in_path(name: str, words: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": _STRING, "description": words}


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "required": True, "schema": _STRING}


def _query(name: str) -> Schema:
    return {"name": name, "in": "query", "schema": _STRING}


def _leads(words: str) -> Schema:
    return {"description": words, "headers": {"Location": {"schema": {"type": "string"}}}}
