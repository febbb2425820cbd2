"""What a call may reach: the guild, channel, member or role of its path, and whether the bot may act on it."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.permissions import Permission, held_now
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Membership, Message, Role, User
from chandelier_sandbox.rest.routing import Call


def open_guild(call: Call, *needed: Permission) -> Guild:
    """Return the guild of the path (else 10004) if the caller is in it (else 50001) and holds what is needed (50013)."""
    guild = call.discord.world.guild(call.number("guild_id"))
    member = guild.members.get(call.user.id)
    if member is None:
        raise refusal(50001)
    held = held_now(guild, member, call.discord.clock.now())
    if any(not held & permission for permission in needed):
        raise refusal(50013)
    return guild


def by(call: Call) -> By:
    """Return who makes the change of this call, and why."""
    return By(call.user, call.reason)


def held_in(call: Call, guild: Guild) -> int:
    """Return what the caller may do in a guild, channels aside."""
    return held_now(guild, guild.members[call.user.id], call.discord.clock.now())


def must_hold(call: Call, guild: Guild, bits: int) -> None:
    """Raise 50013 where the caller would give what it does not hold."""
    if bits & ~held_in(call, guild):
        raise refusal(50013)


def open_channel(call: Call, *needed: Permission) -> Channel:
    """Return the channel of the path (else 10003) if the bot sees it (else 50001) and holds what is needed (50013)."""
    channel = call.discord.world.channel(call.number("channel_id"))
    held = call.discord.world.permissions_in(channel, call.user)
    if not held & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    if channel.thread is not None and Permission.SEND_MESSAGES in needed:
        swap = Permission.SEND_MESSAGES_IN_THREADS  # Discord: Threads, Permissions
        needed = tuple(swap if one is Permission.SEND_MESSAGES else one for one in needed)
    if any(not held & permission for permission in needed):
        raise refusal(50013)
    if channel.kind is ChannelKind.CATEGORY and Permission.SEND_MESSAGES in needed:
        raise refusal(50013)
    return channel


def open_message(call: Call, channel: Channel) -> Message:
    """Return the message of the path, or raise 10008; what is ephemeral is nobody's but its reader's."""
    message = call.discord.world.message(channel.id, call.number("message_id"))
    if message.ephemeral:
        raise refusal(10008)
    return message


def find_member(call: Call, guild: Guild) -> Membership:
    """Return the member of the path; 10013 for a user who does not exist, 10007 for one who is not here."""
    member = guild.members.get(find_user(call).id)
    if member is None:
        raise refusal(10007)
    return member


def find_user(call: Call) -> User:
    """Return the user of the path ("@me" is the caller), or raise 10013."""
    if call.path["user_id"] == "@me":
        return call.user
    user = call.discord.world.users.get(call.number("user_id"))
    if user is None:
        raise refusal(10013)
    return user


def find_role(call: Call, guild: Guild) -> Role:
    """Return the role of the path, or raise 10011."""
    role = guild.roles.get(call.number("role_id"))
    if role is None:
        raise refusal(10011)
    return role


def outranks(guild: Guild, actor: User, target: Membership | Role) -> bool:
    """Tell whether somebody stands above a member or a role (Discord: Permissions, Permission Hierarchy)."""
    if guild.owner_id == actor.id:
        return True
    top = guild.top_position(guild.members[actor.id])
    if isinstance(target, Role):
        return target.position < top
    return target.user.id != guild.owner_id and guild.top_position(target) < top


def must_outrank(call: Call, guild: Guild, target: Membership | Role) -> None:
    """Raise 50013 unless the caller stands above the member or role."""
    if not outranks(guild, call.user, target):
        raise refusal(50013)


def sees_creators(call: Call, guild: Guild) -> bool:
    """Tell whether the caller is told who made emojis, stickers and sounds."""
    wanted = Permission.CREATE_GUILD_EXPRESSIONS | Permission.MANAGE_GUILD_EXPRESSIONS
    return bool(held_in(call, guild) & wanted)


def may_edit_expression(call: Call, guild: Guild, creator: User) -> None:
    """Raise 50013 unless the caller manages expressions, or made this one and may make others."""
    held, own = held_in(call, guild), creator.id == call.user.id
    if not held & Permission.MANAGE_GUILD_EXPRESSIONS and not (own and held & Permission.CREATE_GUILD_EXPRESSIONS):
        raise refusal(50013)
