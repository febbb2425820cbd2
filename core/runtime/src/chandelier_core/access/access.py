"""Who may use the API, in one piece: what the API asks the host."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chandelier import Unavailable, UserError
from chandelier_core.access.callers import ApiToken, BrowserSession, Identity, KeptAnswer, TokenWish
from chandelier_core.access.discord_login import DiscordLogin, LoginSettings
from chandelier_core.access.scopes import check_scopes
from chandelier_core.access.sessions import Sessions
from chandelier_core.access.tokens import Tokens
from chandelier_core.store.access import AccessRows
from chandelier_core.store.answers import AnswerRows

OPERATOR = Identity("operator", "operator")
FORGET_EVERY = timedelta(hours=1)


class RunningAccess:
    """The one implementation of ``chandelier_core.host.Access``."""

    def __init__(
        self, rows: AccessRows, answers: AnswerRows, now: Callable[[], datetime], *, operator_token: str | None,
        login: LoginSettings | None, plugins: Callable[[], Iterable[str]], owns: Callable[[int], Awaitable[bool]],
    ) -> None:  # fmt: skip
        """Stand on the tables. ``plugins`` gives the names that scopes may have, ``owns`` says who owns the application."""
        self._answers = answers
        self._now = now
        self._forget_at = now()
        self._tokens = Tokens(rows, now)
        self._sessions = Sessions(rows, now)
        self._login = None if login is None else DiscordLogin(login, rows, now)
        self._operator_token = operator_token
        self._plugins = plugins
        self._owns = owns

    @property
    def login_here(self) -> bool:
        """Say whether people can log in."""
        return self._login is not None

    async def of_token(self, text: str) -> Identity:
        """Recognise a bearer token."""
        if self._operator_token and hmac.compare_digest(text.encode(errors="replace"), self._operator_token.encode()):
            return OPERATOR
        token = await self._tokens.find(text)
        if token is None:
            raise UserError("token_wrong", "That is no token of this API.", status=401)
        if (why := self._tokens.why_refused(token)) is not None:
            raise UserError("token_ended", why, status=401)
        await self._tokens.used(token)
        name = f"the token {token.name}"
        return Identity("token", f"token:{token.id}", token.user_id, name, token.scopes, token.guild_ids)

    async def of_cookie(self, secret: str) -> tuple[Identity, BrowserSession] | None:
        """Recognise the cookie of a session."""
        session = await self._sessions.find(secret)
        if session is None:
            return None
        return Identity("session", f"user:{session.user_id}", session.user_id, session.user_name), session

    async def is_operator(self, identity: Identity) -> bool:
        """Say whether somebody may do what is the operator's."""
        return identity.user_id is None or await self._owns(identity.user_id)

    async def create_token(self, wish: TokenWish, *, by: str) -> tuple[ApiToken, str]:
        """Make a token."""
        scopes = check_scopes(wish.scopes, self._plugins())
        return await self._tokens.create(replace(wish, scopes=scopes), by=by)

    async def tokens(self, user_id: int | None, *, everybodys: bool = False) -> list[ApiToken]:
        """Give the tokens of somebody, or of everybody."""
        return await self._tokens.of(user_id, everybodys=everybodys)

    async def revoke_token(self, token_id: str, user_id: int | None, *, everybodys: bool = False) -> None:
        """Revoke a token."""
        await self._tokens.revoke(token_id, user_id, everybodys=everybodys)

    async def begin_login(self, next_path: str) -> tuple[str, str]:
        """Begin a login."""
        return await self._desk().begin(next_path)

    async def finish_login(
        self, *, state: str, held: str, code: str, issuer: str | None, user_agent: str
    ) -> tuple[str, str]:
        """End a login."""
        came = await self._desk().finish(state=state, held=held, code=code, issuer=issuer)
        secret = await self._sessions.begin(came.user_id, came.user_name, came.guild_ids, user_agent)
        return secret, came.next_path

    async def sessions(self, user_id: int) -> list[BrowserSession]:
        """Give a person's sessions."""
        return await self._sessions.of(user_id)

    async def end_session(self, user_id: int | None, session_id: str) -> None:
        """End a session."""
        await self._sessions.end(user_id, session_id)

    async def end_sessions(self, user_id: int) -> int:
        """End every session of a person."""
        return await self._sessions.end_all(user_id)

    async def begin_answer(self, caller: str, key: str, request_hash: bytes) -> KeptAnswer | None:
        """Note that a request is being answered, or give its answer; now and then, drop what is too old."""
        now = self._now()
        if now >= self._forget_at:
            self._forget_at = now + FORGET_EVERY
            await self._answers.forget(now)
        return await self._answers.begin(caller, key, request_hash, now)

    async def keep_answer(
        self, caller: str, key: str, status: int, headers: Mapping[str, str], body: bytes | None
    ) -> None:
        """Keep an answer."""
        await self._answers.keep(caller, key, status, headers, body)

    async def drop_answer(self, caller: str, key: str) -> None:
        """Forget a request that failed."""
        await self._answers.drop(caller, key)

    def _desk(self) -> DiscordLogin:
        if self._login is None:
            raise Unavailable(
                "There is no login here: the operator has not set DISCORD_CLIENT_SECRET and CHANDELIER_PUBLIC_URL.",
                code="no_login",
            )
        return self._login
