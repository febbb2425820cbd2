"""The application's own emojis, which no server has."""

from __future__ import annotations

import re
from typing import Any

from chandelier_sandbox.errors import DiscordError, FormErrors, refusal
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import emoji_object_json
from chandelier_sandbox.records import Emoji
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.scopes import must_be_own
from chandelier_sandbox.shapes import ObjectOf, Plain, TextOf, checked

_MOST = 2000
_MOST_BYTES = 256 * 1024
_NAME = re.compile(r"[A-Za-z0-9_]{2,32}")
_EMOJI = ObjectOf({"name": TextOf(32, least=2), "image": Plain.TEXT}, required=("name", "image"))


def _find(call: Call) -> Emoji:
    must_be_own(call)
    emoji = call.discord.application.emojis.get(call.number("emoji_id"))
    if emoji is None:
        raise DiscordError(404, 10014, "Unknown Emoji")  # 400 is for an emoji of a reaction
    return emoji


def _checked_name(name: Any) -> str:
    errors = FormErrors()
    if _NAME.fullmatch(str(name)) is None:
        errors.add(("name",), "STRING_TYPE_REGEX", "String value did not match validation regex.")
    errors.raise_any()
    return str(name)


def list_emojis(call: Call) -> Answer:
    """List them."""
    must_be_own(call)
    emojis = call.discord.application.emojis.values()
    return Answer({"items": [emoji_object_json(emoji, with_creator=True) for emoji in emojis]})


def create_emoji(call: Call) -> Answer:
    """Create one."""
    must_be_own(call)
    emojis, body = call.discord.application.emojis, checked(call.body, _EMOJI)
    name = _checked_name(body["name"])
    image = image_hash(body["image"], "image", most_bytes=_MOST_BYTES)
    if len(emojis) >= _MOST:
        raise refusal(30008)
    emoji = Emoji(call.discord.snowflakes.make(), name, call.user, animated=(image or "").startswith("a_"))
    emojis[emoji.id] = emoji
    return Answer(emoji_object_json(emoji, with_creator=True), 201)


def get_emoji(call: Call) -> Answer:
    """Describe one."""
    return Answer(emoji_object_json(_find(call), with_creator=True))


def patch_emoji(call: Call) -> Answer:
    """Rename one."""
    emoji, body = _find(call), checked(call.body, _EMOJI, partial=True)
    if body.get("name") is not None:
        emoji.name = _checked_name(body["name"])
    return Answer(emoji_object_json(emoji, with_creator=True))


def delete_emoji(call: Call) -> Answer:
    """Delete one."""
    del call.discord.application.emojis[_find(call).id]
    return NO_CONTENT


ROUTES: tuple[Route, ...] = (
    Route("GET", "/applications/{application_id}/emojis", list_emojis),
    Route("POST", "/applications/{application_id}/emojis", create_emoji),
    Route("GET", "/applications/{application_id}/emojis/{emoji_id}", get_emoji),
    Route("PATCH", "/applications/{application_id}/emojis/{emoji_id}", patch_emoji),
    Route("DELETE", "/applications/{application_id}/emojis/{emoji_id}", delete_emoji),
)
