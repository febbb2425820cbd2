"""A call and its outcome: what a surface hands to dispatch, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chandelier.permissions import Permission


class Surface(StrEnum):
    """A way in."""

    SLASH = "slash"
    TEXT = "text"
    REST = "rest"
    #: Nobody asked by name: a message that matched, a reaction, a time. Only commands that name it among theirs.
    EVENT = "event"


class Status(StrEnum):
    """How a call ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who makes a call: a Discord user, or the operator over REST.

    ``id`` is the Discord user id, and None for an operator who acts for nobody. ``permissions`` are those that count in the
    place of the call, already computed (administrator and owner have all).
    """

    id: int | None
    name: str
    permissions: Permission = Permission.NONE
    operator: bool = False
    #: How they are called in the place of the call, and what else is known of them there.
    display_name: str = ""
    avatar_url: str = ""
    role_ids: tuple[int, ...] = ()
    joined_at: datetime | None = None

    def may(self, allow: Permission) -> bool:
        """Say whether this actor holds all of these permissions."""
        return self.operator or bool(self.permissions & Permission.ADMINISTRATOR) or allow in self.permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to run a command, after its surface has read it.

    ``arguments`` are as the surface found them: JSON values over REST, words in text, typed values in slash; dispatch converts
    them. ``reference`` names the call in logs, replies and problems.
    """

    reference: str
    surface: Surface
    plugin: str
    command: str
    actor: Actor
    arguments: Mapping[str, object]
    received_at: datetime
    guild_id: int | None = None
    channel_id: int | None = None
    #: The message that asked, where one did.
    message_id: int | None = None
    locale: str = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a call ended.

    ``value`` is what the handler returned (answered), ``sentence`` what a person is told otherwise, ``code`` the stable word of a
    refusal, ``http_status`` the status a REST surface answers with.
    """

    status: Status
    value: object = None
    code: str | None = None
    sentence: str | None = None
    http_status: int = 200
    duration_ms: float = 0.0
    ephemeral: bool = False
    details: Mapping[str, object] = field(default_factory=dict)
