"""Who may come in at all: the token, or, without one, this machine's own programs.

Where no token is set the API listens on loopback only. A page of another site can still reach loopback through the
browser of somebody who sits here: by a name that resolves to 127.0.0.1 (DNS rebinding), or by a form or a fetch that
needs no answer. The first is told by its Host header, the second by Origin and Sec-Fetch-Site (RFC 6454; Fetch Metadata).
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from quart import Request, Websocket

    from chandelier_core.host import HostSettings

#: They hold nothing of this bot's but whether it works; probes carry no token.
OPEN_PATHS = frozenset({"/health", "/health/live", "/health/ready"})
#: The shell of the documentation is the same for every bot: a browser can send the token only after it has loaded.
SHELL_PATHS = frozenset({"/", "/api/v1/docs", "/api/v1/docs/docs.css", "/api/v1/docs/docs.js", "/api/v1/docs/icon.svg"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Say whether an address or name is this machine's own, as the name itself tells."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def check_entrance(request: Request | Websocket, settings: HostSettings) -> None:
    """Let a request in, or raise the Problem that says why not."""
    if settings.api_token is not None:
        _check_token(request, settings.api_token)
    else:
        _check_host(request.headers.get("Host", ""), settings.bind_host)
        _check_origin(request)


def _check_token(request: Request | Websocket, token: str) -> None:
    path = request.path.rstrip("/") or "/"
    if path in OPEN_PATHS or path in SHELL_PATHS or path.startswith("/problems/"):
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if not given or scheme.lower() != "bearer":
        sentence = "This API needs a token: send the header `Authorization: Bearer` and the token that the bot was started with."
        raise Problem("token_needed", sentence, headers={"WWW-Authenticate": 'Bearer realm="chandelier"'})
    if not hmac.compare_digest(given.strip().encode(errors="replace"), token.encode()):
        challenge = 'Bearer realm="chandelier", error="invalid_token"'
        raise Problem("token_wrong", "That is not the token of this API.", headers={"WWW-Authenticate": challenge})


def _check_host(header: str, bound: str) -> None:
    name = header.rpartition("]")[0] + "]" if header.startswith("[") else header.partition(":")[0]
    if not is_loopback(name) and name.strip("[]").lower() != bound.lower():
        raise Problem(
            "wrong_host", "The Host header names another machine. Without a token the API answers to this machine's own names."
        )  # fmt: skip


def _check_origin(request: Request | Websocket) -> None:
    if request.method in _SAFE and request.scheme not in ("ws", "wss"):
        return
    origin = request.headers.get("Origin")
    scheme = {"ws": "http", "wss": "https"}.get(request.scheme, request.scheme)
    foreign = origin is not None and origin.lower() != f"{scheme}://{request.headers.get('Host', '')}".lower()
    if foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise Problem("foreign_origin", "A page of another site may not change anything here.")
