"""Writing plugins.toml: tables come and go, and comments, order and permissions stay."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from chandelier_core.installing.errors import ChangeRefused


def enable(path: Path, name: str, grants: Iterable[str] = ()) -> None:
    """Give a plugin a table, with these grants beside those it has."""
    document = _read(path)
    plugins = document.setdefault("plugins", tomlkit.table(is_super_table=True))
    table = plugins.get(name)
    if table is None:
        table = tomlkit.table()
        plugins.add(name, table)
    granted = [*table.get("grants", ()), *(one for one in grants if one not in table.get("grants", ()))]
    if granted:
        table["grants"] = granted
    _write(path, document)


def disable(path: Path, name: str) -> None:
    """Take a plugin's table out, with everything in it."""
    document = _read(path)
    if name not in document.get("plugins", {}):
        raise ChangeRefused(f"{path} has no table [plugins.{name}]; nothing was changed.")
    del document["plugins"][name]
    _write(path, document)


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ChangeRefused(f"{path} cannot be read: {' '.join(str(error).split())}. Nothing was changed.") from None


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(tomlkit.dumps(document), "utf-8")
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ChangeRefused(f"{path} cannot be written: {error.strerror}. Nothing was changed.") from None
