"""A person in one channel: who, where, and what they may do there."""

from __future__ import annotations

from typing import Self

from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.client.resolving import Resolver
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Guild, Message, User


class Seat:
    """A person in one channel of the sandbox."""

    def __init__(self, discord: Discord, user: User, guild: Guild | None, channel: Channel) -> None:
        self._discord = discord
        self._user = user
        self._guild = guild
        self._channel = channel
        self._since = discord.snowflakes.make()
        self._seen: set[int] = set()

    @property
    def id(self) -> int:
        """Return the user's id."""
        return self._user.id

    @property
    def name(self) -> str:
        """Return the user's name."""
        return self._user.name

    @property
    def channel(self) -> Channel:
        """Return where the member is."""
        return self._channel

    @property
    def guild(self) -> Guild | None:
        """Return the server; None in direct messages."""
        return self._guild

    @property
    def mention(self) -> str:
        """Return the text that mentions the member."""
        return f"<@{self.id}>"

    def in_channel(self, name: str | int) -> Self:
        """Return the same person in another channel or thread of the server."""
        if self._guild is None:
            raise CannotSend(f"{self.name} is in direct messages, where there is no channel {name!r}.")
        try:
            return type(self)(self._discord, self._user, self._guild, self._guild.channel(name))
        except LookupError as error:
            raise CannotSend(str(error)) from None

    def in_direct_messages(self) -> Self:
        """Return the same person in the direct messages with the bot."""
        return type(self)(self._discord, self._user, None, self._discord.world.direct_channel(self._user))

    @property
    def dm(self) -> Self:
        """Return the same person in the direct messages with the bot."""
        return self.in_direct_messages()

    def _resolver(self, channel: Channel) -> Resolver:
        guild = None if channel.guild_id is None else self._discord.world.guild(channel.guild_id)
        return Resolver(self._discord.world, guild, channel, self._user)

    def _holds(self, permission: Permission, channel: Channel | None = None) -> bool:
        return bool(self._discord.world.permissions_in(channel or self._channel, self._user) & permission)

    def _must_hold(self, channel: Channel, permission: Permission, what: str) -> None:
        """Raise CannotSend for who is timed out there, or lacks a permission; what: "add reactions in"."""
        world, where = self._discord.world, _called(channel)
        member = None if channel.guild_id is None else world.guild(channel.guild_id).members.get(self.id)
        until = None if member is None else member.muted_until
        if (
            until is not None
            and until > self._discord.clock.now()
            and not self._holds(Permission.ADMINISTRATOR, channel)
        ):
            raise CannotSend(f"{self.name} is timed out until {until:%Y-%m-%d %H:%M} UTC and can only read {where}.")
        if not self._holds(permission, channel):
            raise CannotSend(f"{self.name} may not {what} {where}.")

    def _find(self, message: Reply | Message | int) -> Message:
        """Return a message that the person sees, as it is now, or raise CannotSend."""
        world = self._discord.world
        if isinstance(message, Reply):
            channel_id, message_id = message.channel_id or 0, message.message_id or 0
        elif isinstance(message, Message):
            channel_id, message_id = message.channel_id, message.id
        else:
            channel_id, message_id = self._channel.id, message
        found = world.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise CannotSend(f"There is no such message (any more) that {self.name} could see.")
        if found.private_to not in (None, self.id):
            raise CannotSend(f"{self.name} does not see this message: it is for somebody else only.")
        if not world.permissions_in(world.channel(channel_id), self._user) & Permission.VIEW_CHANNEL:
            raise CannotSend(f"{self.name} does not see #{world.channel(channel_id).name}.")
        return found

    def _place(self) -> str:
        return _called(self._channel)


def _called(channel: Channel) -> str:
    return "direct messages" if channel.guild_id is None else f"#{channel.name}"
