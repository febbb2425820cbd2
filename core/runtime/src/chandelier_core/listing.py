"""What plugins.toml lists, as services see plugins; loaded and validated, with nothing started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chandelier import State
from chandelier_core.host import PluginView
from chandelier_core.loading.plugins_file import PluginsFile, PluginTable, nearest, read_plugins_file
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.program import load_quietly, read_file
from chandelier_core.registry import Registry
from chandelier_core.settings import Settings, SettingsError, settings_without_token
from chandelier_core.view import view_of


def list_plugins(names: Sequence[str] = ()) -> tuple[PluginView, ...]:
    """Give the host's own plugin and those that plugins.toml lists; or these alone, listed or merely installed.

    Raises SettingsError for what is not installed, and for a plugins.toml that cannot be read.
    """
    settings = settings_without_token()
    configure_logs("console", "error", Redactor(settings.secrets))
    loaded = load_quietly(settings, _file(settings, names))
    if strange := [name for name in names if loaded.registry.get(name) is None]:
        installed = _installed(loaded.registry)
        raise SettingsError([f"No plugin {name} is installed. {nearest(name, installed)}".strip() for name in strange])
    if loaded.findings:
        raise SettingsError([str(finding) for finding in loaded.findings])
    return tuple(view_of(entry, 0) for entry in loaded.registry if entry.state is not State.DISCOVERED)


def _file(settings: Settings, names: Sequence[str]) -> PluginsFile:
    """Read what is to be loaded. Who names plugins needs no plugins.toml."""
    if not names:
        return read_file(settings)
    file = read_plugins_file(settings.plugins_file)
    return replace(file, tables={name: file.tables.get(name) or PluginTable() for name in names}, findings=())


def _installed(registry: Registry) -> list[str]:
    return [entry.name for entry in registry if entry.name != "host"]
