"""What the commands answer: words in Discord, JSON over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from chandelier import Listing, Snowflake, Status, Surface

ROOM = 1900  # of the 2000 characters of a message; the rest is for the last line


class Use(BaseModel):
    """One use of one command."""

    id: UUID
    at: datetime
    reference: str
    user_id: Snowflake | None
    user_name: str | None
    guild_id: Snowflake | None
    channel_id: Snowflake | None
    plugin: str
    command: str
    surface: Surface
    status: Status
    code: str | None
    duration_ms: float
    metadata: dict[str, Any]

    def __str__(self) -> str:
        who = f"<@{self.user_id}>" if self.user_id else (self.user_name or "someone")
        ended = self.status.value.replace("_", " ") + (f" ({self.code})" if self.code else "")
        return f"<t:{int(self.at.timestamp())}:R> {who}: `{self.command}`, {ended}, {self.duration_ms:.0f} ms"


class Page(Listing[Use]):
    """A page of command uses, latest first."""

    def __str__(self) -> str:
        if not self.items:
            return "No command was used here that fits; try fewer filters."
        lines: list[str] = []
        for use in self.items:
            lines.append(str(use))
            if sum(map(len, lines)) + len(lines) > ROOM:
                lines.pop()
                break
        left = len(self.items) - len(lines)
        if left:
            lines.append(f"… and {left} more; see fewer with `limit`, `user`, `command` or `outcome`.")
        elif self.next:
            lines.append(f"… and older ones; go on with the cursor `{self.next}`.")
        return "\n".join(lines)
