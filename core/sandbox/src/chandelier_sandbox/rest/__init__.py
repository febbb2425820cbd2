"""REST v10, by subject."""

from __future__ import annotations

from chandelier_sandbox.rest import applications, channels, guilds, interactions, messages, reactions, users
from chandelier_sandbox.rest.routing import Answer, Call, Route

ROUTES: tuple[Route, ...] = (
    *applications.ROUTES,
    *channels.ROUTES,
    *guilds.ROUTES,
    *interactions.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *users.ROUTES,
)

__all__ = ["ROUTES", "Answer", "Call", "Route"]
