"""plugins.toml: which plugins run, what each is granted, each one's config."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from chandelier import Finding, Need
from chandelier_core.guilds.prefix_rules import complain_of_prefix


class HostTable(BaseModel):
    """``[host]``. An empty text_prefix switches text commands off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text_prefix: str = "!"

    @field_validator("text_prefix")
    @classmethod
    def _typable(cls, prefix: str) -> str:
        if prefix and (complaint := complain_of_prefix(prefix)):
            raise ValueError(complaint)
        return prefix


class PluginTable(BaseModel):
    """``[plugins.<name>]``: what the operator says about one plugin. ``rename`` gives top-level commands other names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grants: list[Need] = []
    rename: dict[str, str] = {}
    config: dict[str, object] = {}


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PluginsFile:
    """What plugins.toml says, and what is wrong with it. ``tables`` is in the order of the file."""

    path: Path
    host: HostTable = field(default_factory=HostTable)
    tables: Mapping[str, PluginTable] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    plugin_findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


def read_plugins_file(path: Path) -> PluginsFile:
    """Read the file. What is wrong with one plugin's table stands under its name; the rest in ``findings``."""
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError:
        remedy = "Write one with a line such as [plugins.ping] for each plugin to run, or name another with CHANDELIER_PLUGINS."
        return PluginsFile(path, findings=(Finding(str(path), "there is no such file.", remedy),))
    except (OSError, UnicodeDecodeError) as error:
        return PluginsFile(
            path, findings=(Finding(str(path), f"it cannot be read: {error}.", "Correct its permissions."),)
        )
    except tomllib.TOMLDecodeError as error:
        return PluginsFile(path, findings=(Finding(str(path), f"it is not TOML: {error}.", "Correct that line."),))
    return _Interpreter(path, text, content).read()


@dataclass(slots=True)
class _Interpreter:
    path: Path
    text: str
    content: dict[str, object]
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> PluginsFile:
        for key in self.content.keys() - {"host", "plugins"}:
            self.findings.append(self._unknown("", key, ("host", "plugins")))
        host = self._model(HostTable, "host", self.content.get("host", {}), self.findings) or HostTable()
        tables: dict[str, PluginTable] = {}
        wrong: dict[str, tuple[Finding, ...]] = {}
        plugins = self.content.get("plugins", {})
        for name, table in plugins.items() if isinstance(plugins, dict) else ():
            here: list[Finding] = []
            read = self._model(PluginTable, f"plugins.{name}", table, here)
            tables[name] = read or PluginTable()
            if here:
                wrong[name] = tuple(here)
        if not isinstance(plugins, dict):
            self.findings.append(Finding(self._place("", "plugins"), "it must be a table.", "Write [plugins.ping]."))
        return PluginsFile(self.path, host, tables, tuple(self.findings), wrong)

    def _model(self, model: type[Model], table: str, content: object, findings: list[Finding]) -> Model | None:
        try:
            return model.model_validate(content)
        except ValidationError as error:
            for key, sentence, remedy in read_model_errors(error, model):
                first = key.partition(".")[0]
                findings.append(Finding(self._place(table, first), f"[{table}] {first}: {sentence}", remedy))
            return None

    def _place(self, table: str, key: str) -> str:
        line = line_of(self.text, table, key)
        return f"{self.path}, line {line}" if line else str(self.path)

    def _unknown(self, table: str, key: str, known: Iterable[str]) -> Finding:
        where = f"[{table}] " if table else ""
        return Finding(self._place(table, key), f"{where}has no setting {key}." if where else f"there is no table {key}.",
                       nearest(key, known))  # fmt: skip


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, or list them."""
    known = sorted(known)
    near = get_close_matches(word, known, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There is: {', '.join(known)}." if known else "There is none."


def line_of(text: str, table: str, key: str) -> int | None:
    """Find the line of a key in a table of a TOML text; tomllib does not say."""
    current, found_table = "", None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            current = header[1].replace('"', "").replace("'", "").replace(" ", "")
            if not table and current.partition(".")[0] == key:
                return number
            if current in (table, f"{table}.{key}".strip(".")):
                found_table = found_table or number
                if current != table:
                    return number
        elif current == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", line):
            return number
    return found_table


def resolve_secrets(
    content: object, place: str, environment: Mapping[str, str] = os.environ
) -> tuple[object, list[str]]:
    """Replace ``{ env = "NAME" }`` and ``{ file = "/path" }`` by what they name; give also the secrets that were read.

    Raises ValueError with one sentence for a name that is not set or a file that cannot be read.
    """
    if isinstance(content, dict):
        if len(content) == 1 and isinstance(name := content.get("env"), str):
            if name not in environment:
                raise ValueError(f"{place} wants the environment variable {name}, which is not set.")
            return environment[name], [environment[name]]
        if len(content) == 1 and isinstance(name := content.get("file"), str):
            try:
                secret = Path(name).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise ValueError(f"{place} wants the file {name}, which cannot be read.") from None
            return secret, [secret]
        pairs = {key: resolve_secrets(value, f"{place}.{key}", environment) for key, value in content.items()}
        return {key: value for key, (value, _) in pairs.items()}, [word for _, more in pairs.values() for word in more]
    return content, []


def read_model_errors(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str, str]]:
    """Turn pydantic's errors into (key, sentence, remedy)."""
    told = []
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        key = ".".join(str(part) for part in each["loc"])
        if each["type"] == "extra_forbidden":
            told.append((key, "there is no such setting.", nearest(key, model.model_fields)))
        elif each["type"] == "missing":
            told.append((key, "it is required and missing.", "Add it."))
        else:
            said = each["msg"].removeprefix("Value error, ").rstrip(".")
            told.append((key, f"{said[:1].lower()}{said[1:]}.", ""))
    return told
