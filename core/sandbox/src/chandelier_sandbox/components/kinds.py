"""The kinds of component (Discord: Component Reference), and the shape of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from chandelier_sandbox.shapes import LinkOf, ListOf, ObjectOf, OneOf, Plain, Shape, TextOf, WholeOf


class Kind(IntEnum):
    """Discord: Component Reference, Component Types."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = (
    Kind.STRING_SELECT,
    Kind.USER_SELECT,
    Kind.ROLE_SELECT,
    Kind.MENTIONABLE_SELECT,
    Kind.CHANNEL_SELECT,
)
CUSTOM_ID = TextOf(100, 1)
_COLOUR_MOST = 0xFFFFFF
_ID = WholeOf(0, (1 << 31) - 1)
_EMOJI = ObjectOf({"id": Plain.SNOWFLAKE, "name": TextOf(32), "animated": Plain.FLAG})
_OPTION: Mapping[str, Shape] = {
    "label": TextOf(100, 1),
    "value": TextOf(100, 1),
    "description": TextOf(100),
    "default": Plain.FLAG,
}
_OPTION_NEEDS = ("label", "value")
_MEDIA = ObjectOf({"url": LinkOf(("http", "https", "attachment"))}, ("url",))
_SHOWN: Mapping[str, Shape] = {"media": _MEDIA, "description": TextOf(1024, 1), "spoiler": Plain.FLAG}
_SELECT: Mapping[str, Shape] = {
    "id": _ID,
    "custom_id": CUSTOM_ID,
    "placeholder": TextOf(150),
    "min_values": WholeOf(0, 25),
    "max_values": WholeOf(1, 25),
    "disabled": Plain.FLAG,
    "required": Plain.FLAG,
}


def _of_things(*types: str) -> ObjectOf:
    value = ObjectOf({"id": Plain.SNOWFLAKE, "type": OneOf(types)}, ("id", "type"))
    return ObjectOf({**_SELECT, "default_values": ListOf(value, 25)}, ("custom_id",))


_CHANNELS = _of_things("channel")
SHAPES: Mapping[Kind, ObjectOf] = {
    Kind.ROW: ObjectOf({"id": _ID}),
    Kind.BUTTON: ObjectOf(
        {
            "id": _ID,
            "style": OneOf((1, 2, 3, 4, 5, 6)),
            "custom_id": CUSTOM_ID,
            "label": TextOf(80),
            "url": LinkOf(("http", "https", "discord")),
            "sku_id": Plain.SNOWFLAKE,
            "disabled": Plain.FLAG,
            "emoji": _EMOJI,
        },
        ("style",),
    ),
    Kind.STRING_SELECT: ObjectOf(
        {**_SELECT, "options": ListOf(ObjectOf({**_OPTION, "emoji": _EMOJI}, _OPTION_NEEDS), 25, 1)},
        ("custom_id", "options"),
    ),
    Kind.USER_SELECT: _of_things("user"),
    Kind.ROLE_SELECT: _of_things("role"),
    Kind.MENTIONABLE_SELECT: _of_things("user", "role"),
    Kind.CHANNEL_SELECT: ObjectOf(
        {**_CHANNELS.fields, "channel_types": ListOf(OneOf((0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)))},
        ("custom_id",),
    ),
    Kind.SECTION: ObjectOf({"id": _ID}, ("accessory",)),
    Kind.TEXT: ObjectOf({"id": _ID, "content": TextOf(4000, 1)}, ("content",)),
    Kind.THUMBNAIL: ObjectOf({"id": _ID, **_SHOWN}, ("media",)),
    Kind.GALLERY: ObjectOf({"id": _ID, "items": ListOf(ObjectOf(_SHOWN, ("media",)), 10, 1)}, ("items",)),
    Kind.FILE: ObjectOf(
        {"id": _ID, "file": ObjectOf({"url": LinkOf(("attachment",))}, ("url",)), "spoiler": Plain.FLAG}, ("file",)
    ),
    Kind.SEPARATOR: ObjectOf({"id": _ID, "divider": Plain.FLAG, "spacing": OneOf((1, 2))}),
    Kind.CONTAINER: ObjectOf({"id": _ID, "accent_color": WholeOf(0, _COLOUR_MOST), "spoiler": Plain.FLAG}),
    Kind.TEXT_INPUT: ObjectOf(
        {
            "id": _ID,
            "custom_id": CUSTOM_ID,
            "style": OneOf((1, 2)),
            "label": TextOf(45, 1),
            "value": TextOf(4000),
            "placeholder": TextOf(100),
            "required": Plain.FLAG,
            "min_length": WholeOf(0, 4000),
            "max_length": WholeOf(1, 4000),
        },
        ("custom_id", "style"),
    ),
    Kind.LABEL: ObjectOf(
        {"id": _ID, "label": TextOf(45, 1), "description": TextOf(100, 1)},
        ("label", "component"),
    ),
    Kind.FILE_UPLOAD: ObjectOf(
        {
            "id": _ID,
            "custom_id": CUSTOM_ID,
            "min_values": WholeOf(0, 10),
            "max_values": WholeOf(1, 10),
            "required": Plain.FLAG,
        },
        ("custom_id",),
    ),
    Kind.RADIO_GROUP: ObjectOf(
        {
            "id": _ID,
            "custom_id": CUSTOM_ID,
            "required": Plain.FLAG,
            "options": ListOf(ObjectOf(_OPTION, _OPTION_NEEDS), 10, 2),
        },
        ("custom_id", "options"),
    ),
    Kind.CHECKBOX_GROUP: ObjectOf(
        {
            "id": _ID,
            "custom_id": CUSTOM_ID,
            "min_values": WholeOf(0, 10),
            "max_values": WholeOf(1, 10),
            "required": Plain.FLAG,
            "options": ListOf(ObjectOf(_OPTION, _OPTION_NEEDS), 10, 1),
        },
        ("custom_id", "options"),
    ),
    Kind.CHECKBOX: ObjectOf({"id": _ID, "custom_id": CUSTOM_ID, "default": Plain.FLAG}, ("custom_id",)),
}
