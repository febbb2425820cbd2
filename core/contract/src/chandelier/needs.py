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
    MANAGE_MESSAGES = "manage_messages"
    MANAGE_ROLES = "manage_roles"
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


_PRIVILEGED = frozenset(
    {Need.MESSAGE_CONTENT, Need.MEMBERS, Need.PRESENCES, Need.MODERATE, Need.INTERCEPT, Need.OUTBOUND_HTTP}
)
_INTENTS = {Need.MEMBERS: 1 << 1, Need.PRESENCES: 1 << 8, Need.MESSAGE_CONTENT: 1 << 15}
_PERMISSIONS = {
    Need.SEND_MESSAGES: Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS,
    Need.ADD_REACTIONS: Permission.ADD_REACTIONS | Permission.READ_MESSAGE_HISTORY,
    Need.ATTACH_FILES: Permission.ATTACH_FILES,
    Need.MANAGE_MESSAGES: Permission.MANAGE_MESSAGES | Permission.PIN_MESSAGES,
    Need.MANAGE_ROLES: Permission.MANAGE_ROLES,
    Need.MODERATE: Permission.KICK_MEMBERS | Permission.BAN_MEMBERS | Permission.MODERATE_MEMBERS,
}
_SENTENCES = {
    Need.MESSAGE_CONTENT: "read what people write",
    Need.MEMBERS: "see who joins, leaves and changes",
    Need.PRESENCES: "see who is online",
    Need.SEND_MESSAGES: "send messages",
    Need.ADD_REACTIONS: "add reactions",
    Need.ATTACH_FILES: "attach files",
    Need.MANAGE_MESSAGES: "delete and pin messages of others",
    Need.MANAGE_ROLES: "give and take roles",
    Need.MODERATE: "kick, ban and time out members",
    Need.INTERCEPT: "refuse commands of other plugins",
    Need.OUTBOUND_HTTP: "talk to other services over the network",
}
