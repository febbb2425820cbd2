"""Messages, the files sent with them, and polls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag

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

    @property
    def is_system(self) -> bool:
        """Tell whether Discord wrote it: nobody edits, pins or forwards such a message."""
        return self not in (self.DEFAULT, self.REPLY, self.SLASH_REPLY, self.MENU_REPLY)


class MessageFlag(IntFlag):
    """Discord: Message, Message Flags."""

    CROSSPOSTED = 1 << 0
    IS_CROSSPOST = 1 << 1
    SUPPRESS_EMBEDS = 1 << 2
    SOURCE_MESSAGE_DELETED = 1 << 3
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_VOICE_MESSAGE = 1 << 13
    HAS_SNAPSHOT = 1 << 14
    IS_COMPONENTS_V2 = 1 << 15


EPHEMERAL = int(MessageFlag.EPHEMERAL)
LOADING = int(MessageFlag.LOADING)


@dataclass(slots=True, eq=False)
class Attachment:
    """A file sent with a message, kept in memory.

    part: n of the part files[n] that brought it. embedded: an embed shows it, so it is not listed besides.
    """

    id: int
    filename: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    description: str | None = None
    part: int | None = None
    title: str | None = None
    spoiler: bool = False
    duration_s: float | None = None
    waveform: str | None = None
    embedded: bool = False


@dataclass(slots=True, eq=False)
class Poll:
    """A question with answers to vote for; votes: user ids by answer, oldest first."""

    question: str
    answers: list[JsonObject]
    expires_at: datetime
    multiselect: bool = False
    layout: int = 1
    votes: dict[int, list[int]] = field(default_factory=dict)
    finalized: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message; private_to names the one reader of an ephemeral one.

    thread_id: the thread that starts at it. snapshots: what a forward carries. late_edits: the moments of edits more
    than an hour after it was sent. copies: where followers of its channel have it, as channel and message.
    command_name: of the command that it answers.
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
    command_name: str | None = None
    application_id: int | None = None
    webhook_id: int | None = None
    thread_id: int | None = None
    poll: Poll | None = None
    stickers: list[JsonObject] = field(default_factory=list)
    snapshots: list[JsonObject] = field(default_factory=list)
    pinned_at: datetime | None = None
    private_to: int | None = None
    late_edits: list[datetime] = field(default_factory=list)
    copies: list[tuple[int, int]] = field(default_factory=list)

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
