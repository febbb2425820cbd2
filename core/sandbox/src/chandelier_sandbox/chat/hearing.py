"""What one person hears of what happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chandelier_sandbox.chat.seeing import Sight
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.records import Channel, Guild, User

# What a bot is told and people's clients are not.
_FOR_BOTS = ("INTERACTION_CREATE", "VOICE_SERVER_UPDATE", "ENTITLEMENT_", "INTEGRATION_", "WEBHOOKS_")
_FOR_MODERATORS = ("GUILD_AUDIT_LOG_", "AUTO_MODERATION_", "INVITE_")
# What names channels that the person may not see: no more of it is told than this.
_IN_SHORT: Mapping[str, tuple[str, ...]] = {
    "GUILD_CREATE": ("id", "name", "owner_id"),
    "APPLICATION_COMMAND_PERMISSIONS_UPDATE": ("id", "application_id", "guild_id"),
}


class Hearing:
    """Hear as one person does; remembers which channels the person sees, to tell when one of them goes."""

    def __init__(self, discord: Discord, user: User) -> None:
        self._discord = discord
        self._user = user
        self._sight = Sight(discord, user)
        self._guilds: set[int] = set()
        self._channels: dict[int, JsonObject] = {}
        self._look_around()

    def event(self, event: Event) -> JsonObject | None:
        """Return an event as the person's page gets it; None where it is not for these eyes."""
        name, payload = event.name, event.payload
        if name.startswith(_FOR_BOTS) or name.startswith(_FOR_MODERATORS):
            return None
        if event.private_to is not None:
            mine = event.private_to == self._user.id
            return {"t": name, "d": payload | {"private_to": str(event.private_to)}} if mine else None
        if name.startswith(("CHANNEL_", "THREAD_")) and "channel_id" not in payload:
            return self._of_channel(name, payload)
        was_in = event.guild_id in self._guilds
        if self._moves_walls(event):
            self._look_around()
        if event.guild_id is not None and not was_in and event.guild_id not in self._guilds:
            return None
        if not self._sees_place(payload):
            return None
        if name in _IN_SHORT:
            return {"t": name, "d": {field: payload[field] for field in _IN_SHORT[name] if field in payload}}
        return {"t": name, "d": self._sight.shown(payload) if name.startswith("MESSAGE_") else payload}

    def _of_channel(self, name: str, payload: JsonObject) -> JsonObject | None:
        number = _number(payload.get("id"))
        before, now = self._channels.pop(number, None), self._discord.world.channels.get(number)
        if now is not None and self._sight.sees(now):
            self._channels[number] = _brief(now)
            return {"t": name, "d": payload}
        if before is None:
            return None
        if name.endswith("_DELETE"):
            return {"t": name, "d": payload}
        return {"t": f"{name.partition('_')[0]}_DELETE", "d": before}  # hidden from now on: to this person it is gone

    def _moves_walls(self, event: Event) -> bool:
        """Tell whether an event may change which channels the person sees."""
        if event.name.startswith("GUILD_MEMBER_"):
            return bool(event.payload["user"]["id"] == str(self._user.id))
        return event.name.startswith("GUILD_ROLE_") or event.name in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")

    def _look_around(self) -> None:
        mine = [guild for guild in self._discord.world.guilds.values() if self._user.id in guild.members]
        self._guilds = {guild.id for guild in mine}
        seen = [channel for guild in mine for channel in _channels_of(guild) if self._sight.sees(channel)]
        self._channels = {channel.id: _brief(channel) for channel in seen}

    def _sees_place(self, payload: JsonObject) -> bool:
        number = payload.get("channel_id")
        if number is None:
            return True
        place = self._discord.world.channels.get(_number(number))
        return place is not None and self._sight.sees(place)


def _channels_of(guild: Guild) -> Iterable[Channel]:
    return (*guild.channels.values(), *guild.threads.values())


def _brief(channel: Channel) -> JsonObject:
    parent = None if channel.parent_id is None else str(channel.parent_id)
    return {"id": str(channel.id), "guild_id": str(channel.guild_id), "parent_id": parent, "type": int(channel.kind)}


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() else 0
