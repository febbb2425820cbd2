"""Entries and made-up distributions for the tests of the core's parts."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from chandelier import Plugin
from chandelier_core.loading.discovery import Candidate, from_plugin
from chandelier_core.loading.plugins_file import PluginTable
from chandelier_core.registry import Entry


@pytest.fixture
def entry_of() -> Callable[..., Entry]:
    """Make the entry of a plugin as if it had been discovered and listed."""

    def make(
        plugin: Plugin, *, order: int = 0, requires: str | None = None, version: str = "1.0", **table: object
    ) -> Entry:
        found = from_plugin(plugin, f"dist-{plugin.name}", version)
        candidate = Candidate(
            found.name, found.distribution, found.version, requires, found.plugin, found.declaration, found.error
        )
        return Entry(candidate, PluginTable.model_validate(table), order=order)

    return make


@dataclass(slots=True)
class Index:
    """A folder on sys.path in which distributions stand as pip leaves them."""

    folder: Path
    made: list[str] = field(default_factory=list)

    def add(
        self, name: str, source: str, *, point: str | None = None, dist: str = "", version: str = "1.0", requires: str = "",
    ) -> None:  # fmt: skip
        """Write a module, its metadata and its entry point."""
        dist = dist or f"Found-{name}"
        module = dist.replace("-", "_").lower()
        (self.folder / f"{module}.py").write_text(dedent(source))
        info = self.folder / f"{dist.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        needs = [f"Requires-Dist: {line}" for line in requires.splitlines()]
        (info / "METADATA").write_text(
            "\n".join(["Metadata-Version: 2.1", f"Name: {dist}", f"Version: {version}", *needs, ""])
        )
        (info / "entry_points.txt").write_text(f"[chandelier.plugins]\n{name} = {point or f'{module}:plugin'}\n")
        self.made.append(module)
        importlib.invalidate_caches()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """Give an empty folder of distributions that Python sees."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    made = Index(folder)
    yield made
    for module in made.made:
        sys.modules.pop(module, None)
