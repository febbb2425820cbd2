"""A Postgres of our own, for whoever has set no DATABASE_URL. Not for Windows: set DATABASE_URL there."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import asyncpg

from chandelier_core.store.account import Account, choose_account
from chandelier_core.store.binaries import Programs, choose_programs, readable_programs
from chandelier_core.store.cluster import SUPERUSER, Cluster
from chandelier_core.store.errors import StoreError
from chandelier_core.store.locks import FileLock
from chandelier_core.store.postmaster import read_postmaster
from chandelier_core.store.sockets import PORT

__all__ = ["EmbeddedPostgres"]

HOME = Path("/var/lib/chandelier")
DATABASE = "chandelier"
LOCK_TIMEOUT_S = 180.0  # another process may be making or recovering the database
CONNECT_TIMEOUT_S = 15.0

log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """Run a Postgres on a private socket, its files in ``folder``; processes that name the same folder share one.

    The last process to stop ends the server. A killed process leaves no lock behind, and what was committed is kept.
    Started as root the server runs as a user without rights; where that user cannot reach ``folder`` the files are in a
    folder below ``home``, which is logged and is then ``self.folder``.
    """

    def __init__(self, folder: Path, *, home: Path = HOME) -> None:
        self.folder = self._wanted = folder.absolute()
        self._home = home
        self._cluster: Cluster | None = None
        self._programs: Programs | None = None
        self._users: FileLock | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def programs(self) -> Path:
        """Give the folder of the programs in use, pg_dump among them. Only after ``start``."""
        if self._programs is None:
            raise StoreError("The embedded database has not been started, so its programs are not known yet.")
        return self._programs.folder

    async def start(self) -> str:
        """Start the server, or join one that runs, and give its URL; the database in it exists. Raises StoreError.

        Calling it again is harmless, and brings a server back that has died since.
        """
        work = asyncio.ensure_future(asyncio.to_thread(self._start))
        try:
            socket_folder = await asyncio.shield(work)
            await self._create_database(socket_folder)
        except asyncio.CancelledError:
            await asyncio.wait([work])  # the thread cannot be cancelled, but each of its waits is bounded
            await self._give_up()
            raise
        except BaseException:
            await self._give_up()
            raise
        return f"postgres://{SUPERUSER}@/{DATABASE}?host={quote(str(socket_folder))}"

    async def stop(self) -> None:
        """Leave, and end the server if nobody else uses it. Raises StoreError if it does not end."""
        await asyncio.to_thread(self._stop)

    async def _give_up(self) -> None:
        try:
            await self.stop()
        except StoreError as error:
            log.warning("%s", error)

    def _start(self) -> Path:
        try:
            account = choose_account(self._owner())
            self._choose_folder(account)
            # Read again: only now is the folder settled, and with it whose files are there.
            account = choose_account(_owner_of(self.folder / "cluster"))
            return self._start_locked(account)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise StoreError(
                f"The embedded database in {self.folder} cannot be used: {error.strerror or error}{where}. "
                "Give Chandelier a data folder that it may write, or set DATABASE_URL."
            ) from None

    def _start_locked(self, account: Account) -> Path:
        gate = FileLock(self.folder / "start.lock")
        gate.exclusive(timeout_s=LOCK_TIMEOUT_S)
        try:
            if self._users is None:
                self._users = FileLock(self.folder / "users.lock")
            self._users.shared(timeout_s=LOCK_TIMEOUT_S)
            self._programs = readable_programs(choose_programs(_major(self.folder / "cluster")), account, self._home)
            self._cluster = Cluster(self.folder, self._programs, account)
            self._refuse_elsewhere(self._users, self._cluster)
            self._cluster.create()
            return self._cluster.start()
        finally:
            gate.release()

    def _refuse_elsewhere(self, users: FileLock, cluster: Cluster) -> None:
        """Refuse files that a server uses which we cannot see: it runs in another container with this folder mounted."""
        alone = users.alone()
        users.shared(timeout_s=1)
        if alone or cluster.running() is not None:
            return
        found = read_postmaster(cluster.path)
        if found is not None and found.socket_folder is not None and not found.socket_folder.is_dir():
            raise StoreError(
                f"The embedded database in {self.folder} is in use by Chandelier in another container or machine. Stop it "
                "there, or set DATABASE_URL to one server for both."
            )

    def _stop(self) -> None:
        users, cluster = self._users, self._cluster
        if users is None or not users.held:
            return
        gate = FileLock(self.folder / "start.lock")
        try:
            gate.exclusive(timeout_s=LOCK_TIMEOUT_S)
            if cluster is not None and users.alone():
                cluster.stop()
        except OSError as error:
            raise StoreError(
                f"The embedded PostgreSQL in {self.folder} may still run, for its folder cannot be used any more: "
                f"{error.strerror or error}. End its processes with kill if the folder was removed."
            ) from None
        finally:
            users.release()
            gate.release()
            self._users = None

    def _owner(self) -> int | None:
        for folder in (self.folder, self._elsewhere()):
            if (owner := _owner_of(folder / "cluster")) is not None:
                return owner
        return None

    def _elsewhere(self) -> Path:
        return self._home / hashlib.sha256(os.fsencode(self._wanted)).hexdigest()[:12]

    def _choose_folder(self, account: Account) -> None:
        """Settle where the files are: where asked, or for root, where the server's user can reach them."""
        elsewhere = self._elsewhere()
        if account.switch and not (self.folder / "cluster").exists():
            nearest = next(folder for folder in (self.folder, *self.folder.parents) if folder.is_dir())
            if (elsewhere / "cluster").exists() or not account.can_enter(nearest):
                log.warning(
                    "The embedded database is in %s: its server runs as %s, who may not enter %s.",
                    elsewhere,
                    account.name,
                    nearest,
                )
                self._home.mkdir(mode=0o755, parents=True, exist_ok=True)
                self.folder = elsewhere
        if not self.folder.exists():
            for parent in reversed(self.folder.parents):
                parent.mkdir(mode=0o755, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            account.give(self.folder)
        self.folder = self.folder.resolve()

    async def _create_database(self, socket_folder: Path) -> None:
        """Make sure that the database exists, by entering it."""
        until = asyncio.timeout(CONNECT_TIMEOUT_S)
        try:
            async with until:
                try:
                    await _enter(socket_folder, DATABASE)
                except asyncpg.InvalidCatalogNameError:
                    await _enter(socket_folder, "postgres", f'CREATE DATABASE "{DATABASE}"')
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reason = f"no answer within {CONNECT_TIMEOUT_S:.0f} s" if until.expired() else str(error)
            raise StoreError(
                f"The embedded PostgreSQL in {self.folder} runs, and cannot be entered: {reason}. "
                f"Its log is {self.folder / 'postgres.log'}."
            ) from None


async def _enter(socket_folder: Path, database: str, sql: str = "SELECT 1") -> None:
    connection = await asyncpg.connect(
        host=str(socket_folder), port=PORT, user=SUPERUSER, database=database, password="", ssl=False
    )
    try:
        await connection.execute(sql)
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process of ours made it in the same moment
    finally:
        await connection.close(timeout=5)


def _owner_of(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


def _major(cluster: Path) -> int | None:
    """Read which major version made the files; None for none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text().split(".")[0])
    except (FileNotFoundError, ValueError):
        return None
