"""From plugins.toml and what is installed to a registry in which every plugin has a verdict. No I/O but reading."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from chandelier import Finding, Plugin
from chandelier_core.loading.discovery import GROUP, Candidate, discover, from_plugin
from chandelier_core.loading.plugins_file import PluginsFile, PluginTable, line_of, nearest
from chandelier_core.loading.validation import validate
from chandelier_core.registry import Entry, Registry


@dataclass(frozen=True, slots=True)
class Loaded:
    """The registry, what is wrong with plugins.toml itself, and the secrets that configs brought in."""

    registry: Registry
    findings: tuple[Finding, ...]
    secrets: tuple[str, ...]


def load_plugins(file: PluginsFile, own: Sequence[tuple[Plugin, str]] = ()) -> Loaded:
    """Discover, import what is listed, and validate. ``own`` are the host's plugins, with their version; they come first."""
    registry = Registry()
    entries = [
        Entry(from_plugin(plugin, "chandelier-core", version), PluginTable(), order=-1) for plugin, version in own
    ]
    order = {name: position for position, name in enumerate(file.tables)}
    for candidate in merge_doubles(discover(file.tables.keys()), file.tables.keys()):
        table = file.tables.get(candidate.name)
        entry = Entry(candidate, table, order=order.get(candidate.name, len(order)))
        entry.findings.extend(file.plugin_findings.get(candidate.name, ()))
        entries.append(entry)
    for entry in sorted(entries, key=lambda entry: (entry.order, entry.name)):
        registry.add(entry)
    text = file.path.read_text("utf-8") if file.path.is_file() else ""
    secrets = validate(list(registry), text, str(file.path))
    registry.publish()
    return Loaded(registry, (*file.findings, *missing_plugins(file, registry, text)), tuple(secrets))


def merge_doubles(candidates: Iterable[Candidate], wanted: Container[str]) -> list[Candidate]:
    """Make one candidate, with an error if it is wanted, of two that have the same name: which one was meant cannot be known."""
    merged: dict[str, Candidate] = {}
    for candidate in candidates:
        first = merged.get(candidate.name)
        if first is None:
            merged[candidate.name] = candidate
        elif first.source != candidate.source and candidate.name in wanted:
            error = (
                f"{first.source} and {candidate.source} both offer a plugin {candidate.name}; uninstall one of them."
            )
            merged[candidate.name] = replace(first, declaration=None, error=error)
    return list(merged.values())


def missing_plugins(file: PluginsFile, registry: Registry, text: str) -> list[Finding]:
    """Say which plugins plugins.toml lists and nobody installed."""
    found = []
    installed = [entry.name for entry in registry if entry.name != "host"]
    for name in file.tables:
        if registry.get(name) is None:
            line = line_of(text, f"plugins.{name}", "")
            where = f"{file.path}, line {line}" if line else str(file.path)
            remedy = f"Install it (pip install chandelier-{name}), or take it out. {nearest(name, installed)}"
            found.append(Finding(where, f"no plugin {name} is installed (entry points of {GROUP}).", remedy))
    return found
