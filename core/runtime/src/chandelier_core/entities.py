"""Discord's things, found from what people type: users, members, roles and channels; and what a member may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import hikari

from chandelier import Actor, BadOption, Call, NotFound, Permission, Unavailable
from chandelier.parameters import EXPECTED, Kind, Parameter
from chandelier_core.caching.memory import MISSING, Memory

if TYPE_CHECKING:
    from chandelier_core.discord import Discord

_MENTION = {
    Kind.USER: re.compile(r"<@!?(\d{1,19})>|(\d{1,19})"),
    Kind.MEMBER: re.compile(r"<@!?(\d{1,19})>|(\d{1,19})"),
    Kind.ROLE: re.compile(r"<@&(\d{1,19})>|(\d{1,19})"),
    Kind.CHANNEL: re.compile(r"<#(\d{1,19})>|(\d{1,19})"),
}
MAX_ID = 2**63 - 1
#: How old may be what Discord has said of a member or a server to the API; permissions taken away end with it.
FRESH_S = 5.0
MOST_MEMBERS = 10_000


class Entities:
    """Looks things up in the cache, then over REST."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._members = Memory(MOST_MEMBERS, FRESH_S, shared=False)
        self._guilds = Memory(MOST_MEMBERS, FRESH_S, shared=False)

    async def resolve(self, parameter: Parameter, raw: object, call: Call) -> object:
        """Give the object that an option names; a surface that has it already hands it over as it is."""
        if not isinstance(raw, str | int) or isinstance(raw, bool):
            return raw
        pattern = _MENTION.get(parameter.kind)
        found = pattern.fullmatch(str(raw).strip()) if pattern else None
        number = int(found[1] or found[2]) if found else 0
        if not 0 < number <= MAX_ID:
            raise BadOption(f"`{parameter.name}` must be {EXPECTED[parameter.kind]}.", option=parameter.name)
        try:
            return await self._find(parameter.kind, hikari.Snowflake(number), call.guild_id)
        except (hikari.NotFoundError, hikari.ForbiddenError):
            raise BadOption(
                f"`{parameter.name}`: there is no such {parameter.kind.value} here.", option=parameter.name
            ) from None

    async def actor(self, user_id: int | None, guild_id: int | None) -> Actor:
        """Give who acts over REST: the operator, or a Discord user by the operator's word."""
        if user_id is None:
            return Actor(id=None, name="operator", operator=True)
        try:
            if guild_id is None:
                return actor_from(await self._discord.rest.fetch_user(user_id), Permission.NONE)
            member = await self._member(guild_id, user_id)
            return actor_from(member, await self.permissions(member, None))
        except (hikari.NotFoundError, hikari.ForbiddenError, hikari.BadRequestError):
            place = " in this server" if guild_id is not None else ""
            raise NotFound(f"There is no user {user_id}{place}.") from None

    async def is_member(self, guild_id: int, user_id: int) -> bool:
        """Say whether a person is in a server."""
        try:
            await self._member(guild_id, user_id)
        except (hikari.NotFoundError, hikari.ForbiddenError, hikari.BadRequestError):
            return False
        return True

    async def permissions(self, member: hikari.Member, channel_id: int | None) -> Permission:
        """Compute what a member may do in a server, or in one of its channels (documentation: Permissions, Hierarchy)."""
        guild = self._guild(member.guild_id) or await self._fetch_guild(member.guild_id)
        if guild.owner_id == member.id:
            return _all()
        roles = guild.get_roles()
        held = roles[guild.id].permissions if guild.id in roles else hikari.Permissions.NONE
        for role_id in member.role_ids:
            if role_id in roles:
                held |= roles[role_id].permissions
        if hikari.Permissions.ADMINISTRATOR in held:
            return _all()
        channel = self._channel(guild, channel_id)
        if channel is not None:
            held = _overwritten(held, channel, member)
        return Permission(int(held))

    def _guild(self, guild_id: hikari.Snowflake) -> hikari.Guild | None:
        try:
            return self._discord.cache.get_guild(guild_id)
        except Unavailable:
            return None

    def _channel(self, guild: hikari.Guild, channel_id: int | None) -> hikari.PermissibleGuildChannel | None:
        """Find the channel whose overwrites count: a thread has its parent's."""
        if channel_id is None:
            return None
        thread = self._discord.cache.get_thread(channel_id)
        return guild.get_channel(thread.parent_id if thread is not None else channel_id)

    async def _member(self, guild_id: int, user_id: int) -> hikari.Member:
        """Fetch a member, or give the one of 5 s ago; who is not there is remembered, too."""
        key = f"{guild_id} {user_id}"
        found = self._members.get(key)
        if found is MISSING:
            stamp = self._members.stamp()
            try:
                found = await self._discord.rest.fetch_member(guild_id, user_id)
            except (hikari.NotFoundError, hikari.ForbiddenError, hikari.BadRequestError) as error:
                found = error
            self._members.put(key, found, stamp)
        if isinstance(found, hikari.Member):
            return found
        raise cast("hikari.HikariError", found).with_traceback(None)

    async def _fetch_guild(self, guild_id: hikari.Snowflake) -> hikari.Guild:
        key = str(guild_id)
        found = self._guilds.get(key)
        if not isinstance(found, hikari.Guild):
            found = await self._discord.rest.fetch_guild(guild_id)
            self._guilds.put(key, found, self._guilds.stamp())
        return found

    async def _find(self, kind: Kind, number: hikari.Snowflake, guild_id: int | None) -> object:
        rest = self._discord.rest
        if kind is Kind.CHANNEL:
            channel = await rest.fetch_channel(number)
            if isinstance(channel, hikari.GuildChannel) and channel.guild_id != guild_id:
                raise BadOption("That channel is not in this server.")
            return channel
        if kind is Kind.USER:
            return await rest.fetch_user(number)
        if guild_id is None:
            raise BadOption(f"A {kind.value} can be named in a server only.")
        if kind is Kind.MEMBER:
            return await rest.fetch_member(guild_id, number)
        roles = {role.id: role for role in await rest.fetch_roles(guild_id)}
        if number not in roles:
            raise BadOption("There is no such role here.")
        return roles[number]


def actor_from(who: hikari.Member | hikari.User, permissions: Permission) -> Actor:
    """Give somebody as the actor of a call, with what is known of them there."""
    if isinstance(who, hikari.Member):
        return Actor(
            id=int(who.id), name=who.username, permissions=permissions, display_name=who.display_name,
            avatar_url=str(who.display_avatar_url), role_ids=tuple(int(role) for role in who.role_ids),
            joined_at=who.joined_at,
        )  # fmt: skip
    shown = who.global_name or who.username
    return Actor(
        id=int(who.id), name=who.username, permissions=permissions, display_name=str(shown),
        avatar_url=str(who.display_avatar_url),
    )  # fmt: skip


def _overwritten(
    held: hikari.Permissions, channel: hikari.PermissibleGuildChannel, member: hikari.Member
) -> hikari.Permissions:
    overwrites = channel.permission_overwrites
    if (everyone := overwrites.get(member.guild_id)) is not None:
        held = (held & ~everyone.deny) | everyone.allow
    allow = deny = hikari.Permissions.NONE
    for role_id in member.role_ids:
        if role_id != member.guild_id and (overwrite := overwrites.get(role_id)) is not None:
            allow, deny = allow | overwrite.allow, deny | overwrite.deny
    held = (held & ~deny) | allow
    if (own := overwrites.get(member.id)) is not None:
        held = (held & ~own.deny) | own.allow
    return held


def _all() -> Permission:
    everything = Permission.NONE
    for permission in Permission:
        everything |= permission
    return everything
