"""A server and what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records.channels import Channel
from chandelier_sandbox.records.expressions import Sound, Sticker
from chandelier_sandbox.records.happenings import ScheduledEvent, StageInstance, VoiceState
from chandelier_sandbox.records.users import User


@dataclass(slots=True, eq=False)
class Role:
    """A role of one guild; the one with the guild's id is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 1
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False
    bot_id: int | None = None
    unicode_emoji: str | None = None
    secondary_color: int | None = None
    tertiary_color: int | None = None


@dataclass(slots=True, eq=False)
class Membership:
    """A user in a guild."""

    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    muted_until: datetime | None = None
    deaf: bool = False
    mute: bool = False
    flags: int = 0


@dataclass(slots=True, eq=False)
class Ban:
    """A user who may not come back, and why."""

    user: User
    reason: str | None = None


@dataclass(slots=True, eq=False)
class Emoji:
    """A custom emoji of a guild or of the application."""

    id: int
    name: str
    creator: User
    animated: bool = False
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Invite:
    """A way into a guild; age 0 and uses 0 mean without limit."""

    code: str
    channel_id: int
    inviter: User
    created_at: datetime
    max_age_s: int = 86_400
    max_uses: int = 0
    uses: int = 0
    temporary: bool = False
    roles: list[int] = field(default_factory=list)

    @property
    def expires_at(self) -> datetime | None:
        """Return when it ends; None if never."""
        return self.created_at + timedelta(seconds=self.max_age_s) if self.max_age_s else None


@dataclass(slots=True, eq=False)
class Webhook:
    """A door for messages into one channel (kind 1), or a follower of another channel (kind 2)."""

    id: int
    token: str = field(repr=False)
    guild_id: int
    channel_id: int
    name: str
    creator: User
    kind: int = 1
    source_channel_id: int | None = None
    avatar: str | None = None
    application_id: int | None = None


@dataclass(slots=True, eq=False)
class AuditEntry:
    """One line of the audit log: who did what to what."""

    id: int
    user_id: int
    action: int
    target_id: int | None
    changes: list[JsonObject] = field(default_factory=list)
    options: JsonObject | None = None
    reason: str | None = None


@dataclass(slots=True, eq=False)
class Guild:
    """A server: what it holds, by id.

    settings: what its owner may change, under Discord's names (description, verification_level …).
    rules (of auto moderation) and templates are kept as Discord describes them; screens: welcome screen, onboarding,
    widget, incidents, by their names.
    """

    id: int
    name: str
    owner_id: int
    joined_at: datetime
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Membership] = field(default_factory=dict)
    bans: dict[int, Ban] = field(default_factory=dict)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    invites: dict[str, Invite] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    audit_log: list[AuditEntry] = field(default_factory=list)
    stickers: dict[int, Sticker] = field(default_factory=dict)
    sounds: dict[int, Sound] = field(default_factory=dict)
    voice_states: dict[int, VoiceState] = field(default_factory=dict)
    stages: dict[int, StageInstance] = field(default_factory=dict)
    scheduled_events: dict[int, ScheduledEvent] = field(default_factory=dict)
    rules: dict[int, JsonObject] = field(default_factory=dict)
    templates: dict[str, JsonObject] = field(default_factory=dict)
    screens: dict[str, JsonObject] = field(default_factory=dict)
    settings: JsonObject = field(default_factory=dict)

    def channel(self, name_or_id: str | int) -> Channel:
        """Return the channel or thread with this name or id; LookupError when there is none."""
        everything = (*self.channels.values(), *self.threads.values())
        for channel in everything:
            if name_or_id == channel.id or str(name_or_id).removeprefix("#") in (channel.name, str(channel.id)):
                return channel
        raise LookupError(f"{self.name} has no channel {name_or_id!r}; it has {_names(everything)}.")

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

    def features(self) -> list[str]:
        """Return the features it has (Discord: Guild Features)."""
        return list(self.settings.get("features") or [])

    def top_position(self, member: Membership) -> int:
        """Return the position of a member's highest role."""
        return max((self.roles[role_id].position for role_id in member.roles if role_id in self.roles), default=0)


def _callings(member: Membership) -> tuple[str | None, ...]:
    return (member.user.name, member.user.display_name, member.nick, str(member.user.id))


def _names(things: Iterable[Channel | Role]) -> str:
    return ", ".join(thing.name for thing in things)
