"""Roles come, change, move and go; members get and lose them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import role_json
from chandelier_sandbox.records import Guild, Membership, Role
from chandelier_sandbox.world import World

_LOGGED = ("name", "permissions", "color", "hoist", "mentionable")


def create_role(world: World, guild: Guild, facts: Mapping[str, Any], by: By) -> Role:
    """Add a role above @everyone, beneath all others (Discord: Create Guild Role)."""
    everyone = guild.roles[guild.id]
    role = Role(world.snowflakes.make(), "new role", everyone.permissions)
    _fill(role, facts)
    raised = [one for one in guild.roles.values() if one is not everyone]
    for one in raised:
        one.position += 1
    guild.roles[role.id] = role
    _tell(world, guild, role, "GUILD_ROLE_CREATE")
    for one in raised:
        _tell(world, guild, one, "GUILD_ROLE_UPDATE")
    note(world, guild, by, Action.ROLE_CREATE, role.id, changes=difference({}, _logged(role)))
    return role


def modify_role(world: World, guild: Guild, role: Role, facts: Mapping[str, Any], by: By) -> None:
    """Set fields of a role, named as those of the record."""
    before = _logged(role)
    _fill(role, facts)
    changes = difference(before, _logged(role))
    _tell(world, guild, role, "GUILD_ROLE_UPDATE")
    if changes:
        note(world, guild, by, Action.ROLE_UPDATE, role.id, changes=changes)


def delete_role(world: World, guild: Guild, role: Role, by: By) -> None:
    """Delete a role; members lose it, channels forget what it was allowed."""
    del guild.roles[role.id]
    for member in guild.members.values():
        member.roles = [role_id for role_id in member.roles if role_id != role.id]
    for channel in guild.channels.values():
        channel.overwrites[:] = [one for one in channel.overwrites if one.id != role.id]
    for place, one in enumerate(in_order(guild)):
        one.position = place
    world.publish("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild)
    note(world, guild, by, Action.ROLE_DELETE, role.id, changes=difference(_logged(role), {}))


def in_order(guild: Guild) -> list[Role]:
    """Return the roles from @everyone up; of two at one position the older stands higher."""
    return sorted(guild.roles.values(), key=lambda role: (role.position, -role.id if role.id != guild.id else 0))


def arranged(guild: Guild, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return the position of every role after some were put where they are wanted, by id."""
    order = [role.id for role in in_order(guild) if role.id not in wanted]
    for role_id in sorted(wanted, key=lambda one: wanted[one]):
        order.insert(max(1, wanted[role_id]), role_id)
    return {role_id: place for place, role_id in enumerate(order)}


def move_roles(world: World, guild: Guild, wanted: Mapping[int, int]) -> None:
    """Put roles at positions; the others make room (Discord: Modify Guild Role Positions)."""
    for role_id, place in arranged(guild, wanted).items():
        role = guild.roles[role_id]
        if role.position != place:
            role.position = place
            _tell(world, guild, role, "GUILD_ROLE_UPDATE")


def set_roles(world: World, guild: Guild, member: Membership, role_ids: list[int], by: By) -> None:
    """Let a member have exactly these roles."""
    added = [role_id for role_id in role_ids if role_id not in member.roles]
    removed = [role_id for role_id in member.roles if role_id not in role_ids]
    if not added and not removed:
        return
    member.roles = [role_id for role_id in member.roles if role_id not in removed] + added
    world.tell_member(guild, member)
    changes: list[JsonObject] = []
    for key, ids in (("$add", added), ("$remove", removed)):
        if ids:
            roles = [{"id": str(one), "name": guild.roles[one].name} for one in ids if one in guild.roles]
            changes.append({"key": key, "new_value": roles})
    note(world, guild, by, Action.MEMBER_ROLE_UPDATE, member.user.id, changes=changes)


def _fill(role: Role, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(role, name, value)


def _logged(role: Role) -> JsonObject:
    described = role_json(role)
    return {name: described[name] for name in _LOGGED}


def _tell(world: World, guild: Guild, role: Role, name: str) -> None:
    world.publish(name, {"guild_id": str(guild.id), "role": role_json(role)}, guild)
