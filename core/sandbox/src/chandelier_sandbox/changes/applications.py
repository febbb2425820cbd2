"""What the owner changes about the application (Discord: Application, Edit Current Application)."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.records import Application
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, TextOf, WholeOf, checked

_INSTALL = ObjectOf({"scopes": ListOf(OneOf(("bot", "applications.commands")), least=1), "permissions": Plain.BITS})
_BY_INSTALL = ObjectOf({"oauth2_install_params": _INSTALL})
_EVENT_TYPES = (
    "APPLICATION_AUTHORIZED",
    "APPLICATION_DEAUTHORIZED",
    "ENTITLEMENT_CREATE",
    "ENTITLEMENT_DELETE",
    "ENTITLEMENT_UPDATE",
    "QUEST_USER_ENROLLMENT",
)
_SHAPE = ObjectOf(
    {
        "icon": Plain.ANY,
        "cover_image": Plain.ANY,
        "description": Plain.ANY,
        "flags": WholeOf(0, (1 << 53) - 1),
        "tags": ListOf(TextOf(20, least=1), most=5),
        "max_participants": WholeOf(-1, (1 << 31) - 1),
        "explicit_content_filter": OneOf((0, 1)),
        "custom_install_url": TextOf(2048),
        "install_params": _INSTALL,
        "integration_types_config": ObjectOf({"0": _BY_INSTALL, "1": _BY_INSTALL}),
        "interactions_endpoint_url": TextOf(2048),
        "role_connections_verification_url": TextOf(2048),
        "event_webhooks_url": TextOf(2048),
        "event_webhooks_status": OneOf((1, 2)),
        "event_webhooks_types": ListOf(OneOf(_EVENT_TYPES)),
    }
)
_PRIVILEGED = 1 << 12 | 1 << 14 | 1 << 18  # switched on and off by sandbox.privileged_intents
_LIMITED = 1 << 13 | 1 << 15 | 1 << 19  # what a bot may set for itself
_STORED = (
    "tags",
    "max_participants",
    "explicit_content_filter",
    "custom_install_url",
    "role_connections_verification_url",
    "event_webhooks_url",
    "event_webhooks_status",
    "event_webhooks_types",
)
_NULLABLE = frozenset({"role_connections_verification_url", "event_webhooks_url", "max_participants"})
_URLS = ("custom_install_url", "role_connections_verification_url", "event_webhooks_url")


def change_application(application: Application, body: Any) -> None:
    """Check everything, then change what is named; null clears."""
    fields = checked(body, _SHAPE)
    _check(fields)
    icons = {name: image_hash(fields[name], name) for name in ("icon", "cover_image") if name in fields}
    application.icon = icons.get("icon", application.icon)
    if fields.get("description") is not None:
        application.description = _described(fields["description"])
    if fields.get("flags") is not None:
        application.flags = int(fields["flags"]) & _LIMITED
    for name in _STORED:
        if name in fields:
            _store(application.settings, name, None if fields[name] == "" else fields[name])
    if "cover_image" in icons:
        _store(application.settings, "cover_image", icons["cover_image"])
    if "install_params" in fields:
        _store(application.settings, "install_params", _params(fields["install_params"]))
    if "integration_types_config" in fields:
        _store(application.settings, "integration_types_config", _by_type(fields["integration_types_config"]))


def _check(fields: JsonObject) -> None:
    errors = FormErrors()
    description = fields.get("description")
    if description is not None and len(_described(description)) > 400:
        errors.too_long(("description",), 400)
    if int(fields.get("flags") or 0) & ~(_LIMITED | _PRIVILEGED):
        errors.add(("flags",), "APPLICATION_FLAGS_INVALID", "Only the flags of limited intents can be set.")
    for name in _URLS:
        if fields.get(name) and not str(fields[name]).startswith(("https://", "http://")):
            errors.add((name,), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').")
    if fields.get("interactions_endpoint_url"):
        # Discord asks the URL to answer a signed PING first; here that is done by Sandbox.use_interactions_url.
        sentence = "The specified interactions endpoint URL could not be verified."
        errors.add(("interactions_endpoint_url",), "APPLICATION_INTERACTIONS_ENDPOINT_INVALID", sentence)
    if len(set(fields.get("tags") or ())) != len(fields.get("tags") or ()):
        errors.add(("tags",), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The tags must differ.")
    errors.raise_any()


def _described(value: Any) -> str:
    return str(value.get("default", "")) if isinstance(value, dict) else str(value)


def _store(settings: JsonObject, name: str, value: Any) -> None:
    if value is None and name not in _NULLABLE:
        settings.pop(name, None)
    else:
        settings[name] = value


def _params(value: Any) -> JsonObject | None:
    if value is None:
        return None
    return {"scopes": sorted(set(value.get("scopes") or ())), "permissions": str(value.get("permissions") or 0)}


def _by_type(value: Any) -> JsonObject | None:
    if value is None:
        return None
    return {kind: _install(inner) for kind, inner in value.items() if kind in ("0", "1") and inner is not None}


def _install(inner: JsonObject) -> JsonObject:
    params = _params(inner.get("oauth2_install_params"))
    return {} if params is None else {"oauth2_install_params": params}
