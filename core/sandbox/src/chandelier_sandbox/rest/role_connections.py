"""Role connections: what a server may judge people by, and what the application says of each (Discord: Application)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route
from chandelier_sandbox.rest.scopes import must_be_own, must_have
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, TextOf, check_shape, checked, moment

_SCOPE = "role_connections.write"
_KEY = re.compile(r"[a-z0-9_]{1,50}")
_RECORD = ObjectOf(
    {
        "type": OneOf(range(1, 9)),
        "key": TextOf(50, least=1),
        "name": TextOf(100, least=1),
        "name_localizations": ObjectOf(),
        "description": TextOf(200, least=1),
        "description_localizations": ObjectOf(),
    },
    required=("type", "key", "name", "description"),
)
_LOCALIZED = ("name_localizations", "description_localizations")
_CONNECTION = ObjectOf({"platform_name": TextOf(50), "platform_username": TextOf(100), "metadata": ObjectOf()})
_DATES, _FLAGS = (5, 6), (7, 8)


def get_metadata(call: Call) -> Answer:
    """List what role connections are judged by."""
    must_be_own(call)
    return Answer(call.discord.application.metadata)


def put_metadata(call: Call) -> Answer:
    """Replace what role connections are judged by."""
    must_be_own(call)
    records, errors = [] if call.body is None else call.body, FormErrors()
    check_shape(records, ListOf(_RECORD, most=5), (), errors)
    errors.raise_any()
    keys = [str(one["key"]) for one in records]
    for place, key in enumerate(keys):
        if _KEY.fullmatch(key) is None:
            errors.add((place, "key"), "STRING_TYPE_REGEX", "String value did not match validation regex.")
        elif key in keys[:place]:
            errors.add((place, "key"), "DUPLICATE_KEY", "The keys must differ.")
        for name in _LOCALIZED:
            if not all(isinstance(text, str) for text in (records[place].get(name) or {}).values()):
                errors.add((place, name), "STRING_TYPE_CONVERT", "Could not interpret as string.")
    errors.raise_any()
    known = _RECORD.fields
    call.discord.application.metadata = [
        {name: one[name] for name in known if one.get(name) is not None} for one in records
    ]
    return Answer(call.discord.application.metadata)


def get_connection(call: Call) -> Answer:
    """Describe the role connection of a person."""
    _check_caller(call)
    nothing: JsonObject = {"platform_name": None, "platform_username": None, "metadata": {}}
    stored = call.discord.application.connections.get(call.user.id, nothing)
    return Answer({name: value for name, value in stored.items() if value is not None})


def put_connection(call: Call) -> Answer:
    """Set the role connection of a person."""
    _check_caller(call)
    body, kinds = checked(call.body, _CONNECTION), {}
    for one in call.discord.application.metadata:
        kinds[str(one["key"])] = int(one["type"])
    given = {str(key): _written(value) for key, value in (body.get("metadata") or {}).items()}
    errors = FormErrors()
    for key, value in given.items():
        if (sentence := _trouble(kinds, key, value)) is not None:
            errors.add(("metadata", key), "APPLICATION_ROLE_CONNECTION_INVALID", sentence)
    errors.raise_any()
    names = ("platform_name", "platform_username")
    stored = {name: body.get(name) for name in names} | {"metadata": given}
    call.discord.application.connections[call.user.id] = stored
    return get_connection(call)


def delete_connection(call: Call) -> Answer:
    """Forget the role connection of a person."""
    _check_caller(call)
    call.discord.application.connections.pop(call.user.id, None)
    return NO_CONTENT


def _check_caller(call: Call) -> None:
    must_have(call, _SCOPE)
    must_be_own(call)


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _trouble(kinds: Mapping[str, int], key: str, value: str) -> str | None:
    kind = kinds.get(key)
    if kind is None:
        return "There is no metadata record with this key."
    if not 1 <= len(value) <= 100:
        return "Must be between 1 and 100 in length."
    if kind in _DATES:
        return None if moment(value) is not None else "Could not parse. Should be ISO8601."
    if kind in _FLAGS:
        return None if value in ("0", "1") else "Must be 0 or 1."
    return None if value.removeprefix("-").isdecimal() else "Value is not int."


_OF_A_PERSON = "/users/@me/applications/{application_id}/role-connection"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/applications/{application_id}/role-connections/metadata", get_metadata),
    Route("PUT", "/applications/{application_id}/role-connections/metadata", put_metadata),
    Route("GET", _OF_A_PERSON, get_connection, auth=Auth.USER),
    Route("PUT", _OF_A_PERSON, put_connection, auth=Auth.USER),
    Route("DELETE", _OF_A_PERSON, delete_connection, auth=Auth.USER),
)
