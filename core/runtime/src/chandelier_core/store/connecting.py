"""One connection at a time, outside the pool, with every failure told in one sentence; and locks that live on one."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from chandelier_core.store.errors import StoreBusy, StoreError
from chandelier_core.store.urls import Address

__all__ = ["advisory_lock", "connect", "unreachable"]

REACH_TIMEOUT_S = 9.0
PAUSE_S = 0.25
# Whatever the server's own limits are, a transaction that only holds a lock is idle on purpose; and a holder whose machine
# has vanished is noticed within a minute, not after TCP's two hours.
LOCK_SETTINGS = """
    SELECT set_config(name, value, true) FROM (VALUES
        ('idle_in_transaction_session_timeout', '0'), ('transaction_timeout', '0'), ('statement_timeout', '0'),
        ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'))
    AS wanted (name, value) WHERE name IN (SELECT name FROM pg_settings)
"""


@asynccontextmanager
async def connect(address: Address) -> AsyncIterator[asyncpg.Connection]:
    """Open one connection and close it after. Raises StoreError within 10 s where there is no database."""
    connection = await _open(address)
    try:
        yield connection
    finally:
        try:
            await connection.close(timeout=5)
        except (TimeoutError, OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
            connection.terminate()


@asynccontextmanager
async def advisory_lock(address: Address, name: str, *, timeout_s: float) -> AsyncIterator[asyncpg.Connection]:
    """Hold a lock that one process at a time can have, by its name, across every machine on this database.

    It lasts as long as a transaction on its own connection, so that it also works through a pooler that shares
    connections. Raises StoreBusy if it is not free in time, and StoreError at the end if it was lost on the way. Yields
    the connection; work done on it is committed at the end, or rolled back by an exception.
    """
    async with connect(address) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await _take_lock(connection, address, name, timeout_s)
        try:
            yield connection
        except BaseException:
            if not connection.is_closed():
                await transaction.rollback()
            raise
        if connection.is_closed():
            raise StoreError(
                f"The lock {name!r} in the database {address.place} was lost before its work was done: the connection broke. "
                "Another process may have done the same work; look at its result."
            )
        await transaction.commit()


async def _take_lock(connection: asyncpg.Connection, address: Address, name: str, timeout_s: float) -> None:
    await connection.execute(LOCK_SETTINGS)
    await connection.execute(f"SET LOCAL lock_timeout = {max(1, int(timeout_s * 1000))}")
    key = int.from_bytes(hashlib.sha256(f"chandelier:{name}".encode()).digest()[:8], signed=True)
    try:
        # The number is in the text: a statement with arguments leaves a portal, whose snapshot would make a migration's
        # CREATE INDEX CONCURRENTLY wait for this very transaction, for ever.
        await connection.execute(f"SELECT pg_advisory_xact_lock({key})", timeout=timeout_s + 5)
    except (asyncpg.LockNotAvailableError, TimeoutError):
        raise StoreBusy(
            f"Another process has held the lock {name!r} in the database {address.place} for {timeout_s:.0f} s. "
            "Wait for it to finish, or end it, then try again."
        ) from None


def unreachable(address: Address, error: BaseException) -> StoreError:
    """Say that the database cannot be reached, and why, without the password."""
    return StoreError(
        f"Chandelier cannot reach its database at {address.place} ({_reason(address, error)}). Start it, or correct "
        "DATABASE_URL; without DATABASE_URL Chandelier runs a database of its own."
    )


async def _open(address: Address) -> asyncpg.Connection:
    try:
        async with asyncio.timeout(REACH_TIMEOUT_S):
            while True:
                try:
                    return await asyncpg.connect(**address.arguments())
                except asyncpg.CannotConnectNowError:  # it is starting up, or shutting down before it does
                    await asyncio.sleep(PAUSE_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise unreachable(address, error) from None


def _reason(address: Address, error: BaseException) -> str:
    match error:
        case TimeoutError():
            return "it did not answer in time"
        case ConnectionRefusedError():
            return "nothing listens there"
        case FileNotFoundError():
            return "there is no socket there"
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "it refuses the user or the password"
        case asyncpg.InvalidCatalogNameError():
            return "the server has no database of that name"
        case ssl.SSLError():
            return f"no secure connection: {error.reason or 'TLS failed'}"
        case OSError() if error.strerror:
            text = error.strerror
        case _:
            text = " ".join(str(error).split()) or type(error).__name__
    if address.password:
        text = text.replace(address.password, "***")
    return text[:200]
