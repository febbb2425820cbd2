"""Which tables belong to whom: one label is a plugin's name, its Postgres schema and its migrations' namespace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chandelier_core.store.errors import StoreError

__all__ = ["CORE", "AppModels"]

LABEL = re.compile(r"[a-z][a-z0-9_]{0,47}")
# Schemas that are somebody else's; "pg_" begins Postgres's own names.
RESERVED = ("public", "information_schema")


@dataclass(frozen=True, slots=True)
class AppModels:
    """One distribution's tables.

    ``models`` is a module whose every Tortoise model says ``schema = "<label>"`` in its Meta; ``migrations`` is a package
    of Tortoise migrations. Both may be in any installed distribution, and neither is imported before it is used.
    """

    label: str
    models: str
    migrations: str

    def __post_init__(self) -> None:
        if not LABEL.fullmatch(self.label) or self.label in RESERVED or self.label.startswith("pg_"):
            raise StoreError(
                f"{self.label!r} cannot be the label of tables: it names a Postgres schema, so it is lower-case letters, "
                "digits and _, begins with a letter, and is not one of Postgres's own names."
            )


CORE = AppModels("core", "chandelier_core.store.models", "chandelier_core.store.migrations")
