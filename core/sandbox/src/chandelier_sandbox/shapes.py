"""The kinds of value that a body may hold; what does not fit is refused with code 50035 where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from chandelier_sandbox.errors import FormErrors


class Plain(Enum):
    """Kinds without parts; null is always allowed, since Discord takes it as absent."""

    TEXT = ("STRING_TYPE_CONVERT", "Could not interpret as string.")
    WHOLE = ("NUMBER_TYPE_COERCE", "Value is not int.")
    SNOWFLAKE = ("NUMBER_TYPE_COERCE", "Value is not snowflake.")


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose elements fit a shape."""

    element: Shape


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object whose named fields fit their shapes; stray fields are accepted, as Discord does."""

    fields: Mapping[str, Shape] = field(default_factory=dict)


Shape = Plain | ListOf | ObjectOf
_Path = tuple[str | int, ...]

EMBED = ObjectOf(
    {
        "title": Plain.TEXT,
        "description": Plain.TEXT,
        "color": Plain.WHOLE,
        "footer": ObjectOf({"text": Plain.TEXT}),
        "author": ObjectOf({"name": Plain.TEXT}),
        "fields": ListOf(ObjectOf({"name": Plain.TEXT, "value": Plain.TEXT})),
    }
)
COMPONENT = ObjectOf({"type": Plain.WHOLE, "components": ListOf(ObjectOf({"type": Plain.WHOLE}))})
MESSAGE = ObjectOf(
    {
        "content": Plain.TEXT,
        "nonce": Plain.TEXT,
        "flags": Plain.WHOLE,
        "embeds": ListOf(EMBED),
        "components": ListOf(COMPONENT),
        "attachments": ListOf(ObjectOf({"id": Plain.SNOWFLAKE})),
        "allowed_mentions": ObjectOf(
            {"parse": ListOf(Plain.TEXT), "users": ListOf(Plain.SNOWFLAKE), "roles": ListOf(Plain.SNOWFLAKE)}
        ),
        "message_reference": ObjectOf({"message_id": Plain.SNOWFLAKE, "channel_id": Plain.SNOWFLAKE}),
    }
)
CHOICES = ObjectOf({"choices": ListOf(ObjectOf())})


def check_shape(value: Any, shape: Shape, path: _Path, errors: FormErrors) -> None:
    """Note everything in a value that does not fit its shape."""
    if value is None:
        return
    match shape:
        case Plain():
            if not _fits(value, shape):
                errors.add(path, *shape.value)
        case ListOf(element):
            if not isinstance(value, list):
                errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
                return
            for place, inner in enumerate(value):
                if inner is None:
                    errors.missing((*path, place))
                check_shape(inner, element, (*path, place), errors)
        case ObjectOf(fields):
            if not isinstance(value, dict):
                errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
                return
            for name, inner in fields.items():
                check_shape(value.get(name), inner, (*path, name), errors)


def _fits(value: Any, shape: Plain) -> bool:
    if isinstance(value, (dict, list)):
        return False
    if shape is Plain.TEXT:
        return not isinstance(value, bool)
    return str(value).isdecimal() and len(str(value)) <= 20
