"""Who may be talked as: the members of the sandbox, one object for each person and channel."""

from __future__ import annotations

from collections.abc import Iterable

from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.people import Member
from chandelier_sandbox.permissions import parse_permissions
from chandelier_sandbox.records import Channel, Guild, User


class Cast:
    """Find people by name, made members at need."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._members: dict[tuple[int, int | None, int], Member] = {}

    def member(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        channel: str | int | Channel | None = None,
        permissions: int | Iterable[str] | None = None,
    ) -> Member:
        """Return the member of this name, made at need; the same object for the same person and channel.

        permissions: bits or names such as "MANAGE_GUILD", given on top of what everyone may.
        """
        world, place = self._discord.world, guild or self._discord.guild
        if permissions is not None:
            bits = parse_permissions(permissions)
        user = world.add_user(name)
        membership = world.add_member(place, user)
        if permissions is not None:
            self._grant(place, user, bits)
        wanted = channel.id if isinstance(channel, Channel) else channel
        try:
            spot = place.channel(wanted) if wanted is not None else next(iter(place.channels.values()))
        except LookupError as error:
            raise CannotSend(str(error)) from None
        key = (membership.user.id, place.id, spot.id)
        if key not in self._members:
            self._members[key] = Member(self._discord, user, place, spot)
        return self._members[key]

    def _grant(self, guild: Guild, user: User, bits: int) -> None:
        world, called = self._discord.world, f"{user.name}'s permissions"
        try:
            role = guild.role(called)
        except LookupError:
            role = world.add_role(guild, called, bits)
        if role.permissions != bits:
            world.change_role(guild, role, bits)
        world.give_role(guild, guild.members[user.id], role)
