"""Reactions."""

from __future__ import annotations

import re

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Message
from chandelier_sandbox.rest.access import find_user, open_channel
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route

_CUSTOM = re.compile(r"^[A-Za-z0-9_]{2,32}:\d+$")


def _place(call: Call, *needed: Permission) -> tuple[Message, str]:
    channel = open_channel(call, *needed)
    emoji = call.path["emoji_name"]
    if emoji.isascii() and _CUSTOM.match(emoji) is None:
        raise refusal(10014)
    return call.discord.world.message(channel.id, call.number("message_id")), emoji


def put_own(call: Call) -> Answer:
    """React as the bot."""
    message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY)
    world = call.discord.world
    held = world.permissions_in(world.channel(message.channel_id), world.bot)
    if emoji not in message.reactions and not held & Permission.ADD_REACTIONS:
        raise refusal(50013)
    world.react(message, world.bot, emoji)
    return NO_CONTENT


def delete_own(call: Call) -> Answer:
    """Take the bot's reaction back."""
    message, emoji = _place(call)
    call.discord.world.unreact(message, call.discord.world.bot, emoji)
    return NO_CONTENT


def delete_of_user(call: Call) -> Answer:
    """Take another's reaction away."""
    message, emoji = _place(call, Permission.MANAGE_MESSAGES)
    call.discord.world.unreact(message, find_user(call), emoji)
    return NO_CONTENT


def list_users(call: Call) -> Answer:
    """List who reacted with an emoji."""
    message, emoji = _place(call)
    users = call.discord.world.users
    return Answer([user_json(users[user_id]) for user_id in message.reactions.get(emoji, [])])


_REACTIONS = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _REACTIONS, list_users),
    Route("PUT", f"{_REACTIONS}/@me", put_own),
    Route("DELETE", f"{_REACTIONS}/@me", delete_own),
    Route("DELETE", f"{_REACTIONS}/{{user_id}}", delete_of_user),
)
