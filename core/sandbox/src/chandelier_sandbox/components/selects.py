"""What a menu must satisfy, and other choices among options (Discord: Component Reference, Select Menus)."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.components.buttons import check_emoji
from chandelier_sandbox.components.kinds import OPTIONS_MOST, Kind
from chandelier_sandbox.components.walk import Path, Walk
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import is_true


def check_select(walk: Walk, select: JsonObject, path: Path) -> None:
    """Note bounds, options and presets of a menu that contradict one another."""
    least, most = bounds(select, 1)
    check_bounds(select, path, walk.errors)
    if select["type"] == Kind.STRING_SELECT:
        _check_offered(select, path, walk.errors, most)
        return
    presets = select.get("default_values")
    if isinstance(presets, list) and presets and not least <= len(presets) <= most:
        sentence = f"Must be between {least} and {most} in length."
        walk.errors.add((*path, "default_values"), "BASE_TYPE_BAD_LENGTH", sentence)


def bounds(component: JsonObject, most: int) -> tuple[int, int]:
    """Return how few and how many may be chosen; most: unless it says so itself."""
    return _whole(component.get("min_values"), 1), _whole(component.get("max_values"), most)


def check_bounds(component: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note a minimum above the maximum."""
    least, most = bounds(component, 1)
    if component.get("max_values") is None and component["type"] == Kind.CHECKBOX_GROUP:
        most = len(listed(component))
    if least > most:
        sentence = f"int value should be less than or equal to {most}."
        errors.add((*path, "min_values"), "NUMBER_TYPE_MAX", sentence)


def check_options(component: JsonObject, path: Path, errors: FormErrors, most: int) -> None:
    """Note values that are offered twice, and more presets than may be chosen."""
    seen: set[str] = set()
    chosen = 0
    for place, option in enumerate(listed(component)):
        if not isinstance(option, dict):
            continue
        chosen += is_true(option.get("default"))
        value = str(option.get("value"))
        if option.get("value") is not None and value in seen:
            sentence = "The specified option value is already used"
            errors.add((*path, "options", place), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", sentence)
        seen.add(value)
        check_emoji(option.get("emoji"), (*path, "options", place, "emoji"), errors)
    if chosen > most:
        sentence = "The specified number of default values exceeds the specified maximum values"
        errors.add(path, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", sentence)


def listed(component: JsonObject) -> list[Any]:
    """Return the options, none where they are no list."""
    options = component.get("options")
    return options if isinstance(options, list) else []


def _check_offered(select: JsonObject, path: Path, errors: FormErrors, most: int) -> None:
    if select.get("options") is None:
        errors.missing((*path, "options"))
        return
    if not most <= len(listed(select)) <= OPTIONS_MOST:
        sentence = f"Must be between {most} and {OPTIONS_MOST} in length."
        errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", sentence)
    check_options(select, path, errors, most)


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
