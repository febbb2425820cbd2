"""What the commands answer: words in Discord, JSON over REST."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from chandelier import Listing, Snowflake

ROOM = 1900  # of the 2000 characters of a message; the rest is for the last line


class Reminder(BaseModel):
    """One reminder that waits, or that could not be delivered and says why."""

    id: Snowflake
    text: str
    due_at: datetime
    created_at: datetime
    guild_id: Snowflake | None
    channel_id: Snowflake | None
    failure: str | None

    def __str__(self) -> str:
        at = int(self.due_at.timestamp())
        return (
            f"I will remind you <t:{at}:R> (<t:{at}:f>): {self.text}\n"
            f"-# This is reminder {self.id}; take it back with `/remind cancel {self.id}`."
        )

    @property
    def line(self) -> str:
        """Give the reminder in one line of a list."""
        at, text = int(self.due_at.timestamp()), shorten(self.text, 100)
        return f"**{self.id}** <t:{at}:R>: {text}" + (f" (not delivered: {self.failure})" if self.failure else "")


class Page(Listing[Reminder]):
    """A page of one's own reminders, soonest first."""

    def __str__(self) -> str:
        if not self.items:
            return "You have no reminders. Make one with `/remind me`."
        lines: list[str] = []
        for reminder in self.items:
            if sum(map(len, lines)) + len(lines) + len(reminder.line) > ROOM:
                break
            lines.append(reminder.line)
        left = len(self.items) - len(lines)
        if left or self.next:
            lines.append(f"… and {left} more." if left else "… and later ones.")
        return "\n".join(lines)


class Cancelled(BaseModel):
    """A reminder that will not come."""

    id: Snowflake
    text: str

    def __str__(self) -> str:
        return f"Cancelled reminder {self.id}: {shorten(self.text, 100)}"


def shorten(text: str, longest: int) -> str:
    """Give a text as one line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
