"""Who is online, and what they are doing (Discord: Gateway Events, Presence Update)."""

from __future__ import annotations

from collections.abc import Iterable

from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.records import Guild, User
from chandelier_sandbox.world import World

_OFFLINE: JsonObject = {"status": "offline", "activities": []}


class Presences:
    """Hold the presence of everybody who is not offline."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_user: dict[int, JsonObject] = {}

    def status(self, user: User) -> str:
        """Return online, idle, dnd or offline."""
        return str(self._by_user.get(user.id, _OFFLINE)["status"])

    def set(self, user: User, status: str, activities: Iterable[JsonObject] = ()) -> None:
        """Change somebody's presence and tell every guild they are in; invisible looks offline to others."""
        shown = "offline" if status == "invisible" else status
        presence: JsonObject = {"status": shown, "activities": [_activity(one, self._world) for one in activities]}
        if self._by_user.get(user.id, _OFFLINE) == presence:
            return
        self._by_user[user.id] = presence
        if shown == "offline":
            del self._by_user[user.id]
        for guild in self._world.guilds.values():
            if user.id in guild.members:
                self._world.feed.publish(Event("PRESENCE_UPDATE", self.json(user, guild), guild.id))

    def json(self, user: User, guild: Guild) -> JsonObject:
        """Describe somebody's presence in a guild."""
        presence = self._by_user.get(user.id, _OFFLINE)
        client = {} if presence["status"] == "offline" else {"web" if user.bot else "desktop": presence["status"]}
        return {"user": {"id": str(user.id)}, "guild_id": str(guild.id), "client_status": client, **presence}

    def of_guild(self, guild: Guild) -> list[JsonObject]:
        """Describe everybody in a guild who is not offline."""
        return [self.json(member.user, guild) for member in guild.members.values() if member.user.id in self._by_user]


def _activity(given: JsonObject, world: World) -> JsonObject:
    known = {name: given[name] for name in ("name", "type", "url", "state") if given.get(name) is not None}
    activity = {"name": "Custom Status", "type": 0} | known
    return activity | {"id": f"{activity['type']:x}", "created_at": int(world.clock.time() * 1000)}
