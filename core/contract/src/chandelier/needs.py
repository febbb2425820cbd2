"""What a plugin may ask for. A need is disclosed to the operator; a privileged one must be granted in plugins.toml.

Code that runs in the bot's process cannot be confined: needs are disclosure, the gateway's intents, the bits of the invite
link, and a guard on what the context hands out.
"""

from __future__ import annotations

from enum import Enum

from chandelier.permissions import Permission


class Need(Enum):
    """One power or intent that a plugin asks for."""

    MESSAGE_CONTENT = "message_content"
    MEMBERS = "members"
    PRESENCES = "presences"
    SEND_MESSAGES = "send_messages"
    ADD_REACTIONS = "add_reactions"
    ATTACH_FILES = "attach_files"
    MENTION_EVERYONE = "mention_everyone"
    MANAGE_MESSAGES = "manage_messages"
    MANAGE_ROLES = "manage_roles"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_THREADS = "manage_threads"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_EXPRESSIONS = "manage_expressions"
    MANAGE_EVENTS = "manage_events"
    MANAGE_SERVER = "manage_server"
    NICKNAMES = "nicknames"
    VOICE = "voice"
    INVITE = "invite"
    AUDIT_LOG = "audit_log"
    MODERATE = "moderate"
    INTERCEPT = "intercept"
    OUTBOUND_HTTP = "outbound_http"

    @property
    def privileged(self) -> bool:
        """Say whether the operator must grant it by name."""
        return self in _PRIVILEGED

    @property
    def intents(self) -> int:
        """Give the gateway intent bits it stands for (documentation: Gateway, Intents)."""
        return _INTENTS.get(self, 0)

    @property
    def permissions(self) -> Permission:
        """Give the permission bits that the bot's invite link must carry for it."""
        return _PERMISSIONS.get(self, Permission.NONE)

    @property
    def sentence(self) -> str:
        """Say in a few words what it lets the plugin do."""
        return _SENTENCES[self]


# What Discord itself makes bots ask for; what could take a server apart or hand its powers to somebody; what reaches out of it.
_PRIVILEGED = frozenset(
    {
        Need.MESSAGE_CONTENT, Need.MEMBERS, Need.PRESENCES,
        Need.MENTION_EVERYONE,
        Need.MANAGE_ROLES, Need.MANAGE_CHANNELS, Need.MANAGE_WEBHOOKS, Need.MANAGE_SERVER, Need.MODERATE, Need.AUDIT_LOG,
        Need.INTERCEPT, Need.OUTBOUND_HTTP,
    }
)  # fmt: skip
_INTENTS = {Need.MEMBERS: 1 << 1, Need.PRESENCES: 1 << 8, Need.MESSAGE_CONTENT: 1 << 15}
_PERMISSIONS = {
    Need.SEND_MESSAGES: Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS,
    Need.ADD_REACTIONS: Permission.ADD_REACTIONS | Permission.READ_MESSAGE_HISTORY,
    Need.ATTACH_FILES: Permission.ATTACH_FILES,
    Need.MENTION_EVERYONE: Permission.MENTION_EVERYONE,
    Need.MANAGE_MESSAGES: Permission.MANAGE_MESSAGES | Permission.PIN_MESSAGES,
    Need.MANAGE_ROLES: Permission.MANAGE_ROLES,
    Need.MANAGE_CHANNELS: Permission.MANAGE_CHANNELS,
    Need.MANAGE_THREADS: Permission.MANAGE_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS,
    Need.MANAGE_WEBHOOKS: Permission.MANAGE_WEBHOOKS,
    Need.MANAGE_EXPRESSIONS: Permission.MANAGE_GUILD_EXPRESSIONS | Permission.CREATE_GUILD_EXPRESSIONS,
    Need.MANAGE_EVENTS: Permission.MANAGE_EVENTS | Permission.CREATE_EVENTS,
    Need.MANAGE_SERVER: Permission.MANAGE_GUILD,
    Need.NICKNAMES: Permission.MANAGE_NICKNAMES | Permission.CHANGE_NICKNAME,
    Need.VOICE: Permission.CONNECT | Permission.MOVE_MEMBERS | Permission.MUTE_MEMBERS | Permission.DEAFEN_MEMBERS,
    Need.INVITE: Permission.CREATE_INSTANT_INVITE,
    Need.AUDIT_LOG: Permission.VIEW_AUDIT_LOG,
    Need.MODERATE: Permission.KICK_MEMBERS | Permission.BAN_MEMBERS | Permission.MODERATE_MEMBERS,
}
_SENTENCES = {
    Need.MESSAGE_CONTENT: "read what people write",
    Need.MEMBERS: "see who joins, leaves and changes",
    Need.PRESENCES: "see who is online",
    Need.SEND_MESSAGES: "send messages",
    Need.ADD_REACTIONS: "add reactions",
    Need.ATTACH_FILES: "attach files",
    Need.MENTION_EVERYONE: "mention roles and everybody",
    Need.MANAGE_MESSAGES: "delete and pin messages of others",
    Need.MANAGE_ROLES: "give and take roles",
    Need.MANAGE_CHANNELS: "make, change and delete channels",
    Need.MANAGE_THREADS: "start, change and delete threads",
    Need.MANAGE_WEBHOOKS: "make webhooks and speak through them",
    Need.MANAGE_EXPRESSIONS: "add and remove emojis and stickers",
    Need.MANAGE_EVENTS: "make and change scheduled events",
    Need.MANAGE_SERVER: "change the server itself",
    Need.NICKNAMES: "change nicknames",
    Need.VOICE: "join, move and mute in voice channels",
    Need.INVITE: "make invites",
    Need.AUDIT_LOG: "read the audit log",
    Need.MODERATE: "kick, ban and time out members",
    Need.INTERCEPT: "refuse commands of other plugins",
    Need.OUTBOUND_HTTP: "talk to other services over the network",
}
