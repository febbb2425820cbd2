"""Invites of a channel and of a guild; one by its code."""

from __future__ import annotations

from chandelier_sandbox.changes import invites
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import invite_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Invite
from chandelier_sandbox.rest.access import by, held_in, open_channel, open_guild
from chandelier_sandbox.rest.roles import must_be_given
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, WholeOf, checked, is_true

INVITES_MOST = 1000
_DAY_S = 86_400
_INVITE = ObjectOf(
    {
        "max_age": WholeOf(0, 60 * _DAY_S),
        "max_uses": WholeOf(0, 100),
        "temporary": Plain.FLAG,
        "unique": Plain.FLAG,
        "role_ids": ListOf(Plain.SNOWFLAKE),
    }
)


def _of_guild(call: Call, *needed: Permission) -> tuple[Guild, Channel]:
    channel = open_channel(call, *needed)
    if channel.guild_id is None:
        raise refusal(50003)
    if channel.kind is ChannelKind.CATEGORY or channel.thread is not None:
        raise refusal(50024)
    return call.discord.world.guild(channel.guild_id), channel


def list_of_channel(call: Call) -> Answer:
    """List the invites into a channel."""
    guild, channel = _of_guild(call, Permission.MANAGE_CHANNELS)
    found = [one for one in invites.live_invites(call.discord.world, guild) if one.channel_id == channel.id]
    return Answer([invite_json(guild, one, with_facts=True) for one in found])


def list_of_guild(call: Call) -> Answer:
    """List the invites into a guild; who may only read the audit log is not told their terms."""
    guild = open_guild(call)
    held = held_in(call, guild)
    if not held & (Permission.MANAGE_GUILD | Permission.VIEW_AUDIT_LOG):
        raise refusal(50013)
    whole = bool(held & Permission.MANAGE_GUILD)
    return Answer(
        [invite_json(guild, one, with_facts=whole) for one in invites.live_invites(call.discord.world, guild)]
    )


def create_invite(call: Call) -> Answer:
    """Make an invite, or answer one of the same terms unless it is to be unique."""
    guild, channel = _of_guild(call, Permission.CREATE_INSTANT_INVITE)
    body, world = checked(call.body, _INVITE), call.discord.world
    facts = {
        "max_age_s": int(body["max_age"]) if body.get("max_age") is not None else _DAY_S,
        "max_uses": int(body.get("max_uses") or 0),
        "temporary": is_true(body.get("temporary")),
        "roles": [int(one) for one in body.get("role_ids") or []],
    }
    for role_id in [int(one) for one in body.get("role_ids") or []]:
        if role_id not in guild.roles:
            raise refusal(10011)
        must_be_given(call, guild, guild.roles[role_id])
    again = None
    if not is_true(body.get("unique")):
        again = invites.twin(world, guild, channel, by(call), facts)
    if again is None and len(invites.live_invites(world, guild)) >= INVITES_MOST:
        raise refusal(30016)
    invite = again or invites.create_invite(world, guild, channel, by(call), facts)
    return Answer(invite_json(guild, invite, with_facts=True))


def _find(call: Call) -> tuple[Guild, Invite]:
    found = invites.find_invite(call.discord.world, call.path["code"])
    if found is None:
        raise refusal(10006)
    return found


def get_invite(call: Call) -> Answer:
    """Describe an invite to anybody."""
    return Answer(invite_json(*_find(call), with_counts=call.flag("with_counts")))


def delete_invite(call: Call) -> Answer:
    """Revoke an invite."""
    guild, invite = _find(call)
    if call.user.id not in guild.members:
        raise refusal(50001)
    channel = guild.channels[invite.channel_id]
    held = held_in(call, guild) & Permission.MANAGE_GUILD
    held |= call.discord.world.permissions_in(channel, call.user) & Permission.MANAGE_CHANNELS
    if not held:
        raise refusal(50013)
    answer = invite_json(guild, invite)
    invites.delete_invite(call.discord.world, guild, invite, by(call))
    return Answer(answer)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/channels/{channel_id}/invites", list_of_channel),
    Route("POST", "/channels/{channel_id}/invites", create_invite),
    Route("GET", "/guilds/{guild_id}/invites", list_of_guild),
    Route("GET", "/invites/{code}", get_invite, auth=Auth.NONE),
    Route("DELETE", "/invites/{code}", delete_invite),
)
