"""Channels of every kind, and threads, which are channels with facts of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records.users import User


class ChannelKind(IntEnum):
    """Discord: Channel, Channel Types."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15
    MEDIA = 16

    @property
    def is_thread(self) -> bool:
        """Tell whether channels of this kind are threads."""
        return self in (self.ANNOUNCEMENT_THREAD, self.PUBLIC_THREAD, self.PRIVATE_THREAD)

    @property
    def holds_messages(self) -> bool:
        """Tell whether messages can be posted straight into channels of this kind."""
        return self not in (self.CATEGORY, self.FORUM, self.MEDIA)


@dataclass(slots=True)
class Overwrite:
    """What a channel allows and denies a role (kind 0) or a member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class ThreadFacts:
    """What a thread has besides what every channel has; members by user id, with the moment they joined."""

    owner_id: int
    created_at: datetime
    archive_moved_at: datetime
    auto_archive_minutes: int = 4320
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[int, datetime] = field(default_factory=dict)
    applied_tags: list[int] = field(default_factory=list)
    total_messages: int = 0
    message_count: int = 0


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or thread of a guild, or a direct message between two users.

    settings: what a kind has besides, under Discord's names (bitrate, available_tags, default_sort_order …).
    """

    id: int
    name: str
    kind: ChannelKind = ChannelKind.TEXT
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    nsfw: bool = False
    slowmode_s: int = 0
    flags: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    last_message_id: int | None = None
    last_pin_at: datetime | None = None
    thread: ThreadFacts | None = None
    settings: JsonObject = field(default_factory=dict)
