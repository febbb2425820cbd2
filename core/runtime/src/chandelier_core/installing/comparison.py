"""What a change would change, in lines for the operator to read before anything happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chandelier import Need
from chandelier_core.installing.locked import Lock
from chandelier_core.installing.trial import Tried


def package_lines(before: Lock, after: Lock) -> Iterator[str]:
    """Say which packages come, change and go."""
    for name in sorted({*before.packages, *after.packages}):
        old, new = before.packages.get(name), after.packages.get(name)
        if old is None and new is not None:
            why = "" if name in after.roots else f", for {', '.join(new.needed_by)}"
            yield f"  + {name} {new.version}{why}"
        elif new is None and old is not None:
            yield f"  - {name} {old.version}"
        elif old is not None and new is not None and (old.version, old.sha256) != (new.version, new.sha256):
            same = " (another build)" if old.version == new.version else ""
            yield f"  ~ {name} {old.version} → {new.version}{same}"


def plugin_lines(old: Tried | None, new: Tried) -> Iterator[str]:
    """Say what becomes of one plugin."""
    title = f"{new.name} {new.version}" if old is None else f"{new.name} {old.version} → {new.version}"
    yield title if new.enabled else f"{title} (it is not switched on in plugins.toml)"
    was = old or Tried(new.name, "", "", enabled=False)
    for need in new.needs:
        if need not in was.needs:
            word = "privileged, " if Need(need).privileged else ""
            yield f"  needs    {need}: to {Need(need).sentence} ({word}{'granted' if need in new.grants else 'not granted yet'})"
    yield from _differences("needs", [], was.needs, new.needs, only_gone=True)
    yield from _differences("commands", [], was.commands, new.commands)
    yield from _differences("routes", [], was.routes, new.routes)
    yield from _differences("settings", new.required, was.settings, new.settings)
    if new.migrations:
        yield f"  tables   will be changed at the next start: {', '.join(new.migrations)}"
    for finding in new.findings:
        yield f"  before it can start: {finding}"


def widened(before: Mapping[str, Tried], after: Mapping[str, Tried]) -> dict[str, list[str]]:
    """Give, for each plugin that is switched on and was there before, the needs that it did not have and nobody has granted."""
    found: dict[str, list[str]] = {}
    for name, new in after.items():
        old = before.get(name)
        if old is not None and new.enabled:
            more = [need for need in new.needs if need not in old.needs and need not in new.grants]
            if more:
                found[name] = more
    return found


def _differences(
    kind: str, required: Sequence[str], before: Sequence[str], after: Sequence[str], *, only_gone: bool = False
) -> Iterator[str]:
    come = [f"{one} (must be set)" if one in required else one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    if come and not only_gone:
        yield f"  {kind:8} + {', '.join(come)}"
    if gone:
        yield f"  {kind:8} - {', '.join(gone)}"
