"""Members: list, search, change, add, send away."""

from __future__ import annotations

from datetime import datetime, timedelta

from chandelier_sandbox.changes import members, voice
from chandelier_sandbox.changes.roles import set_roles
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import member_json
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Membership
from chandelier_sandbox.rest.access import by, find_member, find_user, held_in, must_outrank, open_guild
from chandelier_sandbox.rest.roles import must_be_given
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, TextOf, WholeOf, checked, is_true, moment

P = Permission
_TIMEOUT_MOST = timedelta(days=28)
_MEMBER_FLAGS = 1 << 2  # BYPASSES_VERIFICATION; the others are Discord's own to set
_MEMBER = ObjectOf(
    {
        "nick": TextOf(32),
        "roles": ListOf(Plain.SNOWFLAKE, most=250),
        "mute": Plain.FLAG,
        "deaf": Plain.FLAG,
        "channel_id": Plain.SNOWFLAKE,
        "communication_disabled_until": Plain.MOMENT,
        "flags": WholeOf(0, (1 << 53) - 1),
    }
)
_ADDED = ObjectOf({**_MEMBER.fields, "access_token": TextOf(10_240)}, required=("access_token",))
_SELF = ObjectOf({"nick": TextOf(32), "avatar": Plain.ANY, "banner": Plain.ANY, "bio": TextOf(400)})
_NEEDED = {
    "nick": P.MANAGE_NICKNAMES,
    "roles": P.MANAGE_ROLES,
    "mute": P.MUTE_MEMBERS,
    "deaf": P.DEAFEN_MEMBERS,
    "channel_id": P.MOVE_MEMBERS,
    "communication_disabled_until": P.MODERATE_MEMBERS,
    "flags": P.MODERATE_MEMBERS,
}


def list_members(call: Call) -> Answer:
    """List members by rising id; it takes the privileged intent GUILD_MEMBERS."""
    guild = open_guild(call)
    if Intent.GUILD_MEMBERS not in call.discord.gateway.privileged:
        raise refusal(50001)
    most, after = call.count("limit", 1, 1000), call.marker("after") or 0
    found = sorted(user_id for user_id in guild.members if user_id > after)[:most]
    return Answer([member_json(guild.members[user_id]) for user_id in found])


def search_members(call: Call) -> Answer:
    """Search members by the beginning of their name or nickname."""
    guild, query = open_guild(call), call.query.get("query", "").lower()
    if not query:
        errors = FormErrors()
        errors.missing(("query",))
        errors.raise_any()
    found = [one for one in guild.members.values() if any(name.startswith(query) for name in _names(one))]
    return Answer([member_json(member) for member in found[: call.count("limit", 1, 1000)]])


def _names(member: Membership) -> list[str]:
    return [name.lower() for name in (member.user.name, member.user.display_name, member.nick) if name]


def get_member(call: Call) -> Answer:
    """Describe a member."""
    return Answer(member_json(find_member(call, open_guild(call))))


def patch_member(call: Call) -> Answer:
    """Change a member: each field has its permission; all is checked before anything changes."""
    guild = open_guild(call)
    member, body = find_member(call, guild), checked(call.body, _MEMBER, partial=True)
    held = held_in(call, guild)
    if any(not held & permission for name, permission in _NEEDED.items() if name in body):
        raise refusal(50013)
    if member.user.id != call.user.id and {"nick", "communication_disabled_until"} & body.keys():
        must_outrank(call, guild, member)
    facts = _facts(body)
    _check_timeout(call, guild, member, facts.get("muted_until"))
    wanted = _wanted_roles(call, guild, member, body)
    if {"mute", "deaf", "channel_id"} & body.keys() and member.user.id not in guild.voice_states:
        raise refusal(40032)
    target = _voice_channel(guild, body)
    world = call.discord.world
    members.modify_member(world, guild, member, facts, by(call))
    if wanted is not None:
        set_roles(world, guild, member, wanted, by(call))
    if "channel_id" in body:
        voice.move(world, guild, member.user.id, target, by(call))
    return Answer(member_json(member))


def _facts(body: JsonObject) -> JsonObject:
    facts: JsonObject = {}
    if "nick" in body:
        facts["nick"] = body["nick"] or None
    for name in ("mute", "deaf"):
        if body.get(name) is not None:
            facts[name] = is_true(body[name])
    if "communication_disabled_until" in body:
        until = body["communication_disabled_until"]
        facts["muted_until"] = None if until is None else moment(until)
    if body.get("flags") is not None:
        facts["flags"] = int(body["flags"]) & _MEMBER_FLAGS
    return facts


def _check_timeout(call: Call, guild: Guild, member: Membership, until: datetime | None) -> None:
    if until is None:
        return
    if guild_permissions(guild, member) & P.ADMINISTRATOR:
        raise refusal(50013)  # Discord: Guild, Modify Guild Member: administrators cannot be timed out
    if until > call.discord.clock.now() + _TIMEOUT_MOST:
        errors = FormErrors()
        sentence = "Timeout cannot be more than 28 days in the future."
        errors.add(("communication_disabled_until",), "MEMBER_TIMEOUT_TOO_LONG", sentence)
        errors.raise_any()


def _wanted_roles(call: Call, guild: Guild, member: Membership, body: JsonObject) -> list[int] | None:
    if body.get("roles") is None:
        return None
    wanted = list(dict.fromkeys(int(one) for one in body["roles"]))
    if any(role_id not in guild.roles for role_id in wanted):
        raise refusal(10011)
    for role_id in set(wanted) ^ set(member.roles):
        must_be_given(call, guild, guild.roles[role_id])
    return wanted


def _voice_channel(guild: Guild, body: JsonObject) -> Channel | None:
    if body.get("channel_id") is None:
        return None
    channel = guild.channels.get(int(body["channel_id"]))
    if channel is None:
        raise refusal(10003)
    if channel.kind not in (ChannelKind.VOICE, ChannelKind.STAGE):
        raise refusal(50024)
    return channel


def patch_self(call: Call) -> Answer:
    """Change the bot's own nickname; its pictures here are accepted and not kept."""
    guild = open_guild(call)
    body, member = checked(call.body, _SELF), guild.members[call.user.id]
    if "nick" in body and not held_in(call, guild) & (P.CHANGE_NICKNAME | P.MANAGE_NICKNAMES):
        raise refusal(50013)
    for name in ("avatar", "banner"):
        image_hash(body.get(name), name)
    if "nick" in body:
        members.modify_member(call.discord.world, guild, member, {"nick": body["nick"] or None}, by(call))
    return Answer(member_json(member))


def put_member(call: Call) -> Answer:
    """Add a user who allowed it (scope guilds.join); 204 for who is a member already."""
    guild, user, body = open_guild(call, P.CREATE_INSTANT_INVITE), find_user(call), checked(call.body, _ADDED)
    token = call.discord.oauth2.find(str(body["access_token"]))
    if token is None or token.user is not user:
        raise refusal(50025)
    if "guilds.join" not in token.scopes:
        raise refusal(50026)
    if user.id in guild.members:
        return NO_CONTENT
    if user.id in guild.bans:
        raise refusal(40007)
    held = held_in(call, guild)
    if any(not held & _NEEDED[name] for name in ("nick", "roles", "mute", "deaf") if body.get(name) is not None):
        raise refusal(50013)
    fresh = Membership(user, call.discord.clock.now())
    wanted = _wanted_roles(call, guild, fresh, body)
    facts = {name: value for name, value in _facts(body).items() if name != "muted_until"}
    member = call.discord.world.add_member(guild, user)
    members.modify_member(call.discord.world, guild, member, facts, by(call))
    if wanted:
        set_roles(call.discord.world, guild, member, wanted, by(call))
    return Answer(member_json(member), 201)


def delete_member(call: Call) -> Answer:
    """Send a member away who stands below the bot."""
    guild = open_guild(call, P.KICK_MEMBERS)
    member = find_member(call, guild)
    must_outrank(call, guild, member)
    members.kick(call.discord.world, guild, member, by(call))
    return NO_CONTENT


_MEMBERS = "/guilds/{guild_id}/members"
ROUTES: tuple[Route, ...] = (
    Route("GET", _MEMBERS, list_members),
    Route("GET", _MEMBERS + "/search", search_members),
    Route("PATCH", _MEMBERS + "/@me", patch_self),
    Route("GET", _MEMBERS + "/{user_id}", get_member),
    Route("PUT", _MEMBERS + "/{user_id}", put_member, standing=Standing.TOLERATED),
    Route("PATCH", _MEMBERS + "/{user_id}", patch_member),
    Route("DELETE", _MEMBERS + "/{user_id}", delete_member),
)
