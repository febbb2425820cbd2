"""A plugin that is to be checked: its entry, its distribution, and its source."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, entry_points
from importlib.util import find_spec
from pathlib import Path

from chandelier_core.loading.discovery import GROUP
from chandelier_core.registry import Entry

#: Beside the package's ``__init__``: which rules do not fit a plugin, each with the reason.
EXEMPTIONS = "chandelier-check.toml"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at."""

    entry: Entry
    distribution: Distribution | None
    package: str

    def modules(self) -> Iterator[tuple[Path, ast.Module]]:
        """Give every module of the package, parsed."""
        for path in self.sources():
            yield path, ast.parse(path.read_text("utf-8"), str(path))

    def sources(self) -> list[Path]:
        """Give the package's source files, tests aside."""
        folder = self.folder
        if folder is None:
            spec = find_spec(self.package)
            return [Path(spec.origin)] if spec is not None and spec.origin is not None else []
        return [path for path in sorted(folder.rglob("*.py")) if "tests" not in path.relative_to(folder).parts]

    @property
    def folder(self) -> Path | None:
        """Give the package's folder; None for a plugin that is one module."""
        spec = find_spec(self.package)
        places = None if spec is None else spec.submodule_search_locations
        return Path(next(iter(places))) if places else None

    def exemptions(self) -> Mapping[str, str]:
        """Give the rules that the author has taken out, with the reasons."""
        file = None if self.folder is None else self.folder / EXEMPTIONS
        if file is None or not file.is_file():
            return {}
        found = tomllib.loads(file.read_text("utf-8")).get("exempt", {})
        return {str(rule): str(reason) for rule, reason in found.items()}


def subject_of(entry: Entry) -> Subject:
    """Find what belongs to an entry."""
    for point in entry_points(group=GROUP, name=entry.name):
        return Subject(entry, point.dist, point.module.partition(".")[0])
    return Subject(entry, None, "")


def other_packages(name: str) -> dict[str, str]:
    """Give the packages of all other plugins, with whose they are."""
    return {point.module.partition(".")[0]: point.name for point in entry_points(group=GROUP) if point.name != name}
