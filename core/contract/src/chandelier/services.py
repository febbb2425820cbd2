"""What plugins offer each other: a Protocol, and whoever provides it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chandelier.config import Config

if TYPE_CHECKING:
    from chandelier.context import PluginContext

#: Opens a provided service for as long as the plugin runs: called with the plugin's context, gives an async context manager.
Factory = Callable[["PluginContext[Config]"], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class Provided:
    """A service that a plugin offers: its Protocol, and how it is opened."""

    protocol: type
    open: Factory


@dataclass(frozen=True, slots=True)
class Used:
    """A service that a plugin uses. Without a required one it does not start."""

    protocol: type
    required: bool = True


def optional(protocol: type) -> Used:
    """Mark a used service as one the plugin can do without."""
    return Used(protocol, required=False)
