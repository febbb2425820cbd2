"""Messages and the files sent with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records.users import User


class MessageKind(IntEnum):
    """Discord: Message, Message Types (those that the sandbox makes)."""

    DEFAULT = 0
    PINNED = 6
    JOINED = 7
    FOLLOWED = 12
    THREAD_CREATED = 18
    REPLY = 19
    SLASH_REPLY = 20
    THREAD_STARTER = 21
    MENU_REPLY = 23
    POLL_RESULT = 46


EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(slots=True, eq=False)
class Attachment:
    """A file sent with a message, kept in memory."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    description: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message; private_to names the one reader of an ephemeral one.

    thread_id: the thread that starts at it. snapshots: what a forward carries. poll: under Discord's names.
    """

    id: int
    channel_id: int
    author: User
    content: str
    sent_at: datetime
    guild_id: int | None = None
    kind: MessageKind = MessageKind.DEFAULT
    flags: int = 0
    edited_at: datetime | None = None
    embeds: list[JsonObject] = field(default_factory=list)
    components: list[JsonObject] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    tts: bool = False
    nonce: str | int | None = None
    reference: JsonObject | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    interaction: JsonObject | None = None
    application_id: int | None = None
    webhook_id: int | None = None
    thread_id: int | None = None
    poll: JsonObject | None = None
    stickers: list[JsonObject] = field(default_factory=list)
    snapshots: list[JsonObject] = field(default_factory=list)
    pinned_at: datetime | None = None
    private_to: int | None = None

    @property
    def ephemeral(self) -> bool:
        """Tell whether one member alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def pinned(self) -> bool:
        """Tell whether it is pinned."""
        return self.pinned_at is not None

    @property
    def loading(self) -> bool:
        """Tell whether it is a deferral that awaits its content."""
        return bool(self.flags & LOADING)
