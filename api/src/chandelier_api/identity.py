"""Who calls, and what their scopes let them do: found once for each request, before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quart import g

from chandelier import UserError
from chandelier_api.cookies import session_cookie
from chandelier_api.entrance import check_host, check_origin, check_same_site
from chandelier_api.problems import Problem
from chandelier_core.host import BrowserSession, Identity

if TYPE_CHECKING:
    from quart import Request, Websocket

    from chandelier_core.host import Host

_CHALLENGE = 'Bearer realm="chandelier"'
#: Where no token of the operator's is set, the API listens on loopback, and whoever reaches it is the operator.
_LOCAL = Identity("operator", "operator")


def identity() -> Identity:
    """Give who calls. Raises a 401 where the route is open to strangers and a stranger calls."""
    found: Identity | None = g.get("chandelier_identity")
    if found is None:
        raise _stranger()
    return found


def session() -> BrowserSession | None:
    """Give the session of the browser that calls; None for everybody else."""
    found: BrowserSession | None = g.get("chandelier_session")
    return found


async def recognise(request: Request | Websocket, host: Host, *, is_open: bool) -> None:
    """Find out who calls. Raises the Problem that says why they may not come in; an open route takes strangers.

    A header ``Authorization`` that opens nothing is refused, whatever cookie comes beside it.
    """
    given = request.headers.get("Authorization")
    secret = request.cookies.get(session_cookie(host.settings))
    if given is not None:
        g.chandelier_identity = await _of_header(host, given)
    elif secret is not None and (found := await host.access.of_cookie(secret)) is not None:
        check_same_site(request)
        g.chandelier_identity, g.chandelier_session = found
    elif host.settings.api_token is None:
        check_host(request.headers.get("Host", ""), host.settings)
        check_origin(request)
        g.chandelier_identity = _LOCAL
    elif not is_open:
        raise _stranger()


async def _of_header(host: Host, given: str) -> Identity:
    scheme, _, text = given.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise _stranger()
    try:
        return await host.access.of_token(text.strip())
    except UserError as error:
        challenge = f'{_CHALLENGE}, error="invalid_token"'
        raise Problem(error.code, error.sentence, headers={"WWW-Authenticate": challenge}) from None


def check_scope(plugin: str, level: str) -> None:
    """Refuse a caller whose token was not made for this. ``plugin`` is ``host`` for the bot's own routes."""
    if not identity().may(plugin, level):
        scope = f"{plugin}:{level}"
        raise Problem("scope_missing", f"This needs a token with the scope {scope}.", errors=[{"detail": scope}])


def _stranger() -> Problem:
    sentence = (
        "This API needs a token: send the header `Authorization: Bearer` and the token, or log in where that is set up."
    )
    return Problem("token_needed", sentence, headers={"WWW-Authenticate": _CHALLENGE})
