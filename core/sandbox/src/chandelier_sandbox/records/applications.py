"""The bot's application and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records.guilds import Emoji
from chandelier_sandbox.records.users import User


@dataclass(slots=True, eq=False)
class Entitlement:
    """The right of a user or a guild to something sold; here always a test entitlement."""

    id: int
    sku_id: int
    user_id: int
    guild_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    deleted: bool = False
    consumed: bool = False


@dataclass(slots=True, eq=False)
class Application:
    """An application: its facts, and by id what it holds.

    settings: what its owner may change, under Discord's names (tags, install_params …).
    metadata: what role connections may be judged by; connections: a person's, by user id.
    """

    id: int
    name: str
    owner: User
    description: str = "A bot in the sandbox."
    public_key: str = ""
    icon: str | None = None
    flags: int = 0
    redirect_uris: list[str] = field(default_factory=list)
    settings: JsonObject = field(default_factory=dict)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    entitlements: dict[int, Entitlement] = field(default_factory=dict)
    metadata: list[JsonObject] = field(default_factory=list)
    connections: dict[int, JsonObject] = field(default_factory=dict)
