"""Announcement channels: what they publish reaches the channels that follow them, and is kept the same there."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.webhooks import make_webhook, speaker
from chandelier_sandbox.records import Channel, Message, MessageFlag, MessageKind, Webhook
from chandelier_sandbox.world import World


def publish(world: World, message: Message) -> None:
    """Mark a message as published and copy it into every channel that follows."""
    message.flags |= int(MessageFlag.CROSSPOSTED)
    world.changed(message)
    for webhook in _followers(world, message.channel_id):
        copy = Message(
            id=world.snowflakes.make(),
            channel_id=webhook.channel_id,
            guild_id=webhook.guild_id,
            author=speaker(webhook),
            content="",
            sent_at=world.clock.now(),
            webhook_id=webhook.id,
            flags=int(MessageFlag.IS_CROSSPOST),
        )
        copy.reference = {
            "type": 0,
            "channel_id": str(message.channel_id),
            "message_id": str(message.id),
            "guild_id": str(message.guild_id),
        }
        _write(copy, message)
        message.copies.append((copy.channel_id, copy.id))
        world.post(copy)


def copy_edit(world: World, message: Message) -> None:
    """Change the copies of a published message as it was changed."""
    for copy in _copies(world, message):
        _write(copy, message)
        world.changed(copy, edited_at=message.edited_at)


def copy_deletion(world: World, message: Message) -> None:
    """Mark the copies of a published message that was deleted; their text goes with it."""
    for copy in _copies(world, message):
        copy.content, copy.embeds, copy.attachments = "[Original Message Deleted]", [], []
        copy.flags |= int(MessageFlag.SOURCE_MESSAGE_DELETED)
        world.changed(copy)


def follow(world: World, source: Channel, target: Channel, by: By) -> Webhook:
    """Let a channel follow an announcement channel, and say so in it."""
    guild = world.guild(source.guild_id or 0)
    name = f"{guild.name} #{source.name}"
    webhook = make_webhook(world, target, name, by, source=source)
    about = Message(
        id=world.snowflakes.make(),
        channel_id=target.id,
        guild_id=target.guild_id,
        author=by.actor,
        content=name,
        sent_at=world.clock.now(),
        kind=MessageKind.FOLLOWED,
        reference={"type": 0, "channel_id": str(source.id), "guild_id": str(guild.id)},
    )
    world.post(about)
    return webhook


def _write(copy: Message, message: Message) -> None:
    copy.content, copy.embeds, copy.attachments = message.content, message.embeds, message.attachments
    copy.components, copy.stickers = message.components, message.stickers


def _followers(world: World, channel_id: int) -> list[Webhook]:
    everywhere = [webhook for guild in world.guilds.values() for webhook in guild.webhooks.values()]
    return [one for one in everywhere if one.source_channel_id == channel_id and one.channel_id in world.channels]


def _copies(world: World, message: Message) -> list[Message]:
    found = [world.messages.get(channel_id, {}).get(message_id) for channel_id, message_id in message.copies]
    return [copy for copy in found if copy is not None]
