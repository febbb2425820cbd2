"""Write the migration that a label's models ask for, without what Tortoise 1.1.9 gets wrong in it."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path

from tortoise.context import TortoiseContext
from tortoise.exceptions import ConfigurationError
from tortoise.fields import Field
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import (
    AddConstraint,
    AddField,
    CreateModel,
    CreateSchema,
    DropSchema,
    Operation,
    RemoveField,
)
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from chandelier_core.store.apps import AppModels
from chandelier_core.store.errors import StoreError

__all__ = ["make_migrations", "model_changes"]

# The codec of the machine that wrote the file, which another may not have; it is the default besides.
CODECS = re.compile(r"\b(?:encoder|decoder)=[\w.]+(?:, )?")
CODEC_IMPORTS = re.compile(r"^from (?:orjson|json|tortoise\.fields\.data) import .*\n", re.MULTILINE)


async def make_migrations(apps: Sequence[AppModels], label: str, *, name: str | None = None) -> list[Path]:
    """Write the migration that one label's models ask for beside its others; give its path, or nothing.

    Its package is made if there is none. Nothing connects to a database. Read the file before you publish it: a renamed
    column looks like one dropped and one added. Raises StoreError for a change that would lose or stop on existing rows.
    """
    app = next((app for app in apps if app.label == label), None)
    if app is None:
        known = ", ".join(sorted(app.label for app in apps)) or "none"
        raise StoreError(f"No plugin called {label!r} with tables is installed; those with tables: {known}.")
    _ensure_package(app)
    paths = []
    for writer in await _detect(app):
        if name:
            writer.name = format_migration_name(int(writer.name[:4]), name)
        path = writer.path()
        if path.exists():
            raise StoreError(f"{path} exists already; choose another name for the migration.")
        path.write_text(_text(writer), encoding="utf-8")
        paths.append(path)
    importlib.invalidate_caches()
    return paths


async def model_changes(app: AppModels) -> list[str]:
    """Say what the models have that no migration brings, one line each; nothing if they agree."""
    return [operation.describe() for writer in await _detect(app) for operation in writer.operations]


async def _detect(app: AppModels) -> list[MigrationWriter]:
    """Compare one label's models with its migrations. One label at a time: else its schemas land in another's file."""
    apps = {app.label: {"models": [app.models], "migrations": app.migrations, "default_connection": "default"}}
    nowhere = {"default": {"engine": "tortoise.backends.asyncpg", "credentials": {"database": "none"}}}
    async with TortoiseContext() as context:
        try:
            await context.init(config={"connections": nowhere, "apps": apps}, init_connections=False)
            assert context.apps is not None  # noqa: S101 init has just made it
            writers = await MigrationAutodetector(context.apps, apps).changes()
        except ConfigurationError as error:
            raise StoreError(f"The models of {app.label} in {app.models} do not fit together: {error}.") from error
        for name, model in context.apps.apps[app.label].items():
            if model._meta.schema != app.label:
                raise StoreError(
                    f'{app.models}.{name} lacks schema = "{app.label}" in its class Meta; every model needs it.'
                )
    for writer in writers:
        writer.operations = _corrected(writer.operations)
        _refuse_losses(app.label, writer.operations)
    return [writer for writer in writers if writer.operations]


def _corrected(operations: Sequence[Operation]) -> list[Operation]:
    """Leave the schema to the host, which makes it and alone may drop it, and make constraints that CreateModel forgets."""
    result: list[Operation] = []
    for operation in operations:
        if isinstance(operation, (CreateSchema, DropSchema)):
            continue
        result.append(operation)
        if isinstance(operation, CreateModel) and operation.options:
            options = dict(operation.options)
            constraints = options.pop("constraints", ())
            operation.options = options
            # Tortoise 1.1.9 writes them into the options and never creates them (tortoise-orm issue 2272).
            result += [AddConstraint(operation.name, constraint) for constraint in constraints]
    return result


def _refuse_losses(label: str, operations: Sequence[Operation]) -> None:
    removed = {(op.model_name, op.name) for op in operations if isinstance(op, RemoveField)}
    for operation in operations:
        if not isinstance(operation, AddField):
            continue
        place = f"{label}.{operation.model_name}.{operation.name}"
        if (operation.model_name, operation.name) in removed:
            raise StoreError(
                f"The migration would drop the column of {place} and make it anew, and lose what is in it. For a Discord id "
                "use chandelier.models.SnowflakeField; for another change of type write the migration by hand."
            )
        field = operation.field
        if isinstance(field, Field) and field.has_db_field and not (field.null or field.has_db_default()):
            raise StoreError(
                f"{place} is new and may not be null, so a table with rows cannot get it. Give it db_default=..., which "
                "fills the rows that are there, or null=True; default=... alone is Python's and does neither."
            )


def _text(writer: MigrationWriter) -> str:
    text = CODECS.sub("", writer.as_string()).replace("(, ", "(").replace(", )", ")")
    return CODEC_IMPORTS.sub("", text)


def _ensure_package(app: AppModels) -> None:
    if importlib.util.find_spec(app.migrations) is not None:
        return
    parent, _, name = app.migrations.rpartition(".")
    spec = importlib.util.find_spec(parent) if parent else None
    if spec is None or not spec.submodule_search_locations:
        raise StoreError(f"{app.migrations} cannot be made: there is no package {parent!r} to put it in.")
    folder = Path(next(iter(spec.submodule_search_locations)), name)
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    importlib.invalidate_caches()
