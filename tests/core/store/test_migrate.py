"""Migrations: label by label, each with its record or not at all, and nobody else's trouble."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import asyncpg
import pytest

from chandelier_core.store.apps import CORE, AppModels
from chandelier_core.store.connecting import advisory_lock
from chandelier_core.store.errors import MigrationFailed, StoreError
from chandelier_core.store.makemigrations import make_migrations, model_changes
from chandelier_core.store.migrate import migrate
from chandelier_core.store.store import Store

from .conftest import Distributions

PLAIN = """
    from tortoise import fields
    from tortoise.models import Model
    from chandelier.models import SnowflakeField

    class Thing(Model):
        thing_id = SnowflakeField(primary_key=True)
        {more}

        class Meta:
            schema = "{label}"
            table = "thing"
"""


async def fetch(url: str, sql: str) -> list[object]:
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def plugin(distributions: Distributions, label: str, models: str = PLAIN, more: str = "pass") -> AppModels:
    app = distributions.write(label, models.replace("{more}", more))
    assert [path.name for path in await make_migrations([app], label)] == ["0001_initial.py"]
    return app


async def test_a_label_gets_its_schema_its_tables_and_a_record_once(url: str, distributions: Distributions) -> None:
    app, store = await plugin(distributions, "alpha"), Store(url)
    assert await store.pending(app) == ["0001_initial"]
    assert await store.migrate(app) == ["0001_initial"]
    assert await store.migrate(app) == []
    assert await fetch(url, "SELECT schemaname FROM pg_tables WHERE tablename = 'thing'") == ["alpha"]
    assert await fetch(url, "SELECT name FROM tortoise_migrations WHERE app = 'alpha'") == ["0001_initial"]
    assert await fetch(url, "SELECT column_default FROM information_schema.columns WHERE column_name = 'thing_id'") == [
        None
    ]


async def test_the_cores_own_migrations_bring_what_its_models_say(url: str) -> None:
    store = Store(url)
    assert await store.migrate(CORE) == [
        "0001_initial",
        "0002_switches",
        "0003_access",
        "0004_happenings",
        "0005_webhooks",
        "0006_command_budget",
    ]
    assert await model_changes(CORE) == []
    once = await fetch(url, "SELECT indexdef FROM pg_indexes WHERE indexname IN ('job_once', 'job_due') ORDER BY 1")
    assert len(once) == 2
    assert all("WHERE" in str(definition) for definition in once)
    await fetch(
        url, "INSERT INTO core.job (plugin, name, arguments, due_at, unique_key) VALUES ('p','n','{}',now(),'k')"
    )
    with pytest.raises(asyncpg.UniqueViolationError):
        await fetch(
            url, "INSERT INTO core.job (plugin, name, arguments, due_at, unique_key) VALUES ('p','n','{}',now(),'k')"
        )
    with pytest.raises(asyncpg.CheckViolationError):
        await fetch(url, "UPDATE core.job SET state = 'lost'")


async def test_a_failing_migration_leaves_no_trace_and_hurts_no_other_label(
    url: str, distributions: Distributions
) -> None:
    bad, good, store = await plugin(distributions, "bad"), await plugin(distributions, "good"), Store(url)
    distributions.sql("bad", "0002_breaks", "CREATE TABLE bad.half (n int); SELECT 1 / 0")
    with pytest.raises(MigrationFailed, match="migration 0002_breaks of bad failed: division by zero") as caught:
        await store.migrate(bad)
    assert (caught.value.label, caught.value.migration) == ("bad", "0002_breaks")
    assert await fetch(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'bad'") == ["thing"]
    assert await store.migrate(good) == ["0001_initial"]
    await store.open([good])
    await store.close()
    distributions.sql("bad", "0002_breaks", "CREATE TABLE bad.half (n int)")
    distributions.forget()
    assert await store.migrate(bad) == ["0002_breaks"]


async def test_migrations_that_do_not_import_are_that_labels_failure(url: str, distributions: Distributions) -> None:
    app = await plugin(distributions, "broken")
    distributions.migration("broken", "0002_typo", "import nothing_of_this_name")
    with pytest.raises(MigrationFailed, match="cannot be loaded: No module named 'nothing_of_this_name'"):
        await Store(url).migrate(app)
    with pytest.raises(MigrationFailed, match="cannot be loaded"):
        await Store(url).migrate(AppModels("absent", "absent.models", "absent.migrations"))


async def test_a_models_module_that_does_not_import_is_never_imported_by_migrating(
    url: str, distributions: Distributions
) -> None:
    app = await plugin(distributions, "lazy")
    distributions.write("lazy", "raise SystemExit('at import')")
    distributions.forget()
    assert await Store(url).migrate(app) == ["0001_initial"]


async def test_two_processes_that_migrate_at_once_apply_it_once(url: str, distributions: Distributions) -> None:
    app = await plugin(distributions, "raced")
    distributions.sql("raced", "0002_slow", "SELECT pg_sleep(0.5)")
    code = (
        "import asyncio, sys; sys.path.insert(0, sys.argv[1])\n"
        "from chandelier_core.store.apps import AppModels\n"
        "from chandelier_core.store.store import Store\n"
        "app = AppModels('raced', 'fake_raced.models', 'fake_raced.migrations')\n"
        "print(asyncio.run(Store(sys.argv[2]).migrate(app)))"
    )
    command = [sys.executable, "-c", code, str(distributions.root), url]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [await asyncio.to_thread(subprocess.Popen, command, text=True, **pipes) for _ in range(2)]
    ended = [await asyncio.to_thread(process.communicate) for process in both]
    assert sorted(out.strip() for out, _ in ended) == ["['0001_initial', '0002_slow']", "[]"], ended
    assert await fetch(url, f"SELECT count(*) FROM tortoise_migrations WHERE app = '{app.label}'") == [2]


async def test_a_migration_that_another_process_keeps_back_is_given_up_in_time(
    url: str, distributions: Distributions
) -> None:
    app, store = await plugin(distributions, "waits"), Store(url)
    async with advisory_lock(store.address, "migrate:waits", timeout_s=1):
        with pytest.raises(MigrationFailed, match="has held the lock 'migrate:waits'"):
            await migrate(store.address, app, timeout_s=0.2)


async def test_a_database_that_is_ahead_of_the_code_is_refused(url: str, distributions: Distributions) -> None:
    app, store = await plugin(distributions, "ahead"), Store(url)
    newer = distributions.sql("ahead", "0002_newer", "SELECT 1")
    await store.migrate(app)
    newer.unlink()
    distributions.forget()
    with pytest.raises(MigrationFailed, match="0002_newer of ahead, which the installed version does not know"):
        await store.migrate(app)


async def test_two_ends_of_one_labels_migrations_are_refused(url: str, distributions: Distributions) -> None:
    app = await plugin(distributions, "forked")
    distributions.sql("forked", "0002_left", "SELECT 1")
    distributions.sql("forked", "0002_right", "SELECT 1")
    with pytest.raises(MigrationFailed, match="end in 0002_left and 0002_right"):
        await Store(url).migrate(app)


async def test_a_table_outside_the_labels_schema_is_refused(url: str, distributions: Distributions) -> None:
    app = await plugin(distributions, "stray")
    path = distributions.root / "fake_stray" / "migrations" / "0001_initial.py"
    path.write_text(path.read_text().replace("'schema': 'stray'", "'schema': 'public'"))
    distributions.forget()
    with pytest.raises(MigrationFailed, match='not in the schema "stray"'):
        await Store(url).migrate(app)
    assert await fetch(url, "SELECT tablename FROM pg_tables WHERE tablename = 'thing'") == []


async def test_a_record_that_cannot_be_read_stops_instead_of_applying_all_again(
    url: str, distributions: Distributions
) -> None:
    app, store = await plugin(distributions, "unread"), Store(url)
    await store.migrate(app)
    await fetch(url, "ALTER TABLE tortoise_migrations RENAME COLUMN app TO other")
    with pytest.raises(StoreError, match="record of the migrations of unread cannot be read"):
        await store.migrate(app)


async def test_a_non_atomic_migration_may_do_what_no_transaction_can(url: str, distributions: Distributions) -> None:
    app = await plugin(distributions, "idx")
    path = distributions.sql("idx", "0002_index", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON idx.thing (thing_id)")
    path.write_text(path.read_text().replace("dependencies", "atomic = False\n    dependencies"))
    assert await Store(url).migrate(app) == ["0001_initial", "0002_index"]


async def test_purging_takes_tables_and_record_and_nothing_else(url: str, distributions: Distributions) -> None:
    gone, kept, store = await plugin(distributions, "gone"), await plugin(distributions, "kept"), Store(url)
    await store.migrate(gone)
    await store.migrate(kept)
    await store.purge("gone")
    assert await fetch(url, "SELECT schemaname FROM pg_tables WHERE tablename = 'thing'") == ["kept"]
    assert await store.pending(gone) == ["0001_initial"]
    assert await store.pending(kept) == []


async def test_generated_migrations_are_stable_and_bring_constraints(url: str, distributions: Distributions) -> None:
    constraint = (
        "from tortoise.migrations.constraints import UniqueConstraint\n"
        "            constraints = (UniqueConstraint(fields=('thing_id', 'n'), name='only_once', condition='n > 0'),)"
    )
    models = PLAIN.replace('table = "thing"', f'table = "thing"\n            {constraint}')
    app = await plugin(distributions, "made", models, "n = fields.IntField()\n        j = fields.JSONField(null=True)")
    text = (distributions.root / "fake_made" / "migrations" / "0001_initial.py").read_text()
    assert "orjson" not in text
    assert "Schema(" not in text
    distributions.forget()
    assert await model_changes(app) == []
    await Store(url).migrate(app)
    assert await fetch(url, "SELECT indexname FROM pg_indexes WHERE indexname = 'only_once'") == ["only_once"]


async def test_a_change_that_would_stop_on_existing_rows_is_refused(distributions: Distributions) -> None:
    await plugin(distributions, "grows")
    app = distributions.write("grows", PLAIN.replace("{more}", "size = fields.IntField(default=3)"))
    distributions.forget()
    with pytest.raises(StoreError, match=r"grows\.Thing\.size is new and may not be null"):
        await make_migrations([app], "grows")
    app = distributions.write("grows", PLAIN.replace("{more}", "size = fields.IntField(default=3, db_default=3)"))
    distributions.forget()
    assert [path.name for path in await make_migrations([app], "grows", name="Add size")] == ["0002_add_size.py"]


async def test_models_without_their_schema_are_refused(distributions: Distributions) -> None:
    app = distributions.write("naked", PLAIN.replace("{more}", "pass").replace('schema = "{label}"', ""))
    with pytest.raises(StoreError, match='Thing lacks schema = "naked"'):
        await make_migrations([app], "naked")
    with pytest.raises(StoreError, match="No plugin called 'other' with tables is installed; those with tables: naked"):
        await make_migrations([app], "other")


@pytest.mark.parametrize("label", ["public", "pg_mine", "Upper", 'a"b', "", "1st"])
def test_a_label_that_cannot_be_a_schema_is_refused(label: str) -> None:
    with pytest.raises(StoreError, match="cannot be the label of tables"):
        AppModels(label, "m", "g")
