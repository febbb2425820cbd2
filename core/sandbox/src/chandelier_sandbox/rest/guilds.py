"""Guilds, their channels, roles and members."""

from __future__ import annotations

from chandelier_sandbox.payloads import channel_json, guild_json, member_json, role_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild, Membership, Role
from chandelier_sandbox.rest.access import find_member, find_role, must_outrank, open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route


def get_guild(call: Call) -> Answer:
    """Describe a guild."""
    guild = open_guild(call)
    answer = guild_json(guild) | {"home_header": None, "nsfw": False}
    if call.flag("with_counts"):
        answer |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return Answer(answer)


def list_channels(call: Call) -> Answer:
    """List a guild's channels."""
    return Answer([channel_json(channel) for channel in open_guild(call).channels.values()])


def list_roles(call: Call) -> Answer:
    """List a guild's roles."""
    return Answer([role_json(role) for role in open_guild(call).roles.values()])


def list_members(call: Call) -> Answer:
    """List members by rising id."""
    guild = open_guild(call)
    most, after = call.count("limit", 1, 1000), call.marker("after") or 0
    found = sorted(user_id for user_id in guild.members if user_id > after)[:most]
    return Answer([member_json(guild.members[user_id]) for user_id in found])


def search_members(call: Call) -> Answer:
    """Search members by the beginning of their name."""
    guild, query = open_guild(call), call.query.get("query", "").lower()
    found = [one for one in guild.members.values() if one.user.name.lower().startswith(query)]
    return Answer([member_json(member) for member in found[: call.count("limit", 1, 1000)]])


def get_member(call: Call) -> Answer:
    """Describe a member."""
    return Answer(member_json(find_member(call, open_guild(call))))


def _role_change(call: Call) -> tuple[Guild, Membership, Role]:
    guild = open_guild(call, Permission.MANAGE_ROLES)
    member, role = find_member(call, guild), find_role(call, guild)
    must_outrank(call, guild, role)
    return guild, member, role


def put_role(call: Call) -> Answer:
    """Give a member a role; it must stand below the bot's highest."""
    call.discord.world.give_role(*_role_change(call))
    return NO_CONTENT


def delete_role(call: Call) -> Answer:
    """Take a role from a member."""
    call.discord.world.take_role(*_role_change(call))
    return NO_CONTENT


_MEMBER = "/guilds/{guild_id}/members/{user_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/guilds/{guild_id}", get_guild),
    Route("GET", "/guilds/{guild_id}/channels", list_channels),
    Route("GET", "/guilds/{guild_id}/roles", list_roles),
    Route("GET", "/guilds/{guild_id}/members", list_members),
    Route("GET", "/guilds/{guild_id}/members/search", search_members),
    Route("GET", _MEMBER, get_member),
    Route("PUT", f"{_MEMBER}/roles/{{role_id}}", put_role),
    Route("DELETE", f"{_MEMBER}/roles/{{role_id}}", delete_role),
)
