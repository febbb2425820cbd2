"""The kinds of value that a body may hold; what does not fit is refused with code 50035 where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject


class Plain(Enum):
    """Kinds without limits; null is always allowed, since Discord takes it as absent."""

    TEXT = ("STRING_TYPE_CONVERT", "Could not interpret as string.")
    WHOLE = ("NUMBER_TYPE_COERCE", "Value is not int.")
    SNOWFLAKE = ("NUMBER_TYPE_COERCE", "Value is not snowflake.")
    BITS = ("INTEGER_TYPE_CONVERT", "Could not interpret as a permission bit set.")
    FLAG = ("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    MOMENT = ("DATE_TIME_TYPE_PARSE", "Could not parse. Should be ISO8601.")
    ANY = ("", "")


@dataclass(frozen=True, slots=True)
class TextOf:
    """A text of least to most characters."""

    most: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class WholeOf:
    """A whole number from least to most."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few numbers or words."""

    values: Collection[int | str]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose elements fit a shape, of least to most elements."""

    element: Shape
    most: int = 1000
    least: int = 0


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object whose named fields fit their shapes; stray fields are accepted, as Discord does."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    required: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class LinkOf:
    """An address with one of a few schemes, of at most 2048 characters."""

    schemes: Collection[str] = ("http", "https")


Shape = Plain | TextOf | WholeOf | OneOf | LinkOf | ListOf | ObjectOf
_Path = tuple[str | int, ...]

_PICTURE = ObjectOf({"url": LinkOf(("http", "https", "attachment")), "description": TextOf(4096)})
# Discord: Message, Embed Limits
EMBED = ObjectOf(
    {
        "title": TextOf(256),
        "description": TextOf(4096),
        "url": LinkOf(),
        "color": WholeOf(0, 0xFFFFFF),
        "timestamp": Plain.MOMENT,
        "footer": ObjectOf({"text": TextOf(2048), "icon_url": LinkOf(("http", "https", "attachment"))}, ("text",)),
        "author": ObjectOf(
            {"name": TextOf(256), "url": LinkOf(), "icon_url": LinkOf(("http", "https", "attachment"))}, ("name",)
        ),
        "image": _PICTURE,
        "thumbnail": _PICTURE,
        "fields": ListOf(
            ObjectOf({"name": TextOf(256), "value": TextOf(1024), "inline": Plain.FLAG}, ("name", "value")), 25
        ),
    }
)
COMPONENT = ObjectOf({"type": Plain.WHOLE, "components": ListOf(ObjectOf({"type": Plain.WHOLE}))})
ATTACHMENT = ObjectOf(
    {
        "id": Plain.SNOWFLAKE,
        "filename": TextOf(1024),
        "description": TextOf(1024),
        "title": TextOf(1024),
        "duration_secs": Plain.ANY,
        "waveform": TextOf(400),
        "is_spoiler": Plain.FLAG,
    },
    ("id",),
)
_POLL_EMOJI = ObjectOf({"id": Plain.SNOWFLAKE, "name": TextOf(32)})
POLL = ObjectOf(
    {
        "question": ObjectOf({"text": TextOf(300, 1)}, ("text",)),
        "answers": ListOf(
            ObjectOf({"poll_media": ObjectOf({"text": TextOf(55, 1), "emoji": _POLL_EMOJI})}, ("poll_media",)), 10, 1
        ),
        "duration": WholeOf(1, 768),
        "allow_multiselect": Plain.FLAG,
        "layout_type": OneOf((1,)),
    },
    ("question", "answers"),
)
MESSAGE = ObjectOf(
    {
        "content": Plain.TEXT,
        "nonce": Plain.TEXT,
        "tts": Plain.FLAG,
        "flags": Plain.WHOLE,
        "embeds": ListOf(EMBED, 10),
        "components": ListOf(Plain.ANY),
        "attachments": ListOf(ATTACHMENT, 10),
        "sticker_ids": ListOf(Plain.SNOWFLAKE, 3),
        "poll": POLL,
        "allowed_mentions": ObjectOf(
            {
                "parse": ListOf(OneOf(("users", "roles", "everyone"))),
                "users": ListOf(Plain.SNOWFLAKE, 100),
                "roles": ListOf(Plain.SNOWFLAKE, 100),
                "replied_user": Plain.FLAG,
            }
        ),
        "message_reference": ObjectOf(
            {
                "message_id": Plain.SNOWFLAKE,
                "channel_id": Plain.SNOWFLAKE,
                "guild_id": Plain.SNOWFLAKE,
                "fail_if_not_exists": Plain.FLAG,
                "type": OneOf((0, 1)),
            }
        ),
    }
)
CHOICES = ObjectOf({"choices": ListOf(ObjectOf())})


def checked(body: Any, shape: ObjectOf, *, partial: bool = False) -> JsonObject:
    """Return a body that fits its shape, or raise 50035 with every error. partial: nothing is required (PATCH)."""
    errors = FormErrors()
    wanted = ObjectOf(shape.fields) if partial else shape
    check_shape({} if body is None else body, wanted, (), errors)
    errors.raise_any()
    return dict(body or {})


def check_shape(value: Any, shape: Shape, path: _Path, errors: FormErrors) -> None:
    """Note everything in a value that does not fit its shape."""
    if value is None:
        return
    match shape:
        case Plain():
            if not _fits(value, shape):
                errors.add(path, *shape.value)
        case TextOf():
            _check_text(value, shape, path, errors)
        case WholeOf():
            _check_whole(value, shape, path, errors)
        case OneOf():
            _check_choice(value, shape, path, errors)
        case LinkOf():
            _check_link(value, shape, path, errors)
        case ListOf():
            _check_list(value, shape, path, errors)
        case ObjectOf():
            _check_object(value, shape, path, errors)


def _check_text(value: Any, shape: TextOf, path: _Path, errors: FormErrors) -> None:
    if not _fits(value, Plain.TEXT):
        errors.add(path, *Plain.TEXT.value)
    elif not shape.least <= len(str(value)) <= shape.most:
        if shape.least:
            errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shape.least} and {shape.most} in length.")
        else:
            errors.too_long(path, shape.most)


def _check_whole(value: Any, shape: WholeOf, path: _Path, errors: FormErrors) -> None:
    if isinstance(value, (bool, dict, list)) or not _is_whole(value):
        errors.add(path, *Plain.WHOLE.value)
    elif int(value) < shape.least:
        errors.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {shape.least}.")
    elif int(value) > shape.most:
        errors.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {shape.most}.")


def _check_choice(value: Any, shape: OneOf, path: _Path, errors: FormErrors) -> None:
    if isinstance(value, (dict, list, bool)) or value not in shape.values:
        allowed = ", ".join(str(one) for one in shape.values)
        errors.add(path, "BASE_TYPE_CHOICES", f"Value must be one of ({allowed}).")


def _check_link(value: Any, shape: LinkOf, path: _Path, errors: FormErrors) -> None:
    scheme, separator, rest = str(value).partition("://")
    if isinstance(value, (dict, list, bool)) or not separator or not rest or any(space in rest for space in " \n\t"):
        errors.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif scheme.lower() not in shape.schemes:
        allowed = ", ".join(repr(one) for one in shape.schemes)
        errors.add(path, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" must be one of ({allowed}).')
    elif len(str(value)) > 2048:
        errors.too_long(path, 2048)


def _check_list(value: Any, shape: ListOf, path: _Path, errors: FormErrors) -> None:
    if not isinstance(value, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if not shape.least <= len(value) <= shape.most:
        if shape.least:
            errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shape.least} and {shape.most} in length.")
        else:
            errors.too_long(path, shape.most)
    for place, inner in enumerate(value):
        if inner is None:
            errors.missing((*path, place))
        check_shape(inner, shape.element, (*path, place), errors)


def _check_object(value: Any, shape: ObjectOf, path: _Path, errors: FormErrors) -> None:
    if not isinstance(value, dict):
        errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    for name in shape.required:
        if value.get(name) is None:
            errors.missing((*path, name))
    for name, inner in value.items():
        if inner is not None and name in shape.fields:
            check_shape(inner, shape.fields[name], (*path, name), errors)


def _fits(value: Any, shape: Plain) -> bool:
    if shape is Plain.ANY:
        return True
    if isinstance(value, (dict, list)):
        return False
    match shape:
        case Plain.TEXT:
            return not isinstance(value, bool)
        case Plain.FLAG:
            return isinstance(value, bool) or value in ("true", "false", "True", "False")
        case Plain.MOMENT:
            return moment(value) is not None
        case _:
            return not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) <= 20


def _is_whole(value: Any) -> bool:
    return str(value).removeprefix("-").isdecimal() and len(str(value)) <= 20


def moment(value: Any) -> datetime | None:
    """Read ISO 8601 as an aware datetime; None when it is none."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def is_true(value: Any) -> bool:
    """Read a FLAG that was checked; null is false."""
    return str(value).lower() == "true"
