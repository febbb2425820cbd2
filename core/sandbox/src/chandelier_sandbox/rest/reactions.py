"""Reactions."""

from __future__ import annotations

from chandelier_sandbox.changes.reactions import clear, clear_emoji, known_emoji
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Message
from chandelier_sandbox.rest.access import find_user, open_message
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.speaking import must_be_open, must_hold, open_talk

_LIMIT = 100


def _place(call: Call, *needed: Permission) -> tuple[Channel, Message, str]:
    channel, message = _spot(call, *needed)
    return channel, message, known_emoji(call.discord, channel, message, call.path["emoji_name"])


def _spot(call: Call, *needed: Permission) -> tuple[Channel, Message]:
    channel = open_talk(call)
    if channel.kind is ChannelKind.DM and Permission.MANAGE_MESSAGES in needed:
        raise refusal(50003)
    must_hold(call, channel, *needed)
    return channel, open_message(call, channel)


def put_own(call: Call) -> Answer:
    """React as the bot."""
    channel, message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY)
    must_be_open(channel)
    if emoji not in message.reactions:
        must_hold(call, channel, Permission.ADD_REACTIONS)
    call.discord.world.react(message, call.user, emoji)
    return NO_CONTENT


def delete_own(call: Call) -> Answer:
    """Take the bot's reaction back."""
    channel, message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY)
    must_be_open(channel)
    call.discord.world.unreact(message, call.user, emoji)
    return NO_CONTENT


def delete_of_user(call: Call) -> Answer:
    """Take another's reaction away."""
    channel, message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY, Permission.MANAGE_MESSAGES)
    must_be_open(channel)
    call.discord.world.unreact(message, find_user(call), emoji)
    return NO_CONTENT


def delete_all(call: Call) -> Answer:
    """Take every reaction away."""
    channel, message = _spot(call, Permission.READ_MESSAGE_HISTORY, Permission.MANAGE_MESSAGES)
    must_be_open(channel)
    clear(call.discord.world, message)
    return NO_CONTENT


def delete_emoji(call: Call) -> Answer:
    """Take every reaction with one emoji away."""
    channel, message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY, Permission.MANAGE_MESSAGES)
    must_be_open(channel)
    clear_emoji(call.discord.world, message, emoji)
    return NO_CONTENT


def list_users(call: Call) -> Answer:
    """List who reacted with an emoji, by id (after, limit); nobody uses burst reactions here (type 1)."""
    most, after, kind = call.count("limit", 25, _LIMIT), call.marker("after") or 0, call.count("type", 0, 1, 0)
    _, message, emoji = _place(call, Permission.READ_MESSAGE_HISTORY)
    users = call.discord.world.users
    found = sorted(user_id for user_id in message.reactions.get(emoji, []) if user_id > after)
    return Answer([user_json(users[user_id]) for user_id in found[:most] if kind == 0])


_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_REACTIONS = _ALL + "/{emoji_name}"
ROUTES: tuple[Route, ...] = (
    Route("DELETE", _ALL, delete_all),
    Route("GET", _REACTIONS, list_users),
    Route("DELETE", _REACTIONS, delete_emoji),
    Route("PUT", f"{_REACTIONS}/@me", put_own),
    Route("DELETE", f"{_REACTIONS}/@me", delete_own),
    Route("DELETE", f"{_REACTIONS}/{{user_id}}", delete_of_user),
)
