"""What goes on in a guild: voice, stages, scheduled events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records.users import User


@dataclass(slots=True, eq=False)
class VoiceState:
    """A member in a voice or stage channel; server mute and deaf are facts of the membership."""

    user_id: int
    channel_id: int
    session_id: str
    self_mute: bool = False
    self_deaf: bool = False
    suppress: bool = False
    asked_to_speak_at: datetime | None = None


@dataclass(slots=True, eq=False)
class StageInstance:
    """A stage that is open."""

    id: int
    channel_id: int
    topic: str
    privacy_level: int = 2
    scheduled_event_id: int | None = None


class EventPlace(IntEnum):
    """Discord: Guild Scheduled Event, Entity Types."""

    STAGE = 1
    VOICE = 2
    EXTERNAL = 3


class EventStatus(IntEnum):
    """Discord: Guild Scheduled Event, Status."""

    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELED = 4


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    """An event of a guild; location is where an external one takes place, users are who is interested."""

    id: int
    name: str
    creator: User
    place: EventPlace
    starts_at: datetime
    ends_at: datetime | None = None
    description: str | None = None
    channel_id: int | None = None
    location: str | None = None
    image: str | None = None
    recurrence: JsonObject | None = None
    status: EventStatus = EventStatus.SCHEDULED
    users: list[int] = field(default_factory=list)
