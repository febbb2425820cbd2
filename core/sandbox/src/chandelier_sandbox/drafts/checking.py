"""Judge the body of a message: everything that can be said without looking at the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.components.checking import check_components
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import MessageFlag
from chandelier_sandbox.shapes import MESSAGE, check_shape

CONTENT_MOST = 2000
NONCE_MOST = 25
EMBED_TOTAL_MOST = 6000
_EMBED_TEXTS = (("title",), ("description",), ("footer", "text"), ("author", "name"))
_EMBED_PARTS = ("title", "description", "author", "footer", "fields", "image", "thumbnail", "video", "provider")
_LEGACY: Mapping[str, str] = {"content": "content", "embeds": "embeds", "sticker_ids": "stickers", "poll": "poll"}


def check_draft(body: JsonObject, *, flags: int = 0) -> None:
    """Raise 50035 with every error of a message's body. flags: those that the message has already."""
    errors = FormErrors()
    check_shape(body, MESSAGE, (), errors)
    errors.raise_any()
    if len(str(body.get("content") or "")) > CONTENT_MOST:
        errors.too_long(("content",), CONTENT_MOST)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE_MOST:
        errors.too_long(("nonce",), NONCE_MOST)
    _check_embeds(body.get("embeds") or [], errors)
    _check_allowed(body.get("allowed_mentions") or {}, errors)
    v2 = bool((int(body.get("flags") or 0) | flags) & MessageFlag.IS_COMPONENTS_V2)
    if v2:
        _check_no_legacy(body, errors)
    if body.get("components"):
        check_components(body["components"], ("components",), errors, v2=v2)
    errors.raise_any()


def _check_no_legacy(body: JsonObject, errors: FormErrors) -> None:
    for name, shown in _LEGACY.items():
        if body.get(name):
            sentence = f"The '{shown}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", sentence)


def _check_allowed(rules: JsonObject, errors: FormErrors) -> None:
    """Note a kind that is both parsed and listed (Discord: Message, Allowed Mentions Object)."""
    parse = rules.get("parse") or []
    for kind in ("users", "roles"):
        if kind in parse and rules.get(kind):
            sentence = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", sentence)


def _check_embeds(embeds: list[Any], errors: FormErrors) -> None:
    total = sum(_check_embed(embed, place, errors) for place, embed in enumerate(embeds))
    if total > EMBED_TOTAL_MOST:
        errors.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL_MOST}")


def _check_embed(embed: JsonObject, place: int, errors: FormErrors) -> int:
    """Note what is missing; return how much of the total it takes."""
    if not any(embed.get(part) for part in _EMBED_PARTS):
        errors.missing(("embeds", place, "description"))
    total = sum(len(_text_at(embed, path)) for path in _EMBED_TEXTS)
    for number, field in enumerate(embed.get("fields") or []):
        for name in ("name", "value"):
            text = str(field.get(name) or "").strip()
            total += len(text)
            if not text:
                errors.missing(("embeds", place, "fields", number, name))
    return total


def _text_at(embed: JsonObject, path: tuple[str, ...]) -> str:
    value: Any = embed
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return str(value or "")
