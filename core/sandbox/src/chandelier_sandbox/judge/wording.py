"""Findings: what is wrong, where and with which value, each in one line that holds no secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from chandelier_sandbox.judge.descriptions import MASK
from chandelier_sandbox.transcript.secrecy import without_secrets

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_LONGEST_VALUE = 80


def findings(what: str, errors: Iterable[ValidationError], start: str = "") -> list[str]:
    """Word errors, the nearest cause of each; what: the operation or event. start: the place they count from."""
    return list(dict.fromkeys(f"{what}: {_worded(error, start)}" for error in _causes(errors)))


def _causes(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Replace "fits none of these shapes" by what is wrong with the shape that was meant."""
    for error in errors:
        meant = min(_branches(error), key=lambda branch: _strangeness(branch, error), default=None)
        if meant is None or _strangeness(meant, error)[0]:
            yield error
        else:
            yield from _causes(_of_type(meant, error) or meant)


def _of_type(branch: Sequence[ValidationError], error: ValidationError) -> list[ValidationError]:
    """Return what is wrong with `type`: while no shape has that one, the other fields say nothing."""
    at_type = [one for one in branch if list(one.instance_path) == [*error.instance_path, "type"]]
    return [min(at_type, key=lambda one: one.kind.name != "oneOf")] if at_type else []


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    from jsonschema_rs import ValidationErrorKind as Kind

    match error.kind:
        case Kind.OneOfNotValid(context) | Kind.AnyOf(context):
            return context
    return []


def _strangeness(branch: Sequence[ValidationError], error: ValidationError) -> tuple[bool, bool, int, int, int]:
    """Say how unlikely a shape was meant: another type of value, another `type`, other constants, less deep, more errors."""
    place = list(error.instance_path)
    others = [list(one.instance_path) for one in branch if one.kind.name in ("const", "enum")]
    is_other = any(
        list(one.instance_path) == place and one.kind.name in ("type", "const", "enum", "pattern") for one in branch
    )
    constants = sum(len(one) == len(place) + 1 for one in others)
    deepest = max(len(list(one.instance_path)) for one in branch) if branch else 0
    return is_other, [*place, "type"] in others, constants, -deepest, len(branch)


def _worded(error: ValidationError, start: str) -> str:
    from jsonschema_rs import ValidationErrorKind as Kind

    place = list(error.instance_path)
    match error.kind:
        case Kind.Required(name):
            return f"{_place([*place, name], start)} is missing"
        case Kind.AdditionalProperties(names):
            return f"{_place(place, start)} has fields that may not be there: {', '.join(sorted(names))}"
    return f"{_place(place, start)} {_complaint(error)} ({_shown(place, error.instance)})"


def _complaint(error: ValidationError) -> str:
    from jsonschema_rs import ValidationErrorKind as Kind

    match error.kind:
        case Kind.OneOfMultipleValid():
            return "fits more than one of the described shapes"
        case Kind.Enum():
            return "is none of the values that belong here"
        case Kind.Constant(value):
            return f"is not {orjson.dumps(value).decode()}"
    branches = _branches(error)
    if not branches:
        return error.message.removeprefix(f"{MASK} ")
    types = [one.kind.types for branch in branches for one in branch if isinstance(one.kind, Kind.Type)]
    if len(types) == len(branches):
        return f"is not of type {' or '.join(dict.fromkeys(name for names in types for name in names))}"
    return "is none of the described values"


def _place(path: Sequence[str | int], start: str) -> str:
    place = start
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    return place or "the body"


def _shown(path: Sequence[str | int], value: Any) -> str:
    """Show a value shortened; under a secret's name it stays hidden."""
    name = str(path[-1]) if path else ""
    text = orjson.dumps(without_secrets({name: value})[name]).decode()
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
