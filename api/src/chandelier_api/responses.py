"""The responses of the OpenAPI document: what went well, and every problem an operation may answer with."""

from __future__ import annotations

from chandelier_api.headers import headers_of
from chandelier_api.problems import KINDS, MEDIA_TYPE, Kind
from chandelier_api.schemas import REF, Schema

_NAMES = {400: "Malformed", 401: "TokenNeeded", 403: "NotAllowed", 404: "NotFound", 405: "MethodNotAllowed", 409: "Conflict",
          412: "Changed", 413: "BodyTooLarge", 415: "NotJson", 421: "WrongHost", 422: "BadOption", 429: "TooSoon", 500: "Failed",
          503: "Unavailable", 504: "TimedOut"}  # fmt: skip
_WORDS = {
    400: "The request cannot be read.",
    401: "A token is needed, or this is not the one.",
    403: "Who acts lacks the permission or the scope, or the request came from another site.",
    404: "There is no such thing, or the plugin is off.",
    405: "The path does not take this method; Allow says which it takes.",
    409: "The plugin refuses, or the same request is being answered; `code` and `detail` say why.",
    412: "It is not what If-Match names any more.",
    413: "The body is larger than 256 KiB.",
    415: "The body is not application/json.",
    421: "The Host header names another machine.",
    422: "An option is missing, unknown, or does not fit.",
    429: "Too soon; Retry-After says when.",
    500: "Something broke; `instance` is the reference under which it is recorded.",
    503: "It does not work right now.",
    504: "It took too long and was ended.",
}
#: What an option that does not fit looks like in a problem.
_ERRORS = {422: [{"in": "body", "pointer": "/name", "detail": "`name` is missing."}]}


def _response(status: int) -> Schema:
    schema = {"$ref": REF + "Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "examples": _examples(status)}}
    return {"description": _WORDS[status], "headers": headers_of(status), "content": content}


def _examples(status: int) -> Schema:
    """Show one problem for each code of the host's that has this status."""
    return {code: {"value": _example(code, kind)} for code, kind in KINDS.items() if kind.status == status}


def _example(code: str, kind: Kind) -> Schema:
    problem: Schema = {"type": f"/problems/{code}", "title": kind.title, "status": kind.status, "code": code,
                       "detail": f"{kind.title}. {kind.advice}", "instance": "7F3K9Q"}  # fmt: skip
    return problem | ({"errors": _ERRORS[kind.status]} if code.endswith("_option") else {})


RESPONSES: Schema = {
    "NotModified": {"description": "It is what If-None-Match names.", "headers": headers_of(304, "get")},
    **{name: _response(status) for status, name in _NAMES.items()},
}


#: What a command's own route never answers with by itself.
_NEVER = frozenset({405, 412, 421, 429})


def declared(*, has_body: bool) -> Schema:
    """Give the problems that an operation of a plugin may answer with."""
    left_out = _NEVER | (frozenset() if has_body else {415})
    return problems(*(status for status in _NAMES if status not in left_out))


def problems(*statuses: int) -> Schema:
    """Give references to the problems with these statuses."""
    return {str(status): {"$ref": f"#/components/responses/{_NAMES[status]}"} for status in statuses}


def success(status: int, schema: Schema | None, *, words: str = "It is done.") -> Schema:
    """Give the response of an operation that went well."""
    if schema is None:
        return {"204": {"description": words}}
    return {str(status): {"description": words, "content": {"application/json": {"schema": schema}}}}
