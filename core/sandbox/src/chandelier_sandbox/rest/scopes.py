"""Whether an access token covers what is called; the bot needs no scope."""

from __future__ import annotations

from chandelier_sandbox.errors import plain, refusal
from chandelier_sandbox.rest.routing import Call
from chandelier_sandbox.scopes import COMMAND_PERMISSIONS


def must_have(call: Call, scope: str) -> None:
    """Refuse an access token without the scope.

    Discord answers 401 with code 0, as if there were no token; 50026 where permissions of commands are set.
    """
    if call.identity.is_bot or scope in call.identity.scopes:
        return
    raise refusal(50026) if scope == COMMAND_PERMISSIONS else plain(401, "Unauthorized")


def must_be_own(call: Call) -> None:
    """Refuse a path that names an application other than the caller's own."""
    if call.number("application_id") != call.discord.application.id:
        raise refusal(20012)
