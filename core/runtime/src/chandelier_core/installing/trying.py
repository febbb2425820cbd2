"""The process of a trial.

    python -m chandelier_core.installing.trying TASK RESULT

reads the usual settings, loads the plugins of the task's folder beside those of the host, as a start would, and writes what it
found to RESULT as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import site
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from packaging.utils import canonicalize_name

from chandelier import Need, State
from chandelier_core.installing.trial import Task, Tried
from chandelier_core.loading.discovery import GROUP
from chandelier_core.loading.plugins_file import PluginsFile, PluginTable, read_plugins_file
from chandelier_core.program import load_quietly
from chandelier_core.registry import Entry
from chandelier_core.settings import Settings, settings_without_token
from chandelier_core.store.apps import AppModels
from chandelier_core.store.embedded import EmbeddedPostgres
from chandelier_core.store.errors import StoreError
from chandelier_core.store.migrate import rehearse
from chandelier_core.store.urls import parse_url


async def _try(task: Task) -> dict[str, object]:
    settings = settings_without_token()
    file = read_plugins_file(settings.plugins_file)
    staged = {point.name: point for point in entry_points(group=GROUP) if _is_in(point, task.folder)}
    listed = dict(file.tables)
    for name, point in staged.items():
        table = listed.get(name) or PluginTable(grants=list(Need))
        if point.dist is not None and canonicalize_name(point.dist.name) in task.granted_to:
            table = table.model_copy(update={"grants": [*table.grants, *map(Need, task.grants)]})
        listed[name] = table
    loaded = load_quietly(settings, replace(file, tables=listed))
    entries = [entry for entry in loaded.registry if entry.name in listed]
    tried = {entry.name: _describe(entry, file, staged=entry.name in staged) for entry in entries}
    unrehearsed = None
    if task.tables:
        fit = [entry for entry in entries if entry.state is State.VALIDATED and entry.name in staged]
        try:
            rehearsed, unrehearsed = await _rehearse(settings, fit)
        except StoreError as error:
            return {"refused": str(error)}
        tried = {name: replace(one, migrations=tuple(rehearsed.get(name, ()))) for name, one in tried.items()}
    return {"plugins": {name: asdict(one) for name, one in tried.items()}, "unrehearsed": unrehearsed}


def _is_in(point: EntryPoint, folder: str | None) -> bool:
    located = getattr(point.dist, "_path", None)  # where its metadata lies; importlib has no public name for it
    return folder is not None and located is not None and Path(located).resolve().is_relative_to(Path(folder).resolve())


def _describe(entry: Entry, file: PluginsFile, *, staged: bool) -> Tried:
    seen = entry.candidate
    enabled = entry.name in file.tables
    if seen.error is not None or entry.declaration is None:
        return Tried(entry.name, seen.distribution, seen.version, enabled, staged, seen.error or "it declares nothing.")
    declared = entry.declared
    needs = {*declared.needs, *(need for command in declared.commands for need in command.needs)}
    fields = declared.config.model_fields
    return Tried(
        entry.name, seen.distribution, seen.version, enabled, staged,
        findings=tuple(str(one) for one in entry.findings if one.level == "error"),
        needs=tuple(sorted(need.value for need in needs)),
        grants=tuple(sorted(need.value for need in (entry.table.grants if entry.table is not None and enabled else ()))),
        commands=tuple(sorted(command.path for command in declared.commands)),
        routes=tuple(sorted(f"{one.http.method} {one.http.path}" for one in declared.commands if one.http is not None)),
        settings=tuple(fields),
        required=tuple(name for name, one in fields.items() if one.is_required()),
        uses=tuple(used.protocol.__name__ for used in declared.uses if used.required),
        provides=tuple(provided.protocol.__name__ for provided in declared.provides),
    )  # fmt: skip


async def _rehearse(settings: Settings, entries: list[Entry]) -> tuple[dict[str, list[str]], str | None]:
    apps = [
        AppModels(entry.name, entry.declared.models, entry.declared.migrations)
        for entry in entries
        if entry.declared.models is not None and entry.declared.migrations is not None
    ]
    if not apps:
        return {}, None
    async with database(settings) as url:
        if url is None:
            return {}, "There is no database yet, so the changes of its tables were not rehearsed."
        return {app.label: await rehearse(parse_url(url), app) for app in apps}, None


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str | None]:
    """Give the URL of the bot's database; None where its own was never made."""
    folder = settings.data_folder / "postgres"
    if settings.database_url is not None or not folder.exists():
        yield settings.database_url
        return
    embedded = EmbeddedPostgres(folder)
    try:
        yield await embedded.start()
    finally:
        await embedded.stop()


def main() -> None:
    """Try, and write what was found."""
    task, result = Task(**json.loads(sys.argv[1])), Path(sys.argv[2])
    if task.folder is not None:
        site.addsitedir(task.folder)
    found = asyncio.run(_try(task))
    draft = result.with_suffix(".draft")
    draft.write_text(json.dumps(found), "utf-8")
    draft.replace(result)
    os._exit(0)  # an import that hangs is still there in its thread


if __name__ == "__main__":
    main()
