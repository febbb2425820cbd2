"""The emojis of a guild."""

from __future__ import annotations

import re
from typing import Any

from chandelier_sandbox.changes import expressions
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import emoji_object_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Emoji, Guild
from chandelier_sandbox.rest.access import by, may_edit_expression, open_guild, sees_creators
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, TextOf, checked

EMOJIS_MOST = 50  # of each sort, in a guild without boosts
_MOST_BYTES = 256 * 1024
_NAME = re.compile(r"[A-Za-z0-9_]{2,32}")
_EMOJI = ObjectOf(
    {"name": TextOf(32, least=2), "image": Plain.TEXT, "roles": ListOf(Plain.SNOWFLAKE)}, required=("name", "image")
)


def list_emojis(call: Call) -> Answer:
    """List a guild's emojis."""
    guild = open_guild(call)
    whole = sees_creators(call, guild)
    return Answer([emoji_object_json(emoji, with_creator=whole) for emoji in guild.emojis.values()])


def _find(call: Call) -> tuple[Guild, Emoji]:
    guild = open_guild(call)
    emoji = guild.emojis.get(call.number("emoji_id"))
    if emoji is None:
        raise refusal(10014)
    return guild, emoji


def get_emoji(call: Call) -> Answer:
    """Describe an emoji."""
    guild, emoji = _find(call)
    return Answer(emoji_object_json(emoji, with_creator=sees_creators(call, guild)))


def create_emoji(call: Call) -> Answer:
    """Create an emoji from an image of at most 256 KiB."""
    guild = open_guild(call, Permission.CREATE_GUILD_EXPRESSIONS)
    body = checked(call.body, _EMOJI)
    facts = _facts(guild, body)
    animated = str(image_hash(body["image"], "image", most_bytes=_MOST_BYTES)).startswith("a_")
    if sum(emoji.animated == animated for emoji in guild.emojis.values()) >= EMOJIS_MOST:
        raise refusal(30008)
    emoji = Emoji(call.discord.snowflakes.make(), facts["name"], call.user, animated)
    expressions.put_emoji(call.discord.world, guild, emoji, facts, by(call))
    return Answer(emoji_object_json(emoji, with_creator=True), 201)


def patch_emoji(call: Call) -> Answer:
    """Rename an emoji or keep it for roles."""
    guild, emoji = _find(call)
    may_edit_expression(call, guild, emoji.creator)
    facts = _facts(guild, checked(call.body, _EMOJI, partial=True))
    expressions.put_emoji(call.discord.world, guild, emoji, facts, by(call))
    return Answer(emoji_object_json(emoji, with_creator=True))


def delete_emoji(call: Call) -> Answer:
    """Delete an emoji."""
    guild, emoji = _find(call)
    may_edit_expression(call, guild, emoji.creator)
    expressions.delete_emoji(call.discord.world, guild, emoji, by(call))
    return NO_CONTENT


def _facts(guild: Guild, body: JsonObject) -> JsonObject:
    errors = FormErrors()
    facts: JsonObject = {}
    name: Any = body.get("name")
    if name is not None:
        facts["name"] = str(name)
        if _NAME.fullmatch(str(name)) is None:
            errors.add(("name",), "STRING_TYPE_REGEX", "String value did not match validation regex.")
    if "roles" in body:
        facts["roles"] = roles = [int(one) for one in body["roles"] or []]
        for place, role_id in enumerate(roles):
            if role_id not in guild.roles:
                errors.add(("roles", place), "INVALID_ROLE", "Invalid Role")
    errors.raise_any()
    return facts


_EMOJIS = "/guilds/{guild_id}/emojis"
ROUTES: tuple[Route, ...] = (
    Route("GET", _EMOJIS, list_emojis),
    Route("POST", _EMOJIS, create_emoji),
    Route("GET", _EMOJIS + "/{emoji_id}", get_emoji),
    Route("PATCH", _EMOJIS + "/{emoji_id}", patch_emoji),
    Route("DELETE", _EMOJIS + "/{emoji_id}", delete_emoji),
)
