"""Importing custom commands of other bots: each reader makes ours of theirs, and tells of every part that is not the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chandelier import BadOption
from chandelier_custom.importers.carl import read as read_carl
from chandelier_custom.importers.nadeko import read as read_nadeko
from chandelier_custom.importers.red import read as read_red
from chandelier_custom.importers.report import Import, Imported, Skipped
from chandelier_custom.importers.yagpdb import read as read_yagpdb

_READERS: Mapping[str, Callable[[str], Import]] = {
    "yagpdb": read_yagpdb, "red": read_red, "nadeko": read_nadeko, "carl": read_carl,
}  # fmt: skip
SOURCES = tuple(_READERS)

__all__ = ["SOURCES", "Import", "Imported", "Skipped", "read"]


def read(source: str, text: str) -> Import:
    """Read an export of another bot. Nothing is kept by it, and nothing run.

    Every command of the file is in the result, imported or skipped; names are each there once, but may be ones that the
    server has already. Raises BadOption, with what the file should be.
    """
    reader = _READERS.get(source)
    if reader is None:
        known = ", ".join(f"`{one}`" for one in SOURCES)
        raise BadOption(f"There is no importer for `{source[:40]}`; there are: {known}.", option="source")
    return reader(text)
