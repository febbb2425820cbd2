"""What a channel may be given, by its kind; fields of other kinds are passed over, as Discord does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import EVERYTHING
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Overwrite
from chandelier_sandbox.rest.access import held_in
from chandelier_sandbox.rest.routing import Call
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, TextOf, WholeOf, is_true

K = ChannelKind
OF_GUILDS = (K.TEXT, K.VOICE, K.CATEGORY, K.ANNOUNCEMENT, K.STAGE, K.FORUM, K.MEDIA)
CHILDREN_MOST = 50
_BITRATE_MOST: Mapping[ChannelKind, int] = {K.VOICE: 96_000, K.STAGE: 64_000}
_USERS_MOST: Mapping[ChannelKind, int] = {K.VOICE: 99, K.STAGE: 10_000}
_FLAGS = 1 << 4 | 1 << 15  # REQUIRE_TAG, HIDE_MEDIA_DOWNLOAD_OPTIONS
_THREADS = ("default_auto_archive_duration", "default_thread_rate_limit_per_user")
_SOUND = ("bitrate", "user_limit", "rtc_region", "video_quality_mode")
_POSTS = (*_THREADS, "available_tags", "default_reaction_emoji", "default_sort_order", "default_tag_setting")
SETTINGS: Mapping[ChannelKind, Sequence[str]] = {
    K.TEXT: _THREADS,
    K.ANNOUNCEMENT: _THREADS,
    K.VOICE: _SOUND,
    K.STAGE: _SOUND,
    K.CATEGORY: (),
    K.FORUM: (*_POSTS, "default_forum_layout"),
    K.MEDIA: _POSTS,
}
_NUMBERS = ("bitrate", "user_limit", "default_thread_rate_limit_per_user")
OVERWRITE = ObjectOf(
    {"id": Plain.SNOWFLAKE, "type": OneOf((0, 1)), "allow": Plain.BITS, "deny": Plain.BITS}, required=("id",)
)
_TAG = ObjectOf(
    {
        "id": Plain.SNOWFLAKE,
        "name": TextOf(20, least=1),
        "moderated": Plain.FLAG,
        "emoji_id": Plain.SNOWFLAKE,
        "emoji_name": TextOf(100),
    },
    required=("name",),
)
CHANNEL = ObjectOf(
    {
        "name": TextOf(100, least=1),
        "type": OneOf(tuple(int(kind) for kind in OF_GUILDS)),
        "position": WholeOf(0, (1 << 31) - 1),
        "topic": TextOf(4096),
        "bitrate": WholeOf(8000, 384_000),
        "user_limit": WholeOf(0, 10_000),
        "nsfw": Plain.FLAG,
        "rate_limit_per_user": WholeOf(0, 21_600),
        "parent_id": Plain.SNOWFLAKE,
        "permission_overwrites": ListOf(OVERWRITE, most=100),
        "rtc_region": TextOf(32),
        "video_quality_mode": OneOf((1, 2)),
        "default_auto_archive_duration": OneOf((60, 1440, 4320, 10_080)),
        "default_thread_rate_limit_per_user": WholeOf(0, 21_600),
        "default_reaction_emoji": ObjectOf({"emoji_id": Plain.SNOWFLAKE, "emoji_name": TextOf(100)}),
        "default_sort_order": OneOf((0, 1)),
        "default_forum_layout": OneOf((0, 1, 2)),
        "default_tag_setting": OneOf(("match_all", "match_some")),
        "flags": WholeOf(0, (1 << 53) - 1),
        "available_tags": ListOf(_TAG, most=20),
    },
    required=("name",),
)


def channel_facts(call: Call, guild: Guild, kind: ChannelKind, body: JsonObject, channel: Channel | None) -> JsonObject:
    """Turn a checked body into fields of the record, or refuse what does not fit the kind or the guild."""
    facts: JsonObject = {}
    if body.get("name") is not None:
        facts["name"] = shown_name(kind, str(body["name"]))
    if body.get("position") is not None:
        facts["position"] = int(body["position"])
    if kind is not K.CATEGORY:
        facts |= _common(kind, body)
        if "parent_id" in body:
            facts["parent_id"] = checked_parent(guild, body["parent_id"], channel)
    if body.get("permission_overwrites") is not None:
        facts["overwrites"] = _overwrites(call, guild, body["permission_overwrites"], channel)
    settings = {name: body[name] for name in SETTINGS[kind] if name in body}
    settings |= {name: int(settings[name]) for name in _NUMBERS if settings.get(name) is not None}
    _check_sound(kind, settings)
    if settings.get("available_tags") is not None:
        settings["available_tags"] = _tags(call, settings["available_tags"], channel)
    if settings.get("default_reaction_emoji") is not None:
        settings["default_reaction_emoji"] = {"emoji_id": None, "emoji_name": None} | settings["default_reaction_emoji"]
    return facts | {"settings": settings}


def shown_name(kind: ChannelKind, name: str) -> str:
    """Return a name as Discord writes it: in text channels lower case, with hyphens for spaces."""
    return name if kind in (K.VOICE, K.STAGE, K.CATEGORY) else "-".join(name.lower().split()) or "-"


def _common(kind: ChannelKind, body: JsonObject) -> JsonObject:
    facts: JsonObject = {}
    if "topic" in body and kind not in (K.VOICE, K.STAGE):
        facts["topic"] = body["topic"] or None
        if kind not in (K.FORUM, K.MEDIA) and len(str(body["topic"] or "")) > 1024:
            errors = FormErrors()
            errors.too_long(("topic",), 1024)
            errors.raise_any()
    if "nsfw" in body:
        facts["nsfw"] = is_true(body["nsfw"])
    if "rate_limit_per_user" in body and kind is not K.ANNOUNCEMENT:
        facts["slowmode_s"] = int(body["rate_limit_per_user"] or 0)
    if body.get("flags") is not None and kind in (K.FORUM, K.MEDIA):
        facts["flags"] = int(body["flags"]) & _FLAGS
    return facts


def checked_parent(guild: Guild, parent_id: Any, channel: Channel | None) -> int | None:
    """Return the id of a category with room for the channel, or raise 50035."""
    if parent_id is None:
        return None
    parent, errors = guild.channels.get(int(parent_id)), FormErrors()
    if parent is None:
        errors.add(("parent_id",), "CHANNEL_PARENT_INVALID", "Category does not exist")
    elif parent.kind is not K.CATEGORY:
        errors.add(("parent_id",), "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    else:
        children = [one for one in guild.channels.values() if one.parent_id == parent.id and one is not channel]
        if len(children) >= CHILDREN_MOST:
            sentence = f"Maximum number of channels in category reached ({CHILDREN_MOST})"
            errors.add(("parent_id",), "CHANNEL_PARENT_MAX_CHANNELS", sentence)
    errors.raise_any()
    return int(parent_id)


def _overwrites(call: Call, guild: Guild, wanted: list[JsonObject], channel: Channel | None) -> list[Overwrite]:
    before = {} if channel is None else {one.id: one for one in channel.overwrites}
    result: dict[int, Overwrite] = {}
    for one in wanted:
        target, old = int(one["id"]), before.get(int(one["id"]))
        kind = int(one["type"]) if one.get("type") is not None else int(target not in guild.roles)
        result[target] = Overwrite(target, kind, *(int(one.get(name) or 0) for name in ("allow", "deny")))
        must_allow(call, guild, channel, result[target], old)
    for target, old in before.items():
        if target not in result:
            must_allow(call, guild, channel, Overwrite(target, old.kind), old)
    return list(result.values())


def must_allow(call: Call, guild: Guild, channel: Channel | None, overwrite: Overwrite, old: Overwrite | None) -> None:
    """Raise 50013 where an overwrite changes what the caller does not hold, in the guild or in the channel."""
    held = held_in(call, guild)
    if channel is not None:
        held |= call.discord.world.permissions_in(channel, call.user)
    was = old or Overwrite(overwrite.id, overwrite.kind)
    changed = (overwrite.allow ^ was.allow) | (overwrite.deny ^ was.deny)
    if changed & EVERYTHING & ~held:
        raise refusal(50013)


def _check_sound(kind: ChannelKind, settings: JsonObject) -> None:
    if int(settings.get("bitrate") or 0) > _BITRATE_MOST.get(kind, 0):
        raise refusal(30052)
    most = _USERS_MOST.get(kind, 0)
    if int(settings.get("user_limit") or 0) > most:
        errors = FormErrors()
        errors.add(("user_limit",), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        errors.raise_any()


def _tags(call: Call, wanted: list[JsonObject], channel: Channel | None) -> list[JsonObject]:
    known = {tag["id"] for tag in (channel.settings.get("available_tags") or [])} if channel is not None else set()
    names = [str(tag["name"]).lower() for tag in wanted]
    if len(set(names)) != len(names):
        raise refusal(40061)
    # hikari 2.7 gives a tag that is to be made the id 0
    if any(int(tag.get("id") or 0) and str(tag["id"]) not in known for tag in wanted):
        raise refusal(10087)
    return [
        {
            "id": str(int(tag.get("id") or 0) or call.discord.snowflakes.make()),
            "name": str(tag["name"]),
            "moderated": is_true(tag.get("moderated")),
            "emoji_id": tag.get("emoji_id"),
            "emoji_name": tag.get("emoji_name"),
        }
        for tag in wanted
    ]
