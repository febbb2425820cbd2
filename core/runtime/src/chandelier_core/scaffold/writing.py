"""Writing the folder of a new plugin."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from chandelier import ChandelierError
from chandelier_core.loading.checks import PLUGIN_NAME, RESERVED
from chandelier_core.loading.discovery import GROUP

#: Which template becomes which file.
FILES = {
    "pyproject.toml": "pyproject.toml.template",
    "README.md": "README.md.template",
    ".gitignore": "gitignore.template",
    ".github/workflows/test.yml": "workflow.template",
    "src/chandelier_@name@/__init__.py": "plugin.template",
    "src/chandelier_@name@/py.typed": "",
    "tests/test_@name@.py": "tests.template",
}


class CannotWrite(ChandelierError):
    """No folder was written; the message says why."""


def write_plugin(name: str, parent: Path) -> Path:
    """Write the folder ``chandelier-<name>`` below another; give it. Raises CannotWrite, having written nothing."""
    _check_name(name)
    dashed = name.replace("_", "-")
    folder = parent / f"chandelier-{dashed}"
    if folder.exists():
        raise CannotWrite(f"{folder} is there already; choose another name, or another place with --folder.")
    words = {"@name@": name, "@dashed@": dashed, "@Title@": name.replace("_", " ").capitalize()}
    made = {_filled(path, words): _filled(_template(source), words) for path, source in FILES.items()}
    try:
        for path, text in made.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def _check_name(name: str) -> None:
    if not PLUGIN_NAME.fullmatch(name) or name.startswith("pg_") or name.endswith("_"):
        raise CannotWrite(
            f"{name!r} cannot be a plugin's name: 2 to 31 lower-case letters, digits and underscores, the first one a letter."
        )
    if name in RESERVED:
        raise CannotWrite(f"{name} is a name of the bot itself; choose another.")
    for point in entry_points(group=GROUP, name=name):
        owner = "somebody" if point.dist is None else f"{point.dist.name} {point.dist.version}"
        raise CannotWrite(f"{owner} has the name {name} already; choose another.")


def _template(source: str) -> str:
    return (files(__package__) / "template" / source).read_text("utf-8") if source else ""


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
