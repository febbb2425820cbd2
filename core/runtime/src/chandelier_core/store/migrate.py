"""Bring one label's tables up to date, and nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.migration import Migration
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.transactions import in_transaction

from chandelier_core.store.apps import CORE, AppModels
from chandelier_core.store.connecting import advisory_lock
from chandelier_core.store.errors import MigrationFailed, StoreBusy, StoreError
from chandelier_core.store.history import History, ensure_history
from chandelier_core.store.urls import Address, tortoise_connection

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

__all__ = ["AppModels", "MigrationFailed", "migrate", "pending", "purge", "rehearse"]

LOCK_TIMEOUT_S = 60.0  # another process may be migrating the same label
TABLE_LOCK_TIMEOUT_MS = 30_000  # a table that a hung client keeps
REHEARSAL_LOCK_TIMEOUT_MS = 5_000  # a bot may be running, whose work a rehearsal must not hold up
HISTORY_LOCK = "migrations"
CONNECTION = "default"

log = logging.getLogger(__name__)


async def migrate(address: Address, app: AppModels, *, timeout_s: float = LOCK_TIMEOUT_S) -> list[str]:
    """Apply what one label lacks, in order, and give the names of what was applied.

    Each migration and its record are one transaction (unless it says ``atomic = False``): it is applied and recorded, or
    neither. Processes that migrate the same label at once take turns. Raises MigrationFailed for this label's own faults,
    and StoreError where the database cannot be reached; either way no other label is touched. The label's models are not
    imported.
    """
    try:
        async with advisory_lock(address, f"migrate:{app.label}", timeout_s=timeout_s):
            await _prepare(address, app.label)
            async with TortoiseContext() as context:
                await context.init(config=_config(address))
                return await _Run(context, app).apply_all()
    except StoreBusy as error:
        raise MigrationFailed(app.label, "", f"The tables of {app.label} were not migrated: {error.sentence}") from None


async def pending(address: Address, app: AppModels) -> list[str]:
    """Give the names of the migrations that ``migrate`` would apply, in order. Changes no table of the label."""
    await _prepare(address, app.label)
    async with TortoiseContext() as context:
        await context.init(config=_config(address))
        return [migration.name for migration in await _Run(context, app).missing()]


async def rehearse(address: Address, app: AppModels) -> list[str]:
    """Apply what one label lacks in one transaction, undo it, and give the names. Raises MigrationFailed as ``migrate`` would.

    It ends before the first migration that says ``atomic = False``, which nothing could undo.
    """
    async with advisory_lock(address, f"migrate:{app.label}", timeout_s=LOCK_TIMEOUT_S):
        async with advisory_lock(address, HISTORY_LOCK, timeout_s=LOCK_TIMEOUT_S) as connection:
            await ensure_history(connection)
        async with TortoiseContext() as context:
            await context.init(config=_config(address))
            return await _Run(context, app).rehearse_all()


async def purge(address: Address, label: str) -> None:
    """Drop a label's schema with everything in it, and forget its migrations, in one transaction."""
    AppModels(label, "", "")  # its check of the name: the label becomes part of a statement
    async with advisory_lock(address, f"migrate:{label}", timeout_s=LOCK_TIMEOUT_S) as connection:
        await ensure_history(connection)
        await connection.execute(f'DROP SCHEMA IF EXISTS "{label}" CASCADE')
        await connection.execute("DELETE FROM public.tortoise_migrations WHERE app = $1", label)


class _Undo(Exception):
    """Ends a rehearsal."""


class _Run:
    """One label's migration, while its lock is held and its own context is active."""

    def __init__(self, context: TortoiseContext, app: AppModels) -> None:
        self._client = context.db()
        self._app = app
        self._history = History(self._client, app.label)
        apps = {app.label: {"models": [], "migrations": app.migrations, "default_connection": CONNECTION}}
        self._loader = MigrationLoader(apps, self._history)
        self._applied: set[MigrationKey] = set()

    async def apply_all(self) -> list[str]:
        missing = await self.missing()
        state = State(models={}, apps=StateApps(default_connections={self._app.label: CONNECTION}))
        for migration in self._order():
            if migration not in missing:
                await self._rehearse(migration, state)
        names = []
        for migration in missing:
            await self._apply(migration, state)
            log.debug("Applied the migration %s of %s.", migration.name, self._app.label)
            names.append(migration.name)
        return names

    async def rehearse_all(self) -> list[str]:
        missing = await self.missing()
        state = State(models={}, apps=StateApps(default_connections={self._app.label: CONNECTION}))
        for migration in self._order():
            if migration not in missing:
                await self._rehearse(migration, state)
        with suppress(_Undo):
            async with in_transaction(CONNECTION) as client:
                await client.execute_query(f"SET LOCAL lock_timeout = {REHEARSAL_LOCK_TIMEOUT_MS}")
                await client.execute_query(f'CREATE SCHEMA IF NOT EXISTS "{self._app.label}"')
                for migration in takewhile(lambda one: one.atomic, missing):
                    await self._try(migration, state, client)
                raise _Undo
        return [migration.name for migration in missing]

    async def _try(self, migration: Migration, state: State, client: BaseDBAsyncClient) -> None:
        try:
            await migration.apply(state, schema_editor=AsyncpgSchemaEditor(client, atomic=True))
            self._check_schema(state)
        except (Exception, SystemExit) as error:
            raise self._failed(migration, error) from error

    async def missing(self) -> list[Migration]:
        """Give what is to be applied, in order, having checked that the code and the database fit together."""
        await self._load()
        self._applied = set(self._loader.applied_migrations)
        order = self._order()
        known = {migration.name for migration in order}
        if unknown := sorted(key.name for key in self._applied if key.name not in known):
            raise MigrationFailed(
                self._app.label,
                unknown[-1],
                f"The database has the migration {unknown[-1]} of {self._app.label}, which the installed version does not "
                f"know: it was made by a newer one. Install that version of {self._app.label} again, or restore a backup.",
            )
        missing = [migration for migration in order if migration.name not in {key.name for key in self._applied}]
        for migration in missing:
            later = [child.name for child in order if self._is_applied(child) and migration.name in _parents(child)]
            if later:
                raise MigrationFailed(
                    self._app.label,
                    migration.name,
                    f"The migration {migration.name} of {self._app.label} is not in the database, and {later[0]}, which "
                    "builds on it, is. Ask the plugin's author: a published migration was renamed or inserted.",
                )
        return missing

    async def _load(self) -> None:
        label = self._app.label
        try:
            await self._loader.build_graph()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException) as error:
            raise StoreError(f"The record of the migrations of {label} cannot be read: {_words(error)}.") from error
        except (Exception, SystemExit) as error:
            raise MigrationFailed(
                label,
                "",
                f"The migrations of {label} in {self._app.migrations} cannot be loaded: {_words(error)}. A migration may "
                f"build on others of {label} only; its author must correct it.",
            ) from error
        if label in self._loader.unmigrated_apps:
            raise MigrationFailed(
                label, "", f"{self._app.migrations}, named for the migrations of {label}, is no package."
            )

    def _order(self) -> list[Migration]:
        graph = self._loader.graph
        leaves = graph.leaf_nodes(self._app.label)
        if len(leaves) > 1:
            names = " and ".join(sorted(leaf.name for leaf in leaves))
            raise MigrationFailed(
                self._app.label,
                "",
                f"The migrations of {self._app.label} end in {names}, which know nothing of each other. The later one must "
                "name the other in its dependencies.",
            )
        order = []
        for key in (key for leaf in leaves for key in graph.forwards_plan(leaf)):
            migration = graph.nodes[key]
            if isinstance(migration, Migration):
                order.append(migration)
        return order

    def _is_applied(self, migration: Migration) -> bool:
        return MigrationKey(app_label=self._app.label, name=migration.name) in self._applied

    async def _rehearse(self, migration: Migration, state: State) -> None:
        try:
            await migration.apply(state, dry_run=True)
        except Exception as error:
            raise self._failed(migration, error) from error

    async def _apply(self, migration: Migration, state: State) -> None:
        try:
            if not migration.atomic:  # CREATE INDEX CONCURRENTLY and its like; such a file must bear being run again
                await migration.apply(state, schema_editor=AsyncpgSchemaEditor(self._client, atomic=False))
                self._check_schema(state)
                return await self._history.record_applied(self._app.label, migration.name)
            async with in_transaction(CONNECTION) as client:
                await client.execute_query(f"SET LOCAL lock_timeout = {TABLE_LOCK_TIMEOUT_MS}")
                editor = AsyncpgSchemaEditor(client, atomic=True)
                await migration.apply(state, schema_editor=editor)
                self._check_schema(state)
                await History(client, self._app.label).record_applied(self._app.label, migration.name)
        except MigrationFailed:
            raise
        except (Exception, SystemExit) as error:
            raise self._failed(migration, error) from error

    def _check_schema(self, state: State) -> None:
        """Keep a plugin's tables in its own schema, where a purge finds them and no other plugin's are in the way."""
        label = self._app.label
        for (_, name), model in state.models.items():
            if model.options.get("schema") != label:
                raise StoreError(
                    f'its model {name} is not in the schema "{label}"; it lacks schema = "{label}" in its Meta'
                )

    def _failed(self, migration: Migration, error: BaseException) -> MigrationFailed:
        kept = "nothing of it was kept" if migration.atomic else "it is not atomic, so what it had done is kept"
        return MigrationFailed(
            self._app.label,
            migration.name,
            f"The migration {migration.name} of {self._app.label} failed: {_words(error)}; {kept}. Its author must correct "
            "it; other plugins are not affected.",
        )


async def _prepare(address: Address, label: str) -> None:
    """Make the record's table and the label's schema, under the lock that all labels share."""
    try:
        async with advisory_lock(address, HISTORY_LOCK, timeout_s=LOCK_TIMEOUT_S) as connection:
            await ensure_history(connection)
            known = await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = $1", label)
            if known is None:
                await connection.execute(f'CREATE SCHEMA "{label}"')
    except asyncpg.InsufficientPrivilegeError as error:
        raise StoreError(
            f"The database user may not make what Chandelier needs in {address.place}: {_words(error)}. Grant it CREATE on "
            "the database and on its schema public, or make it the database's owner."
        ) from None


def _config(address: Address) -> dict[str, object]:
    # Without the label's models: what migrates must not need code that may not even import. Tortoise wants some, though.
    apps = {CORE.label: {"models": [CORE.models], "default_connection": CONNECTION}}
    return {"connections": {CONNECTION: tortoise_connection(address, minsize=1, maxsize=2)}, "apps": apps}


def _parents(migration: Migration) -> Sequence[str]:
    return [name for label, name in migration.dependencies if label == migration.app_label]


def _words(error: BaseException) -> str:
    with suppress(Exception):
        return (" ".join(str(error).split()).rstrip(".") or type(error).__name__)[:300]
    return type(error).__name__
