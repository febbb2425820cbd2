"""What Discord demands of an application command (Discord: Application Commands, Structure)."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.commands.fields import (
    CHAT_INPUT,
    ENTRY_POINT,
    MESSAGE_COMMAND,
    USER_COMMAND,
    Path,
    check_description,
    check_name,
    check_set,
)
from chandelier_sandbox.commands.options import check_options
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import OneOf, Plain, check_shape

CHARACTERS_MOST = 8000
_PERMISSIONS_MOST = (1 << 54) - 1
_OF_MENUS = (("description", "DESCRIPTION"), ("options", "OPTIONS"))


def inspect_command(command: Any, path: Path, errors: FormErrors, *, in_guild: bool = False) -> None:
    """Note every error of a command under a path."""
    if not isinstance(command, dict):
        errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    kind = CHAT_INPUT if command.get("type") is None else command["type"]
    kinds = (CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND) if in_guild else (1, 2, 3, ENTRY_POINT)
    check_shape(kind, OneOf(kinds), (*path, "type"), errors)
    check_name(command, path, errors, free=kind != CHAT_INPUT)
    if kind == CHAT_INPUT:
        check_description(command, path, errors)
        check_options(command.get("options"), (*path, "options"), errors)
    else:
        _check_menu(command, kind, path, errors)
    _check_settings(command, kind, path, errors)
    if _size(command) > CHARACTERS_MOST:
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({CHARACTERS_MOST})")


def _check_menu(command: JsonObject, kind: Any, path: Path, errors: FormErrors) -> None:
    """Note what the commands of context menus do not have."""
    for name, shown in _OF_MENUS:
        if command.get(name) and (name == "options" or kind != ENTRY_POINT):
            code = f"APPLICATION_COMMAND_CONTEXT_MENU_{shown}_EXISTS"
            errors.add((*path, name), code, f"Context menu commands cannot have {name}")


def _check_settings(command: JsonObject, kind: Any, path: Path, errors: FormErrors) -> None:
    bits = command.get("default_member_permissions")
    check_shape(bits, Plain.BITS, (*path, "default_member_permissions"), errors)
    if str(bits).isdecimal() and int(str(bits)) > _PERMISSIONS_MOST:
        sentence = f"int value should be less than or equal to {_PERMISSIONS_MOST}."
        errors.add((*path, "default_member_permissions"), "NUMBER_TYPE_MAX", sentence)
    for name in ("nsfw", "dm_permission"):
        check_shape(command.get(name), Plain.FLAG, (*path, name), errors)
    check_set(command.get("contexts"), (0, 1, 2), (*path, "contexts"), errors)
    check_set(command.get("integration_types"), (0, 1), (*path, "integration_types"), errors)
    check_shape(command.get("handler"), OneOf((1, 2)), (*path, "handler"), errors)
    if command.get("handler") is not None and kind != ENTRY_POINT:
        sentence = "A handler can only be set for commands of type 4"
        errors.add((*path, "handler"), "APPLICATION_COMMAND_HANDLER_INVALID", sentence)


def _size(thing: Any) -> int:
    """Count the characters of a command, its options and choices; of translations the longest counts."""
    if not isinstance(thing, dict):
        return 0
    size = sum(_longest(thing, field) for field in ("name", "description")) + len(str(thing.get("value") or ""))
    for inner in (thing.get("options"), thing.get("choices")):
        size += sum(_size(one) for one in inner) if isinstance(inner, list) else 0
    return size


def _longest(thing: JsonObject, field: str) -> int:
    translations = thing.get(f"{field}_localizations")
    texts = [thing.get(field), *(translations.values() if isinstance(translations, dict) else ())]
    return max(len(text) if isinstance(text, str) else 0 for text in texts)
