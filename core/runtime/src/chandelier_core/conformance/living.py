"""The rules that let a plugin live: on a Postgres that is thrown away, without any Discord."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import tomlkit

from chandelier import Need
from chandelier_core.conformance.subject import Subject
from chandelier_core.observe.log import Redactor
from chandelier_core.program import Program, Roles
from chandelier_core.registry import Entry
from chandelier_core.settings import read_settings
from chandelier_core.store.apps import AppModels
from chandelier_core.store.makemigrations import model_changes
from chandelier_core.store.sampling import add_row, id_fields, is_there
from chandelier_core.store.store import Store

GUILD, PERSON = 1_100_000_000_000_000_001, 1_100_000_000_000_000_002
ROUNDS = 10


class CannotJudge(Exception):
    """A rule cannot be judged here; the message says why."""


async def migrations_are_current(subject: Subject, url: str) -> list[str]:
    """Compare models and migrations, and make the tables from nothing, twice."""
    app = _app(subject.entry)
    if app is None:
        return []
    wrong = [f"its models have what no migration brings: {change}" for change in await model_changes(app)]
    store = Store(url)
    await store.migrate(app)
    if again := await store.migrate(app):
        wrong.append(f"its migrations {', '.join(again)} are applied a second time.")
    return wrong


async def erases(program: Program, subject: Subject) -> list[str]:
    """Store rows that name a server and a person, say that both are gone, and look for them."""
    app = _app(subject.entry)
    if app is None:
        return []
    models = program.store.models(app.label)
    plugin, wrong = subject.entry.candidate.plugin, []
    for hook, number, about in (("guild_left", GUILD, "a server"), ("user_erased", PERSON, "a person")):
        holding = [(model, name) for model in models for name in id_fields(model) if _id_of(name) == number]
        if not holding:
            continue
        if hook not in subject.entry.declared.hooks:
            names = ", ".join(dict.fromkeys(model.__name__ for model, _ in holding))
            wrong.append(f"its tables {names} name {about}, and it has no hook {hook}.")
            continue
        for model in models:
            await add_row(model, _id_of)
        with program.running.code_of(subject.entry.name):
            await getattr(plugin, hook)(number)
        for model, name in holding:
            if await is_there(model, name, number):
                wrong.append(f"after {hook}, a row of {model.__name__} still has {about} in {name}.")
    return wrong


async def clean_stop(program: Program, subject: Subject) -> list[str]:
    """Start and stop ten times, and count what is left."""
    entry, lifecycle = program.registry[subject.entry.name], program.lifecycle
    if not entry.state.running:
        raise CannotJudge(f"it does not start here: {entry.sentence}")
    await lifecycle.stop(entry)
    await lifecycle.start(entry)
    await lifecycle.stop(entry)
    before = _count()
    for _ in range(ROUNDS):
        if not await lifecycle.start(entry):
            return [f"it does not start again after it was stopped: {entry.sentence}"]
        await lifecycle.stop(entry)
    await asyncio.sleep(0.1)
    after = _count()
    return [f"{ROUNDS} starts and stops leave {after[kind] - before[kind]} more {kind}."
            for kind in before if after[kind] - before[kind] >= ROUNDS // 2]  # fmt: skip


@asynccontextmanager
async def living(subject: Subject, providers: list[Entry], url: str) -> AsyncIterator[Program]:
    """Run a host with the plugin, and with whoever provides what it uses, and no Discord."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "plugins.toml")
        tables = {one.name: _table(one) for one in (subject.entry, *providers)}
        file.write_text(tomlkit.dumps({"plugins": tables}), "utf-8")
        settings = read_settings(
            {
                "DATABASE_URL": url,
                "CHANDELIER_PLUGINS": str(file),
                "CHANDELIER_DATA": place,
                "CHANDELIER_BIND": "127.0.0.1:0",
            }
        )
        program = Program(settings, Redactor(), Roles(gateway=False, services=frozenset(), own_loop=False))
        await program.start()
        try:
            yield program
        finally:
            await program.stop()


def _table(entry: Entry) -> dict[str, object]:
    config = dict(entry.table.config) if entry.table is not None else {}
    return {"grants": [need.value for need in Need if need.privileged], "config": config}


def _app(entry: Entry) -> AppModels | None:
    declared = entry.declared
    if declared.models is None or declared.migrations is None:
        return None
    return AppModels(declared.name, declared.models, declared.migrations)


def _id_of(name: str) -> int:
    """Take a column of ids for a server's or a person's, by its name; others hold neither."""
    if "guild" in name or "server" in name:
        return GUILD
    return (
        PERSON
        if any(word in name for word in ("user", "author", "member", "person", "owner", "actor", "_by", "by_"))
        else 7
    )


def _count() -> dict[str, int]:
    gc.collect()
    files = Path("/proc/self/fd")
    return {
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "files": len(list(files.iterdir())) if files.is_dir() else 0,
    }
