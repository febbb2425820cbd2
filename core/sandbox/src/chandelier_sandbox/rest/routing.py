"""What a REST route is: a method, a template, a handler, who may call it, how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from chandelier_sandbox.errors import DiscordError, FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Attachment, User

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord


class Standing(Enum):
    """How faithfully an operation is played.

    real: state, permissions, errors and events as Discord's. tolerated: a valid answer, with little behind it.
    """

    REAL = "real"
    TOLERATED = "tolerated"


class Auth(Enum):
    """What the Authorization header must hold (Discord: API Reference, Authentication)."""

    NONE = "nothing"
    BOT = "the bot's token"
    USER = "an OAuth2 access token"
    EITHER = "the bot's token or an OAuth2 access token"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls: the bot, or a user through OAuth2 with these scopes until this moment."""

    user: User
    scopes: frozenset[str] = frozenset()
    is_bot: bool = True
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests a bucket takes in how many seconds (Discord: Rate Limits)."""

    most: int = 50
    window_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """One REST request, already read: who calls, path parameters, query, decoded body, files, audit-log reason."""

    discord: Discord
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: tuple[Attachment, ...]
    identity: Identity
    reason: str | None = None

    @property
    def user(self) -> User:
        """Return who acts: the bot, or the user of the access token."""
        return self.identity.user

    def number(self, name: str) -> int:
        """Return a snowflake of the path or raise 50035."""
        text = self.path[name]
        if not text.isdecimal() or len(text) > 20:
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            errors.raise_any()
        return int(text)

    def form(self) -> JsonObject:
        """Return the body, which must be an object."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise DiscordError(400, 50109, "The request body contains invalid JSON.")
        return self.body

    def marker(self, name: str) -> int | None:
        """Return a snowflake of the query, None when absent, or raise 50035."""
        text = self.query.get(name)
        if text is None:
            return None
        if not text.isdecimal() or len(text) > 20:
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            errors.raise_any()
        return int(text)

    def count(self, name: str, default: int, most: int, least: int = 1) -> int:
        """Return a whole number of the query between least and most, or raise 50035."""
        text = self.query.get(name, str(default))
        if not text.isdecimal() or len(text) > 20 or not least <= int(text) <= most:
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
            errors.raise_any()
        return int(text)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a true-or-false of the query."""
        return self.query.get(name, str(default)).lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back as JSON; 204 has no body."""

    body: Any = None
    status: int = 200


NO_CONTENT = Answer(status=204)
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation; the template uses the parameter names of Discord's OpenAPI document.

    limited: whether rate limits apply at all. rate: those of its bucket.
    """

    method: str
    template: str
    handler: Handler = field(repr=False)
    auth: Auth = Auth.BOT
    limited: bool = True
    rate: Rate = Rate()
    standing: Standing = Standing.REAL
