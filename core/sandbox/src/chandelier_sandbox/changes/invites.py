"""Invites are made, used, revoked, and end by the sandbox's clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.errors import CannotJoin
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import invite_created_json
from chandelier_sandbox.records import Channel, Guild, Invite, Membership, User
from chandelier_sandbox.world import World

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def live_invites(world: World, guild: Guild) -> list[Invite]:
    """Return the invites that still let people in; those whose time is up are forgotten."""
    now = world.clock.now()
    guild.invites = {code: one for code, one in guild.invites.items() if one.expires_at is None or one.expires_at > now}
    return list(guild.invites.values())


def find_invite(world: World, code: str) -> tuple[Guild, Invite] | None:
    """Return an invite and where it leads; None if there is none (any more)."""
    for guild in world.guilds.values():
        for invite in live_invites(world, guild):
            if invite.code == code:
                return guild, invite
    return None


def twin(world: World, guild: Guild, channel: Channel, by: By, facts: Mapping[str, Any]) -> Invite | None:
    """Return an invite of the same maker, place and terms, which can be used again."""
    for invite in live_invites(world, guild):
        same = all(getattr(invite, name) == value for name, value in facts.items())
        if same and invite.channel_id == channel.id and invite.inviter is by.actor:
            return invite
    return None


def create_invite(world: World, guild: Guild, channel: Channel, by: By, facts: Mapping[str, Any]) -> Invite:
    """Make an invite; facts are fields of the record: max_age_s, max_uses, temporary, roles."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    invite = Invite(code, channel.id, by.actor, world.clock.now(), **facts)
    guild.invites[code] = invite
    world.publish("INVITE_CREATE", invite_created_json(guild, invite), guild)
    note(world, guild, by, Action.INVITE_CREATE, None, changes=difference({}, _facts(invite)))
    return invite


def delete_invite(world: World, guild: Guild, invite: Invite, by: By) -> None:
    """Revoke an invite."""
    _end(world, guild, invite)
    note(world, guild, by, Action.INVITE_DELETE, None, changes=difference(_facts(invite), {}))


def accept_invite(world: World, code: str, user: User) -> Membership:
    """Let somebody join by an invite, which counts it; CannotJoin with the reason if it does not let them in."""
    found = find_invite(world, code)
    if found is None:
        raise CannotJoin(f"The invite {code} is not valid, or its time is up; {user.name} needs another one.")
    guild, invite = found
    if user.id in guild.members:
        return guild.members[user.id]
    if "INVITES_DISABLED" in guild.features():
        raise CannotJoin(f"{guild.name} has paused its invites; {user.name} cannot come in until they are resumed.")
    member = world.add_member(guild, user)
    invite.uses += 1
    for role_id in invite.roles:
        if role_id in guild.roles:
            world.give_role(guild, member, guild.roles[role_id])
    if invite.max_uses and invite.uses >= invite.max_uses:
        _end(world, guild, invite)
    return member


def _end(world: World, guild: Guild, invite: Invite) -> None:
    del guild.invites[invite.code]
    payload: JsonObject = {"channel_id": str(invite.channel_id), "guild_id": str(guild.id), "code": invite.code}
    world.publish("INVITE_DELETE", payload, guild)


def _facts(invite: Invite) -> JsonObject:
    return {
        "code": invite.code,
        "channel_id": str(invite.channel_id),
        "inviter_id": str(invite.inviter.id),
        "max_uses": invite.max_uses,
        "uses": invite.uses,
        "max_age": invite.max_age_s,
        "temporary": invite.temporary,
    }
