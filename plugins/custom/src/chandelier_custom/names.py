"""Names of custom commands: what may be one, how it is stored, which one was meant."""

from __future__ import annotations

import base64
import binascii
import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from chandelier import BadOption

LONGEST = 32
_RULE = f"a name has 1 to {LONGEST} letters, digits, `-` or `_`, and no spaces, such as `hello`"


def fold_name(name: str) -> str:
    """Give the one spelling under which a name is stored and found, whatever its case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def fits(folded: str) -> bool:
    """Say whether a folded name may be one: letters of any script with their marks, digits, ``-`` and ``_``."""
    if not 1 <= len(folded) <= LONGEST or unicodedata.category(folded[0])[0] == "M":
        return False
    return all(letter in "-_" or unicodedata.category(letter)[0] in "LMN" for letter in folded)


def check_name(name: str, reserved: Collection[str]) -> str:
    """Fold a new name, or refuse it with what to do."""
    folded = fold_name(name)
    if not fits(folded):
        raise BadOption(f"That is no name for a command: {_RULE}.", option="name")
    if folded in reserved:
        raise BadOption(f"`{folded}` is a word that `/custom` uses itself; pick another name.", option="name")
    return folded


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that was probably meant."""
    found = get_close_matches(name, list(known), n=1)
    return found[0] if found else None


def to_cursor(name: str) -> str:
    """Write the cursor of the page that begins after a name."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """Read a cursor; refuse one that we did not write."""
    try:
        name = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        name = ""
    if not fits(name):
        raise BadOption("That is no cursor of this list; take it from `next` of the page before.", option="cursor")
    return name
