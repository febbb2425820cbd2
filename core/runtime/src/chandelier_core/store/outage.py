"""Whether an error says that the database is away, which is nobody's bug and passes."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg
from tortoise.exceptions import DBConnectionError

#: What asyncpg raises for a server that is gone, going, or not there yet.
_GONE = (
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,
)


def is_database_away(error: BaseException) -> bool:
    """Say whether the database could not be reached, or was lost on the way."""
    return any(isinstance(one, _GONE) or _is_asyncpgs(one) for one in _chain(error))


def _is_asyncpgs(error: BaseException) -> bool:
    """Say whether a refused or broken connection, or a closed one, is the database's: others have sockets, too."""
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error)
    if not isinstance(error, OSError | TimeoutError):
        return False
    trace = error.__traceback__
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).startswith("asyncpg."):
            return True
        trace = trace.tb_next
    return False


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__
