"""How people name plugins and their parts, and which they meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chandelier import NotFound
from chandelier_core.loading.plugins_file import nearest

if TYPE_CHECKING:
    from chandelier import Declaration
    from chandelier_core.registry import Entry, Registry


def parts_of(declared: Declaration) -> list[str]:
    """Name the parts that a declaration lists, as they stand in logs: ``command remind me``, ``job deliver``."""
    found = [f"command {command.path}" for command in declared.commands]
    found += [
        f"suggestions of {command.path} {parameter.name}"
        for command in declared.commands
        for parameter in command.parameters
        if parameter.suggest is not None
    ]
    found += [f"listener {listener.name}" for listener in declared.listeners]
    found += [f"job {job.name}" for job in declared.jobs]
    found += [f"hook {hook}" for hook in declared.hooks]
    return list(dict.fromkeys(found))


def find_plugin(registry: Registry, name: str) -> Entry:
    """Find a plugin by its name, or raise NotFound with the nearest right one."""
    entry = registry.get(name)
    if entry is None:
        raise NotFound(f"There is no plugin {name[:60]} here. {nearest(name, [one.name for one in registry])}")
    return entry


def find_part(plugin: str, parts: Iterable[str], name: str) -> str:
    """Find a part by its name, or by the name without its kind; raise NotFound with the nearest right one."""
    known = list(parts)
    meant = [part for part in known if name in (part, part.partition(" ")[2])]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise NotFound(
            f"{plugin.capitalize()} has more than one part {name[:60]}: {', '.join(meant)}. Name its kind too."
        )
    raise NotFound(f"{plugin.capitalize()} has no part {name[:60]}. {nearest(name, known)}")
