"""A command in words that a program can read: what is typed, by whom, with which options."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chandelier import Command
    from chandelier.parameters import Parameter


def describe_command(command: Command) -> dict[str, object]:
    """Describe a command and its options."""
    return {
        "path": command.path,
        "summary": command.summary,
        "surfaces": sorted(surface.value for surface in command.surfaces),
        "aliases": list(command.aliases),
        "where": command.where,
        "allow": command.allow.words if command.allow else None,
        "http": {"method": command.http.method, "path": command.http.path, "short": command.http.short} if command.http else None,
        "options": [_option(parameter) for parameter in command.parameters],
    }  # fmt: skip


def plain(value: object) -> str | int | float | bool | None:
    """Give a default or a choice as JSON can hold it; None for what it cannot."""
    if isinstance(value, Enum):
        value = value.value
    return value if isinstance(value, str | int | float | bool) else None


def _option(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "kind": parameter.kind.value,
        "description": parameter.description,
        "required": parameter.required,
        "default": plain(parameter.default),
        "choices": [{"name": choice.name, "value": choice.value} for choice in parameter.choices],
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
    }
