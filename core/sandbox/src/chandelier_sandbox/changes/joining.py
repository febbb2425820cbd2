"""The bot joins a server and leaves one; a server that it is not in goes on without it."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import Action, record
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import guild_create_json
from chandelier_sandbox.records import Guild, Membership, Role, User
from chandelier_sandbox.snowflakes import stable_id
from chandelier_sandbox.world import World


def bot_joins(world: World, guild: Guild, actor: User, permissions: int) -> None:
    """Let somebody add the bot to a server, with these permissions; one that has it already may get them anew."""
    own = next((role for role in guild.roles.values() if role.bot_id == world.bot.id), None)
    if world.bot.id in guild.members:
        if own is not None and permissions and own.permissions != permissions:
            world.change_role(guild, own, permissions)
        return
    if own is None:
        own = Role(
            stable_id("role", f"{guild.name}/bot"), world.bot.name, permissions, managed=True, bot_id=world.bot.id
        )
        guild.roles[own.id] = own
    guild.joined_at = world.clock.now()
    guild.members[world.bot.id] = Membership(user=world.bot, joined_at=guild.joined_at, roles=[own.id])
    world.elsewhere.pop(guild.id, None)
    world.guilds[guild.id] = guild
    for channel in (*guild.channels.values(), *guild.threads.values()):
        if channel.id not in world.channels:
            world.know_channel(channel)
    world.publish("GUILD_CREATE", guild_create_json(guild, guild.members.values()), guild)
    record(world, guild, actor, Action.BOT_ADD, world.bot.id)


def bot_leaves(world: World, guild: Guild) -> None:
    """Let the bot leave a server; its people stay."""
    payload: JsonObject = {"id": str(guild.id)}
    world.set_aside(guild)
    world.publish("GUILD_DELETE", payload, guild)
