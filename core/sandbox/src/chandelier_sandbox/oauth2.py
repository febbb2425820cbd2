"""OAuth2: what people have allowed the application, and the codes and tokens that prove it (RFC 6749, RFC 7636)."""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Application, User

CODE_S = 600.0
TOKEN_S = 604_800
_MOST_CODES = 1000
_MOST_TOKENS = 10_000
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?\[\]!$&'()*+,;=%]+")
_NEVER = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})


class TokenRefused(Exception):
    """The token endpoint says no (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str | None = None, status: int = 400) -> None:
        super().__init__(description or error)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person has allowed, until the code for it is redeemed.

    challenge: the S256 code challenge. extra: what the token's answer carries besides (guild, webhook).
    """

    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str | None = None
    extra: JsonObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, its refresh token, and whom and what it stands for."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    user: User
    scopes: tuple[str, ...]
    expires_at: float

    def answer(self) -> JsonObject:
        """Describe it as the token endpoint does."""
        answer: JsonObject = {"token_type": "Bearer", "access_token": self.access, "expires_in": TOKEN_S}
        answer |= {} if self.refresh is None else {"refresh_token": self.refresh}
        return answer | {"scope": " ".join(self.scopes)}


class OAuth2:
    """Hold consents, codes and tokens of the one application; times are those of the sandbox's clock."""

    def __init__(self, clock: Clock, application: Application) -> None:
        self._clock = clock
        self._application = application
        self._codes: dict[str, tuple[Consent, float]] = {}
        self._tokens: dict[str, Token] = {}
        self._allowed: dict[int, set[str]] = {}

    # The client

    @property
    def client_id(self) -> str:
        """Return the application's id."""
        return str(self._application.id)

    @property
    def client_secret(self) -> str:
        """Return the secret, which is the same at every start."""
        digest = blake2b(f"client secret/{self._application.id}".encode(), digest_size=24).digest()
        return urlsafe_b64encode(digest).decode()

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """Return where people may be sent back to; empty means any loopback URL."""
        return tuple(self._application.redirect_uris)

    @redirect_uris.setter
    def redirect_uris(self, uris: Iterable[str]) -> None:
        wanted = [uris] if isinstance(uris, str) else list(uris)
        for uri in wanted:
            if not _is_uri(uri):
                raise ValueError(
                    f"{uri!r} cannot be a redirect URI; write an absolute one without fragment, "
                    "such as http://127.0.0.1:8080/callback."
                )
        self._application.redirect_uris[:] = wanted

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Raise invalid_client unless both are the application's."""
        right = (self.client_id + "\0" + self.client_secret).encode()
        if not compare_digest(f"{client_id}\0{client_secret}".encode("utf-8", "replace"), right):
            raise TokenRefused("invalid_client", status=401)

    def may_redirect_to(self, uri: str) -> bool:
        """Tell whether a redirect URI is registered; compared as text (RFC 9700, section 2.1)."""
        if self._application.redirect_uris:
            return uri in self._application.redirect_uris
        return _is_uri(uri) and urlsplit(uri).scheme in ("http", "https") and _is_loopback(urlsplit(uri).hostname)

    # Consent and codes

    def allow(self, consent: Consent) -> str:
        """Note what a person allows and return the code for it: good once, for ten minutes."""
        self.remember(consent.user, consent.scopes)
        now, code = self._clock.time(), secrets.token_urlsafe(22)
        self._codes = {text: kept for text, kept in self._codes.items() if kept[1] > now}
        while len(self._codes) >= _MOST_CODES:
            del self._codes[next(iter(self._codes))]
        self._codes[code] = (consent, now + CODE_S)
        return code

    def remember(self, user: User, scopes: Iterable[str]) -> None:
        """Note that somebody has allowed these scopes."""
        self._allowed.setdefault(user.id, set()).update(scopes)

    def has_allowed(self, user: User, scopes: Iterable[str]) -> bool:
        """Tell whether somebody has allowed all of these before, and not revoked it."""
        return self._allowed.get(user.id, set()).issuperset(scopes)

    def redeem(self, code: str, redirect_uri: str | None, verifier: str | None) -> Consent:
        """Return what a code stands for and forget the code, or raise invalid_grant."""
        consent, until = self._codes.get(code, (None, 0.0))
        if consent is None or until <= self._clock.time():
            raise TokenRefused("invalid_grant", 'Invalid "code" in request.')
        if (redirect_uri or "") != consent.redirect_uri:
            raise TokenRefused("invalid_grant", 'Invalid "redirect_uri" in request.')
        if consent.challenge != (None if verifier is None else challenge_of(verifier)):
            raise TokenRefused("invalid_grant", 'Invalid "code_verifier" in request.')
        del self._codes[code]
        return consent

    # Tokens

    def issue(self, user: User, scopes: tuple[str, ...], *, refreshable: bool = True) -> Token:
        """Make an access token for a week."""
        refresh = secrets.token_urlsafe(22) if refreshable else None
        until = self._clock.time() + TOKEN_S
        token = Token(secrets.token_urlsafe(22), refresh, user, scopes, until)
        while len(self._tokens) >= _MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        self._tokens[token.access] = token
        return token

    def find(self, access: str) -> Token | None:
        """Return the token of this access token while it is good."""
        token = self._tokens.get(access)
        return None if token is None or token.expires_at <= self._clock.time() else token

    def refresh(self, text: str) -> Token:
        """Replace a token by a new one with a new refresh token, or raise invalid_grant; the old ones end."""
        old = next((token for token in self._tokens.values() if token.refresh == text), None)
        if old is None:
            raise TokenRefused("invalid_grant", 'Invalid "refresh_token" in request.')
        del self._tokens[old.access]
        return self.issue(old.user, old.scopes)

    def revoke(self, text: str) -> None:
        """End the authorization a token belongs to: all tokens of that person (Discord: OAuth2, Revocation)."""
        found = next((token for token in self._tokens.values() if text in (token.access, token.refresh)), None)
        if found is not None:
            self._tokens = {access: token for access, token in self._tokens.items() if token.user is not found.user}
            self._allowed.pop(found.user.id, None)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge of a code verifier (RFC 7636, section 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode("utf-8", "replace")).digest()).decode().rstrip("=")


def _is_uri(uri: str) -> bool:
    """Tell whether a text is an absolute URI that every reader splits alike: no fragment, no user, no backslash."""
    if _URI.fullmatch(uri) is None or uri.partition(":")[0].lower() in _NEVER:
        return False
    try:
        parts = urlsplit(uri)
        return (parts.port is None or parts.port > 0) and (
            bool(parts.hostname) or parts.scheme not in ("http", "https")
        )
    except ValueError:
        return False


def _is_loopback(host: str | None) -> bool:
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
