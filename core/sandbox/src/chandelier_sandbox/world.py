"""The state of the local Discord: who and what exists, and how it changes. Every change is an event on the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.errors import CannotJoin, refusal
from chandelier_sandbox.events import Event, Feed, JsonObject
from chandelier_sandbox.payloads import (
    channel_json,
    emoji_json,
    guild_create_json,
    member_json,
    message_json,
    role_json,
    user_json,
    voice_state_json,
)
from chandelier_sandbox.permissions import EVERYONE, IN_DIRECT_MESSAGES, OF_THE_BOT, Permission, channel_permissions
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Membership, Message, MessageKind, Role, User
from chandelier_sandbox.snowflakes import Snowflakes, moment_of, stable_id

REACTIONS_MOST = 20  # different ones, on one message


class World:
    """Hold users, guilds, channels and messages of one sandbox, and tell the feed of every change."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes, feed: Feed) -> None:
        self.clock = clock
        self.snowflakes = snowflakes
        self.feed = feed
        self.origin = ""  # where attachments are served; known once the server listens
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.elsewhere: dict[int, Guild] = {}  # servers that the bot is not in
        self.channels: dict[int, Channel] = {}  # all of them: of guilds, threads, direct
        self.messages: dict[int, dict[int, Message]] = {}  # by channel, then by message, oldest first
        self.before_post: list[Callable[[Channel, Message], None]] = []  # what a message sets in motion first
        self.bot = self.add_user("Chandelier", bot=True)
        self.application_id = self.bot.id

    # People

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Return the user of this name, made at need; the id follows from the name."""
        user_id = stable_id("user", name)
        if user_id not in self.users:
            shown = name if bot else name.capitalize()
            self.users[user_id] = User(id=user_id, name=name, bot=bot, display_name=None if bot else shown)
        return self.users[user_id]

    def add_member(self, guild: Guild, user: User) -> Membership:
        """Return the user's membership, made at need; CannotJoin for who is banned."""
        if user.id in guild.bans and user.id not in guild.members:
            raise CannotJoin(f"{user.name} is banned from {guild.name} and cannot come in; lift the ban first.")
        if user.id not in guild.members:
            member = Membership(user=user, joined_at=self.clock.now())
            guild.members[user.id] = member
            self.publish("GUILD_MEMBER_ADD", member_json(member) | {"guild_id": str(guild.id)}, guild)
            self._welcome(guild, user)
        return guild.members[user.id]

    def _welcome(self, guild: Guild, user: User) -> None:
        """Say in the system channel that somebody joined (Discord: Guild, System Channel Flags)."""
        channel = guild.channels.get(int(guild.settings.get("system_channel_id") or 0))
        if channel is not None and not int(guild.settings.get("system_channel_flags") or 0) & 1:
            message = Message(self.snowflakes.make(), channel.id, user, "", self.clock.now(), guild.id)
            message.kind = MessageKind.JOINED
            self.post(message)

    def remove_member(self, guild: Guild, user: User) -> None:
        """Let a user leave a guild."""
        if guild.members.pop(user.id, None) is not None:
            for facts in [thread.thread for thread in guild.threads.values() if thread.thread is not None]:
                facts.members.pop(user.id, None)
            if (state := guild.voice_states.pop(user.id, None)) is not None:
                gone = voice_state_json(guild, state) | {"channel_id": None}
                self.publish("VOICE_STATE_UPDATE", gone, guild)
            self.publish("GUILD_MEMBER_REMOVE", {"guild_id": str(guild.id), "user": user_json(user)}, guild)

    def give_role(self, guild: Guild, member: Membership, role: Role) -> None:
        """Give a member a role."""
        if role.id not in member.roles:
            member.roles.append(role.id)
            self.tell_member(guild, member)

    def take_role(self, guild: Guild, member: Membership, role: Role) -> None:
        """Take a role from a member."""
        if role.id in member.roles:
            member.roles.remove(role.id)
            self.tell_member(guild, member)

    def tell_member(self, guild: Guild, member: Membership) -> None:
        """Tell that a membership has changed."""
        self.publish("GUILD_MEMBER_UPDATE", member_json(member) | {"guild_id": str(guild.id)}, guild)

    # Guilds

    def add_guild(self, name: str, *, owner: str = "alice", with_bot: bool = True) -> Guild:
        """Let the bot join a new server with #general and #random; the ids follow from the name.

        with_bot=False: the server is there, for its people; the bot is to be invited yet.
        """
        guild_id = stable_id("guild", name)
        if guild_id in self.guilds or guild_id in self.elsewhere:
            raise ValueError(f"The sandbox already has a server named {name!r}; take another name.")
        person = self.add_user(owner)
        founded = moment_of(guild_id)
        guild = Guild(id=guild_id, name=name, owner_id=person.id, joined_at=founded)
        guild.roles[guild_id] = Role(id=guild_id, name="@everyone", permissions=int(EVERYONE), position=0)
        own_role = stable_id("role", f"{name}/bot")
        guild.roles[own_role] = Role(
            id=own_role, name=self.bot.name, permissions=int(OF_THE_BOT), managed=True, bot_id=self.bot.id
        )
        guild.members[self.bot.id] = Membership(user=self.bot, joined_at=founded, roles=[own_role])
        guild.members[person.id] = Membership(user=person, joined_at=founded)
        for position, channel in enumerate(("general", "random")):
            self._place_channel(guild, stable_id("channel", f"{name}/{channel}"), channel, position)
        if not with_bot:
            self.set_aside(guild)
            return guild
        self.guilds[guild_id] = guild
        self.publish("GUILD_CREATE", guild_create_json(guild, guild.members.values()), guild)
        return guild

    def set_aside(self, guild: Guild) -> None:
        """Keep a server without the bot: nothing of it reaches the bot, and its messages are gone."""
        self.guilds.pop(guild.id, None)
        guild.members.pop(self.bot.id, None)
        guild.voice_states.pop(self.bot.id, None)
        guild.roles = {role.id: role for role in guild.roles.values() if role.bot_id != self.bot.id}
        for channel_id in (*guild.channels, *guild.threads):
            self.forget_channel(channel_id)
        self.elsewhere[guild.id] = guild

    def remove_guild(self, guild: Guild) -> None:
        """Let the bot be removed from a server."""
        del self.guilds[guild.id]
        for channel_id in (*guild.channels, *guild.threads):
            self.forget_channel(channel_id)
        self.publish("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def add_channel(self, guild: Guild, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        """Add a channel at the end."""
        channel = self._place_channel(guild, self.snowflakes.make(), name, len(guild.channels), kind)
        self.publish("CHANNEL_CREATE", channel_json(channel), guild)
        return channel

    def remove_channel(self, guild: Guild, channel: Channel) -> None:
        """Delete a channel with its messages, threads, invites and webhooks."""
        del guild.channels[channel.id]
        self.forget_channel(channel.id)
        guild.invites = {code: one for code, one in guild.invites.items() if one.channel_id != channel.id}
        guild.webhooks = {key: one for key, one in guild.webhooks.items() if one.channel_id != channel.id}
        for thread in [thread for thread in guild.threads.values() if thread.parent_id == channel.id]:
            del guild.threads[thread.id]
            self.forget_channel(thread.id)
        self.publish("CHANNEL_DELETE", channel_json(channel), guild)

    def _place_channel(
        self, guild: Guild, channel_id: int, name: str, position: int, kind: ChannelKind = ChannelKind.TEXT
    ) -> Channel:
        channel = Channel(id=channel_id, name=name, kind=kind, guild_id=guild.id, position=position)
        guild.channels[channel_id] = channel
        return self.know_channel(channel)

    def know_channel(self, channel: Channel) -> Channel:
        """Make a channel findable by its id, with room for messages."""
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def forget_channel(self, channel_id: int) -> None:
        """Forget a channel and its messages."""
        self.channels.pop(channel_id, None)
        self.messages.pop(channel_id, None)

    def add_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """Add a role above the others, but under the bot's own, so that the bot may give it."""
        own = [role for role in guild.roles.values() if role.bot_id == self.bot.id]
        position = own[0].position if own else max(role.position for role in guild.roles.values()) + 1
        role = Role(id=self.snowflakes.make(), name=name, permissions=permissions, position=position)
        raised = [one for one in guild.roles.values() if one.position >= position]
        for one in raised:
            one.position += 1
        guild.roles[role.id] = role
        self.publish("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role_json(role)}, guild)
        for one in raised:
            self.publish("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role_json(one)}, guild)
        return role

    def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """Set what a role permits."""
        role.permissions = permissions
        self.publish("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role_json(role)}, guild)

    # Looking things up; a miss is what the REST API would answer

    def guild(self, guild_id: int) -> Guild:
        """Return a guild or raise 10004."""
        if guild_id not in self.guilds:
            raise refusal(10004)
        return self.guilds[guild_id]

    def channel(self, channel_id: int) -> Channel:
        """Return a channel or thread, of a guild or direct, or raise 10003."""
        if channel_id not in self.channels:
            raise refusal(10003)
        return self.channels[channel_id]

    def message(self, channel_id: int, message_id: int) -> Message:
        """Return a message or raise 10008."""
        message = self.messages.get(channel_id, {}).get(message_id)
        if message is None:
            raise refusal(10008)
        return message

    def direct_channel(self, user: User) -> Channel:
        """Return the channel between the bot and a user, made at need; the id follows from the name."""
        channel_id = stable_id("direct", f"{user.id}")
        if channel_id not in self.channels:
            self.know_channel(Channel(id=channel_id, name=user.name, kind=ChannelKind.DM, recipients=[user, self.bot]))
        return self.channels[channel_id]

    def permissions_in(self, channel: Channel, user: User) -> int:
        """Compute what a user may do in a channel; 0 for who is not there."""
        if channel.guild_id is None:
            return int(IN_DIRECT_MESSAGES) if user in channel.recipients else 0
        guild = self.guild(channel.guild_id)
        member = guild.members.get(user.id)
        if member is None:
            return 0
        if channel.parent_id is None or channel.thread is None:
            return channel_permissions(guild, member, channel, self.clock.now())
        # a thread has the overwrites of its channel; a private one is for its members and who manages threads
        held = channel_permissions(guild, member, guild.channels[channel.parent_id], self.clock.now())
        private = channel.kind is ChannelKind.PRIVATE_THREAD
        return 0 if private and user.id not in channel.thread.members and not held & Permission.MANAGE_THREADS else held

    # Messages

    def post(self, message: Message) -> Message:
        """Put a message into its channel."""
        channel = self.channel(message.channel_id)
        for listener in self.before_post:
            listener(channel, message)
        self.messages[channel.id][message.id] = message
        if not message.ephemeral:
            channel.last_message_id = message.id
        if channel.thread is not None and _counts(message):
            channel.thread.message_count += 1
            channel.thread.total_messages += 1
        self._tell("MESSAGE_CREATE", message)
        return message

    def changed(self, message: Message, *, edited_at: datetime | None = None) -> Message:
        """Tell that a message has changed; edited_at marks an edit people see."""
        message.edited_at = edited_at or message.edited_at
        self._tell("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        """Remove a message."""
        self._drop(message)
        payload: JsonObject = {"id": str(message.id), "channel_id": str(message.channel_id)}
        self.publish_in(message, "MESSAGE_DELETE", payload)

    def delete_many(self, messages: list[Message]) -> None:
        """Remove several messages of one channel at once."""
        for message in messages:
            self._drop(message)
        if messages:
            ids = [str(message.id) for message in messages]
            payload: JsonObject = {"ids": ids, "channel_id": str(messages[0].channel_id)}
            self.publish_in(messages[0], "MESSAGE_DELETE_BULK", payload)

    def _drop(self, message: Message) -> None:
        gone = self.messages[message.channel_id].pop(message.id, None)
        thread = self.channel(message.channel_id).thread
        if gone is not None and thread is not None and _counts(message):
            thread.message_count -= 1

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction; 30010 where twenty different ones are."""
        if emoji not in message.reactions and len(message.reactions) >= REACTIONS_MOST:
            raise refusal(30010)
        users = message.reactions.setdefault(emoji, [])
        if user.id not in users:
            users.append(user.id)
            payload = self._reaction(message, user, emoji)
            if message.guild_id is not None:
                payload["member"] = member_json(self.guild(message.guild_id).members[user.id])
            payload["message_author_id"] = str(message.author.id)
            self.publish_in(message, "MESSAGE_REACTION_ADD", payload)

    def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a reaction back."""
        users = message.reactions.get(emoji, [])
        if user.id in users:
            users.remove(user.id)
            if not users:
                del message.reactions[emoji]
            self.publish_in(message, "MESSAGE_REACTION_REMOVE", self._reaction(message, user, emoji))

    def typing(self, channel: Channel, user: User) -> None:
        """Show that a user types."""
        payload: JsonObject = {
            "channel_id": str(channel.id),
            "user_id": str(user.id),
            "timestamp": int(self.clock.time()),
        }
        guild = None if channel.guild_id is None else self.guild(channel.guild_id)
        if guild is not None:
            payload |= {"guild_id": str(guild.id), "member": member_json(guild.members[user.id])}
        self.publish("TYPING_START", payload, guild)

    def render(self, message: Message) -> JsonObject:
        """Describe a message with the message it replies to and its thread, as REST answers and events carry it."""
        answer = message_json(message, self.bot.id, self.origin)
        if message.kind in (MessageKind.REPLY, MessageKind.THREAD_STARTER) and message.reference is not None:
            there = self.messages.get(int(message.reference["channel_id"]), {})
            replied = there.get(int(message.reference["message_id"]))
            answer["referenced_message"] = None if replied is None else message_json(replied, self.bot.id, self.origin)
        if message.thread_id in self.channels:
            answer["thread"] = channel_json(self.channels[message.thread_id])
        return answer

    def publish(self, name: str, payload: JsonObject, guild: Guild | None) -> None:
        """Tell the feed of something that everybody there may know."""
        self.feed.publish(Event(name, payload, None if guild is None else guild.id))

    def _tell(self, name: str, message: Message) -> None:
        self.publish_in(message, name, lambda: self._told(message))

    def _told(self, message: Message) -> JsonObject:
        payload = self.render(message)
        if message.guild_id is not None and message.application_id is None:
            member = self.guild(message.guild_id).members.get(message.author.id)
            payload |= {} if member is None else {"member": member_json(member, with_user=False)}
        return payload | ({} if message.guild_id is None else {"guild_id": str(message.guild_id)})

    def publish_in(self, message: Message, name: str, payload: JsonObject | Callable[[], JsonObject]) -> None:
        """Tell the feed of something about a message, and only its reader if it has but one."""
        if message.guild_id is not None and isinstance(payload, dict):
            payload["guild_id"] = str(message.guild_id)
        self.feed.publish(Event(name, payload, message.guild_id, message.private_to))

    def _reaction(self, message: Message, user: User, emoji: str) -> JsonObject:
        return {
            "user_id": str(user.id),
            "channel_id": str(message.channel_id),
            "message_id": str(message.id),
            "emoji": emoji_json(emoji),
            "burst": False,
            "type": 0,
        }


def _counts(message: Message) -> bool:
    """Tell whether a thread counts a message: its first one does not, nor what Discord writes."""
    return message.id != message.channel_id and message.kind is not MessageKind.THREAD_STARTER and not message.ephemeral
