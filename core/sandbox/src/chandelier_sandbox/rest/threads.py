"""Threads: start, change, delete; those in forums start with a post."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.changes.threads import delete_thread as remove
from chandelier_sandbox.changes.threads import edit_thread, facts_of, start_thread, thread_json
from chandelier_sandbox.drafts import compose
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Message, MessageFlag, MessageKind
from chandelier_sandbox.rest.access import by, open_channel, open_message
from chandelier_sandbox.rest.references import reference_to
from chandelier_sandbox.rest.routing import Answer, Call, Route
from chandelier_sandbox.rest.speaking import judge_new, must_be_by_people, must_hold, quiet
from chandelier_sandbox.rest.thread_fields import EDIT, FORUMS, POST, THREAD, check_tags, move_into, new_thread
from chandelier_sandbox.shapes import checked

_PINNED = 1 << 1
_PUBLIC = {ChannelKind.TEXT: ChannelKind.PUBLIC_THREAD, ChannelKind.ANNOUNCEMENT: ChannelKind.ANNOUNCEMENT_THREAD}
_MODERATED = ("locked", "rate_limit_per_user", "flags")  # what the owner of a thread may not change


def post_from_message(call: Call) -> Answer:
    """Start a thread at a message, whose id it takes; 160004 where there is one."""
    world, parent = call.discord.world, open_channel(call)
    kind = _PUBLIC.get(parent.kind)
    if kind is None:
        raise refusal(50024)
    must_hold(call, parent, Permission.CREATE_PUBLIC_THREADS)
    message = open_message(call, parent)
    must_be_by_people(message)
    if message.id in world.channels:
        raise refusal(160004)
    thread = new_thread(call, parent, kind, checked(call.form(), THREAD), message.id)
    start_thread(world, parent, thread, by(call))
    message.thread_id = thread.id
    message.flags |= int(MessageFlag.HAS_THREAD)
    world.changed(message)
    world.post(_notice(call, thread, MessageKind.THREAD_STARTER, "", reference_to(message)))
    return Answer(thread_json(world, thread), 201)


def post_thread(call: Call) -> Answer:
    """Start a thread that belongs to no message, or a post of a forum."""
    parent = open_channel(call)
    if parent.kind in FORUMS:
        return _post_in_forum(call, parent)
    if parent.kind not in _PUBLIC:
        raise refusal(50024)
    body = checked(call.form(), THREAD)
    kind = ChannelKind(int(ChannelKind.PRIVATE_THREAD if body.get("type") is None else body["type"]))
    if kind not in (_PUBLIC[parent.kind], ChannelKind.PRIVATE_THREAD) or (
        kind is ChannelKind.PRIVATE_THREAD and parent.kind is not ChannelKind.TEXT
    ):
        raise refusal(50024)
    private = kind is ChannelKind.PRIVATE_THREAD
    must_hold(call, parent, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    world = call.discord.world
    thread = new_thread(call, parent, kind, body, world.snowflakes.make())
    start_thread(world, parent, thread, by(call))
    if not private:
        there = {"type": 0, "channel_id": str(thread.id), "guild_id": str(thread.guild_id)}
        world.post(_notice(call, parent, MessageKind.THREAD_CREATED, thread.name, there))
    return Answer(thread_json(world, thread), 201)


def _post_in_forum(call: Call, forum: Channel) -> Answer:
    must_hold(call, forum, Permission.SEND_MESSAGES)
    body = checked(call.form(), POST)
    said: JsonObject = body["message"]
    if "attachments" in body and "attachments" not in said:
        said = said | {"attachments": body["attachments"]}
    judge_new(call, forum, said)
    if forum.kind is ChannelKind.MEDIA and not call.files:
        errors = FormErrors()
        errors.missing(("message", "attachments"))
        errors.raise_any()
    check_tags(call, forum, body.get("applied_tags") or [], [])
    world = call.discord.world
    first = quiet(call, forum, compose(world, forum, call.user, said, call.files))
    thread = new_thread(call, forum, ChannelKind.PUBLIC_THREAD, body, first.id)
    move_into(thread, first, world.origin)
    start_thread(world, forum, thread, by(call))
    world.post(first)
    return Answer(thread_json(world, thread) | {"message": world.render(first)}, 201)


def _notice(call: Call, channel: Channel, kind: MessageKind, content: str, reference: JsonObject) -> Message:
    world = call.discord.world
    return Message(
        id=world.snowflakes.make(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author=call.user,
        content=content,
        sent_at=world.clock.now(),
        kind=kind,
        reference=reference,
    )


def patch_thread(call: Call, thread: Channel) -> Answer:
    """Change a thread: who manages threads everything, its owner most; archived, it must be reopened first."""
    world, facts = call.discord.world, facts_of(thread)
    wanted = {name: _plain(value) for name, value in checked(call.form(), EDIT).items() if value is not None}
    manages = bool(world.permissions_in(thread, call.user) & Permission.MANAGE_THREADS)
    reopens = wanted.get("archived") is False
    only_reopens = reopens and set(wanted) <= {"archived", "locked"} and wanted.get("locked") in (None, facts.locked)
    owns = facts.owner_id == call.user.id and all(wanted.get(name) is None for name in _MODERATED)
    if not manages and not owns and not only_reopens:
        raise refusal(50013)
    if only_reopens:
        must_hold(call, thread, Permission.SEND_MESSAGES_IN_THREADS)
    if facts.locked and reopens and not manages:
        raise refusal(160005)
    if facts.archived and not reopens and any(name not in ("archived", "locked") for name in wanted):
        raise refusal(50083)
    _check_edit(call, thread, wanted)
    return Answer(thread_json(world, edit_thread(world, thread, wanted, by(call))))


def _plain(value: Any) -> Any:
    """Read true and false that were written as words."""
    return value.lower() == "true" if value in ("true", "false", "True", "False") else value


def _check_edit(call: Call, thread: Channel, wanted: JsonObject) -> None:
    guild = call.discord.world.guild(thread.guild_id or 0)
    parent = guild.channels[thread.parent_id or 0]
    if wanted.get("invitable") is not None and thread.kind is not ChannelKind.PRIVATE_THREAD:
        raise refusal(50024)
    tags, flags = wanted.get("applied_tags"), wanted.get("flags")
    if (tags is not None or flags is not None) and parent.kind not in FORUMS:
        raise refusal(50024)
    if tags is not None:
        check_tags(call, parent, tags, facts_of(thread).applied_tags)
    if flags is not None:
        wanted["flags"] = int(flags) & _PINNED
        others = [one for one in guild.threads.values() if one.parent_id == parent.id and one is not thread]
        if wanted["flags"] and any(one.flags & _PINNED for one in others):
            raise refusal(30047)


def delete_thread(call: Call, thread: Channel) -> Answer:
    """Delete a thread."""
    must_hold(call, thread, Permission.MANAGE_THREADS)
    answer = channel_json(thread)
    remove(call.discord.world, thread, by(call))
    return Answer(answer)


ROUTES: tuple[Route, ...] = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", post_from_message),
    Route("POST", "/channels/{channel_id}/threads", post_thread),
)
