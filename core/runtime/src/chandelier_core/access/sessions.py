"""Sessions of browsers: who has logged in, since when, and until when."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chandelier import NotFound
from chandelier_core.access.callers import BrowserSession
from chandelier_core.access.secret import hash_of, new_id
from chandelier_core.access.tokens import USED_AGAIN
from chandelier_core.store.access import AccessRows

IDLE = timedelta(hours=24)
LONGEST = timedelta(days=7)


class Sessions:
    """A session ends after 24 hours without use, after 7 days, or when somebody ends it."""

    def __init__(self, rows: AccessRows, now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._now = now

    async def begin(self, user_id: int, user_name: str, guild_ids: Sequence[int], user_agent: str) -> str:
        """Begin a session; give the secret for the cookie, which is kept as a hash only."""
        secret, now = secrets.token_urlsafe(32), self._now()
        kept = BrowserSession(
            id=new_id(), user_id=user_id, user_name=user_name[:64], user_agent=_plain(user_agent)[:200],
            guild_ids=tuple(guild_ids), created_at=now, last_used_at=now, ends_at=now + LONGEST,
        )  # fmt: skip
        await self._rows.add_session(kept, hash_of(secret))
        return secret

    async def find(self, secret: str) -> BrowserSession | None:
        """Give the session that a cookie holds, if it has not ended; that counts as its use."""
        session, now = await self._rows.session(hash_of(secret)), self._now()
        if session is None or session.ends_at <= now or now - session.last_used_at >= IDLE:
            return None
        if now - session.last_used_at >= USED_AGAIN:
            await self._rows.used_session(session.id, now)
        return session

    async def of(self, user_id: int) -> list[BrowserSession]:
        """Give a person's sessions that have not ended, the newest first."""
        now = self._now()
        kept = await self._rows.sessions(user_id)
        return [one for one in kept if one.ends_at > now and now - one.last_used_at < IDLE]

    async def end(self, user_id: int | None, session_id: str) -> None:
        """End one session of a person, or of anybody (None). Raises NotFound where there is none."""
        if not await self._rows.end_sessions(user_id, session_id):
            raise NotFound("There is no such session.")

    async def end_all(self, user_id: int) -> int:
        """End every session of a person; give how many there were."""
        return await self._rows.end_sessions(user_id)


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
