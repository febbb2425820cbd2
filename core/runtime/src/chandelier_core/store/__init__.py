"""The store: Postgres, its tables by label, and the embedded server for whoever has none.

``EmbeddedPostgres`` is in ``chandelier_core.store.embedded``, which needs a POSIX system; and the core's tables are in
``chandelier_core.store.models``. Neither is imported here.
"""

from __future__ import annotations

from chandelier_core.store.apps import CORE, AppModels
from chandelier_core.store.errors import MigrationFailed, StoreBusy, StoreError
from chandelier_core.store.makemigrations import make_migrations, model_changes
from chandelier_core.store.store import Store
from chandelier_core.store.urls import Address, parse_url, redact

__all__ = [
    "CORE",
    "Address",
    "AppModels",
    "MigrationFailed",
    "Store",
    "StoreBusy",
    "StoreError",
    "make_migrations",
    "model_changes",
    "parse_url",
    "redact",
]
