"""Who calls the API: callers, tokens and sessions as records, and what the API may ask about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from chandelier_core.access.scopes import covers


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls the API. ``user_id`` is None for an operator. ``scopes`` and ``guild_ids`` are None where nothing is left out.

    ``caller`` tells callers apart, for rates and for answers that are kept.
    """

    kind: Literal["operator", "token", "session"]
    caller: str
    user_id: int | None = None
    name: str = "operator"
    scopes: tuple[str, ...] | None = None
    guild_ids: tuple[int, ...] | None = None

    def may(self, plugin: str, level: str) -> bool:
        """Say whether the scopes allow routes of a plugin (``host``: the bot's own) of a level: read, write or admin."""
        return self.scopes is None or covers(self.scopes, plugin, level)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What a new token is to be. ``lasts`` is None for one without an end."""

    name: str
    user_id: int | None
    scopes: Sequence[str]
    guild_ids: Sequence[int] | None = None
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is kept. ``user_id`` is None for an operator's, ``guild_ids`` None for every server."""

    id: str
    name: str
    user_id: int | None
    scopes: tuple[str, ...]
    guild_ids: tuple[int, ...] | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A login of a browser. ``guild_ids`` are the servers that Discord named at the login."""

    id: str
    user_id: int
    user_name: str
    user_agent: str
    guild_ids: tuple[int, ...]
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to a request with an ``Idempotency-Key``. ``status`` is None while it is answered; ``body`` is None
    where it is not kept.
    """

    request_hash: bytes
    status: int | None
    headers: Mapping[str, str]
    body: bytes | None


class Access(Protocol):
    """Who may use the API: tokens, sessions of browsers, and the login with Discord."""

    @property
    def login_here(self) -> bool:
        """Say whether people can log in: whether the settings for it are made."""
        ...

    async def of_token(self, text: str) -> Identity:
        """Recognise a bearer token. Raises UserError: ``token_wrong`` (401), or ``token_ended`` for one that was good."""
        ...

    async def of_cookie(self, secret: str) -> tuple[Identity, BrowserSession] | None:
        """Recognise the cookie of a session; None for one that has ended."""
        ...

    async def is_operator(self, identity: Identity) -> bool:
        """Say whether somebody may do what is the operator's: the operator, or who owns the application at Discord."""
        ...

    async def create_token(self, wish: TokenWish, *, by: str) -> tuple[ApiToken, str]:
        """Make a token; give it with its text, which nobody can be shown again. Raises UserError."""
        ...

    async def tokens(self, user_id: int | None, *, everybodys: bool) -> list[ApiToken]:
        """Give the tokens of a person, of the operators (None), or of everybody, the newest first."""
        ...

    async def revoke_token(self, token_id: str, user_id: int | None, *, everybodys: bool) -> None:
        """Revoke a token of a person, or anybody's. Raises NotFound."""
        ...

    async def begin_login(self, next_path: str) -> tuple[str, str]:
        """Begin a login; give the address at Discord, and the state for the cookie."""
        ...

    async def finish_login(
        self, *, state: str, held: str, code: str, issuer: str | None, user_agent: str
    ) -> tuple[str, str]:
        """End a login; give the secret for the session's cookie, and the path to go on to. Raises UserError."""
        ...

    async def sessions(self, user_id: int) -> list[BrowserSession]:
        """Give a person's sessions, the newest first."""
        ...

    async def end_session(self, user_id: int | None, session_id: str) -> None:
        """End a session of a person, or of anybody (None). Raises NotFound."""
        ...

    async def end_sessions(self, user_id: int) -> int:
        """End every session of a person; give how many there were."""
        ...

    async def begin_answer(self, caller: str, key: str, request_hash: bytes) -> KeptAnswer | None:
        """Note that a caller's request with this key is being answered; give what was answered before, for 24 hours."""
        ...

    async def keep_answer(
        self, caller: str, key: str, status: int, headers: Mapping[str, str], body: bytes | None
    ) -> None:
        """Keep an answer; ``body`` is None for one that must not be kept."""
        ...

    async def drop_answer(self, caller: str, key: str) -> None:
        """Forget a request that failed, so that it may be sent again."""
        ...
