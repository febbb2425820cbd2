"""The responses of the OpenAPI document: what went well, and every problem an operation may answer with."""

from __future__ import annotations

from chandelier_api.problems import MEDIA_TYPE
from chandelier_api.schemas import REF, Schema

_REFERENCE: Schema = {"X-Request-Id": {"$ref": "#/components/headers/Reference"}}
_NAMES = {400: "Malformed", 401: "TokenNeeded", 403: "NotAllowed", 404: "NotFound", 409: "Conflict", 413: "BodyTooLarge",
          415: "NotJson", 422: "BadOption", 429: "TooSoon", 500: "Failed", 503: "Unavailable", 504: "TimedOut"}  # fmt: skip
_WORDS = {
    400: "The request cannot be read.",
    401: "A token is needed, or this is not the one.",
    403: "Who acts lacks the permission, or the request came from another site.",
    404: "There is no such thing, or the plugin is off.",
    409: "The plugin refuses; `code` and `detail` say why.",
    413: "The body is larger than 256 KiB.",
    415: "The body is not application/json.",
    422: "An option is missing, unknown, or does not fit.",
    429: "Too soon; Retry-After says when.",
    500: "Something broke; `instance` is the reference under which it is recorded.",
    503: "It does not work right now.",
    504: "It took too long and was ended.",
}


def _response(status: int) -> Schema:
    headers = dict(_REFERENCE)
    if status in (429, 503):
        headers["Retry-After"] = {
            "schema": {"type": "integer"},
            "description": "Seconds to wait, where they are known.",
        }
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    schema = {"$ref": REF + "Problem"}
    return {"description": _WORDS[status], "headers": headers, "content": {MEDIA_TYPE: {"schema": schema}}}


RESPONSES: Schema = {name: _response(status) for status, name in _NAMES.items()}


def declared(*, has_body: bool, limited: bool = False) -> Schema:
    """Give the problems that an operation of a plugin may answer with."""
    left_out = set() if has_body else {413, 415}
    left_out |= set() if limited else {429}
    return problems(*(status for status in _NAMES if status not in left_out))


def problems(*statuses: int) -> Schema:
    """Give references to the problems with these statuses."""
    return {str(status): {"$ref": f"#/components/responses/{_NAMES[status]}"} for status in statuses}


def success(status: int, schema: Schema | None, *, words: str = "It is done.") -> Schema:
    """Give the response of an operation that went well."""
    if schema is None:
        return {"204": {"description": words, "headers": _REFERENCE}}
    return {
        str(status): {"description": words, "headers": _REFERENCE, "content": {"application/json": {"schema": schema}}}
    }
