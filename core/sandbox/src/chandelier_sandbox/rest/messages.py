"""Messages of a channel: read, send, edit, delete, pin."""

from __future__ import annotations

from chandelier_sandbox.drafts import check_draft, fill
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Message, MessageKind
from chandelier_sandbox.rest.access import open_channel, open_message
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route

_TWO_WEEKS_S = 14 * 24 * 3600


def list_messages(call: Call) -> Answer:
    """List messages, newest first (before, after, around, limit)."""
    channel = open_channel(call)
    world = call.discord.world
    if not world.permissions_in(channel, world.bot) & Permission.READ_MESSAGE_HISTORY:
        return Answer([])
    most = call.count("limit", 50, 100)
    seen = [message for message in world.messages[channel.id].values() if not message.ephemeral]
    seen.sort(key=lambda message: message.id)
    if (before := call.marker("before")) is not None:
        seen = [message for message in seen if message.id < before][-most:]
    elif (after := call.marker("after")) is not None:
        seen = [message for message in seen if message.id > after][:most]
    elif (around := call.marker("around")) is not None:
        place = sum(message.id < around for message in seen)
        seen = seen[max(0, place - most // 2) :][:most]
    return Answer([world.render(message) for message in reversed(seen[-most:])])


def get_message(call: Call) -> Answer:
    """Describe one message."""
    return Answer(call.discord.world.render(open_message(call, open_channel(call))))


def post_message(call: Call) -> Answer:
    """Send a message; the same nonce again, with enforce_nonce, answers the message there is."""
    channel = open_channel(call, Permission.SEND_MESSAGES)
    world, body = call.discord.world, call.form()
    if any(not user.accepts_dms for user in channel.recipients):
        raise refusal(50007)
    check_draft(body)
    if (twin := _twin(call, channel, body)) is not None:
        return Answer(world.render(twin))
    held = world.permissions_in(channel, world.bot)
    if call.files and not held & Permission.ATTACH_FILES:
        raise refusal(50013)
    if not held & Permission.EMBED_LINKS:
        body = {name: value for name, value in body.items() if name != "embeds"}
    message = Message(
        id=world.snowflakes.make(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author=world.bot,
        content="",
        sent_at=world.clock.now(),
        nonce=body.get("nonce"),
        reference=_reference(call, channel, body),
    )
    message.kind = MessageKind.DEFAULT if message.reference is None else MessageKind.REPLY
    fill(message, {"content": None} | body, call.files, world)
    if channel.kind is not ChannelKind.DM and not held & Permission.MENTION_EVERYONE:
        message.mention_everyone = False
    world.post(message)
    return Answer(world.render(message))


def _twin(call: Call, channel: Channel, body: JsonObject) -> Message | None:
    """Find what the bot sent with the same nonce within the window (Discord: Create Message, enforce_nonce)."""
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    world, since = call.discord.world, call.discord.clock.time() - call.discord.nonce_window_s
    for message in reversed(world.messages[channel.id].values()):
        if message.sent_at.timestamp() < since:
            return None
        if message.author is world.bot and str(message.nonce) == str(body["nonce"]):
            return message
    return None


def _reference(call: Call, channel: Channel, body: JsonObject) -> JsonObject | None:
    wanted = body.get("message_reference")
    if not isinstance(wanted, dict) or not wanted.get("message_id"):
        return None
    message_id = int(wanted["message_id"])
    if message_id not in call.discord.world.messages[channel.id]:
        if wanted.get("fail_if_not_exists") is False:
            return None
        errors = FormErrors()
        errors.add(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        errors.raise_any()
    reference: JsonObject = {"type": 0, "channel_id": str(channel.id), "message_id": str(message_id)}
    return reference | ({} if channel.guild_id is None else {"guild_id": str(channel.guild_id)})


def patch_message(call: Call) -> Answer:
    """Edit one of the bot's own messages."""
    world, body = call.discord.world, call.form()
    message = open_message(call, open_channel(call))
    if message.author is not world.bot:
        raise refusal(50005)
    check_draft(body)
    fill(message, {"content": message.content} | body, call.files, world)
    world.changed(message, edited_at=world.clock.now())
    return Answer(world.render(message))


def delete_message(call: Call) -> Answer:
    """Delete a message; those of others need MANAGE_MESSAGES."""
    world, channel = call.discord.world, open_channel(call)
    message = open_message(call, channel)
    if message.author is not world.bot and not world.permissions_in(channel, world.bot) & Permission.MANAGE_MESSAGES:
        raise refusal(50013)
    world.delete(message)
    return NO_CONTENT


def bulk_delete(call: Call) -> Answer:
    """Delete 2 to 100 messages younger than two weeks."""
    channel = open_channel(call, Permission.MANAGE_MESSAGES)
    world, wanted = call.discord.world, call.form().get("messages")
    if not isinstance(wanted, list) or not 2 <= len(wanted) <= 100:
        raise refusal(50016)
    known = world.messages[channel.id]
    messages = [known[int(one)] for one in map(str, wanted) if one.isdecimal() and int(one) in known]
    if any(world.clock.time() - message.sent_at.timestamp() > _TWO_WEEKS_S for message in messages):
        raise refusal(50034)
    world.delete_many(messages)
    return NO_CONTENT


_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/channels/{channel_id}/messages", list_messages),
    Route("POST", "/channels/{channel_id}/messages", post_message),
    Route("POST", "/channels/{channel_id}/messages/bulk-delete", bulk_delete),
    Route("GET", _MESSAGE, get_message),
    Route("PATCH", _MESSAGE, patch_message),
    Route("DELETE", _MESSAGE, delete_message),
)
