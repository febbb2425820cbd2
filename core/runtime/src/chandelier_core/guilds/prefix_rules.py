"""What text commands may begin with."""

from __future__ import annotations

LONGEST_PREFIX = 8


def complain_of_prefix(prefix: str) -> str | None:
    """Say what is wrong with a prefix that people could not type, or that Discord takes for itself; None where nothing is."""
    spaced = any(character.isspace() or not character.isprintable() for character in prefix)
    if not 1 <= len(prefix) <= LONGEST_PREFIX or spaced:
        return f"A prefix has 1 to {LONGEST_PREFIX} characters without spaces, such as ! or ?."
    if prefix[0] in "/@#<" or prefix[-1].isalnum():
        return "A prefix cannot begin with / @ # or <, nor end with a letter or digit."
    return None
