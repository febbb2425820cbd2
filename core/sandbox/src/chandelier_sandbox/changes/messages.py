"""What happens to messages besides being sent: late edits, deletion by others, slow mode."""

from __future__ import annotations

from datetime import timedelta

from chandelier_sandbox.changes.audit import Action, By, note
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message, MessageFlag, User
from chandelier_sandbox.world import World

# Discord does not tell how many edits an old message takes; this many a minute are far above what people do
LATE_EDITS_MOST = 20
_LATE_AFTER = timedelta(hours=1)
_LATE_WINDOW = timedelta(minutes=1)
_NO_SLOWMODE = Permission.BYPASS_SLOWMODE | Permission.ADMINISTRATOR


def note_edit(world: World, message: Message) -> None:
    """Count an edit; 30046 where a message more than an hour old is edited too often."""
    now = world.clock.now()
    if now - message.sent_at <= _LATE_AFTER:
        return
    message.late_edits = [moment for moment in message.late_edits if now - moment < _LATE_WINDOW]
    if len(message.late_edits) >= LATE_EDITS_MOST:
        raise refusal(30046)
    message.late_edits.append(now)


def delete_message(world: World, message: Message, by: By) -> None:
    """Delete a message; that of somebody else goes into the audit log."""
    world.delete(message)
    if message.guild_id is not None and message.author is not by.actor:
        options = {"channel_id": str(message.channel_id), "count": "1"}
        guild = world.guild(message.guild_id)
        note(world, guild, by, Action.MESSAGE_DELETE, message.author.id, options=options)


def delete_messages(world: World, channel: Channel, messages: list[Message], by: By) -> None:
    """Delete several messages of one channel at once."""
    world.delete_many(messages)
    if messages and channel.guild_id is not None:
        options = {"count": str(len(messages))}
        guild = world.guild(channel.guild_id)
        note(world, guild, by, Action.MESSAGE_BULK_DELETE, channel.id, options=options)


def suppress_embeds(world: World, message: Message, flags: int) -> None:
    """Hide or show the embeds of anybody's message."""
    suppressed = int(MessageFlag.SUPPRESS_EMBEDS)
    message.flags = (message.flags & ~suppressed) | (flags & suppressed)
    world.changed(message)


def slowmode_left_s(world: World, channel: Channel, user: User) -> float:
    """Return for how many seconds slow mode keeps somebody from posting; 0 for bots and who bypasses it."""
    if not channel.slowmode_s or user.bot or world.permissions_in(channel, user) & int(_NO_SLOWMODE):
        return 0.0
    for message in reversed(world.messages[channel.id].values()):
        if message.author is user:
            passed = world.clock.time() - message.sent_at.timestamp()
            return max(0.0, channel.slowmode_s - passed)
    return 0.0
