"""``--safe``: which plugins came with the bot itself, told without importing any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, entry_points, requires

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from chandelier_core.loading.discovery import GROUP
from chandelier_core.loading.plugins_file import PluginsFile, PluginTable
from chandelier_core.registry import Registry

SKIPPED = "Safe mode: it did not come with the bot, so it was not started. Run without --safe to use it."


def bundled() -> set[str]:
    """Name the distributions that the extra ``bot`` of the distribution ``chandelier`` brings, normalised."""
    try:
        lines = requires("chandelier") or []
    except PackageNotFoundError:
        return set()
    found: set[str] = set()
    for line in lines:
        try:
            read = Requirement(line)
        except InvalidRequirement:
            continue
        if (
            read.marker is not None
            and read.marker.evaluate({"extra": "bot"})
            and not read.marker.evaluate({"extra": ""})
        ):
            found.add(canonicalize_name(read.name))
    return found


def without_strangers(file: PluginsFile) -> tuple[PluginsFile, dict[str, PluginTable]]:
    """Take out of plugins.toml what is installed and did not come with the bot; give that too."""
    own = bundled()
    strangers = {
        point.name
        for point in entry_points(group=GROUP)
        if point.dist is None or canonicalize_name(point.dist.name) not in own
    }
    skipped = {name: table for name, table in file.tables.items() if name in strangers}
    kept: Mapping[str, PluginTable] = {name: table for name, table in file.tables.items() if name not in strangers}
    return replace(file, tables=kept), skipped


def say_skipped(registry: Registry, skipped: Mapping[str, PluginTable]) -> None:
    """Say of what was left out that safe mode is why."""
    for name in skipped:
        if (entry := registry.get(name)) is not None:
            entry.sentence = SKIPPED
