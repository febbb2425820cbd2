"""What Discord demands of the options of a command (Discord: Application Commands, Option Structure)."""

from __future__ import annotations

import math
from typing import Any

from chandelier_sandbox.commands.fields import (
    CHANNEL,
    INTEGER,
    NUMBER,
    STRING,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    Path,
    check_choice_name,
    check_description,
    check_name,
    check_set,
)
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import Plain, WholeOf, check_shape

OPTIONS_MOST = 25
CHOICES_MOST = 25
CHOICE_VALUE_MOST = 100
LENGTH_MOST = 6000
WHOLE_MOST = (1 << 53) - 1
_CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15)
_WITH_CHOICES = (STRING, INTEGER, NUMBER)
_VALUES = tuple(range(STRING, 12))
# Which options may stand in a command, a group and a sub-command.
_AT_DEPTH = ((SUB_COMMAND, SUB_COMMAND_GROUP, *_VALUES), (SUB_COMMAND,), _VALUES)
_SUBS = (SUB_COMMAND, SUB_COMMAND_GROUP)


def check_options(options: Any, path: Path, errors: FormErrors, *, depth: int = 0) -> None:
    """Note every error of options. depth: 0 in a command, 1 in a group of sub-commands, 2 in a sub-command."""
    if options is None:
        return
    if not isinstance(options, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(options) > OPTIONS_MOST:
        errors.too_long(path, OPTIONS_MOST)
    seen: set[str] = set()
    optional_before = False
    for place, option in enumerate(options):
        here = (*path, place)
        if not isinstance(option, dict):
            errors.add(here, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        _check_option(option, here, errors, depth)
        _must_be_new(option.get("name"), seen, here, errors)
        required = option.get("required") is True
        if required and optional_before:
            sentence = "Required options must be placed before non-required options"
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence)
        optional_before = optional_before or not required
    _must_not_be_mixed(options, path, errors)


def _must_be_new(name: Any, seen: set[str], path: Path, errors: FormErrors) -> None:
    if not isinstance(name, str):
        return
    if name in seen:
        sentence = f"The option name {name!r} is used twice"
        errors.add((*path, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", sentence)
    seen.add(name)


def _must_not_be_mixed(options: list[Any], path: Path, errors: FormErrors) -> None:
    subs = [one.get("type") in _SUBS for one in options if isinstance(one, dict)]
    if any(subs) and not all(subs):
        sentence = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", sentence)


def _check_option(option: JsonObject, path: Path, errors: FormErrors, depth: int) -> None:
    kind = option.get("type")
    if kind is None:
        errors.missing((*path, "type"))
    elif not isinstance(kind, int) or isinstance(kind, bool) or kind not in _AT_DEPTH[depth]:
        sentence = f'Value of field "type" must be one of {_AT_DEPTH[depth]}.'
        errors.add(path, "UNION_TYPE_CHOICES", sentence)
    check_name(option, path, errors)
    check_description(option, path, errors)
    check_shape(option.get("required"), Plain.FLAG, (*path, "required"), errors)
    if kind in _SUBS and kind in _AT_DEPTH[depth]:
        check_options(option.get("options"), (*path, "options"), errors, depth=1 if kind == SUB_COMMAND_GROUP else 2)
    if kind == CHANNEL:
        check_set(option.get("channel_types"), _CHANNEL_TYPES, (*path, "channel_types"), errors, least=0)
    if kind == STRING:
        _check_lengths(option, path, errors)
    if kind in (INTEGER, NUMBER):
        _check_values(option, path, errors, whole=kind == INTEGER)
    _check_choices(option, kind, path, errors)


def _check_lengths(option: JsonObject, path: Path, errors: FormErrors) -> None:
    check_shape(option.get("min_length"), WholeOf(0, LENGTH_MOST), (*path, "min_length"), errors)
    check_shape(option.get("max_length"), WholeOf(1, LENGTH_MOST), (*path, "max_length"), errors)
    _must_rise(option, "length", path, errors)


def _check_values(option: JsonObject, path: Path, errors: FormErrors, *, whole: bool) -> None:
    for name in ("min_value", "max_value"):
        if option.get(name) is not None:
            _check_number(option[name], (*path, name), errors, whole)
    _must_rise(option, "value", path, errors)


def _must_rise(option: JsonObject, what: str, path: Path, errors: FormErrors) -> None:
    least, most = option.get(f"min_{what}"), option.get(f"max_{what}")
    if isinstance(least, (int, float)) and isinstance(most, (int, float)) and least > most:
        sentence = f"min_{what} must be less than or equal to max_{what}"
        errors.add((*path, f"max_{what}"), f"APPLICATION_COMMAND_OPTION_{what.upper()}S_INVALID", sentence)


def _check_number(value: Any, path: Path, errors: FormErrors, whole: bool) -> bool:
    fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if isinstance(value, float) and not math.isfinite(value):
        fits = False
    if not fits:
        errors.add(path, "NUMBER_TYPE_COERCE", f"Value is not {'int' if whole else 'float'}.")
    elif abs(value) > WHOLE_MOST:
        code, side = ("NUMBER_TYPE_MAX", "less") if value > 0 else ("NUMBER_TYPE_MIN", "greater")
        limit = WHOLE_MOST if value > 0 else -WHOLE_MOST
        errors.add(path, code, f"int value should be {side} than or equal to {limit}.")
    return fits


def _check_choices(option: JsonObject, kind: Any, path: Path, errors: FormErrors) -> None:
    choices, completes = option.get("choices"), option.get("autocomplete")
    check_shape(completes, Plain.FLAG, (*path, "autocomplete"), errors)
    if completes is True and kind not in _WITH_CHOICES:
        errors.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "This type has no autocomplete")
    if choices is None:
        return
    if not isinstance(choices, list):
        errors.add((*path, "choices"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if len(choices) > CHOICES_MOST:
        errors.too_long((*path, "choices"), CHOICES_MOST)
    if choices and completes is True:
        sentence = "Choices and autocomplete exclude each other"
        errors.add((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", sentence)
    seen: dict[str, list[Any]] = {"name": [], "value": []}
    for place, choice in enumerate(choices):
        _check_choice(choice, kind, (*path, "choices", place), errors, seen)


def _check_choice(choice: Any, kind: Any, path: Path, errors: FormErrors, seen: dict[str, list[Any]]) -> None:
    if not isinstance(choice, dict):
        errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    check_choice_name(choice, path, errors)
    value = choice.get("value")
    if value is None:
        errors.missing((*path, "value"))
    elif kind == STRING and not isinstance(value, str):
        errors.add((*path, "value"), *Plain.TEXT.value)
    elif kind == STRING and len(value) > CHOICE_VALUE_MOST:
        errors.too_long((*path, "value"), CHOICE_VALUE_MOST)
    elif kind in (INTEGER, NUMBER):
        _check_number(value, (*path, "value"), errors, kind == INTEGER)
    for name, before in seen.items():
        if choice.get(name) is not None and choice[name] in before:
            code = f"APPLICATION_COMMAND_OPTIONS_CHOICE_{name.upper()}_ALREADY_EXISTS"
            errors.add((*path, name), code, f"The choice {name} is used twice")
        before.append(choice.get(name))
