"""What Discord demands of an application command (Discord: Application Commands, Structure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject

OPTIONS_MOST = 25
CHOICES_MOST = 25
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
_WITH_CHOICES = (STRING, INTEGER, NUMBER)
# Discord: Application Commands, Application Command Naming: ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$
_NAME = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")
_Path = tuple[str | int, ...]


def check_command(command: Any, *, partial: bool = False) -> None:
    """Raise 50035 with every error of a command's body."""
    errors = FormErrors()
    inspect_command(command, (), errors, partial=partial)
    errors.raise_any()


def inspect_command(command: Any, path: _Path, errors: FormErrors, *, partial: bool = False) -> None:
    """Note every error of a command under a path."""
    if not isinstance(command, dict):
        errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    kind = command.get("type") or 1
    if not isinstance(kind, int) or kind not in (1, 2, 3, 4):
        errors.add((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4).")
    if "name" in command or not partial:
        _check_name(command.get("name"), (*path, "name"), errors, free=kind != 1)
    if kind == 1 and ("description" in command or not partial):
        _check_text(command.get("description"), (*path, "description"), 100, errors)
    if kind in (2, 3) and command.get("description"):
        errors.add((*path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_EXISTS", "Must be empty.")
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdecimal():
        errors.add((*path, "default_member_permissions"), "INTEGER_TYPE_CONVERT", "Not a permission bit set.")
    _check_options(command.get("options") or [], (*path, "options"), errors, depth=0)


def _check_name(name: Any, path: _Path, errors: FormErrors, *, free: bool = False) -> None:
    if not isinstance(name, str) or not name:
        errors.missing(path)
    elif not 1 <= len(name) <= 32:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
    elif not free and (_NAME.match(name) is None or name != name.lower()):
        text = "Command name is invalid"
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", text)


def _check_text(text: Any, path: _Path, most: int, errors: FormErrors) -> None:
    if not isinstance(text, str) or not text:
        errors.missing(path)
    elif len(text) > most:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")


def _check_options(options: Any, path: _Path, errors: FormErrors, *, depth: int) -> None:
    if not isinstance(options, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(options) > OPTIONS_MOST:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {OPTIONS_MOST} or fewer in length.")
    seen: set[str] = set()
    optional_before = False
    for place, option in enumerate(options):
        here = (*path, place)
        if not isinstance(option, dict):
            errors.add(here, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        _check_option(option, here, errors, depth)
        name = option.get("name")
        if isinstance(name, str):
            if name in seen:
                text = f"The option name {name!r} is used twice"
                errors.add((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
            seen.add(name)
        if option.get("required") and optional_before:
            text = "Required options must be placed before non-required options"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional_before = optional_before or not option.get("required")


def _check_option(option: JsonObject, path: _Path, errors: FormErrors, depth: int) -> None:
    kind = option.get("type")
    if not isinstance(kind, int) or not 1 <= kind <= 11:
        errors.add((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).")
    _check_name(option.get("name"), (*path, "name"), errors)
    _check_text(option.get("description"), (*path, "description"), 100, errors)
    if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
        if depth > (0 if kind == SUB_COMMAND_GROUP else 1):
            errors.add((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands are nested too deep")
        _check_options(option.get("options") or [], (*path, "options"), errors, depth=depth + 1)
    _check_choices(option, path, errors)
    if option.get("autocomplete") and kind not in _WITH_CHOICES:
        errors.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "This type has no autocomplete")


def _check_choices(option: Mapping[str, Any], path: _Path, errors: FormErrors) -> None:
    choices = option.get("choices") or []
    if not isinstance(choices, list):
        errors.add((*path, "choices"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(choices) > CHOICES_MOST:
        errors.add((*path, "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES_MOST} or fewer in length.")
    if choices and option.get("autocomplete"):
        text = "Choices and autocomplete exclude each other"
        errors.add((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", text)
    for place, choice in enumerate(choices):
        here = (*path, "choices", place)
        if not isinstance(choice, dict):
            errors.add(here, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        _check_text(choice.get("name"), (*here, "name"), 100, errors)
        if "value" not in choice:
            errors.missing((*here, "value"))
        elif option.get("type") == STRING and len(str(choice["value"])) > 100:
            errors.too_long((*here, "value"), 100)
