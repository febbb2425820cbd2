"""The link by which the bot is added to a server, with the permissions that its plugins need."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from chandelier import Permission
from chandelier_core.life.consents import needs_of
from chandelier_core.registry import Entry

#: What the host itself does: it answers where it was asked.
_OWN = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS | Permission.EMBED_LINKS


def wanted_permissions(entries: Iterable[Entry]) -> Permission:
    """Merge what the host and these plugins need."""
    merged = _OWN
    for entry in entries:
        for need in needs_of(entry):
            merged |= need.permissions
    return merged


def invite_link(api_url: str, application_id: int, permissions: Permission) -> str:
    """Make the link (documentation: OAuth2, Bot Authorization Flow), at the Discord whose API this is."""
    place = urlsplit(api_url)
    query = {"client_id": application_id, "scope": "bot applications.commands", "permissions": int(permissions)}
    return f"{place.scheme}://{place.netloc}/oauth2/authorize?{urlencode(query)}"


def application_of(token: str) -> int | None:
    """Read the application's id from a bot token, whose first part is its base64; None where that does not hold it."""
    first = token.partition(".")[0]
    try:
        return int(base64.b64decode(first + "=" * (-len(first) % 4), validate=True))
    except ValueError:
        return None
