"""Who may use which command, where (Discord: Application Commands, Permissions, and Contexts)."""

from __future__ import annotations

from chandelier_sandbox.commands.commands import ALL_CHANNELS_BELOW, CHANNEL, ROLE, USER, Commands
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import EVERYTHING, Permission, guild_permissions, permission_names
from chandelier_sandbox.records import Channel, Guild, Membership, User

_IN_GUILD, _WITH_BOT = 0, 1
_NEEDED = int(Permission.VIEW_CHANNEL | Permission.USE_APPLICATION_COMMANDS)
_GUILD_INSTALL = 0
_OFF = "{command} is switched off for {who} in {where}."


def commands_in(commands: Commands, guild: Guild | None) -> list[JsonObject]:
    """Return the commands that a server, or the direct messages with the bot, has: its own first."""
    context = _WITH_BOT if guild is None else _IN_GUILD
    shared = [one for one in commands.all() if _fits(one, context)]
    return shared if guild is None else [*commands.all(guild.id), *shared]


def _fits(command: JsonObject, context: int) -> bool:
    if _GUILD_INSTALL not in command["integration_types"]:
        return False
    if command["contexts"] is not None:
        return context in command["contexts"]
    return context == _IN_GUILD or bool(command["dm_permission"])


def why_not(discord: Discord, command: JsonObject, channel: Channel, user: User) -> str | None:
    """Return why somebody may not use a command there, or None; {command}, {who} and {where} stand for the names."""
    world = discord.world
    if channel.guild_id is None:
        return None
    guild = world.guild(channel.guild_id)
    held = world.permissions_in(channel, user)
    if held & _NEEDED != _NEEDED:
        return "{who} may not use commands in {where}."
    if command["nsfw"] and not _is_age_restricted(guild, channel):
        return "{command} is for age-restricted channels only; {where} is none."
    if held == EVERYTHING:
        return None
    return _refused(discord, command, guild, channel, guild.members[user.id])


def _is_age_restricted(guild: Guild, channel: Channel) -> bool:
    parent = guild.channels.get(channel.parent_id or 0) if channel.thread is not None else None
    return (parent or channel).nsfw


def _refused(discord: Discord, command: JsonObject, guild: Guild, channel: Channel, member: Membership) -> str | None:
    """Ask the command's own permissions, then the application's, then default_member_permissions."""
    commands = discord.commands
    own = commands.permissions(guild.id, int(command["id"]))
    shared = commands.permissions(guild.id, commands.application_id)
    place = channel.parent_id if channel.thread is not None and channel.parent_id is not None else channel.id
    if not own and not shared:
        return _lacking(command, guild, member)
    allowed_here = _channel_says(own, guild, place)
    if allowed_here is None:
        allowed_here = _channel_says(shared, guild, place)
    if allowed_here is False:
        return _OFF
    allowed = _person_says(own, guild, member)
    if allowed is not None:
        return None if allowed else _OFF
    return _OFF if _person_says(shared, guild, member) is False else _lacking(command, guild, member)


def _channel_says(permissions: list[JsonObject], guild: Guild, channel_id: int) -> bool | None:
    named = {int(one["id"]): bool(one["permission"]) for one in permissions if one["type"] == CHANNEL}
    return named.get(channel_id, named.get(guild.id - ALL_CHANNELS_BELOW))


def _person_says(permissions: list[JsonObject], guild: Guild, member: Membership) -> bool | None:
    users = {int(one["id"]): bool(one["permission"]) for one in permissions if one["type"] == USER}
    if member.user.id in users:
        return users[member.user.id]
    roles = {int(one["id"]): bool(one["permission"]) for one in permissions if one["type"] == ROLE}
    held = [roles[role_id] for role_id in member.roles if role_id in roles]
    return any(held) if held else roles.get(guild.id)


def _lacking(command: JsonObject, guild: Guild, member: Membership) -> str | None:
    demanded = command["default_member_permissions"]
    if demanded is None:
        return None
    missing = int(demanded) & ~guild_permissions(guild, member)
    if not missing and demanded != "0":
        return None
    need = permission_names(missing) if missing else "Administrator"
    return "{command} is hidden from {who}: it needs the permission " + need + "."
