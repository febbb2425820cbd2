"""The lock: what is installed in one generation, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "plugins.lock.json"


@dataclass(frozen=True, slots=True)
class Package:
    """One distribution of the overlay: its wheel is kept, so that it can be installed again without a network."""

    name: str
    version: str
    wheel: str
    sha256: str
    needed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """roots: what was asked for, by distribution, as the operator wrote it. packages: everything, by distribution.

    before: the number of the generation that it was made from; empty for the first.
    """

    roots: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, Package] = field(default_factory=dict)
    made_at: str = ""
    change: str = ""
    before: str = ""

    def write(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        content = {"made_at": self.made_at, "change": self.change, "before": self.before, "roots": dict(self.roots),
                   "packages": {name: asdict(one) for name, one in self.packages.items()}}  # fmt: skip
        (folder / FILE).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")


def read_lock(folder: Path | None) -> Lock:
    """Read a generation's lock; an empty one where there is no generation."""
    if folder is None:
        return Lock()
    content = json.loads((folder / FILE).read_text("utf-8"))
    packages = {
        name: Package(**{**one, "needed_by": tuple(one["needed_by"])}) for name, one in content["packages"].items()
    }
    return Lock(content["roots"], packages, content["made_at"], content["change"], content["before"])
