"""Roles: list, create, change, move, delete; give and take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes import roles
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import role_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild, Membership, Role
from chandelier_sandbox.rest.access import by, find_member, find_role, must_hold, must_outrank, open_guild, outranks
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, TextOf, WholeOf, check_shape, checked, is_true

ROLES_MOST = 250
_COLOR = WholeOf(0, 0xFFFFFF)
_COLORS = ObjectOf({"primary_color": _COLOR, "secondary_color": _COLOR, "tertiary_color": _COLOR}, ("primary_color",))
_ROLE = ObjectOf(
    {
        "name": TextOf(100, least=1),
        "permissions": Plain.BITS,
        "color": _COLOR,
        "colors": _COLORS,
        "hoist": Plain.FLAG,
        "mentionable": Plain.FLAG,
        "icon": Plain.TEXT,
        "unicode_emoji": TextOf(100),
    }
)
_POSITIONS = ListOf(ObjectOf({"id": Plain.SNOWFLAKE, "position": WholeOf(-(1 << 31), (1 << 31) - 1)}, ("id",)))


def list_roles(call: Call) -> Answer:
    """List a guild's roles."""
    return Answer([role_json(role) for role in open_guild(call).roles.values()])


def get_role(call: Call) -> Answer:
    """Describe one role."""
    return Answer(role_json(find_role(call, open_guild(call))))


def count_members(call: Call) -> Answer:
    """Tell how many members have each role, @everyone aside."""
    guild = open_guild(call)
    counts = {str(role_id): 0 for role_id in guild.roles if role_id != guild.id}
    for member in guild.members.values():
        for role_id in member.roles:
            counts[str(role_id)] += 1
    return Answer(counts)


def create_role(call: Call) -> Answer:
    """Create a role."""
    guild = open_guild(call, Permission.MANAGE_ROLES)
    facts = _facts(guild, checked(call.body, _ROLE))
    must_hold(call, guild, facts.get("permissions", 0))
    if len(guild.roles) >= ROLES_MOST:
        raise refusal(30005)
    return Answer(role_json(roles.create_role(call.discord.world, guild, facts, by(call))))


def patch_role(call: Call) -> Answer:
    """Change a role below the bot's highest; of @everyone, only what it permits."""
    guild = open_guild(call, Permission.MANAGE_ROLES)
    role = find_role(call, guild)
    must_outrank(call, guild, role)
    facts = _facts(guild, checked(call.body, _ROLE, partial=True))
    must_hold(call, guild, facts.get("permissions", role.permissions) ^ role.permissions)
    if role.id == guild.id:
        facts = {name: value for name, value in facts.items() if name == "permissions"}
    roles.modify_role(call.discord.world, guild, role, facts, by(call))
    return Answer(role_json(role))


def _facts(guild: Guild, body: JsonObject) -> JsonObject:
    """Turn a body into fields of the record; null is as good as absent, but for what can be without a value."""
    for name, feature in (("icon", "ROLE_ICONS"), ("unicode_emoji", "ROLE_ICONS")):
        if body.get(name) is not None and feature not in guild.features():
            raise refusal(50101)
    facts: JsonObject = {}
    for name in ("name", "color", "permissions"):
        if body.get(name) is not None:
            facts[name] = str(body[name]) if name == "name" else int(body[name])
    for name in ("hoist", "mentionable"):
        if body.get(name) is not None:
            facts[name] = is_true(body[name])
    if "unicode_emoji" in body:
        facts["unicode_emoji"] = body["unicode_emoji"]
    return facts | _colors(guild, body.get("colors"))


def _colors(guild: Guild, colors: Mapping[str, Any] | None) -> JsonObject:
    if colors is None:
        return {}
    second, third = colors.get("secondary_color"), colors.get("tertiary_color")
    if (second, third) != (None, None) and "ENHANCED_ROLE_COLORS" not in guild.features():
        raise refusal(50101)
    return {"color": int(colors["primary_color"]), "secondary_color": second, "tertiary_color": third}


def remove_role(call: Call) -> Answer:
    """Delete a role below the bot's highest; neither @everyone nor one that an application manages."""
    guild = open_guild(call, Permission.MANAGE_ROLES)
    role = find_role(call, guild)
    if role.managed or role.id == guild.id:
        raise refusal(50028)
    must_outrank(call, guild, role)
    roles.delete_role(call.discord.world, guild, role, by(call))
    return NO_CONTENT


def move_roles(call: Call) -> Answer:
    """Put roles below the bot's highest at other positions below it."""
    guild = open_guild(call, Permission.MANAGE_ROLES)
    errors = FormErrors()
    check_shape(call.body or [], _POSITIONS, (), errors)
    errors.raise_any()
    wanted = {int(one["id"]): int(one["position"]) for one in call.body or [] if one.get("position") is not None}
    if any(role_id not in guild.roles for role_id in wanted):
        raise refusal(10011)
    if guild.id in wanted:
        raise refusal(50028)
    _must_reach(call, guild, wanted)
    roles.move_roles(call.discord.world, guild, wanted)
    return Answer([role_json(role) for role in guild.roles.values()])


def _must_reach(call: Call, guild: Guild, wanted: Mapping[int, int]) -> None:
    """Raise 50013 where a role stands, or would stand, at or above the caller's highest."""
    for role_id in wanted:
        must_outrank(call, guild, guild.roles[role_id])
    if guild.owner_id == call.user.id:
        return
    after, own = roles.arranged(guild, wanted), guild.members[call.user.id].roles
    top = max((after[role_id] for role_id in own if role_id in after), default=0)
    if any(after[role_id] >= top for role_id in wanted):
        raise refusal(50013)


def must_be_given(call: Call, guild: Guild, role: Role) -> None:
    """Raise where the caller may not give or take a role: @everyone is 50028, what it does not outrank 50013."""
    if role.id == guild.id:
        raise refusal(50028)
    if role.managed or not outranks(guild, call.user, role):
        raise refusal(50013)


def _asked(call: Call) -> tuple[Guild, Membership, Role]:
    guild = open_guild(call, Permission.MANAGE_ROLES)
    member, role = find_member(call, guild), find_role(call, guild)
    must_be_given(call, guild, role)
    return guild, member, role


def give_role(call: Call) -> Answer:
    """Give a member a role; it must stand below the bot's highest."""
    guild, member, role = _asked(call)
    wanted = [*member.roles, role.id] if role.id not in member.roles else member.roles
    roles.set_roles(call.discord.world, guild, member, wanted, by(call))
    return NO_CONTENT


def take_role(call: Call) -> Answer:
    """Take a role from a member."""
    guild, member, role = _asked(call)
    left = [role_id for role_id in member.roles if role_id != role.id]
    roles.set_roles(call.discord.world, guild, member, left, by(call))
    return NO_CONTENT


_ROLES = "/guilds/{guild_id}/roles"
_MEMBER_ROLE = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _ROLES, list_roles),
    Route("POST", _ROLES, create_role),
    Route("PATCH", _ROLES, move_roles),
    Route("GET", _ROLES + "/member-counts", count_members),
    Route("GET", _ROLES + "/{role_id}", get_role),
    Route("PATCH", _ROLES + "/{role_id}", patch_role),
    Route("DELETE", _ROLES + "/{role_id}", remove_role),
    Route("PUT", _MEMBER_ROLE, give_role),
    Route("DELETE", _MEMBER_ROLE, take_role),
)
