"""Guilds: look at them and change them."""

from __future__ import annotations

from collections.abc import Mapping

from chandelier_sandbox.changes import guilds
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import emoji_object_json, guild_json, sticker_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, Guild
from chandelier_sandbox.rest.access import by, held_in, open_guild
from chandelier_sandbox.rest.routing import Answer, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, Shape, TextOf, WholeOf, checked, is_true

_IMAGES: Mapping[str, str | None] = {
    "icon": None,
    "banner": "BANNER",
    "splash": "INVITE_SPLASH",
    "discovery_splash": "DISCOVERABLE",
}
_CHANNELS: Mapping[str, tuple[ChannelKind, ...]] = {
    "afk_channel_id": (ChannelKind.VOICE,),
    "system_channel_id": (ChannelKind.TEXT,),
    "rules_channel_id": (ChannelKind.TEXT,),
    "public_updates_channel_id": (ChannelKind.TEXT,),
    "safety_alerts_channel_id": (ChannelKind.TEXT,),
}
_NUMBERS: Mapping[str, Shape] = {
    "verification_level": OneOf((0, 1, 2, 3, 4)),
    "default_message_notifications": OneOf((0, 1)),
    "explicit_content_filter": OneOf((0, 1, 2)),
    "afk_timeout": OneOf((60, 300, 900, 1800, 3600)),
    "system_channel_flags": WholeOf(0, (1 << 31) - 1),
}
_GUILD = ObjectOf(
    {
        "name": TextOf(100, least=2),
        "description": TextOf(300),
        "preferred_locale": TextOf(10),
        "features": ListOf(Plain.TEXT),
        "premium_progress_bar_enabled": Plain.FLAG,
        **_NUMBERS,
        **dict.fromkeys(_CHANNELS, Plain.SNOWFLAKE),
        **dict.fromkeys(_IMAGES, Plain.ANY),
    }
)
# Discord: Guild Features, Mutable Guild Features
_MUTABLE = frozenset({"COMMUNITY", "DISCOVERABLE", "INVITES_DISABLED", "RAID_ALERTS_DISABLED"})
_OF_COMMUNITY = ("rules_channel_id", "public_updates_channel_id")


def get_guild(call: Call) -> Answer:
    """Describe a guild."""
    guild = open_guild(call)
    answer = _full_json(guild)
    if call.flag("with_counts"):
        answer |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return Answer(answer)


def _full_json(guild: Guild) -> JsonObject:
    return guild_json(guild) | {"home_header": None, "nsfw": False}


def patch_guild(call: Call) -> Answer:
    """Change a guild."""
    guild = open_guild(call, Permission.MANAGE_GUILD)
    body = checked(call.body, _GUILD, partial=True)
    settings: JsonObject = {name: int(body[name]) for name in _NUMBERS if body.get(name) is not None}
    for name in ("name", "preferred_locale"):
        if body.get(name) is not None:
            settings[name] = str(body[name])
    if "description" in body:
        settings["description"] = body["description"] or None
    if body.get("premium_progress_bar_enabled") is not None:
        settings["premium_progress_bar_enabled"] = is_true(body["premium_progress_bar_enabled"])
    settings |= _channels(guild, body) | _images(guild, body)
    if body.get("features") is not None:
        settings["features"] = _features(call, guild, {str(one) for one in body["features"]}, settings)
    guilds.modify_guild(call.discord.world, guild, settings, by(call))
    return Answer(_full_json(guild))


def _channels(guild: Guild, body: JsonObject) -> JsonObject:
    """Read the channels with a duty; each must be of this guild and of the right kind."""
    errors, found = FormErrors(), {}
    for name, kinds in _CHANNELS.items():
        if name not in body:
            continue
        wanted = body[name]
        channel = None if wanted is None else guild.channels.get(int(wanted))
        if wanted is not None and (channel is None or channel.kind not in kinds):
            errors.add((name,), "CHANNEL_INVALID", "Invalid channel")
        found[name] = None if wanted is None else str(wanted)
    errors.raise_any()
    return found


def _images(guild: Guild, body: JsonObject) -> JsonObject:
    found: JsonObject = {}
    for name, feature in _IMAGES.items():
        if body.get(name) is not None and feature is not None and feature not in guild.features():
            raise refusal(50101)
        if name in body:
            found[name] = image_hash(body[name], name)
    return found


def _features(call: Call, guild: Guild, wanted: set[str], settings: JsonObject) -> list[str]:
    """Switch the features that can be; COMMUNITY takes ADMINISTRATOR and two channels with a duty."""
    before = set(guild.features())
    after = (before - _MUTABLE) | (wanted & _MUTABLE)
    public = {"COMMUNITY", "DISCOVERABLE"} & (before ^ after)
    if public and not held_in(call, guild) & Permission.ADMINISTRATOR:
        raise refusal(50013)
    if "COMMUNITY" in after:
        errors = FormErrors()
        for name in _OF_COMMUNITY:
            if not (guild.settings | settings).get(name):
                errors.missing((name,))
        errors.raise_any()
    return sorted(after)


def get_preview(call: Call) -> Answer:
    """Describe a guild to who considers joining it."""
    guild = open_guild(call)
    described = guild_json(guild)
    kept = ("id", "name", "icon", "description", "splash", "discovery_splash", "features")
    return Answer(
        {name: described[name] for name in kept}
        | {
            "home_header": None,
            "approximate_member_count": len(guild.members),
            "approximate_presence_count": len(guild.members),
            "emojis": [emoji_object_json(emoji) for emoji in guild.emojis.values()],
            "stickers": [sticker_json(sticker, guild.id) for sticker in guild.stickers.values()],
        }
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/guilds/{guild_id}", get_guild),
    Route("PATCH", "/guilds/{guild_id}", patch_guild),
    Route("GET", "/guilds/{guild_id}/preview", get_preview),
)
