"""What one person sees of the local Discord: which servers, channels, messages and events."""

from __future__ import annotations

from chandelier_sandbox.discord import Discord
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.payloads import (
    channel_json,
    emoji_object_json,
    guild_json,
    member_json,
    role_json,
    user_json,
)
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import Channel, Guild, Message, User

# What a bot is told and people's clients are not, or differently.
_FOR_BOTS = ("INTERACTION_CREATE", "VOICE_SERVER_UPDATE", "APPLICATION_COMMAND_PERMISSIONS_UPDATE")
_PRIVILEGED = ("GUILD_AUDIT_LOG_", "AUTO_MODERATION_", "INVITE_", "WEBHOOKS_", "ENTITLEMENT_", "INTEGRATION_")


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
        return self._discord.world.render(message) | {"private_to": private}

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

    def event(self, event: Event) -> JsonObject | None:
        """Return an event as the person's page gets it; None where it is not for these eyes."""
        if event.name in _FOR_BOTS or event.name.startswith(_PRIVILEGED):
            return None
        if event.private_to is not None:
            if event.private_to != self._user.id:
                return None
            return {"t": event.name, "d": event.payload | {"private_to": str(event.private_to)}}
        return {"t": event.name, "d": event.payload} if self._is_for_me(event) else None

    def _is_for_me(self, event: Event) -> bool:
        world = self._discord.world
        place = world.channels.get(_number(event.payload.get("channel_id")))
        if event.guild_id is None:
            return (place is None and "channel_id" not in event.payload) or (place is not None and self.sees(place))
        guild = world.guilds.get(event.guild_id)
        if guild is None:
            return event.name == "GUILD_DELETE"
        leaving = event.name == "GUILD_MEMBER_REMOVE" and event.payload["user"]["id"] == str(self._user.id)
        if self._user.id not in guild.members:
            return leaving
        if event.name.startswith(("CHANNEL_", "THREAD_")) and "channel_id" not in event.payload:
            place = world.channels.get(_number(event.payload.get("id")))
        return place is None or self.sees(place)


def _is_open(thread: Channel) -> bool:
    return thread.thread is not None and not thread.thread.archived


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() else 0
