"""What the commands answer: words in Discord, JSON over REST."""

from __future__ import annotations

from datetime import datetime
from difflib import unified_diff
from typing import Self

import hikari
from pydantic import BaseModel, Field

from chandelier import Answer, Listing, Reply, Snowflake
from chandelier_custom.models import CustomCommand, Edit
from chandelier_custom.saying import Worked
from chandelier_custom.spec import Spec
from chandelier_custom.store import keeping

#: What a button that brings a version back is called at Discord, before the command's id and the version.
RESTORE = "custom-restore:"
MOST_BUTTONS = 5
ROOM = 1900  # of the 2000 characters of a message; the rest is for the last line


class Entry(BaseModel):
    """One custom command, in short. ``content`` is what its first message says, as it was written."""

    name: str
    content: str
    aliases: list[str]
    enabled: bool
    version: int
    uses: int
    last_used_at: datetime | None
    author_id: Snowflake | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: CustomCommand, **more: object) -> Self:
        """Give a row in short."""
        spec = keeping.read(row)
        return cls.model_validate(
            {
                "name": row.name, "content": spec.messages[0].content, "aliases": spec.aliases, "enabled": spec.enabled,
                "version": row.version, "uses": row.uses, "last_used_at": row.last_used_at, "author_id": row.author_id,
                "created_at": row.created_at, "updated_at": row.updated_at, **more,
            }
        )  # fmt: skip


class Detail(Entry):
    """A custom command, whole."""

    command: Spec
    last_error: str | None
    last_error_at: datetime | None

    @classmethod
    def whole(cls, row: CustomCommand) -> Detail:
        """Give a row, whole."""
        return cls.of(row, command=keeping.read(row), last_error=row.last_error, last_error_at=row.last_error_at)

    def __str__(self) -> str:
        return f"`{self.name}` is kept, as version {self.version}."


class Added(Entry):
    """A custom command that is new."""

    def __str__(self) -> str:
        return f"Added `{self.name}`. Try it with `/custom run {self.name}`."


class Edited(Entry):
    """A custom command with its new answer."""

    def __str__(self) -> str:
        return f"Changed `{self.name}`. Try it with `/custom run {self.name}`."


class Switched(Entry):
    """A custom command that was switched on or off."""

    def __str__(self) -> str:
        return f"`{self.name}` is {'on' if self.enabled else 'off'} now."


class Restored(Entry):
    """A custom command as it was before."""

    def __str__(self) -> str:
        return f"`{self.name}` is again as it was; that is its version {self.version}."


class Deleted(BaseModel):
    """The name of a custom command that is gone."""

    name: str

    def __str__(self) -> str:
        return f"Deleted `{self.name}`. `/custom restore {self.name}` brings it back for {keeping.KEPT.days} days."


class Drafted(BaseModel):
    """A draft."""

    name: str
    command: Spec

    def __str__(self) -> str:
        return f"The draft of `{self.name}` is kept; `/custom publish {self.name}` puts it in place."


class Dropped(BaseModel):
    """The name of a draft that is gone."""

    name: str

    def __str__(self) -> str:
        return f"The draft of `{self.name}` is dropped."


class Run(BaseModel):
    """What a custom command says, and how often it has said it. ``content`` is what its first message says."""

    name: str
    content: str
    messages: list[Worked]
    uses: int
    last_used_at: datetime

    @classmethod
    def of(cls, spec: Spec, said: list[Worked], uses: int, now: datetime) -> Run:
        """Tell of one use."""
        return cls(name=spec.name, content=said[0].content, messages=said, uses=uses, last_used_at=now)

    def __str__(self) -> str:
        return self.content


class Preview(BaseModel):
    """What a command would say to an invented member."""

    messages: list[Worked]

    def __str__(self) -> str:
        return "\n\n".join(message.words for message in self.messages)


class Version(BaseModel):
    """One version of a command: who made it, when, and what it changed, line by line."""

    version: int
    action: str
    author_id: Snowflake | None
    at: datetime
    difference: str
    command: Spec

    @classmethod
    def of(cls, edit: Edit, before: Edit | None) -> Version:
        """Tell a version from the one before it."""
        old = (
            [] if before is None else keeping.read(before).model_dump_json(indent=1, exclude_defaults=True).splitlines()
        )
        new = keeping.read(edit).model_dump_json(indent=1, exclude_defaults=True).splitlines()
        lines = [line for line in unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
        return cls(
            version=edit.version, action=edit.action, author_id=edit.author_id, at=edit.at, difference="\n".join(lines),
            command=keeping.read(edit),
        )  # fmt: skip

    def __str__(self) -> str:
        who = f"<@{self.author_id}>" if self.author_id else "the operator"
        return f"**{self.version}** {self.action} by {who} <t:{int(self.at.timestamp())}:R>"


class History(Listing[Version], Answer):
    """The versions of a command, the newest first."""

    command_id: int = Field(0, exclude=True)

    def reply(self) -> Reply:
        """Say it, with a button for each version that can be brought back."""
        row = hikari.impl.MessageActionRowBuilder()
        older = [one.version for one in self.items[1:] if one.action != "deleted"][:MOST_BUTTONS]
        for version in older:
            word = f"{RESTORE}{self.command_id}:{version}"
            row.add_interactive_button(hikari.ButtonStyle.SECONDARY, word, label=f"Restore {version}")
        return Reply(text=str(self), components=[row] if older else [])

    def __str__(self) -> str:
        words = ""
        for version in self.items:
            shown = f"{version}\n```diff\n{version.difference[:300]}\n```" if version.difference else str(version)
            if len(words) + len(shown) > ROOM:
                break
            words += f"\n{shown}" if words else shown
        return words


class Reason(BaseModel):
    """One thing that decides whether a command answers."""

    ok: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'✅' if self.ok else '❌'} {self.sentence}"


class Why(BaseModel):
    """Why a command answers, or does not, for somebody here."""

    name: str
    answers: bool
    reasons: list[Reason]

    def __str__(self) -> str:
        said = "answers" if self.answers else "does not answer"
        return "\n".join([f"`{self.name}` {said}.", *(str(reason) for reason in self.reasons)])[:ROOM]


class SlashBudget(BaseModel):
    """The slash commands of a server: those that Discord shows, those for which there is no room, and today's count."""

    shown: list[str]
    waiting: list[str]
    most: int
    made_today: int
    most_a_day: int = 200

    def __str__(self) -> str:
        words = (
            f"{len(self.shown)} of {self.most} slash commands; {self.made_today} of {self.most_a_day} were made today."
        )
        return f"{words} {len(self.waiting)} have no room, and work with `/custom run`." if self.waiting else words


class Gone(BaseModel):
    """A command that was deleted and can be brought back."""

    name: str
    deleted_at: datetime


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
