"""Running pip: it resolves, fetches and unpacks; nothing of that is our own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from chandelier_core.installing.errors import ChangeRefused

LIMIT_S = 300.0
_COMMON = (
    "--disable-pip-version-check",
    "--no-input",
    "--no-color",
)  # not --quiet: it hides what a conflict is caused by


@dataclass(frozen=True, slots=True)
class Wanted:
    """One package of a resolution. requirement: what pip fetches it by: name==version, or the path of a wheel or folder."""

    name: str
    version: str
    requirement: str
    needed_by: tuple[str, ...]


def host_packages(paths: Sequence[str]) -> dict[str, str]:
    """Give what the host's environment has, by normalised name: these versions stay as they are."""
    found: dict[str, str] = {}
    for one in importlib.metadata.distributions(path=list(paths)):
        if one.name is not None:
            found.setdefault(canonicalize_name(one.name), one.version)
    return found


def resolve(asked: Mapping[str, str], fixed: Mapping[str, str], wheels: Path, folder: Path) -> list[Wanted]:
    """Find out what these requirements need beyond the host, and install nothing. folder: for a passing file.

    Raises ChangeRefused with pip's reason where it does not fit together.
    """
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in sorted(fixed.items())), "utf-8")
    report = folder / "report.json"
    _run("install", "--dry-run", "--report", str(report),
         "--constraint", str(constraints), "--find-links", str(wheels), *asked.values())  # fmt: skip
    items = json.loads(report.read_text("utf-8"))["install"]
    requires: dict[str, set[str]] = {
        canonicalize_name(item["metadata"]["name"]): _names(item["metadata"].get("requires_dist", ())) for item in items
    }
    return [_wanted(item, requires) for item in items]


def fetch(wanted: Wanted, wheels: Path, folder: Path) -> Path:
    """Give the wheel of a package, built where it must be; it is kept in ``wheels``."""
    kept = sorted(wheels.glob(f"{re.sub(r'[-_.]+', '_', wanted.name)}-{wanted.version}-*.whl"))
    if kept and wanted.requirement == f"{wanted.name}=={wanted.version}":
        return kept[0]
    if wanted.requirement.endswith(".whl"):
        given = Path(unquote(wanted.requirement.removeprefix("file://")))
        return given if given.parent == wheels else Path(shutil.copy2(given, wheels))
    made = folder / "made"
    made.mkdir(exist_ok=True)
    for old in made.glob("*.whl"):
        old.unlink()
    _run("wheel", "--no-deps", "--find-links", str(wheels), "--wheel-dir", str(made), wanted.requirement)
    wheel = next(made.glob("*.whl"))
    return wheel.replace(wheels / wheel.name)


def unpack(wheels: Sequence[Path], target: Path) -> None:
    """Install exactly these wheels into a folder; no network is asked."""
    if wheels:
        _run("install", "--no-deps", "--no-index", "--no-warn-conflicts", "--target", str(target), *map(str, wheels))


def digest(wheel: Path) -> str:
    """Give a file's SHA-256."""
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _run(*words: str) -> str:
    command = [sys.executable, "-m", "pip", words[0], *_COMMON, *words[1:]]
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("DISCORD_", "DATABASE_URL", "CHANDELIER_"))
    }
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise ChangeRefused(f"pip {words[0]} did not end within {LIMIT_S:.0f} s. Nothing was changed.") from None
    if done.returncode != 0:
        raise ChangeRefused(f"{explain(done.stdout + done.stderr)} Nothing was changed.")
    return done.stdout


def explain(said: str) -> str:
    """Make sentences of what pip wrote when it failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("WARNING")]
    if any("conflict is caused by" in line for line in lines):
        start = next(number for number, line in enumerate(lines) if "conflict is caused by" in line)
        causes = [
            line for line in lines[start + 1 :] if " depends on " in line or line.startswith("The user requested")
        ]
        words = "; ".join(causes).replace("The user requested (constraint)", "here is")
        return f"It does not fit what is installed: {words}."
    if any("No matching distribution found" in line for line in lines):
        line = next(line for line in lines if "No matching distribution found" in line)
        return f"There is no such package for this Python: {line.partition('for ')[2].strip()}. Check the name and the version."
    for line in reversed(lines):
        if line.startswith("ERROR: "):
            return f"pip says: {line.removeprefix('ERROR: ').rstrip('.')}."
    return f"pip failed: {' '.join(lines[-3:])[:300]}."


def _wanted(item: Mapping[str, object], requires: Mapping[str, set[str]]) -> Wanted:
    metadata, download = item["metadata"], item["download_info"]
    assert isinstance(metadata, dict)  # noqa: S101 pip's report says so
    assert isinstance(download, dict)  # noqa: S101 pip's report says so
    name, version, url = canonicalize_name(str(metadata["name"])), str(metadata["version"]), str(download["url"])
    direct = bool(item.get("is_direct"))
    by = tuple(sorted(other for other, needs in requires.items() if name in needs))
    return Wanted(name, version, url if direct else f"{name}=={version}", by)


def name_of(requirement: str) -> str:
    """Give the name that a requirement begins with."""
    return re.split(r"[\s\[<>=!~;(@]", requirement.strip(), maxsplit=1)[0]


def _names(requirements: Sequence[str]) -> set[str]:
    return {canonicalize_name(name_of(one)) for one in requirements}
