"""Who is in a thread."""

from __future__ import annotations

from datetime import datetime

from chandelier_sandbox.changes.threads import facts_of, join, leave
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.payloads import member_json, thread_member_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind
from chandelier_sandbox.rest.access import find_user, open_channel
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.speaking import guild_of, must_be_open, must_hold


def _thread(call: Call) -> Channel:
    """Return the thread of the path; 50024 for a channel that is none."""
    thread = open_channel(call)
    facts_of(thread)
    return thread


def _shown(call: Call, thread: Channel, user_id: int, joined_at: datetime) -> JsonObject:
    answer = thread_member_json(thread, user_id, joined_at)
    member = guild_of(call, thread).members.get(user_id)
    return answer | ({"member": member_json(member)} if call.flag("with_member") and member is not None else {})


def list_members(call: Call) -> Answer:
    """List the members by id (after and limit count with with_member); it takes the privileged intent for members."""
    thread = _thread(call)
    if not call.discord.gateway.privileged & Intent.GUILD_MEMBERS:
        raise refusal(50001)
    members = sorted(facts_of(thread).members.items())
    if call.flag("with_member"):
        most, after = call.count("limit", 100, 100), call.marker("after") or 0
        members = [one for one in members if one[0] > after][:most]
    return Answer([_shown(call, thread, user_id, joined_at) for user_id, joined_at in members])


def get_member(call: Call) -> Answer:
    """Describe one membership; 10007 for who is not in it."""
    thread, user = _thread(call), find_user(call)
    joined_at = facts_of(thread).members.get(user.id)
    if joined_at is None:
        raise refusal(10007)
    return Answer(_shown(call, thread, user.id, joined_at))


def put_self(call: Call) -> Answer:
    """Join a thread."""
    thread = _thread(call)
    must_be_open(thread)
    join(call.discord.world, thread, call.user)
    return NO_CONTENT


def delete_self(call: Call) -> Answer:
    """Leave a thread."""
    thread = _thread(call)
    must_be_open(thread)
    leave(call.discord.world, thread, call.user)
    return NO_CONTENT


def put_member(call: Call) -> Answer:
    """Add somebody who can see the channel; where nobody may invite, only its owner and who manages threads do."""
    thread, user = _thread(call), find_user(call)
    facts, world = facts_of(thread), call.discord.world
    must_hold(call, thread, Permission.SEND_MESSAGES_IN_THREADS)
    must_be_open(thread)
    closed = thread.kind is ChannelKind.PRIVATE_THREAD and not facts.invitable
    if closed and facts.owner_id != call.user.id:
        must_hold(call, thread, Permission.MANAGE_THREADS)
    guild = guild_of(call, thread)
    if user.id not in guild.members:
        raise refusal(10007)
    if not world.permissions_in(guild.channels[thread.parent_id or 0], user) & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    join(world, thread, user)
    return NO_CONTENT


def delete_member(call: Call) -> Answer:
    """Remove somebody; the owner of a private thread may, and who manages threads."""
    thread, user = _thread(call), find_user(call)
    owns = thread.kind is ChannelKind.PRIVATE_THREAD and facts_of(thread).owner_id == call.user.id
    if not owns:
        must_hold(call, thread, Permission.MANAGE_THREADS)
    must_be_open(thread)
    leave(call.discord.world, thread, user)
    return NO_CONTENT


_MEMBERS = "/channels/{channel_id}/thread-members"
ROUTES: tuple[Route, ...] = (
    Route("GET", _MEMBERS, list_members),
    Route("PUT", f"{_MEMBERS}/@me", put_self),
    Route("DELETE", f"{_MEMBERS}/@me", delete_self),
    Route("GET", f"{_MEMBERS}/{{user_id}}", get_member),
    Route("PUT", f"{_MEMBERS}/{{user_id}}", put_member),
    Route("DELETE", f"{_MEMBERS}/{{user_id}}", delete_member),
)
