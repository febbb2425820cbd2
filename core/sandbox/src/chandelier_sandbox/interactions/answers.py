"""What a callback may carry: judged before anything of it happens."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.commands.fields import INTEGER, NUMBER, STRING
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions.modals import check_modal
from chandelier_sandbox.shapes import CHOICES, Plain, check_shape

CHOICES_MOST = 25
_CHOICE_TEXT_MOST = 100


def content_of(body: JsonObject) -> JsonObject:
    """Return the message of a callback as it came; 50035 for what is no object."""
    content = body.get("data")
    if content is not None and not isinstance(content, dict):
        errors = FormErrors()
        errors.add(("data",), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        errors.raise_any()
    return {} if content is None else dict(content)


def deferred_flags(body: JsonObject) -> int:
    """Return the flags of a deferral, or raise 50035."""
    errors, flags = FormErrors(), content_of(body).get("flags")
    check_shape(flags, Plain.WHOLE, ("data", "flags"), errors)
    errors.raise_any()
    return int(flags or 0)


def checked_choices(body: JsonObject, option_kind: int) -> list[JsonObject]:
    """Return the choices of a completion, or raise 50035. option_kind: of the option that is being typed."""
    errors = FormErrors()
    content: JsonObject = {} if body.get("data") is None else body["data"]
    check_shape(content, CHOICES, ("data",), errors)
    errors.raise_any()
    choices = content.get("choices")
    if choices is None:
        errors.missing(("data", "choices"))
    elif len(choices) > CHOICES_MOST:
        errors.too_long(("data", "choices"), CHOICES_MOST)
    for place, choice in enumerate(choices or []):
        _check_choice(choice, ("data", "choices", place), option_kind, errors)
    errors.raise_any()
    return list(choices or [])


def _check_choice(choice: JsonObject, path: tuple[str | int, ...], option_kind: int, errors: FormErrors) -> None:
    name, value = choice.get("name"), choice.get("value")
    if not isinstance(name, str) or not 1 <= len(name) <= _CHOICE_TEXT_MOST:
        errors.add((*path, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    if value is None:
        errors.missing((*path, "value"))
    elif option_kind == STRING and (not isinstance(value, str) or not 1 <= len(value) <= _CHOICE_TEXT_MOST):
        errors.add((*path, "value"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    elif option_kind in (INTEGER, NUMBER) and not _is_number(value, whole=option_kind == INTEGER):
        kind = "int" if option_kind == INTEGER else "float"
        errors.add((*path, "value"), "NUMBER_TYPE_COERCE", f"Value is not {kind}.")


def _is_number(value: Any, *, whole: bool) -> bool:
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)


def checked_modal(body: JsonObject) -> JsonObject:
    """Return the form of a callback, or raise 50035."""
    errors = FormErrors()
    if not isinstance(body.get("data"), dict):
        errors.missing(("data",))
        errors.raise_any()
    check_modal(body["data"], ("data",), errors)
    errors.raise_any()
    return dict(body["data"])
