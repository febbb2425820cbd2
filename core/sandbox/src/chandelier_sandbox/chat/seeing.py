"""What one person sees of the local Discord: which servers, channels and messages."""

from __future__ import annotations

from chandelier_sandbox.discord import Discord
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import (
    channel_json,
    emoji_object_json,
    guild_json,
    member_json,
    message_json,
    role_json,
    user_json,
)
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import EPHEMERAL, Channel, Guild, Message, User


class Sight:
    """See as one person sees."""

    def __init__(self, discord: Discord, user: User) -> None:
        self._discord = discord
        self._user = user

    def start(self) -> JsonObject:
        """Describe everything that the page begins with."""
        world = self._discord.world
        people = [user for user in world.users.values() if not user.bot and not user.webhook]
        return {
            "me": user_json(self._user),
            "bot": user_json(world.bot),
            "connected": self._discord.gateway.connected.is_set(),
            "now": world.clock.time(),
            "people": [user_json(user) for user in people],
            "guilds": [self._guild(guild) for guild in world.guilds.values() if self._user.id in guild.members],
            "direct": channel_json(world.direct_channel(self._user)),
        }

    def _guild(self, guild: Guild) -> JsonObject:
        member = guild.members[self._user.id]
        everything = (*guild.channels.values(), *(one for one in guild.threads.values() if _is_open(one)))
        return {
            "guild": {name: value for name, value in guild_json(guild).items() if name in ("id", "name", "owner_id")},
            "channels": [channel_json(channel) for channel in everything if self.sees(channel)],
            "roles": [role_json(role) for role in guild.roles.values()],
            "members": [member_json(one) for one in guild.members.values()],
            "permissions": str(guild_permissions(guild, member)),
            "emojis": [emoji_object_json(emoji) for emoji in guild.emojis.values()],
        }

    def sees(self, channel: Channel) -> bool:
        """Tell whether the person sees a channel."""
        return bool(self._discord.world.permissions_in(channel, self._user) & Permission.VIEW_CHANNEL)

    def message(self, message: Message) -> JsonObject:
        """Describe a message, with whose it is where one person alone sees it."""
        private = None if message.private_to is None else str(message.private_to)
        return self.shown(self._discord.world.render(message)) | self._own(message) | {"private_to": private}

    def _own(self, message: Message) -> JsonObject:
        """Describe what a message holds of this person's: own reactions and votes."""
        described = message_json(message, self._user.id, self._discord.world.origin)
        return {name: described[name] for name in ("reactions", "poll") if name in described}

    def messages(self, channel: Channel, before: int | None, most: int) -> JsonObject:
        """Describe the newest messages of a channel, or those before one, oldest first."""
        held = self._discord.world.permissions_in(channel, self._user)
        kept = self._discord.world.messages.get(channel.id, {}) if held & Permission.READ_MESSAGE_HISTORY else {}
        seen = [
            message
            for message in kept.values()
            if message.private_to in (None, self._user.id) and (before is None or message.id < before)
        ]
        seen.sort(key=lambda message: message.id)
        return {"messages": [self.message(one) for one in seen[-most:]], "more": len(seen) > most}

    def shown(self, payload: JsonObject) -> JsonObject:
        """Return a message as this person sees it: without what it replies to, where that is hidden from them."""
        replied = payload.get("referenced_message")
        return payload | {"referenced_message": None} if replied and not self._may_read(replied) else payload

    def _may_read(self, message: JsonObject) -> bool:
        channel = self._discord.world.channels.get(int(message["channel_id"]))
        kept = self._discord.world.messages.get(int(message["channel_id"]), {}).get(int(message["id"]))
        if channel is None or kept is None:
            return not int(message.get("flags") or 0) & EPHEMERAL
        return kept.private_to in (None, self._user.id) and self.sees(channel)


def _is_open(thread: Channel) -> bool:
    return thread.thread is not None and not thread.thread.archived
