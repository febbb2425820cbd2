"""What an import has found: the commands, what was left out or changed in each, and what could not be read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from chandelier_custom.spec import Spec


class Imported(BaseModel):
    """One command as it is here. ``name`` is its name there; every part that is not the same has a note."""

    model_config = ConfigDict(frozen=True)

    name: str
    spec: Spec
    notes: list[str] = []


class Skipped(BaseModel):
    """One command that cannot be one here, and why."""

    model_config = ConfigDict(frozen=True)

    name: str
    why: str


class Import(BaseModel):
    """All that a file holds. Each command of it is either in ``commands`` or in ``skipped``."""

    model_config = ConfigDict(frozen=True)

    source: str
    commands: list[Imported] = []
    skipped: list[Skipped] = []
