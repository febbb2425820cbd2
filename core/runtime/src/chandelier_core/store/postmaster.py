"""What postmaster.pid says of a server, and whether that is still true."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chandelier_core.store.account import Account
from chandelier_core.store.sockets import answers

__all__ = ["Postmaster", "disown", "read_postmaster"]

NAME = "postmaster.pid"
ANSWER_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server that a cluster's postmaster.pid names (PostgreSQL's source, utils/pidfile.h)."""

    cluster: Path
    pid: int
    socket_folder: Path | None
    status: str

    @property
    def ready(self) -> bool:
        """Say whether it takes connections now."""
        return self.status == "ready" and self.socket_folder is not None and answers(self.socket_folder)

    @property
    def alive(self) -> bool:
        """Say whether it runs: it answers, or its pid is a postgres on this very cluster and not another program."""
        return self.ready or self._has_its_pid()

    def _has_its_pid(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return False  # another user's process, so no server of ours
        except OverflowError:
            return False
        proc = Path("/proc", str(self.pid), "cmdline")
        if Path("/proc/self/cmdline").exists():
            try:
                words = proc.read_bytes().split(b"\0")
            except OSError:
                return False
            return b"postgres" in words[0] and os.fsencode(self.cluster) in words
        command = ["ps", "-o", "command=", "-p", str(self.pid)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return "postgres" in done.stdout and str(self.cluster) in done.stdout


def read_postmaster(cluster: Path) -> Postmaster | None:
    """Read a cluster's postmaster.pid; None where there is none, or none that can be understood."""
    try:
        lines = (cluster / NAME).read_text(errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    folder = lines[4].strip() if len(lines) > 4 else ""
    status = lines[7].strip() if len(lines) > 7 else ""
    return Postmaster(cluster, abs(pid), Path(folder) if folder else None, status)


def disown(cluster: Path, account: Account) -> None:
    """Make a dead server's postmaster.pid harmless, even where its pid belongs to another program by now.

    The file stays: the shared memory it names is how Postgres finds out that children of the dead server still write.
    Its first line becomes our own pid, which a server takes for its parent's and so for no rival (miscinit.c,
    CreateLockFile).
    """
    path = cluster / NAME
    try:
        lines = path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return
    draft = cluster / f".{NAME}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    account.give(draft)
    draft.replace(path)
