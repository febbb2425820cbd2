"""A real Postgres for the tests of the store: our own embedded one, and a database of its own for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest
import pytest_asyncio

from chandelier_core.store.apps import AppModels
from chandelier_core.store.embedded import EmbeddedPostgres

MEMORY = "/dev/shm"


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Callable[[], Path]]:
    """Make folders that the server's user can enter, which pytest's own, under root, are not."""
    made: list[Path] = []

    def make() -> Path:
        # In memory where there is such a place: it is the disk's syncing that these tests would wait for.
        made.append(Path(tempfile.mkdtemp(prefix="chd-test-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None)))
        made[-1].chmod(0o755)
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def used_folder(open_folder: Callable[[], Path]) -> Callable[[], Path]:
    """Make folders whose database exists already, as after a first start and a stop."""
    first = open_folder() / "data"
    async with EmbeddedPostgres(first, home=first.parent / "home"):
        pass

    def copy() -> Path:
        folder = open_folder() / "data"
        subprocess.run(["cp", "-a", str(first), str(folder)], check=True)
        return folder

    return copy


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(open_folder: Callable[[], Path]) -> AsyncIterator[EmbeddedPostgres]:
    """Run one server for all tests that do not end theirs."""
    folder = open_folder()
    async with EmbeddedPostgres(folder / "data", home=folder / "home") as embedded:
        yield embedded


@pytest_asyncio.fixture(loop_scope="session")
async def url(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """Give the URL of a database that is empty, as it is before the first start."""
    address = (await server.start()).replace("/chandelier?", "/postgres?")
    await _execute(address, EMPTY)
    yield address
    await _execute(address, EMPTY)


# A tenth of what it takes to make a database for each test.
EMPTY = """
    DO $$
    DECLARE name text;
    BEGIN
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', name);
        END LOOP;
        CREATE SCHEMA public;
    END $$
"""


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


MODELS = """
    from tortoise import fields
    from tortoise.models import Model
    from chandelier.models import SnowflakeField

    class Owner(Model):
        user_id = SnowflakeField(primary_key=True)

        class Meta:
            schema = "{label}"
            table = "owner"

    class Note(Model):
        id = fields.BigIntField(primary_key=True)
        text = fields.TextField()
        owner = fields.ForeignKeyField("{label}.Owner", related_name="notes")
        readers = fields.ManyToManyField("{label}.Owner", related_name="reads", through="note_reader")

        class Meta:
            schema = "{label}"
            table = "note"
"""
SECOND = """
    from tortoise import migrations
    from tortoise.migrations import operations as ops

    class Migration(migrations.Migration):
        dependencies = [("{label}", "0001_initial")]
        operations = [ops.RunSQL({sql!r})]
"""


class Distributions:
    """Writes plugins' packages to a folder on sys.path."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, label: str, models: str = MODELS, **migrations: str) -> AppModels:
        """Make a package with models, and with migrations by name."""
        package = self.root / f"fake_{label}"
        (package / "migrations").mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        (package / "migrations" / "__init__.py").touch()
        (package / "models.py").write_text(dedent(models).replace("{label}", label))
        for name, text in migrations.items():
            self.migration(label, name.removeprefix("m"), text)
        return AppModels(label, f"fake_{label}.models", f"fake_{label}.migrations")

    def migration(self, label: str, name: str, text: str) -> Path:
        path = self.root / f"fake_{label}" / "migrations" / f"{name}.py"
        path.write_text(dedent(text).replace("{label}", label))
        return path

    def sql(self, label: str, name: str, sql: str) -> Path:
        """Write a migration after the first that runs one statement."""
        return self.migration(label, name, SECOND.replace("{sql!r}", repr(sql)))

    def forget(self) -> None:
        """Let the packages be imported anew."""
        for name in [name for name in sys.modules if name.startswith("fake_")]:
            del sys.modules[name]


@pytest.fixture
def distributions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Distributions]:
    monkeypatch.syspath_prepend(tmp_path)
    made = Distributions(tmp_path)
    yield made
    made.forget()


@pytest.fixture(autouse=True)
def no_open_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set aside the store of a whole bot that other tests of this session may have left open: a process has one."""
    monkeypatch.setattr("tortoise.context._global_context", None)
