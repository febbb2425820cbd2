"""What an application asks of people: the parameters of the authorization URL, checked (Discord: OAuth2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

from chandelier_sandbox.oauth2 import OAuth2
from chandelier_sandbox.permissions import EVERYTHING
from chandelier_sandbox.scopes import are_askable, split_scopes

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_WRONG_SCOPE = "The requested scope is invalid, unknown, or malformed."
_STATE_MOST = 2048


class BadAsk(Exception):
    """The application or its redirect URI cannot be trusted: people see a page and are sent nowhere."""


class SentBack(Exception):
    """Something else is wrong, or refused: people are sent back with an error (RFC 6749, section 4.1.2.1)."""

    def __init__(self, ask: Ask, error: str, description: str) -> None:
        super().__init__(description)
        self.location = ask.back({"error": error, "error_description": description})


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked. redirect_uri is empty where people only add the bot; implicit: a token instead of a code."""

    redirect_uri: str
    scopes: tuple[str, ...] = ()
    state: str | None = None
    implicit: bool = False
    silent: bool = False
    challenge: str | None = None
    permissions: int = 0
    guild_id: int | None = None
    guild_fixed: bool = False
    for_user: bool = False

    @property
    def wants_guild(self) -> bool:
        """Tell whether the bot is to be added to a server."""
        return "bot" in self.scopes and not self.for_user

    @property
    def wants_channel(self) -> bool:
        """Tell whether a webhook is to be made."""
        return "webhook.incoming" in self.scopes

    def back(self, parameters: Mapping[str, str], *, fragment: bool = False) -> str:
        """Return the URL that people are sent back to, with these parameters and the state."""
        answer = urlencode({**parameters} if self.state is None else {**parameters, "state": self.state})
        if fragment:
            return f"{self.redirect_uri}#{answer}"
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{answer}"


def read_ask(query: Mapping[str, str], oauth2: OAuth2) -> Ask:
    """Return what is asked; raise BadAsk where nobody may be redirected, SentBack for the rest."""
    if not query.get("client_id", "").isdecimal() or len(query["client_id"]) > 20:
        raise BadAsk(
            "The link to this page has no client_id, or one that is no number. The app that made it must fix it."
        )
    if query["client_id"] != oauth2.client_id:
        raise BadAsk(
            "Unknown application: no app has this client_id. In the sandbox there is one, named by DISCORD_CLIENT_ID."
        )
    scopes = split_scopes(query.get("scope", ""))
    ask = Ask(_redirect_uri(query, oauth2, scopes), state=query.get("state"))
    _check_plain(query, ask)
    if not scopes or not are_askable(scopes):
        _refuse(ask, "invalid_scope", _WRONG_SCOPE)
    return Ask(
        redirect_uri=ask.redirect_uri,
        scopes=scopes,
        state=ask.state,
        implicit=query.get("response_type") == "token",
        silent=query.get("prompt") == "none",
        challenge=_challenge(query, ask),
        permissions=_number(query, ask, "permissions") & EVERYTHING,
        guild_id=_number(query, ask, "guild_id") or None,
        guild_fixed=query.get("disable_guild_select", "").lower() == "true",
        for_user=query.get("integration_type") == "1",
    )


def _redirect_uri(query: Mapping[str, str], oauth2: OAuth2, scopes: tuple[str, ...]) -> str:
    uri = query.get("redirect_uri")
    if uri is None and "response_type" not in query and "bot" in scopes:
        return ""  # Discord: OAuth2, Bot Authorization Flow
    if uri is None and oauth2.redirect_uris:
        return oauth2.redirect_uris[0]
    if uri is None or not oauth2.may_redirect_to(uri):
        raise BadAsk(
            "Invalid redirect_uri: it is missing, or not among those registered for this app, so you are sent nowhere. "
            "The sandbox takes any loopback URL until sandbox.redirect_uris is set."
        )
    return uri


def _check_plain(query: Mapping[str, str], ask: Ask) -> None:
    """Refuse what has one of a few values and holds another."""
    if len(ask.state or "") > _STATE_MOST:
        raise BadAsk(f"The state is longer than {_STATE_MOST} characters. The app that made the link must shorten it.")
    wanted = query.get("response_type", "" if ask.redirect_uri else "code")
    if wanted not in ("code", "token"):
        _refuse(ask, "unsupported_response_type", "The authorization server does not support this response type.")
    if query.get("prompt", "consent") not in ("consent", "none"):
        _refuse(ask, "invalid_request", "prompt must be consent or none.")
    if query.get("disable_guild_select", "false").lower() not in ("true", "false"):
        _refuse(ask, "invalid_request", "disable_guild_select must be true or false.")
    if query.get("integration_type", "0") not in ("0", "1"):
        _refuse(ask, "invalid_request", "integration_type must be 0 or 1.")


def _challenge(query: Mapping[str, str], ask: Ask) -> str | None:
    challenge = query.get("code_challenge")
    if challenge is None and "code_challenge_method" not in query:
        return None
    if query.get("code_challenge_method") != "S256":
        _refuse(ask, "invalid_request", "code_challenge_method must be S256.")
    if challenge is None or _CHALLENGE.fullmatch(challenge) is None:
        _refuse(ask, "invalid_request", "code_challenge must be 43 characters of unpadded base64url.")
    return challenge


def _number(query: Mapping[str, str], ask: Ask, name: str) -> int:
    text = query.get(name, "") or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > 20:
        _refuse(ask, "invalid_request", f"{name} must be a whole number.")
    return int(text)


def _refuse(ask: Ask, error: str, description: str) -> NoReturn:
    if not ask.redirect_uri:
        raise BadAsk(description)
    raise SentBack(ask, error, description)
