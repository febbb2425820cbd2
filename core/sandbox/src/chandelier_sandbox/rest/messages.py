"""Messages of a channel: read, send, edit, delete."""

from __future__ import annotations

from chandelier_sandbox.changes.announcements import copy_deletion, copy_edit
from chandelier_sandbox.changes.messages import delete_message as delete_one
from chandelier_sandbox.changes.messages import delete_messages, note_edit, suppress_embeds
from chandelier_sandbox.drafts import check_draft, compose, fill
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Message, MessageFlag
from chandelier_sandbox.rest.access import by, open_message
from chandelier_sandbox.rest.references import carry, forwarded, kind_of, reply_to
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.speaking import (
    judge_new,
    must_be_by_people,
    must_be_open,
    must_hold,
    open_talk,
    quiet,
    shown,
)
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, checked

_TWO_WEEKS_S = 14 * 24 * 3600
_UNDELETABLE = frozenset({1, 2, 3, 4, 5, 21})  # Discord: Message, Message Types, column "Deletable"
_BULK = ObjectOf({"messages": ListOf(Plain.SNOWFLAKE)}, ("messages",))


def list_messages(call: Call) -> Answer:
    """List messages, newest first (before, after, around, limit)."""
    channel = open_talk(call)
    world = call.discord.world
    if not world.permissions_in(channel, call.user) & Permission.READ_MESSAGE_HISTORY:
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
    return Answer([shown(call, message) for message in reversed(seen[-most:])])


def get_message(call: Call) -> Answer:
    """Describe one message."""
    return Answer(shown(call, open_message(call, open_talk(call, Permission.READ_MESSAGE_HISTORY))))


def post_message(call: Call) -> Answer:
    """Send a message; the same nonce again, with enforce_nonce, answers the message there is."""
    channel = open_talk(call, Permission.SEND_MESSAGES)
    world, body = call.discord.world, call.form()
    if channel.thread is not None and channel.thread.locked:
        held = world.permissions_in(channel, call.user)
        if not held & Permission.MANAGE_THREADS:
            raise refusal(160005)
    if any(user is not call.user and (user.bot or not user.accepts_dms) for user in channel.recipients):
        raise refusal(50007)
    judge_new(call, channel, body)
    if (twin := _twin(call, channel, body)) is not None:
        return Answer(world.render(twin))
    source = forwarded(call, body)
    facts: JsonObject = {"reference": reply_to(call, channel, body)} if source is None else carry(call, source)
    facts["kind"] = kind_of(facts["reference"])
    message = quiet(call, channel, compose(world, channel, call.user, body, call.files, **facts))
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
        if message.author is call.user and str(message.nonce) == str(body["nonce"]):
            return message
    return None


def patch_message(call: Call) -> Answer:
    """Edit one of the bot's own messages; of others, who manages messages may hide the embeds."""
    world, body, channel = call.discord.world, call.form(), open_talk(call)
    message = open_message(call, channel)
    must_be_open(channel)
    if message.author is not call.user:
        return _patch_of_another(call, channel, message)
    must_be_by_people(message)
    kept = message.flags & int(MessageFlag.IS_COMPONENTS_V2)
    check_draft(body, flags=kept)
    if message.snapshots:
        raise refusal(160011)
    if message.flags & int(MessageFlag.IS_VOICE_MESSAGE):
        raise refusal(50162)
    note_edit(world, message)
    fill(message, body, call.files, world)
    quiet(call, channel, message)
    world.changed(message, edited_at=world.clock.now())
    copy_edit(world, message)
    return Answer(world.render(message))


def _patch_of_another(call: Call, channel: Channel, message: Message) -> Answer:
    body = call.form()
    if set(body) != {"flags"} or call.files or channel.kind is ChannelKind.DM:
        raise refusal(50005)
    must_hold(call, channel, Permission.MANAGE_MESSAGES)
    check_draft(body)
    suppress_embeds(call.discord.world, message, int(body["flags"] or 0))
    return Answer(call.discord.world.render(message))


def delete_message(call: Call) -> Answer:
    """Delete a message; those of others need MANAGE_MESSAGES."""
    world, channel = call.discord.world, open_talk(call)
    message = open_message(call, channel)
    must_be_open(channel)
    if message.author is not call.user:
        if channel.kind is ChannelKind.DM:
            raise refusal(50003)
        must_hold(call, channel, Permission.MANAGE_MESSAGES)
    if int(message.kind) in _UNDELETABLE:
        raise refusal(50021)
    delete_one(world, message, by(call))
    copy_deletion(world, message)
    return NO_CONTENT


def bulk_delete(call: Call) -> Answer:
    """Delete 2 to 100 messages younger than two weeks."""
    channel = open_talk(call)
    if channel.kind is ChannelKind.DM:
        raise refusal(50003)
    must_hold(call, channel, Permission.MANAGE_MESSAGES)
    world, wanted = call.discord.world, checked(call.form(), _BULK)["messages"]
    if not 2 <= len(wanted) <= 100:
        raise refusal(50016)
    if len({int(one) for one in wanted}) != len(wanted):
        errors = FormErrors()
        errors.add(("messages",), "BASE_TYPE_DUPLICATES", "Messages to delete must be unique.")
        errors.raise_any()
    must_be_open(channel)
    known = world.messages[channel.id]
    messages = [known[int(one)] for one in wanted if int(one) in known and not known[int(one)].ephemeral]
    if any(world.clock.time() - message.sent_at.timestamp() > _TWO_WEEKS_S for message in messages):
        raise refusal(50034)
    if any(int(message.kind) in _UNDELETABLE for message in messages):
        raise refusal(50021)
    delete_messages(world, channel, messages, by(call))
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
