"""Pins: messages that a channel keeps at hand."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import Action, By, note
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import timestamp
from chandelier_sandbox.records import Channel, Message, MessageKind
from chandelier_sandbox.world import World

PINS_MOST = 250


def pinned_in(world: World, channel: Channel) -> list[Message]:
    """Return the pinned messages of a channel, the latest pin first."""
    pinned = [message for message in world.messages[channel.id].values() if message.pinned_at is not None]
    return sorted(pinned, key=lambda message: (message.pinned_at, message.id), reverse=True)


def pin(world: World, channel: Channel, message: Message, by: By) -> None:
    """Pin a message and say so in the channel; 30003 where 250 are pinned."""
    if message.pinned:
        return
    if len(pinned_in(world, channel)) >= PINS_MOST:
        raise refusal(30003)
    message.pinned_at = channel.last_pin_at = world.clock.now()
    _told(world, channel, message, by, Action.MESSAGE_PIN)
    reference: JsonObject = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}
    about = Message(
        id=world.snowflakes.make(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author=by.actor,
        content="",
        sent_at=world.clock.now(),
        kind=MessageKind.PINNED,
        reference=reference | ({} if channel.guild_id is None else {"guild_id": str(channel.guild_id)}),
    )
    world.post(about)


def unpin(world: World, channel: Channel, message: Message, by: By) -> None:
    """Let a message no longer be pinned."""
    if not message.pinned:
        return
    message.pinned_at = None
    _told(world, channel, message, by, Action.MESSAGE_UNPIN)


def _told(world: World, channel: Channel, message: Message, by: By, action: Action) -> None:
    world.changed(message)
    payload: JsonObject = {"channel_id": str(channel.id), "last_pin_timestamp": timestamp(channel.last_pin_at)}
    guild = None if channel.guild_id is None else world.guild(channel.guild_id)
    if guild is not None:
        payload["guild_id"] = str(guild.id)
        options = {"channel_id": str(channel.id), "message_id": str(message.id)}
        note(world, guild, by, action, message.author.id, options=options)
    world.publish("CHANNEL_PINS_UPDATE", payload, guild)
