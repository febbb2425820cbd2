"""Tokens of the API: made, listed, revoked, and recognised."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from chandelier import BadOption, NotFound, UserError
from chandelier_core.access.callers import ApiToken, TokenWish
from chandelier_core.access.secret import hash_of, id_of_token, new_id, new_token
from chandelier_core.store.access import AccessRows

MOST_EACH = 25
NAME_MOST = 80
LONGEST = timedelta(days=3650)
#: How exactly it is kept when a token or a session was last used.
USED_AGAIN = timedelta(seconds=60)


class Tokens:
    """Whoever holds one acts as its Discord user; one without a user is an operator's."""

    def __init__(self, rows: AccessRows, now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._now = now

    async def create(self, wish: TokenWish, *, by: str) -> tuple[ApiToken, str]:
        """Make a token; give how it is kept, and its text, which nobody can be shown again.

        Expects scopes that ``check_scopes`` gave. Raises BadOption for a name or a time that does not fit, and UserError where
        the person has 25 already.
        """
        name, now = wish.name.strip(), self._now()
        if not 1 <= len(name) <= NAME_MOST or not name.isprintable():
            raise BadOption(f"The name must have 1 to {NAME_MOST} characters, in one line.", option="name")
        if wish.lasts is not None and not timedelta() < wish.lasts <= LONGEST:
            raise BadOption("A token lasts from one second to ten years.", option="expires_in")
        held = [token for token in await self._rows.tokens(wish.user_id) if self.why_refused(token) is None]
        if len(held) >= MOST_EACH:
            raise UserError("too_many_tokens", f"There are {MOST_EACH} tokens already; revoke one that is not needed.")
        token_id = new_id()
        text = new_token(token_id)
        kept = ApiToken(
            id=token_id, name=name, user_id=wish.user_id, scopes=tuple(wish.scopes), created_by=by[:64], created_at=now,
            guild_ids=None if wish.guild_ids is None else tuple(sorted(set(wish.guild_ids))),
            expires_at=None if wish.lasts is None else now + wish.lasts,
        )  # fmt: skip
        await self._rows.add_token(kept, hash_of(text))
        return kept, text

    async def find(self, text: str) -> ApiToken | None:
        """Give the token that a text is, in use or not; None for what was never one. Takes the same time for each."""
        token_id = id_of_token(text)
        found = None if token_id is None else await self._rows.token(token_id)
        if found is None or not hmac.compare_digest(found[1], hash_of(text)):
            return None
        return found[0]

    def why_refused(self, token: ApiToken) -> str | None:
        """Say why a token no longer opens anything; None while it does."""
        if token.revoked_at is not None:
            return "This token was revoked."
        if token.expires_at is not None and token.expires_at <= self._now():
            return "This token has expired."
        return None

    async def used(self, token: ApiToken) -> None:
        """Keep that a token was used, to the minute."""
        now = self._now()
        if token.last_used_at is None or now - token.last_used_at >= USED_AGAIN:
            await self._rows.used_token(token.id, now)

    async def of(self, user_id: int | None, *, everybodys: bool = False) -> list[ApiToken]:
        """Give the tokens of a person, of the operators (None), or of everybody, the newest first."""
        return await self._rows.tokens(user_id, everybodys=everybodys)

    async def revoke(self, token_id: str, user_id: int | None, *, everybodys: bool = False) -> None:
        """Revoke a person's token, or anybody's. Raises NotFound where there is none, or it is somebody else's."""
        held = await self.of(user_id, everybodys=everybodys)
        if token_id not in {token.id for token in held} or not await self._rows.revoke_token(token_id, self._now()):
            raise NotFound("There is no such token in use.")
