"""What the store can say no with.

StoreError            one sentence for the operator; never a password in it
├── MigrationFailed   one label's tables could not be brought up to date; other labels are untouched
└── StoreBusy         somebody else held a lock for longer than we may wait
"""

from __future__ import annotations

from chandelier import ChandelierError


class StoreError(ChandelierError):
    """Something about the database needs the operator; the message is for them."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoreBusy(StoreError):
    """A lock was not free in time."""


class MigrationFailed(StoreError):
    """One label's migration did not go through; ``migration`` is empty where none could be chosen."""

    def __init__(self, label: str, migration: str, sentence: str) -> None:
        super().__init__(sentence)
        self.label = label
        self.migration = migration
