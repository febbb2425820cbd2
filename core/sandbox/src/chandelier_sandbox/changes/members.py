"""Members change, go and are sent away; who is banned stays out until the ban is lifted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chandelier_sandbox.changes import voice
from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import member_json, user_json
from chandelier_sandbox.records import Ban, Guild, Membership, User
from chandelier_sandbox.world import World

_LOGGED = ("nick", "mute", "deaf", "communication_disabled_until", "flags")
_AT_ONCE = 100


def modify_member(world: World, guild: Guild, member: Membership, facts: Mapping[str, Any], by: By) -> None:
    """Set fields of a membership, named as those of the record, and tell it once."""
    before = _logged(member)
    for name, value in facts.items():
        setattr(member, name, value)
    changes = difference(before, _logged(member))
    if not changes:
        return
    world.tell_member(guild, member)
    state = guild.voice_states.get(member.user.id)
    if state is not None and any(change["key"] in ("mute", "deaf") for change in changes):
        voice.tell(world, guild, state)
    note(world, guild, by, Action.MEMBER_UPDATE, member.user.id, changes=changes)


def kick(world: World, guild: Guild, member: Membership, by: By) -> None:
    """Send a member away; they may come back."""
    world.remove_member(guild, member.user)
    note(world, guild, by, Action.MEMBER_KICK, member.user.id)


def ban(world: World, guild: Guild, user: User, by: By, *, delete_s: int = 0) -> None:
    """Send a user away for good, and delete what they wrote in the last seconds."""
    guild.bans[user.id] = Ban(user, by.reason)
    world.publish("GUILD_BAN_ADD", {"guild_id": str(guild.id), "user": user_json(user)}, guild)
    world.remove_member(guild, user)
    if delete_s:
        _delete_messages(world, guild, user, delete_s)
    note(world, guild, by, Action.MEMBER_BAN_ADD, user.id)


def unban(world: World, guild: Guild, user: User, by: By) -> None:
    """Lift a ban."""
    del guild.bans[user.id]
    world.publish("GUILD_BAN_REMOVE", {"guild_id": str(guild.id), "user": user_json(user)}, guild)
    note(world, guild, by, Action.MEMBER_BAN_REMOVE, user.id)


def idle_members(world: World, guild: Guild, days: int, roles: Iterable[int]) -> list[Membership]:
    """Return who has no role, these aside, and neither joined nor wrote in so many days."""
    since, harmless = world.clock.time() - days * 86_400, set(roles)
    active = {
        message.author.id
        for channel_id in (*guild.channels, *guild.threads)
        for message in world.messages.get(channel_id, {}).values()
        if message.sent_at.timestamp() >= since
    }
    return [
        member
        for member in guild.members.values()
        if set(member.roles) <= harmless
        and member.user.id not in (guild.owner_id, *active)
        and member.joined_at.timestamp() < since
    ]


def prune(world: World, guild: Guild, members: Iterable[Membership], days: int, by: By) -> None:
    """Send idle members away (Discord: Begin Guild Prune)."""
    gone = list(members)
    for member in gone:
        world.remove_member(guild, member.user)
    options: JsonObject = {"delete_member_days": str(days), "members_removed": str(len(gone))}
    note(world, guild, by, Action.MEMBER_PRUNE, None, options=options)


def _delete_messages(world: World, guild: Guild, user: User, seconds: int) -> None:
    since = world.clock.time() - seconds
    for channel_id in (*guild.channels, *guild.threads):
        found = [
            message
            for message in world.messages.get(channel_id, {}).values()
            if message.author is user and message.sent_at.timestamp() >= since
        ]
        for start in range(0, len(found), _AT_ONCE):
            world.delete_many(found[start : start + _AT_ONCE])


def _logged(member: Membership) -> JsonObject:
    described = member_json(member)
    return {name: described[name] for name in _LOGGED}
