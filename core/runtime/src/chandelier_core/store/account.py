"""Which user of the machine runs the embedded server: ourselves, or, for root, somebody with no rights."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chandelier_core.store.errors import StoreError

__all__ = ["Account", "choose_account"]

CANDIDATES = ("postgres", "nobody")
ANSWER_TIMEOUT_S = 20.0
# What a server or a program of Postgres may read of our environment; PGPORT, PGDATA and the like would redirect it.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "HOME")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine. ``switch`` says that we are root and must become that user to run the server."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen_arguments(self) -> dict[str, object]:
        """Give the keywords of ``subprocess`` that run a program as this user, with a small environment."""
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | {"LC_ALL": "C"}
        arguments: dict[str, object] = {"cwd": "/", "stdin": subprocess.DEVNULL, "env": environment}
        if self.switch:
            environment.pop("TMPDIR", None)
            environment["HOME"] = "/"
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def run(self, *command: str | Path, timeout_s: float) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this user. Raises subprocess.TimeoutExpired and OSError."""
        return subprocess.run(  # type: ignore[call-overload, no-any-return]  # the keywords come as a mapping
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            **self.popen_arguments(),
        )

    def can_run(self, program: Path, *arguments: str) -> bool:
        """Say whether this user can run a program to a good end."""
        try:
            return self.run(program, *arguments, timeout_s=ANSWER_TIMEOUT_S).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False

    def can_enter(self, folder: Path) -> bool:
        """Say whether this user can reach into a folder. Asked of the system itself, which knows of ACLs and mounts."""
        if not self.switch:
            return os.access(folder, os.X_OK)
        return self.can_run(Path("/bin/sh"), "-c", 'cd -- "$1"', "sh", str(folder))

    def give(self, path: Path) -> None:
        """Make this user the owner of something that we have just made."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_account(owner: int | None = None) -> Account:
    """Choose who runs the server. ``owner`` is the user whose files the database already is, if it exists.

    An ordinary user runs their own; root never does: the files' owner runs it, else postgres, else nobody.
    """
    us = os.geteuid()
    if us != 0:
        if owner not in (None, us):
            raise StoreError(
                f"The embedded database belongs to the user {_name(owner or 0)}, and Chandelier runs as {_name(us)}. "
                f"Run it as {_name(owner or 0)} or as root, or choose another data folder."
            )
        return Account(_name(us), us, os.getegid(), switch=False)
    if owner:
        record = _record(owner)
        return Account(_name(owner), owner, record.pw_gid if record else owner, switch=True)
    for name in CANDIDATES:
        try:
            record = pwd.getpwnam(name)
        except KeyError:
            continue
        if record.pw_uid:
            return Account(name, record.pw_uid, record.pw_gid, switch=True)
    raise StoreError(
        "Chandelier runs as root, PostgreSQL never does, and this machine has neither a user postgres nor nobody. "
        "Run Chandelier as an ordinary user, or set DATABASE_URL."
    )


def _record(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _name(uid: int) -> str:
    record = _record(uid)
    return record.pw_name if record else f"number {uid}"
