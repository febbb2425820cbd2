"""Who may use which command in a server; only people set it, with an access token (Discord: Permissions)."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.changes.command_permissions import permissions_json, set_permissions
from chandelier_sandbox.commands.access import why_not
from chandelier_sandbox.commands.commands import ALL_CHANNELS_BELOW, CHANNEL, ROLE, USER
from chandelier_sandbox.errors import DiscordError, FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild
from chandelier_sandbox.rest.access import by, open_guild, outranks
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route
from chandelier_sandbox.rest.scopes import must_be_own, must_have
from chandelier_sandbox.scopes import COMMAND_PERMISSIONS
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, checked, is_true

PERMISSIONS_MOST = 100
_ONE = ObjectOf(
    {"id": Plain.SNOWFLAKE, "type": OneOf((ROLE, USER, CHANNEL)), "permission": Plain.FLAG},
    ("id", "type", "permission"),
)
_BODY = ObjectOf({"permissions": ListOf(_ONE, PERMISSIONS_MOST)}, ("permissions",))


def _guild(call: Call, *needed: Permission) -> Guild:
    must_have(call, COMMAND_PERMISSIONS)
    must_be_own(call)
    return open_guild(call, *needed)


def _command(call: Call, guild: Guild) -> JsonObject | None:
    """Return the command of the path, the guild's or a global one, or raise 10063; None is the whole application."""
    number, commands = call.number("command_id"), call.discord.commands
    if number == commands.application_id:
        return None
    try:
        return commands.get(guild.id, number)
    except DiscordError:
        return commands.get(None, number)


def get_all(call: Call) -> Answer:
    """List the permissions of every command that has some."""
    guild, commands = _guild(call), call.discord.commands
    return Answer([permissions_json(commands, guild.id, number) for number in commands.permissions_in(guild.id)])


def get_one(call: Call) -> Answer:
    """Describe the permissions of a command, or of the application by its own id; 10066 where there are none."""
    guild, commands, number = _guild(call), call.discord.commands, call.number("command_id")
    _command(call, guild)
    if not commands.permissions(guild.id, number):
        raise refusal(10066)
    return Answer(permissions_json(commands, guild.id, number))


def put_one(call: Call) -> Answer:
    """Set the permissions of a command; people who manage the server and its roles may, bots may not."""
    if call.identity.is_bot:
        raise refusal(20001)
    guild = _guild(call, Permission.MANAGE_GUILD, Permission.MANAGE_ROLES)
    command = _command(call, guild)
    if command is not None and not _may_use(call, guild, command):
        raise refusal(50013)
    wanted = _wanted(call, guild)
    world, commands = call.discord.world, call.discord.commands
    return Answer(set_permissions(world, commands, guild, call.number("command_id"), wanted, by=by(call)))


def _may_use(call: Call, guild: Guild, command: JsonObject) -> bool:
    """Tell whether the caller may use a command somewhere in the guild; whether it is for adults does not matter."""
    harmless = command | {"nsfw": False}
    channels = guild.channels.values()
    return any(why_not(call.discord, harmless, channel, call.user) is None for channel in channels)


def _wanted(call: Call, guild: Guild) -> list[JsonObject]:
    body, errors = checked(call.form(), _BODY), FormErrors()
    wanted: list[JsonObject] = []
    for place, one in enumerate(body["permissions"]):
        written = {"id": str(int(one["id"])), "type": one["type"], "permission": is_true(one["permission"])}
        if any(other["id"] == written["id"] and other["type"] == one["type"] for other in wanted):
            sentence = "The set already contains this value"
            errors.add(("permissions", place), "SET_TYPE_ALREADY_CONTAINS_VALUE", sentence)
        wanted.append(written)
    errors.raise_any()
    for one in wanted:
        _must_manage(call, guild, one["type"], int(one["id"]))
    return wanted


def _must_manage(call: Call, guild: Guild, kind: Any, number: int) -> None:
    """Raise 10011, 10013 or 10003 for what is not there, and 50013 for a role that stands above the caller."""
    if kind == USER and number not in call.discord.world.users:
        raise refusal(10013)
    if kind == CHANNEL and number != guild.id - ALL_CHANNELS_BELOW and number not in guild.channels:
        raise refusal(10003)
    if kind != ROLE:
        return
    role = guild.roles.get(number)
    if role is None:
        raise refusal(10011)
    if number != guild.id and not outranks(guild, call.user, role):
        raise refusal(50013)


_PREFIX = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{_PREFIX}/permissions", get_all, auth=Auth.EITHER),
    Route("GET", f"{_PREFIX}/{{command_id}}/permissions", get_one, auth=Auth.EITHER),
    Route("PUT", f"{_PREFIX}/{{command_id}}/permissions", put_one, auth=Auth.EITHER),
)
