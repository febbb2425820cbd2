"""The host's own commands, as a plugin like any other."""

from chandelier_core.builtin.plugin import host_plugin

__all__ = ["host_plugin"]
