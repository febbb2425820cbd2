"""From what a manager types to the value of a setting: pydantic reads the rest."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

_MENTION = re.compile(r"<(?:@[!&]?|#)(\d+)>")
_LISTS = (list, tuple, set, frozenset)


def read_typed(field: FieldInfo, typed: str) -> object:
    """Give what pydantic is to read: lists are written with commas, and a mention stands for its id."""
    origin = get_origin(_plain(field.annotation)) or _plain(field.annotation)
    if isinstance(origin, type) and issubclass(origin, _LISTS):
        return [_id_or_text(one.strip()) for one in typed.split(",") if one.strip()]
    return _id_or_text(typed.strip())


def choices_of(field: FieldInfo) -> Collection[str]:
    """Give the values that may be offered for a setting; none where anything may be typed."""
    plain = _plain(field.annotation)
    if plain is bool:
        return ("true", "false")
    if get_origin(plain) is Literal:
        return [str(one) for one in get_args(plain)]
    if isinstance(plain, type) and issubclass(plain, Enum):
        return [str(one.value) for one in plain]
    return ()


def _id_or_text(typed: str) -> str:
    found = _MENTION.fullmatch(typed)
    return found[1] if found else typed


def _plain(annotation: Any) -> Any:
    """Take None out of a union."""
    if get_origin(annotation) in (Union, UnionType):
        rest = [one for one in get_args(annotation) if one is not type(None)]
        return rest[0] if len(rest) == 1 else annotation
    return annotation
