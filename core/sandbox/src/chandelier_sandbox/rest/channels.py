"""Channels and typing."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route


def open_channel(call: Call, *needed: Permission) -> Channel:
    """Return the channel of the path if the bot sees it (else 50001) and may do what is needed (else 50013)."""
    channel = call.discord.world.channel(call.number("channel_id"))
    held = call.discord.world.permissions_in(channel, call.discord.world.bot)
    if not held & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    if any(not held & permission for permission in needed):
        raise refusal(50013)
    if channel.kind is ChannelKind.CATEGORY and Permission.SEND_MESSAGES in needed:
        raise refusal(50013)
    return channel


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
