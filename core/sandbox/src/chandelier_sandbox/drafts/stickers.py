"""The stickers of a message."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Message
from chandelier_sandbox.world import World


def find_stickers(world: World, message: Message, wanted: list[str | int]) -> list[JsonObject]:
    """Return the guild's stickers by id as the message shows them, or raise 50081."""
    guild = None if message.guild_id is None else world.guilds.get(message.guild_id)
    found: list[JsonObject] = []
    for sticker_id in map(int, wanted):
        sticker = None if guild is None else guild.stickers.get(sticker_id)
        if sticker is None:
            raise refusal(50081)
        found.append({"id": str(sticker.id), "name": sticker.name, "format_type": int(sticker.format)})
    return found
