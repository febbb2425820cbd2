"""Who may come in at all: the token, or, without one, this machine's own programs.

Where no token is set the API listens on loopback only. A page of another site can still reach loopback through the
browser of somebody who sits here: by a name that resolves to 127.0.0.1 (DNS rebinding), or by a form or a fetch that
needs no answer. The first is told by its Host header, the second by Origin and Sec-Fetch-Site (RFC 6454; Fetch Metadata).
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from quart import Request, Websocket

    from chandelier_core.host import HostSettings

#: Probes carry no token, and who logs in has none yet.
OPEN_PATHS = frozenset({"/health", "/health/live", "/health/ready", "/auth/login", "/auth/callback"})
#: The shell of the documentation is the same for every bot: a browser can send the token only after it has loaded.
SHELL_PATHS = frozenset({"/", "/api/v1/docs", "/api/v1/docs/docs.css", "/api/v1/docs/docs.js", "/api/v1/docs/icon.svg"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Say whether an address or name is this machine's own, as the name itself tells."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_open(path: str) -> bool:
    """Say whether a path is open to strangers."""
    path = path.rstrip("/") or "/"
    return path in OPEN_PATHS or path in SHELL_PATHS or path.startswith("/problems/")


def check_host(header: str, settings: HostSettings) -> None:
    """Refuse a Host header that names neither this machine nor what the API was told to be."""
    name = header.rpartition("]")[0] + "]" if header.startswith("[") else header.partition(":")[0]
    known = {settings.bind_host.lower(), (urlsplit(settings.public_url).hostname or "") if settings.public_url else ""}
    if not is_loopback(name) and name.strip("[]").lower() not in known:
        raise Problem(
            "wrong_host", "The Host header names another machine. Without a token the API answers to this machine's own names."
        )  # fmt: skip


def check_origin(request: Request | Websocket) -> None:
    """Refuse a change, and a websocket, that a page of another site asks for."""
    if request.method in _SAFE and request.scheme not in ("ws", "wss"):
        return
    check_origin_of(request)


def check_origin_of(request: Request | Websocket) -> None:
    """Refuse what comes from a page of another site, whatever it asks for."""
    origin = request.headers.get("Origin")
    scheme = {"ws": "http", "wss": "https"}.get(request.scheme, request.scheme)
    foreign = origin is not None and origin.lower() != f"{scheme}://{request.headers.get('Host', '')}".lower()
    if foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise Problem("foreign_origin", "A page of another site may not change anything here.")


def check_same_site(request: Request | Websocket) -> None:
    """Refuse what a page of another site does with somebody's cookie: changes, and streams that it would read.

    A change needs the header X-Requested-With besides, which no form can send and no fetch without asking first.
    """
    safe = request.method in _SAFE and request.scheme not in ("ws", "wss")
    if not safe or request.headers.get("Origin") is not None:
        check_origin_of(request)
    if not safe and request.scheme not in ("ws", "wss") and not request.headers.get("X-Requested-With"):
        raise Problem("foreign_origin", "A change with a session's cookie needs the header X-Requested-With.")
