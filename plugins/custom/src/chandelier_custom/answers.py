"""What the commands answer: words in Discord, JSON over REST."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from chandelier import Listing, Snowflake

ROOM = 1900  # of the 2000 characters of a message; the rest is for the last line


class Entry(BaseModel):
    """One custom command."""

    name: str
    content: str
    uses: int
    last_used_at: datetime | None
    author_id: Snowflake | None
    created_at: datetime
    updated_at: datetime


class Added(Entry):
    """A custom command that is new."""

    def __str__(self) -> str:
        return f"Added `{self.name}`. Try it with `/custom run {self.name}`."


class Edited(Entry):
    """A custom command with its new answer."""

    def __str__(self) -> str:
        return f"Changed `{self.name}`. Try it with `/custom run {self.name}`."


class Deleted(BaseModel):
    """The name of a custom command that is gone."""

    name: str

    def __str__(self) -> str:
        return f"Deleted `{self.name}`."


class Run(BaseModel):
    """What a custom command says, and how often it has said it."""

    name: str
    content: str
    uses: int
    last_used_at: datetime

    def __str__(self) -> str:
        return self.content


class Page(Listing[Entry]):
    """A page of a server's custom commands, by name; ``more`` come after it."""

    more: int = 0

    def __str__(self) -> str:
        if not self.items:
            return "There are no custom commands here yet. Make the first one with `/custom add`."
        words, told = "", 0
        for entry in self.items:
            word = f"`{entry.name}` ({count(entry.uses, 'use')})"
            if len(words) + len(word) > ROOM:
                break
            words, told = f"{words}, {word}" if words else word, told + 1
        left = len(self.items) - told + self.more
        return f"Custom commands: {words} and {left} more." if left else f"Custom commands: {words}."


def count(number: int, thing: str) -> str:
    """Write ``1 use``, ``2 uses``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
