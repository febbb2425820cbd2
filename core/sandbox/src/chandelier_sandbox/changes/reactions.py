"""Which emoji one may react with, and reactions taken away by the handful; one by one the world keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import emoji_json
from chandelier_sandbox.records import Channel, Message
from chandelier_sandbox.world import World

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

_CUSTOM = re.compile(r"^(?:a:)?([A-Za-z0-9_]{2,32}):(\d{1,20})$")
_KEYCAP = re.compile(r"^[0-9#*]\ufe0f?\u20e3$")


def known_emoji(discord: Discord, channel: Channel, message: Message, text: str) -> str:
    """Return an emoji as it is kept; 10014 for no emoji, and for one that is not of this server.

    One that is on the message already counts as known: anybody may join in with it.
    """
    custom = _CUSTOM.match(text)
    if custom is None:
        if (text.isascii() or len(text) > 20 or text[0].isalnum()) and _KEYCAP.match(text) is None:
            raise refusal(10014)
        return text
    for kept in message.reactions:
        if kept.endswith(f":{custom[2]}"):
            return kept
    guild = None if channel.guild_id is None else discord.world.guild(channel.guild_id)
    known = (guild.emojis if guild is not None else {}) | discord.application.emojis
    if int(custom[2]) not in known:
        raise refusal(10014)
    return f"{known[int(custom[2])].name}:{custom[2]}"


def clear(world: World, message: Message) -> None:
    """Take every reaction from a message."""
    message.reactions.clear()
    world.publish_in(message, "MESSAGE_REACTION_REMOVE_ALL", _place(message))


def clear_emoji(world: World, message: Message, emoji: str) -> None:
    """Take every reaction with one emoji from a message."""
    if message.reactions.pop(emoji, None) is not None:
        payload = _place(message) | {"emoji": emoji_json(emoji)}
        world.publish_in(message, "MESSAGE_REACTION_REMOVE_EMOJI", payload)


def _place(message: Message) -> JsonObject:
    return {"channel_id": str(message.channel_id), "message_id": str(message.id)}
