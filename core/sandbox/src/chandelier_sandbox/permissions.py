"""Permissions as Discord computes them (Discord: Permissions, Permission Hierarchy and Overwrites)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import IntFlag

from chandelier_sandbox.records import Channel, Guild, Membership


class Permission(IntFlag):
    """Discord: Permissions, Bitwise Permission Flags."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    PRIORITY_SPEAKER = 1 << 8
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    VIEW_GUILD_INSIGHTS = 1 << 19
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    MODERATE_MEMBERS = 1 << 40
    VIEW_CREATOR_MONETIZATION_ANALYTICS = 1 << 41
    USE_SOUNDBOARD = 1 << 42
    CREATE_GUILD_EXPRESSIONS = 1 << 43
    CREATE_EVENTS = 1 << 44
    USE_EXTERNAL_SOUNDS = 1 << 45
    SEND_VOICE_MESSAGES = 1 << 46
    SET_VOICE_CHANNEL_STATUS = 1 << 48
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


P = Permission
# As plain numbers where a whole server is computed often: operations of an IntFlag cost ten times as much.
_ADMINISTRATOR = int(P.ADMINISTRATOR)
_LOOKING = int(P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY)
EVERYTHING = (1 << 53) - 1
EVERYONE = (
    P.CREATE_INSTANT_INVITE
    | P.ADD_REACTIONS
    | P.STREAM
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_EXTERNAL_EMOJIS
    | P.CONNECT
    | P.SPEAK
    | P.USE_VAD
    | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.SEND_MESSAGES_IN_THREADS
    | P.SEND_POLLS
)
OF_THE_BOT = P(sum(P)) & ~P.ADMINISTRATOR  # what a bot asks for that is to do everything
IN_DIRECT_MESSAGES = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.MENTION_EVERYONE
    | P.USE_APPLICATION_COMMANDS
    | P.PIN_MESSAGES
)


def parse_permissions(wanted: int | Iterable[str]) -> int:
    """Turn bits, or names such as MANAGE_GUILD, into bits."""
    if isinstance(wanted, int):
        return int(wanted)
    names = [wanted] if isinstance(wanted, str) else wanted
    bits = 0
    for name in names:
        if name.upper() not in Permission.__members__:
            raise ValueError(
                f"Discord has no permission {name!r}; the names are those of chandelier_sandbox.Permission."
            )
        bits |= Permission[name.upper()]
    return int(bits)


def permission_names(bits: int) -> str:
    """Name the permissions as people read them: "Manage Server and Kick Members"."""
    words = [
        name.replace("_", " ").title().replace("Guild", "Server") for name, bit in P.__members__.items() if bits & bit
    ]
    return " and ".join(words) or "(none)"


def held_now(guild: Guild, member: Membership, now: datetime) -> int:
    """Compute what a member may do in a guild at this moment: a time-out leaves looking and reading."""
    bits = guild_permissions(guild, member)
    return bits if bits & _ADMINISTRATOR else _timed_out(bits, member, now)


def _timed_out(bits: int, member: Membership, now: datetime) -> int:
    if member.muted_until is not None and member.muted_until > now:
        return bits & _LOOKING
    return bits


def guild_permissions(guild: Guild, member: Membership) -> int:
    """Compute what a member may do before any channel has its say."""
    if guild.owner_id == member.user.id:
        return EVERYTHING
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions if role_id in guild.roles else 0
    return EVERYTHING if bits & _ADMINISTRATOR else bits


def channel_permissions(guild: Guild, member: Membership, channel: Channel, now: datetime) -> int:
    """Compute what a member may do in a channel: @everyone, then roles, then the member, then a time-out."""
    bits = guild_permissions(guild, member)
    if bits & _ADMINISTRATOR:
        return EVERYTHING
    if not channel.overwrites:
        return _timed_out(bits, member, now)
    by_id = {overwrite.id: overwrite for overwrite in channel.overwrites}
    if everyone := by_id.get(guild.id):
        bits = (bits & ~everyone.deny) | everyone.allow
    of_roles = [by_id[role_id] for role_id in member.roles if role_id in by_id]
    allow = deny = 0
    for overwrite in of_roles:
        allow |= overwrite.allow
        deny |= overwrite.deny
    bits = (bits & ~deny) | allow
    if own := by_id.get(member.user.id):
        bits = (bits & ~own.deny) | own.allow
    return _timed_out(bits, member, now)
