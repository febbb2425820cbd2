"""The fields that commands, options and choices share: names, descriptions, translations, sets."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import OneOf, Plain, check_shape

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND, ENTRY_POINT = 1, 2, 3, 4
SUB_COMMAND = 1
SUB_COMMAND_GROUP = 2
STRING = 3
INTEGER = 4
BOOLEAN = 5
USER = 6
CHANNEL = 7
ROLE = 8
MENTIONABLE = 9
NUMBER = 10
ATTACHMENT = 11
NAME_MOST = 32
DESCRIPTION_MOST = 100
# Discord: Reference, Locales
# fmt: off
LOCALES = frozenset((
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN",
    "zh-TW"
))
# fmt: on
# Discord: Application Commands, Application Command Naming: ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$
_NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")
Path = tuple[str | int, ...]


def check_set(values: Any, allowed: Collection[int], path: Path, errors: FormErrors, *, least: int = 1) -> None:
    """Note what is no set of these numbers."""
    if values is None:
        return
    if not isinstance(values, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(values) < least:
        errors.add(path, "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length.")
    seen: list[Any] = []
    for place, value in enumerate(values):
        check_shape(value, OneOf(tuple(allowed)), (*path, place), errors)
        if value in seen:
            errors.add((*path, place), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
        seen.append(value)


def check_name(thing: JsonObject, path: Path, errors: FormErrors, *, free: bool = False) -> None:
    """Note what is wrong with the name of a command or option, and its translations. free: as in context menus."""
    if thing.get("name") is None:
        errors.missing((*path, "name"))
    else:
        _check_one_name(thing["name"], (*path, "name"), errors, free)
    for locale, name in _translations(thing, "name_localizations", path, errors):
        _check_one_name(name, (*path, "name_localizations", locale), errors, free)


def _check_one_name(name: Any, path: Path, errors: FormErrors, free: bool) -> None:
    if not check_length(name, path, NAME_MOST, errors):
        return
    if not free and (_NAME.fullmatch(name) is None or name != name.lower()):
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_description(thing: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note what is wrong with a description and its translations."""
    if thing.get("description") in (None, ""):
        errors.missing((*path, "description"))
    else:
        check_length(thing["description"], (*path, "description"), DESCRIPTION_MOST, errors)
    for locale, text in _translations(thing, "description_localizations", path, errors):
        check_length(text, (*path, "description_localizations", locale), DESCRIPTION_MOST, errors)


def check_length(text: Any, path: Path, most: int, errors: FormErrors) -> bool:
    """Note a text that is none, or not of 1 to so many characters; tell whether it is fine."""
    if not isinstance(text, str):
        errors.add(path, *Plain.TEXT.value)
        return False
    if not 1 <= len(text) <= most:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        return False
    return True


def _translations(thing: JsonObject, field: str, path: Path, errors: FormErrors) -> list[tuple[str, Any]]:
    """Return the translations of a field; note locales that Discord does not have."""
    translations = thing.get(field)
    if translations is None:
        return []
    if not isinstance(translations, dict):
        errors.add((*path, field), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return []
    for locale in translations:
        check_shape(locale, OneOf(sorted(LOCALES)), (*path, field, locale), errors)
    return [(locale, text) for locale, text in translations.items() if text is not None and locale in LOCALES]


def check_choice_name(choice: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note what is wrong with the name of a choice and its translations."""
    if choice.get("name") is None:
        errors.missing((*path, "name"))
    else:
        check_length(choice["name"], (*path, "name"), DESCRIPTION_MOST, errors)
    for locale, text in _translations(choice, "name_localizations", path, errors):
        check_length(text, (*path, "name_localizations", locale), DESCRIPTION_MOST, errors)
