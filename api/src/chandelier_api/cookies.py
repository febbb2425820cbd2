"""The two cookies: of a session, and of a login on its way. ``__Host-`` and Secure wherever browsers come by HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quart import Response

    from chandelier_core.host import HostSettings

_SESSION_S = 7 * 24 * 3600
_LOGIN_S = 600


def session_cookie(settings: HostSettings) -> str:
    """Give the name of the session's cookie."""
    return "__Host-chandelier" if _is_secure(settings) else "chandelier"


def login_cookie(settings: HostSettings) -> str:
    """Give the name of the cookie of a login on its way."""
    return "__Host-chandelier-login" if _is_secure(settings) else "chandelier-login"


def give_session(response: Response, settings: HostSettings, secret: str) -> None:
    """Give a browser its session."""
    _set(response, settings, session_cookie(settings), secret, _SESSION_S)


def give_login(response: Response, settings: HostSettings, state: str) -> None:
    """Let a browser carry the state of its login."""
    _set(response, settings, login_cookie(settings), state, _LOGIN_S)


def drop(response: Response, settings: HostSettings, name: str) -> None:
    """Take a cookie away."""
    _set(response, settings, name, "", 0)


def _set(response: Response, settings: HostSettings, name: str, value: str, lasts_s: int) -> None:
    # Lax: a browser that comes back from Discord is on its way from another site.
    response.set_cookie(
        name, value, max_age=lasts_s, path="/", secure=_is_secure(settings), httponly=True, samesite="Lax"
    )


def _is_secure(settings: HostSettings) -> bool:
    return settings.public_url is None or settings.public_url.startswith("https://")
