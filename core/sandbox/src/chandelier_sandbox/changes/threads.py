"""Threads: started, joined, left, changed, archived when nobody speaks, deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import channel_json, member_json, thread_member_json
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Message, ThreadFacts, User
from chandelier_sandbox.world import World

ACTIVE_MOST = 1000
MEMBERS_MOST = 1000
_LOGGED = ("name", "type", "rate_limit_per_user", "flags")
_LOGGED_FACTS = ("archived", "locked", "auto_archive_duration")


def keep_threads(world: World) -> None:
    """Let threads follow what is posted in them, and the clock."""
    world.before_post.append(lambda channel, message: take_part(world, channel, message))
    world.clock.watch(lambda: archive_idle(world))


def facts_of(thread: Channel) -> ThreadFacts:
    """Return what a thread has besides what every channel has; 50024 for a channel that is none."""
    if thread.thread is None:
        raise refusal(50024)
    return thread.thread


def thread_json(world: World, thread: Channel) -> JsonObject:
    """Describe a thread with the bot's own membership, if it is in there."""
    joined = facts_of(thread).members.get(world.bot.id)
    own = {} if joined is None else {"member": thread_member_json(thread, world.bot.id, joined)}
    return channel_json(thread) | own


def start_thread(world: World, parent: Channel, thread: Channel, by: By) -> Channel:
    """Add a thread to its channel with its owner as first member, and tell of it; 160006 where too many are active."""
    guild = world.guild(parent.guild_id or 0)
    if sum(not facts_of(one).archived for one in guild.threads.values()) >= ACTIVE_MOST:
        raise refusal(160006)
    thread.guild_id, thread.parent_id = guild.id, parent.id
    facts_of(thread).members[by.actor.id] = world.clock.now()
    guild.threads[thread.id] = thread
    world.know_channel(thread)
    if not parent.kind.holds_messages:
        parent.last_message_id = thread.id
    world.publish("THREAD_CREATE", thread_json(world, thread) | {"newly_created": True}, guild)
    _tell_members(world, thread, added=[by.actor])
    note(world, guild, by, Action.THREAD_CREATE, thread.id, changes=difference({}, _logged(thread)))
    return thread


def edit_thread(world: World, thread: Channel, wanted: JsonObject, by: By) -> Channel:
    """Set fields of a thread under Discord's names, judged already, and tell of it if anything is new."""
    facts, before, shown = facts_of(thread), _logged(thread), channel_json(thread)
    thread.name = str(wanted.get("name") or thread.name)
    if wanted.get("rate_limit_per_user") is not None:
        thread.slowmode_s = int(wanted["rate_limit_per_user"])
    if wanted.get("flags") is not None:
        thread.flags = int(wanted["flags"])
    if wanted.get("applied_tags") is not None:
        facts.applied_tags = [int(tag) for tag in wanted["applied_tags"]]
    if wanted.get("auto_archive_duration") is not None:
        facts.auto_archive_minutes = int(wanted["auto_archive_duration"])
        facts.archive_moved_at = world.clock.now()
    for name in ("locked", "invitable"):
        if wanted.get(name) is not None:
            setattr(facts, name, bool(wanted[name]))
    if wanted.get("archived") is not None and bool(wanted["archived"]) is not facts.archived:
        facts.archived, facts.archive_moved_at = bool(wanted["archived"]), world.clock.now()
    if channel_json(thread) == shown:
        return thread
    tell(world, thread)
    if changes := difference(before, _logged(thread)):
        note(world, world.guild(thread.guild_id or 0), by, Action.THREAD_UPDATE, thread.id, changes=changes)
    return thread


def delete_thread(world: World, thread: Channel, by: By) -> None:
    """Delete a thread with its messages; the message it starts at stays."""
    guild = world.guild(thread.guild_id or 0)
    del guild.threads[thread.id]
    starter = world.messages.get(thread.parent_id or 0, {}).get(thread.id)
    if starter is not None:
        starter.thread_id = None
    world.forget_channel(thread.id)
    payload: JsonObject = {
        "id": str(thread.id),
        "guild_id": str(guild.id),
        "parent_id": str(thread.parent_id),
        "type": int(thread.kind),
    }
    world.publish("THREAD_DELETE", payload, guild)
    note(world, guild, by, Action.THREAD_DELETE, thread.id, changes=difference(_logged(thread), {}))


def join(world: World, thread: Channel, user: User) -> None:
    """Let somebody join a thread; 30033 where a thousand are in it."""
    facts = facts_of(thread)
    if user.id in facts.members:
        return
    if len(facts.members) >= MEMBERS_MOST:
        raise refusal(30033)
    facts.members[user.id] = world.clock.now()
    if user is world.bot and thread.kind is ChannelKind.PRIVATE_THREAD:
        world.publish("THREAD_CREATE", thread_json(world, thread), world.guild(thread.guild_id or 0))
    _tell_members(world, thread, added=[user])
    if user is world.bot:
        payload = thread_member_json(thread, user.id, facts.members[user.id]) | {"guild_id": str(thread.guild_id)}
        world.publish("THREAD_MEMBER_UPDATE", payload, world.guild(thread.guild_id or 0))


def leave(world: World, thread: Channel, user: User) -> None:
    """Let somebody leave a thread, or be removed from it."""
    if facts_of(thread).members.pop(user.id, None) is not None:
        _tell_members(world, thread, removed=[user])


def take_part(world: World, channel: Channel, message: Message) -> None:
    """Reopen a thread that somebody speaks in, and let them join it."""
    facts = channel.thread
    if facts is None or message.kind.is_system or message.ephemeral:
        return
    if facts.archived:
        facts.archived = False
        facts.archive_moved_at = world.clock.now()
        tell(world, channel)
    if message.webhook_id is None and message.author.id not in facts.members:
        join(world, channel, message.author)


def archive_idle(world: World) -> None:
    """Archive every thread in which nothing was said for as long as it waits."""
    now = world.clock.now()
    for guild in world.guilds.values():
        for thread in guild.threads.values():
            facts = facts_of(thread)
            spoken = [message.sent_at for message in world.messages[thread.id].values()]
            quiet_since = max([facts.archive_moved_at, *spoken[-1:]])
            waits = timedelta(minutes=facts.auto_archive_minutes)
            if not facts.archived and not is_pinned(thread) and now - quiet_since >= waits:
                facts.archived, facts.archive_moved_at = True, now
                tell(world, thread)


def is_pinned(thread: Channel) -> bool:
    """Tell whether a thread is pinned to the top of its forum; such a thread is not archived by itself."""
    return bool(thread.flags & 1 << 1)


def tell(world: World, thread: Channel) -> None:
    """Tell that a thread has changed."""
    world.publish("THREAD_UPDATE", channel_json(thread), world.guild(thread.guild_id or 0))


def _tell_members(world: World, thread: Channel, *, added: Iterable[User] = (), removed: Iterable[User] = ()) -> None:
    guild, facts = world.guild(thread.guild_id or 0), facts_of(thread)
    payload: JsonObject = {"id": str(thread.id), "guild_id": str(guild.id), "member_count": len(facts.members)}
    joined = [_added(guild, thread, facts, user) for user in added]
    payload |= {"added_members": joined} if joined else {}
    left = [str(user.id) for user in removed]
    payload |= {"removed_member_ids": left} if left else {}
    world.publish("THREAD_MEMBERS_UPDATE", payload, guild)


def _added(guild: Guild, thread: Channel, facts: ThreadFacts, user: User) -> JsonObject:
    answer = thread_member_json(thread, user.id, facts.members[user.id])
    member = guild.members.get(user.id)
    return answer | ({} if member is None else {"member": member_json(member)})


def _logged(thread: Channel) -> JsonObject:
    described = channel_json(thread)
    facts = described["thread_metadata"]
    logged = {name: described[name] for name in _LOGGED if name in described}
    return logged | {name: facts[name] for name in _LOGGED_FACTS if name in facts}
