"""The login with Discord: OAuth2's authorization code with PKCE (RFC 6749, RFC 7636), three requests and no library.

Discord's token is used once, to see who has come and in which servers they are, and then revoked; it is never kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import structlog

from chandelier import Unavailable, UserError
from chandelier_core.access.secret import hash_of
from chandelier_core.invite import application_of
from chandelier_core.settings import Settings
from chandelier_core.store.access import AccessRows

SCOPES = "identify guilds"
#: How long somebody may take at Discord's page.
WAY = timedelta(minutes=10)
REQUEST_S = 10.0
_NEXT = re.compile(r"/(?![/\\])[\x21-\x7e]{0,498}")

_log = structlog.get_logger("chandelier.login")


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """What a login needs: the application at Discord, and where the browser comes back to."""

    api_url: str
    client_id: int
    client_secret: str
    redirect_uri: str


def login_settings(settings: Settings) -> LoginSettings | None:
    """Take from the settings what a login needs; None where a part of it is missing."""
    client_id = application_of(settings.token or "")
    if client_id is None or settings.client_secret is None or settings.public_url is None:
        return None
    return LoginSettings(settings.api_url, client_id, settings.client_secret, f"{settings.public_url}/auth/callback")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who has logged in, in which servers they are, and where they wanted to go."""

    user_id: int
    user_name: str
    guild_ids: tuple[int, ...]
    next_path: str


class DiscordLogin:
    """Sends browsers to Discord, and takes them in again."""

    def __init__(self, settings: LoginSettings, rows: AccessRows, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._rows = rows
        self._now = now
        place = urlsplit(settings.api_url)
        self._issuer = f"{place.scheme}://{place.netloc}"

    async def begin(self, next_path: str) -> tuple[str, str]:
        """Begin a login; give the address at Discord, and the state that the browser must bring back in a cookie, too."""
        state, verifier, now = secrets.token_urlsafe(32), secrets.token_urlsafe(48)[:64], self._now()
        way_on = next_path if _NEXT.fullmatch(next_path) else "/"
        await self._rows.begin_login(hash_of(state), verifier, way_on, now, now - WAY)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code", "client_id": self._settings.client_id, "scope": SCOPES, "state": state,
            "redirect_uri": self._settings.redirect_uri, "code_challenge": challenge, "code_challenge_method": "S256",
            "prompt": "none",
        }  # fmt: skip
        return f"{self._issuer}/oauth2/authorize?{urlencode(query)}", state

    async def finish(self, *, state: str, held: str, code: str, issuer: str | None) -> Arrived:
        """Take in who comes back. ``held`` is the state of the cookie, ``issuer`` the parameter ``iss`` (RFC 9207).

        Raises UserError ``login_invalid`` for a way that began elsewhere, earlier than 10 minutes ago, or has been gone
        already, and Unavailable where Discord does not answer. Discord hears nothing before the state was found good.
        """
        if not state or not hmac.compare_digest(state.encode(), held.encode()):
            raise _invalid("it did not begin in this browser")
        begun = await self._rows.take_login(hash_of(state), self._now() - WAY)
        if begun is None:
            raise _invalid("it has been used already, or began more than ten minutes ago")
        if issuer is not None and issuer.rstrip("/") not in (self._issuer, f"{self._issuer}/api"):
            raise _invalid("it came back from somebody who is not Discord")
        verifier, next_path = begun
        timeout = aiohttp.ClientTimeout(total=REQUEST_S)
        try:
            async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http:
                return await self._ask(http, code, verifier, next_path)
        except (aiohttp.ClientError, TimeoutError, KeyError, ValueError, TypeError) as error:
            _log.warning("login_failed", error=type(error).__name__)
            raise Unavailable("Discord did not answer as it should; try to log in again.") from None

    async def _ask(self, http: aiohttp.ClientSession, code: str, verifier: str, next_path: str) -> Arrived:
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": verifier,
        }
        token = await self._token(http, given)
        try:
            bearer = {"Authorization": f"Bearer {token}"}
            user = await self._get(http, "/users/@me", bearer)
            guilds = await self._get(http, "/users/@me/guilds", bearer)
        finally:
            await self._revoke(http, token)
        name = str(user.get("global_name") or user["username"])
        return Arrived(int(user["id"]), name, tuple(int(guild["id"]) for guild in guilds), next_path)

    async def _token(self, http: aiohttp.ClientSession, given: dict[str, str]) -> str:
        async with http.post(f"{self._settings.api_url}/oauth2/token", data=given, auth=self._auth) as answer:
            if 400 <= answer.status < 500 and answer.status != 429:
                raise _invalid("Discord did not take it")
            answer.raise_for_status()
            return str((await answer.json())["access_token"])

    async def _get(self, http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> Any:
        async with http.get(self._settings.api_url + path, headers=headers, raise_for_status=True) as answer:
            return await answer.json()

    async def _revoke(self, http: aiohttp.ClientSession, token: str) -> None:
        given = {"token": token, "token_type_hint": "access_token"}
        try:
            async with http.post(
                f"{self._settings.api_url}/oauth2/token/revoke", data=given, auth=self._auth, raise_for_status=True
            ):
                return
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.warning("login_token_not_revoked", error=type(error).__name__)  # Discord ends it after a week

    @property
    def _auth(self) -> aiohttp.BasicAuth:
        return aiohttp.BasicAuth(str(self._settings.client_id), self._settings.client_secret)


def _invalid(why: str) -> UserError:
    return UserError("login_invalid", f"This login cannot go on: {why}. Begin again.", status=400)
