"""One folder of Postgres's files: made whole or not at all, started once, stopped cleanly. All of it blocks."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from chandelier_core.store.account import Account
from chandelier_core.store.binaries import Programs
from chandelier_core.store.errors import StoreError
from chandelier_core.store.postmaster import Postmaster, disown, read_postmaster
from chandelier_core.store.sockets import PORT, choose_socket_folder, clear_socket

__all__ = ["SUPERUSER", "Cluster"]

SUPERUSER = "chandelier"
INITDB_TIMEOUT_S = 120.0
START_TIMEOUT_S = 120.0  # after a crash the server first replays its log
LEFTOVERS_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 30.0
PAUSE_S = 0.02
LOG_MOST_BYTES = 4 * 1024 * 1024

SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=64MB",
    "max_wal_size=256MB",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    "logging_collector=off",
)
# What a server says when it finds its predecessor's children, which end by themselves in a moment.
STILL_THERE = ("shared memory block", "already exists")


class Cluster:
    """Postgres's files in ``<folder>/cluster``, its log beside them. The caller holds the lock on starting."""

    def __init__(self, folder: Path, programs: Programs, account: Account) -> None:
        self.path = folder / "cluster"
        self._folder = folder
        self._log = folder / "postgres.log"
        self._programs = programs
        self._account = account

    def create(self) -> bool:
        """Make the files if there are none; say whether it made them. What an interrupted start left is made anew."""
        if (self.path / "PG_VERSION").exists():
            return False
        if self.path.exists() and any(self.path.iterdir()):
            raise StoreError(
                f"The folder {self.path} is no database of PostgreSQL, and not empty. Move it away, or choose another "
                "data folder; Chandelier makes a new database there."
            )
        draft = self._folder / "cluster.new"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        self._account.give(draft)
        self._initdb(draft)
        if self.path.exists():
            self.path.rmdir()
        draft.rename(self.path)
        _sync_folder(self._folder)
        return True

    def start(self) -> Path:
        """Start the server, or find it running; give its socket's folder once it takes connections."""
        until = time.monotonic() + START_TIMEOUT_S
        leftovers_until = time.monotonic() + LEFTOVERS_TIMEOUT_S
        while True:
            found = read_postmaster(self.path)
            if found is not None and found.alive:
                if (folder := self._wait_until_ready(until)) is not None:
                    return folder
                continue
            folder = choose_socket_folder(self._folder, self._account)
            disown(self.path, self._account)
            clear_socket(folder)
            log_from = self._log_size()
            server = self._launch(folder)
            ready = self._wait_until_ready(until, server)
            if ready is not None:
                return ready
            said = self._log_since(log_from)
            if not any(words in said for words in STILL_THERE) or time.monotonic() > leftovers_until:
                raise StoreError(
                    f"The embedded PostgreSQL in {self._folder} did not start: {_reason(said)}. Its log is {self._log}."
                )
            time.sleep(0.2)

    def running(self) -> Postmaster | None:
        """Give the server if it runs."""
        found = read_postmaster(self.path)
        return found if found is not None and found.alive else None

    def stop(self) -> None:
        """Stop the server and wait until it is gone; a server that does not run is fine."""
        for mode in ("fast", "immediate"):
            if self.running() is None:
                return
            pg_ctl = self._programs.program("pg_ctl")
            timeout_s = int(STOP_TIMEOUT_S)
            try:
                self._account.run(
                    pg_ctl, "stop", "-D", self.path, "-m", mode, "-w", "-t", str(timeout_s), timeout_s=timeout_s + 5
                )
            except subprocess.TimeoutExpired:
                continue
        if (found := self.running()) is not None:
            raise StoreError(
                f"The embedded PostgreSQL in {self._folder} (process {found.pid}) does not stop. Its log is {self._log}; "
                "end it with kill before the machine goes down."
            )

    def _initdb(self, draft: Path) -> None:
        # Trust is safe: only whoever may enter the socket's private folder can connect, and nothing listens on a network.
        words: list[str | Path] = [self._programs.program("initdb"), "-D", draft, "-U", SUPERUSER, "--auth=trust"]
        words += ["--encoding=UTF8", *_locale(self._programs.major)]
        try:
            done = self._account.run(*words, timeout_s=INITDB_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            raise StoreError(
                f"initdb has not made the embedded database in {self._folder} within {INITDB_TIMEOUT_S:.0f} s. "
                "See whether the disk hangs, then start again."
            ) from None
        if done.returncode != 0 or not (draft / "PG_VERSION").exists():
            raise StoreError(
                f"initdb could not make the embedded database in {self._folder}: {_reason(done.stdout)}. "
                "Make room or permissions there, then start again; nothing was kept."
            )

    def _launch(self, socket_folder: Path) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own, so that Ctrl-C in our terminal is not its end too."""
        if self._log_size() > LOG_MOST_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        settings = [*SETTINGS, f"unix_socket_directories={socket_folder}", f"port={PORT}"]
        words = [str(self._programs.program("postgres")), "-D", str(self.path)]
        words += [word for setting in settings for word in ("-c", setting)]
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            server: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]  # keywords in a mapping
                words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **self._account.popen_arguments()
            )
        finally:
            os.close(log)
        # Somebody must take its exit status, or it stays a zombie until we end; another process may be who stops it.
        threading.Thread(target=server.wait, name="embedded-postgres-exit", daemon=True).start()
        return server

    def _wait_until_ready(self, until: float, server: subprocess.Popen[bytes] | None = None) -> Path | None:
        """Wait for a server to take connections; None if it ended instead."""
        while True:
            found = read_postmaster(self.path)
            if found is not None and found.ready and (server is None or found.pid == server.pid):
                return found.socket_folder
            if (server.poll() is not None) if server is not None else (found is None or not found.alive):
                return None
            if time.monotonic() > until:
                if server is not None:
                    server.send_signal(signal.SIGINT)
                raise StoreError(
                    f"The embedded PostgreSQL in {self._folder} has not become ready within {START_TIMEOUT_S:.0f} s. "
                    f"Its log, {self._log}, says what it does."
                )
            time.sleep(PAUSE_S)

    def _log_size(self) -> int:
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def _log_since(self, offset: int) -> str:
        try:
            with self._log.open("rb") as file:
                file.seek(offset)
                return file.read(100_000).decode(errors="replace")
        except FileNotFoundError:
            return ""


def _locale(major: int) -> list[str]:
    """Sort by code point, and know upper and lower case of every script, where this Postgres can."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if platform.system() == "Linux":
        return [
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
            "--lc-messages=C",
            "--lc-monetary=C",
            "--lc-numeric=C",
            "--lc-time=C",
        ]
    return ["--no-locale"]


def _reason(said: str) -> str:
    """Pick the line of a program's words that tells most."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for mark in ("FATAL:", "error:", "PANIC:"):
        for line in lines:
            if mark in line:
                return line.partition(mark)[2].strip().rstrip(".")
    return lines[-1].rstrip(".") if lines else "it said nothing"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
