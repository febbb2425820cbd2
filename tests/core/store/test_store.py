"""The open store: models in every task, transactions, locks, and sentences when the database is away."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from chandelier_core.store.apps import CORE
from chandelier_core.store.errors import StoreBusy, StoreError
from chandelier_core.store.makemigrations import make_migrations
from chandelier_core.store.models import Guild, Job
from chandelier_core.store.store import Store

from .conftest import Distributions


@pytest_asyncio.fixture(loop_scope="session")
async def store(url: str) -> AsyncIterator[Store]:
    async with Store(url, pool_size=3) as made:
        await made.migrate(CORE)
        yield made


async def test_models_work_in_tasks_that_began_before_the_store_was_opened(store: Store) -> None:
    opened = asyncio.Event()

    async def earlier() -> int:
        await opened.wait()
        await Guild.create(guild_id=2**62, text_prefix="?")
        return await Guild.all().count()

    task = asyncio.ensure_future(earlier())
    await asyncio.sleep(0)
    await store.open([CORE])
    opened.set()
    assert await task == 1
    await store.check()


async def test_foreign_keys_and_many_to_many_work_inside_a_plugins_schema(
    url: str, store: Store, distributions: Distributions
) -> None:
    app = distributions.write("notes")
    await make_migrations([app], "notes")
    await store.migrate(app)
    await store.open([CORE, app])
    from fake_notes.models import Note, Owner  # type: ignore[import-not-found]

    ada = await Owner.create(user_id=2**60)
    note = await Note.create(text="hello", owner=ada)
    await note.readers.add(ada)
    found = await Note.filter(owner__user_id=2**60, readers__user_id=2**60).prefetch_related("owner", "readers")
    assert [(row.text, row.owner.user_id, len(row.readers)) for row in found] == [("hello", 2**60, 1)]
    assert {
        row["schemaname"] for row in await store.rows("SELECT schemaname FROM pg_tables WHERE tablename LIKE 'note%'")
    } == {"notes"}
    await ada.delete()
    assert await Note.all().count() == 0


async def test_a_plugin_can_be_added_to_the_open_store(store: Store, distributions: Distributions) -> None:
    await store.open([CORE])
    app = distributions.write("later")
    await make_migrations([app], "later")
    await store.migrate(app)
    await store.include(app)
    await store.include(app)
    from fake_later.models import Note, Owner  # type: ignore[import-not-found]

    await Note.create(text="hello", owner=await Owner.create(user_id=1))
    assert [note.text for note in await Note.filter(owner__user_id=1)] == ["hello"]
    assert await Guild.all().count() == 0


async def test_a_plugin_whose_models_do_not_import_opens_nothing_half(
    store: Store, distributions: Distributions
) -> None:
    app = distributions.write("torn", "import nothing_of_this_name")
    with pytest.raises(StoreError, match="cannot be opened"):
        await store.open([CORE, app])
    await store.open([CORE])
    await store.check()


async def test_a_transaction_rolls_back_and_rows_take_part_in_it(store: Store) -> None:
    await store.open([CORE])
    with pytest.raises(ZeroDivisionError):
        async with store.transaction():
            await Guild.create(guild_id=1)
            assert await store.rows("UPDATE core.guild SET text_prefix = $1 RETURNING guild_id", "!") == [
                {"guild_id": 1}
            ]
            raise ZeroDivisionError
    assert await Guild.all().count() == 0


async def test_a_job_gets_its_id_and_its_defaults_from_the_database(store: Store) -> None:
    await store.open([CORE])
    rows = await store.rows(
        "INSERT INTO core.job (plugin, name, arguments, due_at) VALUES ('p', 'n', '{}', now()) RETURNING id, state, attempts"
    )
    assert (rows[0]["state"], rows[0]["attempts"]) == ("pending", 0)
    job = await Job.get(id=rows[0]["id"])
    assert job.arguments == {}
    assert job.created_at.tzinfo is not None


async def test_a_named_lock_is_held_by_one_and_let_go(store: Store) -> None:
    async with store.advisory_lock("gateway", timeout_s=1):
        begun = time.monotonic()
        with pytest.raises(StoreBusy, match="held the lock 'gateway'"):
            async with store.advisory_lock("gateway", timeout_s=0.3):
                pass
        assert time.monotonic() - begun < 2
        async with store.advisory_lock("other", timeout_s=0.3):
            pass
    async with store.advisory_lock("gateway", timeout_s=0.3):
        pass


async def test_a_second_open_and_a_use_before_opening_are_sentences(store: Store, url: str) -> None:
    with pytest.raises(StoreError, match="is not open; call"):
        await store.check()
    await store.open([CORE])
    with pytest.raises(StoreError, match="open already"):
        await store.open([CORE])
    with pytest.raises(StoreError, match="Only one global context"):
        await Store(url).open([CORE])
    await store.check()
    await store.close()
    await store.close()
    await store.open([CORE])
    await store.check()


async def test_connections_that_the_server_ends_are_replaced(store: Store, url: str) -> None:
    await store.open([CORE])
    await store.check()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await asyncio.sleep(0.1)
    await store.check()


async def test_a_check_of_a_database_that_hangs_ends_after_2_s(store: Store) -> None:
    await store.open([CORE])

    async def hold() -> None:
        async with store.transaction():
            await store.rows("SELECT pg_sleep(2.6)")

    held = [asyncio.ensure_future(hold()) for _ in range(3)]
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    with pytest.raises(StoreError, match="it did not answer in time"):
        await store.check()
    assert time.monotonic() - begun < 3
    await asyncio.gather(*held)
    await store.check()


async def test_a_database_that_is_not_there_is_one_sentence_without_the_password(url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        store = Store(f"postgres://ada:hunter2@127.0.0.1:{port}/bot")
        for attempt in (store.open([CORE]), store.migrate(CORE)):
            with pytest.raises(StoreError, match=rf"cannot reach its database at 127\.0\.0\.1:{port}/bot \(") as caught:
                await attempt
            assert "hunter2" not in str(caught.value)
    with pytest.raises(StoreError, match="the server has no database of that name"):
        await Store(url.replace("/postgres?", "/nothing?")).open([CORE])
    with pytest.raises(StoreError, match="there is no socket there"):
        await Store("postgres://ada@/bot?host=/nowhere").open([CORE])


async def test_a_server_that_never_answers_is_given_up_within_10_s() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        with pytest.raises(StoreError, match="it did not answer in time"):
            await Store(f"postgres://a@127.0.0.1:{silent.getsockname()[1]}/bot?timeout=2").open([CORE])
        assert time.monotonic() - begun < 10
