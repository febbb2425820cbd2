"""Lists of threads: the active ones of a server, the archived ones of a channel, and a search."""

from __future__ import annotations

from collections.abc import Iterable

from chandelier_sandbox.changes.threads import facts_of, thread_json
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import thread_member_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind
from chandelier_sandbox.rest.access import open_channel, open_guild
from chandelier_sandbox.rest.routing import Answer, Call, Route, Standing
from chandelier_sandbox.rest.speaking import guild_of
from chandelier_sandbox.rest.thread_fields import FORUMS
from chandelier_sandbox.shapes import Plain, moment

_PARENTS = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, *FORUMS)


def _listed(call: Call, threads: Iterable[Channel], *, has_more: bool | None = None) -> JsonObject:
    world = call.discord.world
    shown = list(threads)
    own = [(thread, facts_of(thread).members.get(call.user.id)) for thread in shown]
    answer: JsonObject = {
        "threads": [thread_json(world, thread) for thread in shown],
        "members": [thread_member_json(thread, call.user.id, at) for thread, at in own if at is not None],
    }
    return answer | ({} if has_more is None else {"has_more": has_more})


def list_active(call: Call) -> Answer:
    """List the active threads that the caller sees, newest first."""
    guild, world = open_guild(call), call.discord.world
    active = [
        thread
        for thread in guild.threads.values()
        if not facts_of(thread).archived and world.permissions_in(thread, call.user) & Permission.VIEW_CHANNEL
    ]
    return Answer(_listed(call, sorted(active, key=lambda thread: -thread.id), has_more=False))


def _archived(call: Call, parent: Channel, *, private: bool) -> list[Channel]:
    threads = guild_of(call, parent).threads.values()
    here = [one for one in threads if one.parent_id == parent.id and facts_of(one).archived]
    found = [one for one in here if (one.kind is ChannelKind.PRIVATE_THREAD) is private]
    return sorted(found, key=lambda thread: (facts_of(thread).archive_moved_at, thread.id), reverse=True)


def _parent(call: Call, *needed: Permission) -> Channel:
    parent = open_channel(call, Permission.READ_MESSAGE_HISTORY, *needed)
    if parent.kind not in _PARENTS:
        raise refusal(50024)
    return parent


def _page(call: Call, threads: list[Channel]) -> Answer:
    """Answer those archived before a moment, the latest first."""
    most = call.count("limit", 50, 100, 2)
    if (text := call.query.get("before")) is not None:
        before = moment(text)
        if before is None:
            errors = FormErrors()
            errors.add(("before",), *Plain.MOMENT.value)
            errors.raise_any()
        threads = [one for one in threads if before is not None and facts_of(one).archive_moved_at < before]
    return Answer(_listed(call, threads[:most], has_more=len(threads) > most))


def list_public(call: Call) -> Answer:
    """List archived public threads (before: a moment; limit: 2 to 100)."""
    return _page(call, _archived(call, _parent(call), private=False))


def list_private(call: Call) -> Answer:
    """List archived private threads, for who manages threads."""
    return _page(call, _archived(call, _parent(call, Permission.MANAGE_THREADS), private=True))


def list_own_private(call: Call) -> Answer:
    """List the archived private threads that the bot is in, by id (before: an id)."""
    threads = _archived(call, _parent(call), private=True)
    most, before = call.count("limit", 50, 100, 2), call.marker("before")
    own = [one for one in threads if call.user.id in facts_of(one).members and (before is None or one.id < before)]
    own.sort(key=lambda thread: -thread.id)
    return Answer(_listed(call, own[:most], has_more=len(own) > most))


def search_threads(call: Call) -> Answer:
    """Search the threads of a channel by name, tag and whether they are archived."""
    parent, world = _parent(call), call.discord.world
    most, start = call.count("limit", 25, 25), call.count("offset", 0, 9975, 0)
    name, tags = call.query.get("name", "").lower(), set(filter(None, call.query.get("tag", "").split(",")))
    found = [
        one
        for one in guild_of(call, parent).threads.values()
        if one.parent_id == parent.id
        and name in one.name.lower()
        and ("archived" not in call.query or facts_of(one).archived is call.flag("archived"))
        and (not tags or tags & {str(tag) for tag in facts_of(one).applied_tags})
        and world.permissions_in(one, call.user) & Permission.VIEW_CHANNEL
    ]
    found.sort(key=lambda thread: -thread.id)
    page = found[start : start + most]
    first = [world.messages[one.id][one.id] for one in page if one.id in world.messages[one.id]]
    answer = _listed(call, page, has_more=len(found) > start + most) | {"total_results": len(found)}
    return Answer(answer | {"first_messages": [world.render(message) for message in first]})


_THREADS = "/channels/{channel_id}/threads"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/guilds/{guild_id}/threads/active", list_active),
    Route("GET", f"{_THREADS}/archived/public", list_public),
    Route("GET", f"{_THREADS}/archived/private", list_private),
    Route("GET", f"{_THREADS}/search", search_threads, standing=Standing.TOLERATED),
    Route("GET", "/channels/{channel_id}/users/@me/threads/archived/private", list_own_private),
)
