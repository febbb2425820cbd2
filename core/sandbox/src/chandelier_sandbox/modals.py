"""What Discord demands of a form (Discord: Receiving and Responding, Modal)."""

from __future__ import annotations

from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject

Path = tuple[str | int, ...]


def check_modal(data: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note every error of a form under a path."""
    for name, most in (("custom_id", 100), ("title", 45)):
        if not data.get(name):
            errors.missing((*path, name))
        elif len(str(data[name])) > most:
            errors.too_long((*path, name), most)
    if not data.get("components"):
        errors.missing((*path, "components"))
