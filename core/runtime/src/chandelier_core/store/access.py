"""The rows of tokens, sessions and logins. Needs an open store."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from chandelier_core.access.callers import ApiToken, BrowserSession
from chandelier_core.store.store import Store


class AccessRows:
    """Reads and writes the three tables."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_token(self, token: ApiToken, hashed: bytes) -> None:
        """Keep a new token."""
        await self._store.rows(
            "INSERT INTO core.token (id, hash, name, user_id, scopes, guild_ids, created_by, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            token.id, hashed, token.name, token.user_id, json.dumps(token.scopes),
            None if token.guild_ids is None else json.dumps(token.guild_ids), token.created_by, token.created_at,
            token.expires_at,
        )  # fmt: skip

    async def token(self, token_id: str) -> tuple[ApiToken, bytes] | None:
        """Give a token with its hash."""
        rows = await self._store.rows("SELECT * FROM core.token WHERE id = $1", token_id)
        return (_token(rows[0]), bytes(rows[0]["hash"])) if rows else None

    async def tokens(self, user_id: int | None, *, everybodys: bool = False) -> list[ApiToken]:
        """Give the tokens of a person, of the operators (None), or of everybody, the newest first."""
        rows = await self._store.rows(
            "SELECT * FROM core.token WHERE $2 OR user_id IS NOT DISTINCT FROM $1 ORDER BY created_at DESC, id",
            user_id, everybodys,
        )  # fmt: skip
        return [_token(row) for row in rows]

    async def revoke_token(self, token_id: str, now: datetime) -> bool:
        """Revoke a token; say whether there was one in use."""
        sql = "UPDATE core.token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id"
        return bool(await self._store.rows(sql, token_id, now))

    async def used_token(self, token_id: str, now: datetime) -> None:
        """Keep when a token was last used."""
        await self._store.rows("UPDATE core.token SET last_used_at = $2 WHERE id = $1", token_id, now)

    async def add_session(self, session: BrowserSession, hashed: bytes) -> None:
        """Keep a new session, and drop what has ended."""
        await self._store.rows("DELETE FROM core.session WHERE ends_at < $1", session.created_at)
        await self._store.rows(
            "INSERT INTO core.session (id, user_id, user_name, user_agent, guild_ids, created_at, last_used_at, ends_at, hash)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            session.id, session.user_id, session.user_name, session.user_agent, json.dumps(session.guild_ids),
            session.created_at, session.last_used_at, session.ends_at, hashed,
        )  # fmt: skip

    async def session(self, hashed: bytes) -> BrowserSession | None:
        """Give the session that a secret's hash stands for."""
        rows = await self._store.rows("SELECT * FROM core.session WHERE hash = $1", hashed)
        return _session(rows[0]) if rows else None

    async def sessions(self, user_id: int) -> list[BrowserSession]:
        """Give a person's sessions, the newest first."""
        sql = "SELECT * FROM core.session WHERE user_id = $1 ORDER BY created_at DESC, id"
        return [_session(row) for row in await self._store.rows(sql, user_id)]

    async def used_session(self, session_id: str, now: datetime) -> None:
        """Keep when a session was last used."""
        await self._store.rows("UPDATE core.session SET last_used_at = $2 WHERE id = $1", session_id, now)

    async def end_sessions(self, user_id: int | None, session_id: str | None = None) -> int:
        """End one session, or all of a person's; give how many there were. None is any person."""
        sql = "DELETE FROM core.session WHERE ($1::bigint IS NULL OR user_id = $1) AND ($2::text IS NULL OR id = $2) RETURNING id"
        return len(await self._store.rows(sql, user_id, session_id))

    async def begin_login(self, hashed: bytes, verifier: str, next_path: str, now: datetime, oldest: datetime) -> None:
        """Keep that a login has begun, and drop those that began before ``oldest``."""
        await self._store.rows("DELETE FROM core.login WHERE created_at < $1", oldest)
        await self._store.rows("INSERT INTO core.login VALUES ($1, $2, $3, $4)", hashed.hex(), verifier, next_path, now)

    async def take_login(self, hashed: bytes, oldest: datetime) -> tuple[str, str] | None:
        """Give the verifier and the way on of a login that has begun, once."""
        sql = "DELETE FROM core.login WHERE hash = $1 RETURNING verifier, next_path, created_at"
        rows = [row for row in await self._store.rows(sql, hashed.hex()) if row["created_at"] >= oldest]
        return (rows[0]["verifier"], rows[0]["next_path"]) if rows else None


def _token(row: dict[str, Any]) -> ApiToken:
    scopes, guild_ids = _json(row["scopes"]), _json(row["guild_ids"])
    return ApiToken(
        id=row["id"], name=row["name"], user_id=row["user_id"], scopes=tuple(scopes),
        guild_ids=None if guild_ids is None else tuple(guild_ids), created_by=row["created_by"], created_at=row["created_at"],
        expires_at=row["expires_at"], last_used_at=row["last_used_at"], revoked_at=row["revoked_at"],
    )  # fmt: skip


def _session(row: dict[str, Any]) -> BrowserSession:
    return BrowserSession(
        id=row["id"], user_id=row["user_id"], user_name=row["user_name"], user_agent=row["user_agent"],
        guild_ids=tuple(_json(row["guild_ids"])), created_at=row["created_at"], last_used_at=row["last_used_at"],
        ends_at=row["ends_at"],
    )  # fmt: skip


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
