"""What Discord demands of what can be chosen: in menus, radio groups and checkbox groups."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.components.kinds import SELECTS, Kind
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject

Path = tuple[str | int, ...]
OPTIONS_MOST = 25
_BOUNDED = (*SELECTS, Kind.FILE_UPLOAD, Kind.CHECKBOX_GROUP)


def check_choices(component: JsonObject, kind: Kind, path: Path, errors: FormErrors) -> None:
    """Note bounds that contradict each other, options given twice, and more defaults than can be chosen."""
    least, most = _whole(component.get("min_values"), 1), _whole(component.get("max_values"), 1)
    if kind is Kind.RADIO_GROUP:
        least, most = 0, 1
    if kind in _BOUNDED and component.get("max_values") is not None and least > most:
        errors.add((*path, "min_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    options = component.get("options")
    if isinstance(options, list):
        _check_options(options, path, errors)
        if kind is Kind.STRING_SELECT and 0 < len(options) < most:
            sentence = f"Must be between {most} and {OPTIONS_MOST} in length."
            errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", sentence)
    chosen = _defaults(component)
    if kind is Kind.CHECKBOX_GROUP and component.get("max_values") is None and isinstance(options, list):
        most = len(options)
    if chosen > most:
        name = "options" if isinstance(options, list) else "default_values"
        errors.add((*path, name), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", f"At most {most} can be chosen.")


def _check_options(options: list[Any], path: Path, errors: FormErrors) -> None:
    seen: set[str] = set()
    for place, option in enumerate(options):
        value = option.get("value") if isinstance(option, dict) else None
        if isinstance(value, str):
            if value in seen:
                sentence = "The specified option value is already used"
                errors.add((*path, "options", place), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", sentence)
            seen.add(value)


def _defaults(component: JsonObject) -> int:
    options, values = component.get("options"), component.get("default_values")
    if isinstance(options, list):
        return sum(isinstance(option, dict) and bool(option.get("default")) for option in options)
    return len(values) if isinstance(values, list) else 0


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
