"""Slash commands of one server alone: what a plugin's hook ``server_commands`` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chandelier.parameters import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOption:
    """An option: its name and description as Discord takes them; ``choices`` are texts."""

    name: str
    description: str
    kind: Kind = Kind.STRING
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """A slash command that one server shows.

    ``runs`` is the path of a command of the plugin's own, which is run with ``arguments``; what was typed comes to it as JSON in
    the argument ``into``: by option a text, a number or a bool, and an object with ``id`` and ``mention`` for a member, a role
    or a channel.
    """

    name: str
    description: str
    runs: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    options: tuple[ServerOption, ...] = ()
    into: str | None = None
