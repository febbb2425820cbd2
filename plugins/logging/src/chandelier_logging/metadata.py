"""What a row keeps of a call: its options, without long texts and without secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

LONGEST = 200  # characters of one text
MOST = 50  # items of one list or mapping
HIDDEN = "(hidden)"
_SECRET = re.compile(r"token|passw|secret|key|credential", re.IGNORECASE)


def describe_options(options: Mapping[str, object], depth: int = 3) -> dict[str, object]:
    """Give the options as JSON; whatever is named like a secret is hidden."""
    return {clean(name): HIDDEN if _SECRET.search(name) else _value(value, depth)
            for name, value in list(options.items())[:MOST]}  # fmt: skip


def clean(text: str, longest: int = LONGEST) -> str:
    """Cut a text, and replace what Postgres cannot store: NUL and halves of surrogate pairs."""
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _value(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 2**53 else str(value)  # what is no number in JSON: NaN, infinity, an id
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping) and depth:
        return describe_options({str(name): inner for name, inner in value.items()}, depth - 1)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and depth:
        return [_value(inner, depth - 1) for inner in value[:MOST]]
    if isinstance(id_ := getattr(value, "id", None), int):
        return str(int(id_))  # a user, a role, a channel
    return clean(str(value))
