"""What the world is made of. Records hold facts; payloads.py turns them into Discord's JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chandelier_sandbox.events import JsonObject


class ChannelKind(IntEnum):
    """Discord: Channel, Channel Types (those that the sandbox knows)."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4


class MessageKind(IntEnum):
    """Discord: Message, Message Types (those that the sandbox makes)."""

    DEFAULT = 0
    REPLY = 19
    SLASH_REPLY = 20


EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    display_name: str | None = None
    accepts_dms: bool = True


@dataclass(slots=True, eq=False)
class Role:
    """A role of one guild; the one with the guild's id is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 1
    color: int = 0
    managed: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Overwrite:
    """What a channel allows and denies a role (kind 0) or a member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class Membership:
    """A user in a guild."""

    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    muted_until: datetime | None = None


@dataclass(slots=True, eq=False)
class Channel:
    """A channel of a guild, or a direct message between two users."""

    id: int
    name: str
    kind: ChannelKind = ChannelKind.TEXT
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    last_message_id: int | None = None


@dataclass(slots=True, eq=False)
class Guild:
    """A server: its roles, channels and members, by id."""

    id: int
    name: str
    owner_id: int
    joined_at: datetime
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Membership] = field(default_factory=dict)

    def channel(self, name_or_id: str | int) -> Channel:
        """Return the channel with this name or id; LookupError when there is none."""
        for channel in self.channels.values():
            if name_or_id == channel.id or str(name_or_id).removeprefix("#") in (channel.name, str(channel.id)):
                return channel
        raise LookupError(f"{self.name} has no channel {name_or_id!r}; it has {_names(self.channels.values())}.")

    def role(self, name_or_id: str | int) -> Role:
        """Return the role with this name or id; LookupError when there is none."""
        for role in self.roles.values():
            if name_or_id == role.id or str(name_or_id).removeprefix("@") in (role.name.lstrip("@"), str(role.id)):
                return role
        raise LookupError(f"{self.name} has no role {name_or_id!r}; it has {_names(self.roles.values())}.")

    def person(self, name_or_id: str | int) -> Membership:
        """Return the member with this name or id; LookupError when there is none."""
        for member in self.members.values():
            if name_or_id == member.user.id or str(name_or_id).removeprefix("@") in _callings(member):
                return member
        names = ", ".join(member.user.name for member in self.members.values())
        raise LookupError(f"{self.name} has no member {name_or_id!r}; it has {names}.")


def _callings(member: Membership) -> tuple[str | None, ...]:
    return (member.user.name, member.user.display_name, member.nick, str(member.user.id))


def _names(things: Iterable[Channel | Role]) -> str:
    return ", ".join(thing.name for thing in things)


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
    """A message; private_to names the one reader of an ephemeral one."""

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
    pinned: bool = False
    nonce: str | int | None = None
    reference: JsonObject | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    interaction: JsonObject | None = None
    application_id: int | None = None
    private_to: int | None = None

    @property
    def ephemeral(self) -> bool:
        """Tell whether one member alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Tell whether it is a deferral that awaits its content."""
        return bool(self.flags & LOADING)
