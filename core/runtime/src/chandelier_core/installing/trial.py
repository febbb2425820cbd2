"""A trial: what the plugins of a folder are, told by a process of their own, so that nothing of theirs runs in this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chandelier_core.installing.errors import ChangeRefused

FILE = "plugins.tried.json"
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Tried:
    """One plugin: of the folder, where it is ``staged``, or one that plugins.toml lists.

    broken: why it cannot be loaded. findings: what keeps it from starting as plugins.toml stands.
    """

    name: str
    distribution: str
    version: str
    enabled: bool
    staged: bool = True
    broken: str | None = None
    findings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()

    @property
    def trouble(self) -> str:
        """Say what keeps it from starting; nothing where it would."""
        return self.broken or next(iter(self.findings), "")


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found. unrehearsed: why the tables' changes were not rehearsed, where they were not."""

    plugins: Mapping[str, Tried] = field(default_factory=dict)
    unrehearsed: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be tried. folder: of the plugins; None for those of the host alone. grants: agreed to for ``granted_to``."""

    folder: str | None
    tables: bool = False
    grants: tuple[str, ...] = ()
    granted_to: tuple[str, ...] = ()


def run_trial(task: Task, scratch: Path) -> Trial:
    """Try plugins in a child process. Raises ChangeRefused where the child does not come back, or a migration fails."""
    result = scratch / "trial.json"
    result.unlink(missing_ok=True)
    words = [sys.executable, "-m", "chandelier_core.installing.trying", json.dumps(asdict(task)), str(result)]
    try:
        subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise ChangeRefused(f"Trying the plugins did not end within {LIMIT_S:.0f} s. Nothing was changed.") from None
    if not result.is_file():
        raise ChangeRefused("Trying the plugins ended the process that tried them. Nothing was changed.")
    content = json.loads(result.read_text("utf-8"))
    if content.get("refused"):
        raise ChangeRefused(f"{content['refused']} Nothing was changed.")
    return Trial({name: _read(one) for name, one in content["plugins"].items()}, content["unrehearsed"])


def _read(content: Mapping[str, Any]) -> Tried:
    fields: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in content.items()}
    return Tried(**fields)


def kept_trial(folder: Path | None) -> Trial:
    """Give what the trial of a generation had found when it was made."""
    if folder is None:
        return Trial()
    content = json.loads((folder / FILE).read_text("utf-8"))
    return Trial({name: _read(one) for name, one in content.items()})


def keep_trial(folder: Path, trial: Trial) -> None:
    """Keep what was found about a folder's own plugins, for later comparison."""
    mine = {name: asdict(one) for name, one in trial.plugins.items() if one.staged}
    (folder / FILE).write_text(json.dumps(mine, indent=2, sort_keys=True) + "\n", "utf-8")
