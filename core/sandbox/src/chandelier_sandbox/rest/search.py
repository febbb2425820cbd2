"""The search through the messages of a server."""

from __future__ import annotations

from collections.abc import Callable

from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message
from chandelier_sandbox.rest.access import open_guild
from chandelier_sandbox.rest.routing import Answer, Call, Route, Standing
from chandelier_sandbox.rest.speaking import shown

_READS = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
_HAS: dict[str, Callable[[Message], bool]] = {
    "file": lambda message: bool(message.attachments),
    "embed": lambda message: bool(message.embeds),
    "link": lambda message: "http://" in message.content or "https://" in message.content,
    "poll": lambda message: message.poll is not None,
    "sticker": lambda message: bool(message.stickers),
    "forward": lambda message: bool(message.snapshots),
}


def search_messages(call: Call) -> Answer:
    """Find messages by words, author, channel, mentions, pins and what they have; the newest first."""
    guild, world = open_guild(call, Permission.READ_MESSAGE_HISTORY), call.discord.world
    most, start = call.count("limit", 25, 25), call.count("offset", 0, 9975, 0)
    wanted = {int(one) for one in _all(call, "channel_id") if one.isdecimal()}
    places: list[Channel] = [*guild.channels.values(), *guild.threads.values()]
    readable = [place for place in places if world.permissions_in(place, call.user) & _READS == _READS]
    found = [
        message
        for place in readable
        if not wanted or place.id in wanted
        for message in world.messages[place.id].values()
        if not message.ephemeral and _fits(call, message)
    ]
    found.sort(key=lambda message: message.id, reverse=call.query.get("sort_order", "desc") == "desc")
    page = [[shown(call, message) | {"hit": True}] for message in found[start : start + most]]
    return Answer({"messages": page, "total_results": len(found), "doing_deep_historical_index": False})


def _fits(call: Call, message: Message) -> bool:
    words = call.query.get("content", "").lower().split()
    authors, mentioned = set(_all(call, "author_id")), set(_all(call, "mentions"))
    low, high = call.marker("min_id"), call.marker("max_id")
    return (
        all(word in message.content.lower() for word in words)
        and (not authors or str(message.author.id) in authors)
        and (not mentioned or bool(mentioned & {str(user.id) for user in message.mentions}))
        and all(_HAS[kind](message) for kind in _all(call, "has") if kind in _HAS)
        and ("pinned" not in call.query or message.pinned is call.flag("pinned"))
        and ("mention_everyone" not in call.query or message.mention_everyone is call.flag("mention_everyone"))
        and (low is None or message.id > low)
        and (high is None or message.id < high)
    )


def _all(call: Call, name: str) -> list[str]:
    """Return every value of a parameter that may stand several times."""
    every = getattr(call.query, "getall", lambda name, default: default)  # as aiohttp reads a query
    return [str(one) for one in every(name, [])]


ROUTES: tuple[Route, ...] = (
    Route("GET", "/guilds/{guild_id}/messages/search", search_messages, standing=Standing.TOLERATED),
)
