"""Channels and typing."""

from __future__ import annotations

from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.rest.access import open_channel
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route


def get_channel(call: Call) -> Answer:
    """Describe a channel."""
    return Answer(channel_json(open_channel(call)))


def post_typing(call: Call) -> Answer:
    """Show that the bot types."""
    channel = open_channel(call, Permission.SEND_MESSAGES)
    call.discord.world.typing(channel, call.discord.world.bot)
    return NO_CONTENT


ROUTES: tuple[Route, ...] = (
    Route("GET", "/channels/{channel_id}", get_channel),
    Route("POST", "/channels/{channel_id}/typing", post_typing),
)
