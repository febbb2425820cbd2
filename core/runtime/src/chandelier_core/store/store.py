"""The open database: one pool, one Tortoise context that every task sees, and locks that every process sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import asyncpg
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException, ConfigurationError
from tortoise.transactions import in_transaction

from chandelier_core.store import connecting, migrate
from chandelier_core.store.apps import AppModels
from chandelier_core.store.errors import StoreError
from chandelier_core.store.urls import parse_url, tortoise_connection

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient
    from tortoise.models import Model

__all__ = ["Store"]

CHECK_TIMEOUT_S = 2.0
LOCK_TIMEOUT_S = 30.0
CONNECTION = "default"


class Store:
    """One database, used in this order: ``migrate`` label by label, then ``open`` with those that went well, then work.

    The models of a label that failed are never imported. At most one Store is open in a process.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.address = parse_url(url)
        self._pool_size = pool_size
        self._context: TortoiseContext | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def migrate(self, app: AppModels) -> list[str]:
        """Apply what one label lacks and give the names of what was applied. Raises MigrationFailed or StoreError."""
        return await migrate.migrate(self.address, app)

    async def pending(self, app: AppModels) -> list[str]:
        """Give the names of what ``migrate`` would apply."""
        return await migrate.pending(self.address, app)

    async def purge(self, label: str) -> None:
        """Drop a label's tables and the record of its migrations."""
        await migrate.purge(self.address, label)

    async def open(self, apps: Sequence[AppModels]) -> None:
        """Connect, and import and wire up these labels' models; all of them or, raising StoreError, none.

        Afterwards models work in every task of the process, those begun earlier included.
        """
        if self._context is not None:
            raise StoreError("The store is open already; close it before it is opened again.")
        async with connecting.connect(self.address):
            pass
        context = TortoiseContext()
        try:
            # Current while it is set up, the fallback afterwards: tasks of Discord's and the web server's libraries
            # begin in contexts of their own and would see none.
            with context:
                await context.init(config=self._config(apps), _enable_global_fallback=True)
                for app in apps:
                    _check_models(context, app)
        except BaseException as error:
            await context.close_connections()
            if isinstance(error, (ConfigurationError, ImportError)):
                raise StoreError(f"The tables cannot be opened: {error}.") from error
            raise
        self._context = context

    async def include(self, app: AppModels) -> None:
        """Add one label's models to the open store, for a plugin that is switched on while the program runs."""
        context = self._opened()
        assert context.apps is not None  # noqa: S101 an open context has them
        if app.label in context.apps.apps:
            return
        with context:
            try:
                for model in context.apps.init_app(app.label, [app.models]).values():
                    model._meta.default_connection = CONNECTION
                _check_models(context, app)
                context.apps._build_initial_querysets()  # what init does last; there is no public way to it
            except BaseException as error:
                context.apps.apps.pop(app.label, None)
                if isinstance(error, (ConfigurationError, ImportError)):
                    raise StoreError(f"The tables of {app.label} cannot be opened: {error}.") from error
                raise

    def models(self, label: str) -> list[type[Model]]:
        """Give the models of one label that is open; none where it is not."""
        context = self._opened()
        assert context.apps is not None  # noqa: S101 an open context has them
        return list(context.apps.apps.get(label, {}).values())

    async def close(self) -> None:
        """Close every connection; harmless when not open. Takes at most 10 s."""
        context, self._context = self._context, None
        if context is not None:
            with context:
                await context.close_connections()

    async def check(self) -> None:
        """Ask the database for an answer within 2 s. Raises StoreError with the reason."""
        client = self._client()
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                await client.execute_query("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException) as error:
            raise connecting.unreachable(self.address, error) from None

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """Make what is inside one transaction, or a savepoint of the one around it.

        Begin no task and publish no event inside: a task keeps the transaction's connection beyond its end.
        """
        self._opened()
        return in_transaction(CONNECTION)

    @property
    def in_transaction(self) -> bool:
        """Say whether a transaction is open around the caller."""
        return isinstance(self._client(), TransactionalDBClient)

    async def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Run one statement, in the transaction around it if there is one, and give its rows: those of RETURNING too."""
        # Not execute_query, which gives only the count where a statement begins with UPDATE, INSERT or DELETE.
        return [dict(row) for row in await self._client().execute_query_dict(sql, list(values))]

    @asynccontextmanager
    async def advisory_lock(self, name: str, *, timeout_s: float = LOCK_TIMEOUT_S) -> AsyncIterator[None]:
        """Hold a named lock that one process at a time can have, on a connection of its own.

        Raises StoreBusy if it is not free in time. It is let go when the block ends or the process dies.
        """
        async with connecting.advisory_lock(self.address, name, timeout_s=timeout_s):
            yield

    def connect(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Open a connection outside the pool, for LISTEN or COPY."""
        return connecting.connect(self.address)

    def _opened(self) -> TortoiseContext:
        if self._context is None:
            raise StoreError("The store is not open; call open() before it is used.")
        return self._context

    def _client(self) -> BaseDBAsyncClient:
        return self._opened().db(CONNECTION)

    def _config(self, apps: Sequence[AppModels]) -> dict[str, object]:
        connection = tortoise_connection(self.address, minsize=1, maxsize=self._pool_size)
        labels = {app.label: {"models": [app.models], "default_connection": CONNECTION} for app in apps}
        return {"connections": {CONNECTION: connection}, "apps": labels}


def _check_models(context: TortoiseContext, app: AppModels) -> None:
    assert context.apps is not None  # noqa: S101 the caller has just made them
    models: dict[str, type[Model]] = context.apps.apps[app.label]
    for name, model in models.items():
        if model._meta.schema != app.label:
            raise ConfigurationError(f'{app.models}.{name} lacks schema = "{app.label}" in its class Meta')
