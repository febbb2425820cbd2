"""Bans: list, look, ban one or many, lift; pruning."""

from __future__ import annotations

from chandelier_sandbox.changes import members
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import ban_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Ban, Guild, User
from chandelier_sandbox.rest.access import by, find_user, open_guild, outranks
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, WholeOf, checked

_WEEK_S = 604_800
_BAN = ObjectOf({"delete_message_seconds": WholeOf(0, _WEEK_S), "delete_message_days": WholeOf(0, 7)})
_BULK = ObjectOf(
    {"user_ids": ListOf(Plain.SNOWFLAKE, most=200, least=1), "delete_message_seconds": WholeOf(0, _WEEK_S)},
    required=("user_ids",),
)
_PRUNE = ObjectOf({"days": WholeOf(1, 30), "compute_prune_count": Plain.FLAG, "include_roles": Plain.ANY})


def list_bans(call: Call) -> Answer:
    """List bans by rising user id (before, after, limit)."""
    guild, most = open_guild(call, Permission.BAN_MEMBERS), call.count("limit", 1000, 1000)
    before, after = call.marker("before"), call.marker("after")
    ids = sorted(guild.bans)
    if before is not None:
        ids = [user_id for user_id in ids if user_id < before][-most:]
    elif after is not None:
        ids = [user_id for user_id in ids if user_id > after]
    return Answer([ban_json(guild.bans[user_id]) for user_id in ids[:most]])


def _find(call: Call) -> tuple[Guild, Ban]:
    guild = open_guild(call, Permission.BAN_MEMBERS)
    ban = guild.bans.get(call.number("user_id"))
    if ban is None:
        raise refusal(10026)
    return guild, ban


def get_ban(call: Call) -> Answer:
    """Describe a ban."""
    return Answer(ban_json(_find(call)[1]))


def put_ban(call: Call) -> Answer:
    """Ban a user, who need not be a member; a second ban changes nothing."""
    guild, user = open_guild(call, Permission.BAN_MEMBERS), find_user(call)
    body = checked(call.body, _BAN)
    if not _can_be_banned(call, guild, user):
        raise refusal(50013)
    if user.id not in guild.bans:
        members.ban(call.discord.world, guild, user, by(call), delete_s=_seconds(body))
    return NO_CONTENT


def delete_ban(call: Call) -> Answer:
    """Lift a ban."""
    guild, ban = _find(call)
    members.unban(call.discord.world, guild, ban.user, by(call))
    return NO_CONTENT


def bulk_ban(call: Call) -> Answer:
    """Ban up to 200 users and tell who could not be; 500000 if none could."""
    guild = open_guild(call, Permission.BAN_MEMBERS, Permission.MANAGE_GUILD)
    body, world = checked(call.body, _BULK), call.discord.world
    wanted = list(dict.fromkeys(int(one) for one in body["user_ids"]))
    banned = [
        world.users[one]
        for one in wanted
        if one in world.users and one not in guild.bans and _can_be_banned(call, guild, world.users[one])
    ]
    if not banned:
        raise refusal(500000)
    for user in banned:
        members.ban(world, guild, user, by(call), delete_s=_seconds(body))
    done = {user.id for user in banned}
    failed = [str(one) for one in wanted if one not in done]
    return Answer({"banned_users": [str(one.id) for one in banned], "failed_users": failed})


def _can_be_banned(call: Call, guild: Guild, user: User) -> bool:
    member = guild.members.get(user.id)
    return user.id not in (call.user.id, guild.owner_id) and (member is None or outranks(guild, call.user, member))


def _seconds(body: JsonObject) -> int:
    return int(body.get("delete_message_seconds") or 0) or int(body.get("delete_message_days") or 0) * 86_400


def count_prune(call: Call) -> Answer:
    """Tell how many members a prune would send away."""
    guild = open_guild(call, Permission.MANAGE_GUILD, Permission.KICK_MEMBERS)
    roles = _roles(guild, call.query.get("include_roles", ""))
    days = call.count("days", 7, 30)
    return Answer({"pruned": len(members.idle_members(call.discord.world, guild, days, roles))})


def begin_prune(call: Call) -> Answer:
    """Send idle members away; without compute_prune_count the number is not told."""
    guild = open_guild(call, Permission.MANAGE_GUILD, Permission.KICK_MEMBERS)
    body, world = checked(call.body, _PRUNE), call.discord.world
    days = int(body.get("days") or 7)
    idle = members.idle_members(world, guild, days, _roles(guild, body.get("include_roles") or ""))
    members.prune(world, guild, idle, days, by(call))
    silent = str(body.get("compute_prune_count")).lower() == "false"
    return Answer({"pruned": None if silent else len(idle)})


def _roles(guild: Guild, listed: object) -> list[int]:
    """Read role ids from a list, or a text with commas; 50035 for what is no role here."""
    texts = [str(one) for one in listed] if isinstance(listed, list) else [one for one in str(listed).split(",") if one]
    errors = FormErrors()
    for place, text in enumerate(texts):
        if not text.isdecimal() or int(text) not in guild.roles:
            errors.add(("include_roles", place), "INVALID_ROLE", "Invalid Role")
    errors.raise_any()
    return [int(text) for text in texts]


_GUILD = "/guilds/{guild_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _GUILD + "/bans", list_bans),
    Route("GET", _GUILD + "/bans/{user_id}", get_ban),
    Route("PUT", _GUILD + "/bans/{user_id}", put_ban),
    Route("DELETE", _GUILD + "/bans/{user_id}", delete_ban),
    Route("POST", _GUILD + "/bulk-ban", bulk_ban),
    Route("GET", _GUILD + "/prune", count_prune),
    Route("POST", _GUILD + "/prune", begin_prune),
)
