"""What comes before a plugin's start: its tables brought up to date and opened, and its hooks known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from chandelier import State
from chandelier_core.life.guard import Escaped, within
from chandelier_core.store.apps import AppModels
from chandelier_core.store.errors import StoreError

if TYPE_CHECKING:
    from chandelier_core.life.lifecycle import Lifecycle
    from chandelier_core.registry import Entry
    from chandelier_core.store.store import Store

MIGRATE_LIMIT_S = 600.0

_log = structlog.get_logger("chandelier.preparing")


async def prepare_all(lifecycle: Lifecycle) -> None:
    """Prepare every plugin that shall start; one that cannot be prepared stays out, until somebody switches it on."""
    for entry in lifecycle.registry.validated:
        if entry.state is State.VALIDATED:
            await prepare(lifecycle, entry)


async def prepare(lifecycle: Lifecycle, entry: Entry) -> bool:
    """Prepare a plugin: MIGRATED, or FAILED or REJECTED with a sentence. Say whether it may start."""
    entry.prepared = False
    try:
        lifecycle.hooks.register(entry)
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        await lifecycle.move(entry, State.REJECTED, f"{entry.source}: a hook does not fit: {said}")
        return False
    try:
        await within(MIGRATE_LIMIT_S, _open_tables(lifecycle.running.store, entry), f"{entry.name}: tables")
    except Exception as error:
        await lifecycle.move(entry, State.FAILED, await _why(lifecycle, entry, error))
        return False
    entry.state, entry.sentence, entry.prepared = State.MIGRATED, State.MIGRATED.sentence, True
    return True


async def _open_tables(store: Store, entry: Entry) -> None:
    declared = entry.declared
    if declared.models is None or declared.migrations is None:
        return
    app = AppModels(declared.name, declared.models, declared.migrations)
    if done := await store.migrate(app):
        _log.info("migrated", plugin=entry.name, migrations=done)
    await store.include(app)


async def _why(lifecycle: Lifecycle, entry: Entry, error: Exception) -> str:
    raised = error.error if isinstance(error, Escaped) else error
    if isinstance(error, StoreError):
        reason = str(error)
    else:
        reference = await lifecycle.failures.record(error, plugin=entry.name, part="migrate")
        reason = f"{type(raised).__name__}; recorded as {reference}."
    return f"Its tables could not be brought up to date: {reason}"
