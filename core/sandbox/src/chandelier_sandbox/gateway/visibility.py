"""Which events reach a bot, by what it may see, and what of them (Discord: Gateway, Intents; Threads; Permissions)."""

from __future__ import annotations

from collections.abc import Mapping

from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.gateway.intents import Intent, needed_intent
from chandelier_sandbox.payloads import channel_json, thread_member_json
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import Channel, ChannelKind, Guild
from chandelier_sandbox.world import World

# Not listed: CHANNEL_CREATE, _UPDATE and _DELETE, since Discord tells bots of every channel, seen or not.
_IN_A_CHANNEL = (
    "MESSAGE_",
    "TYPING_START",
    "CHANNEL_PINS_UPDATE",
    "THREAD_",
    "VOICE_CHANNEL_",
    "WEBHOOKS_UPDATE",
    "STAGE_INSTANCE_",
)
_NEEDS_PERMISSION: Mapping[str, Permission] = {
    "GUILD_AUDIT_LOG_ENTRY_CREATE": Permission.VIEW_AUDIT_LOG,
    "AUTO_MODERATION_RULE_CREATE": Permission.MANAGE_GUILD,
    "AUTO_MODERATION_RULE_UPDATE": Permission.MANAGE_GUILD,
    "AUTO_MODERATION_RULE_DELETE": Permission.MANAGE_GUILD,
    "AUTO_MODERATION_ACTION_EXECUTION": Permission.MANAGE_GUILD,
}
_VIEW_CHANNEL = int(Permission.VIEW_CHANNEL)  # as a plain number: this is asked for every event
_MAY_OPEN_CHANNELS = frozenset(
    {"CHANNEL_CREATE", "CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE"}
)
_HOLDS_THREADS = frozenset({ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, ChannelKind.FORUM, ChannelKind.MEDIA})


class Visibility:
    """Judge events as the bot sees them; knows which channels it saw before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: dict[int, frozenset[int]] = {}

    def reaches_bot(self, event: Event) -> bool:
        """Tell whether the bot may know of an event at all."""
        if event.private_to is not None:
            return False
        guild = self._world.guilds.get(event.guild_id or 0)
        if guild is None:
            return True
        if (permission := _NEEDS_PERMISSION.get(event.name)) is not None:
            member = guild.members.get(self._world.bot.id)
            return member is not None and bool(guild_permissions(guild, member) & permission)
        if event.name.startswith(_IN_A_CHANNEL):
            return self._sees_place(event, guild)
        return not event.name.startswith("INVITE_") or self._may_manage(event)

    def _may_manage(self, event: Event) -> bool:
        channel = self._world.channels.get(_number(event.payload.get("channel_id")))
        held = Permission.MANAGE_CHANNELS
        return channel is None or bool(self._world.permissions_in(channel, self._world.bot) & held)

    def _sees_place(self, event: Event, guild: Guild) -> bool:
        own, payload = str(self._world.bot.id), event.payload
        if event.name in ("THREAD_LIST_SYNC", "THREAD_MEMBER_UPDATE"):
            return bool(payload.get("user_id", own) == own)  # meant for the bot itself
        if event.name == "THREAD_MEMBERS_UPDATE" and own in payload.get("removed_member_ids", ()):
            return True
        place = "id" if event.name.startswith("THREAD_") else "channel_id"
        channel = self._world.channels.get(_number(payload.get(place)))
        if channel is None and event.name == "THREAD_DELETE":
            channel = guild.channels.get(_number(payload.get("parent_id")))
        return channel is None or self.sees(channel)

    def sees(self, channel: Channel) -> bool:
        """Tell whether the bot sees a channel or thread."""
        if channel.thread is not None and channel.parent_id not in self._world.channels:
            return False
        return bool(self._world.permissions_in(channel, self._world.bot) & _VIEW_CHANNEL)

    def may_open(self, event: Event) -> bool:
        """Tell whether an event may let the bot see more than before, whoever listens to the event itself."""
        return event.name in _MAY_OPEN_CHANNELS

    def newly_opened(self, event: Event) -> JsonObject | None:
        """Return the THREAD_LIST_SYNC that an event brings along, when it lets the bot see channels it did not see."""
        if event.name not in _MAY_OPEN_CHANNELS or event.guild_id not in self._world.guilds:
            return None
        guild = self._world.guilds[event.guild_id]
        before, now = self._seen.get(guild.id), self.look(guild)
        opened = frozenset() if before is None else now - before
        if event.name == "CHANNEL_CREATE" or not opened:
            return None
        threads = [one for one in guild.threads.values() if one.parent_id in opened and self._is_listed(one)]
        own = self._world.bot.id
        joined = [one for one in threads if one.thread is not None and own in one.thread.members]
        return {
            "guild_id": str(guild.id),
            "channel_ids": [str(one) for one in sorted(opened)],
            "threads": [channel_json(one) for one in threads],
            "members": [thread_member_json(one, own, one.thread.members[own]) for one in joined if one.thread],
        }

    def look(self, guild: Guild) -> frozenset[int]:
        """Remember and return which channels with threads the bot sees now."""
        seen = {one.id for one in guild.channels.values() if one.kind in _HOLDS_THREADS and self.sees(one)}
        self._seen[guild.id] = frozenset(seen)
        return self._seen[guild.id]

    def listed_threads(self, guild: Guild) -> list[JsonObject]:
        """Describe the active threads that the bot sees."""
        return [channel_json(one) for one in guild.threads.values() if self._is_listed(one)]

    def _is_listed(self, thread: Channel) -> bool:
        return thread.thread is not None and not thread.thread.archived and self.sees(thread)


def wants(event: Event, intents: Intent, own: str) -> bool:
    """Tell whether a session with these intents gets an event."""
    if event.name == "GUILD_MEMBER_UPDATE" and event.payload["user"]["id"] == own:
        return True  # Discord: Gateway, List of Intents: sent for the bot itself whatever the intents
    if event.name == "THREAD_MEMBERS_UPDATE" and Intent.GUILD_MEMBERS not in intents:
        added = [one.get("user_id") for one in event.payload.get("added_members", ())]
        return Intent.GUILDS in intents and own in (*added, *event.payload.get("removed_member_ids", ()))
    needed = needed_intent(event)
    return needed is None or bool(int(needed) & int(intents))


def without_content(name: str, payload: JsonObject, own: str) -> JsonObject:
    """Withhold what a message says from a session without MESSAGE_CONTENT, unless the bot is party to it."""
    if name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or "guild_id" not in payload:
        return payload
    shown = _emptied(payload, own)
    if (replied := payload.get("referenced_message")) is not None:
        shown = shown | {"referenced_message": _emptied(replied, own)}
    return shown


def _emptied(message: JsonObject, own: str) -> JsonObject:
    if message["author"]["id"] == own or any(user["id"] == own for user in message["mentions"]):
        return message
    hidden: JsonObject = {"content": "", "embeds": [], "attachments": [], "components": []}
    return {name: value for name, value in message.items() if name != "poll"} | hidden


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() else 0
