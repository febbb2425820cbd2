"""What each plugin was agreed to need: a version that wants more does not start until it is granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chandelier import Finding, Need, State
from chandelier_core.store.models import Consent

if TYPE_CHECKING:
    from chandelier_core.life.lifecycle import Lifecycle
    from chandelier_core.registry import Entry


async def check_consents(lifecycle: Lifecycle) -> None:
    """Keep the needs of every plugin that is seen for the first time; stop those that want more than was agreed to."""
    known = {row.plugin: row for row in await Consent.all()}
    for entry in lifecycle.registry.validated:
        if entry.order < 0:
            continue
        needs = needs_of(entry)
        row = known.get(entry.name)
        granted = set(entry.table.grants) if entry.table is not None else set()
        agreed = needs if row is None else {need for need in needs if need.value in row.needs}
        missing = sorted(need.value for need in needs - agreed - granted)
        if missing:
            await _stop(lifecycle, entry, missing)
        else:
            kept = sorted({need.value for need in needs} | set(() if row is None else row.needs))
            await Consent.update_or_create(
                defaults={"needs": kept, "version": entry.candidate.version[:64]}, plugin=entry.name
            )


def needs_of(entry: Entry) -> set[Need]:
    """Give what a plugin and its commands may use."""
    return {*entry.needs, *(need for command in entry.declared.commands for need in command.needs)}


async def _stop(lifecycle: Lifecycle, entry: Entry, missing: list[str]) -> None:
    words = " and ".join(f"to {Need(one).sentence} ({one})" for one in missing)
    grants = ", ".join(f'"{one}"' for one in missing)
    finding = Finding(
        f"plugin {entry.name}", f"{entry.source} now also needs {words}, which was not agreed to.",
        f"Add to [plugins.{entry.name}]: grants = [{grants}]",
    )  # fmt: skip
    entry.findings.append(finding)
    await lifecycle.move(entry, State.REJECTED, str(finding))
