"""Reactions that are taken away by the handful; one by one they come and go with the world itself."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import emoji_json
from chandelier_sandbox.records import Message
from chandelier_sandbox.world import World


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
