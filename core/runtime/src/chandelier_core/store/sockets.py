"""The private folder of the embedded server's socket: who may enter it may use the database."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chandelier_core.store.account import Account
from chandelier_core.store.errors import StoreError

__all__ = ["PORT", "answers", "choose_socket_folder", "clear_socket"]

PORT = 5432
MOST_BYTES = 100  # sockaddr_un holds 104 (macOS) or 108 (Linux), its closing zero included
# unix_socket_directories is a list with commas and quotes in it; and a plain path can be pasted anywhere.
PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
CONNECT_TIMEOUT_S = 2.0


def choose_socket_folder(folder: Path, account: Account) -> Path:
    """Give a folder of mode 0700 that belongs to the account, beside the data if its path is short enough."""
    refusal: StoreError | None = None
    for candidate in _candidates(folder, account):
        if not _fits(candidate):
            continue
        try:
            _make_private(candidate, account)
        except StoreError as error:
            refusal = error
            continue
        if _holds_sockets(candidate):
            return candidate
    raise refusal or StoreError(
        f"There is no folder with a path short enough for the embedded database's socket: neither {folder} nor "
        f"{tempfile.gettempdir()}. Set TMPDIR to a short path, or choose a data folder with one."
    )


def answers(folder: Path) -> bool:
    """Say whether a server accepts connections on the socket in a folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(CONNECT_TIMEOUT_S)
        try:
            client.connect(str(folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return True


def clear_socket(folder: Path) -> None:
    """Remove what a killed server left: its lock file would stop the next one once its pid is used again."""
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (folder / name).unlink(missing_ok=True)


def _candidates(folder: Path, account: Account) -> Iterator[Path]:
    yield folder / "socket"
    name = f"chd-{account.uid}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and not account.switch and Path(runtime).is_dir():
        yield Path(runtime).resolve() / name
    yield Path(tempfile.gettempdir()).resolve() / name
    yield Path("/tmp").resolve() / name  # noqa: S108 the folder in it is checked: ours, 0700, and no link


def _fits(candidate: Path) -> bool:
    length = len(os.fsencode(candidate / f".s.PGSQL.{PORT}.lock"))
    return length < MOST_BYTES and PLAIN.fullmatch(str(candidate)) is not None


def _make_private(folder: Path, account: Account) -> None:
    """Make the folder, or make sure that the one there is the account's own and closed to others."""
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(
            f"The folder {folder} for the embedded database's socket cannot be made: {error.strerror}. "
            "Let Chandelier write there, or set TMPDIR to a folder where it may."
        ) from None
    status = folder.lstat()
    ours = status.st_uid in (account.uid, os.geteuid() if account.switch else account.uid)
    if not stat.S_ISDIR(status.st_mode) or not ours or status.st_mode & 0o077:
        raise StoreError(
            f"The folder {folder} for the embedded database's socket is not private to {account.name}. "
            "Somebody else made it: remove it, or set TMPDIR to a folder of your own."
        )
    if status.st_uid != account.uid:  # root was killed between making it and giving it away
        account.give(folder)


def _holds_sockets(folder: Path) -> bool:
    """Try it: folders shared with a virtual machine's host often cannot hold a socket."""
    trial = folder / ".t"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        try:
            trial.unlink(missing_ok=True)
            server.bind(str(trial))
            trial.unlink()
        except OSError:
            return False
    return True
