"""Judge the body of a message as Discord does, and write it into a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Attachment, Message, User
from chandelier_sandbox.shapes import MESSAGE, check_shape
from chandelier_sandbox.world import World

CONTENT_MOST = 2000
NONCE_MOST = 25
EMBEDS_MOST = 10
EMBED_TOTAL_MOST = 6000
# Discord: Message, Embed Limits
_EMBED_TEXTS: Mapping[tuple[str, ...], int] = {
    ("title",): 256,
    ("description",): 4096,
    ("footer", "text"): 2048,
    ("author", "name"): 256,
}
_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION = re.compile(r"<@&(\d+)>")


def check_draft(body: JsonObject) -> None:
    """Raise 50035 with every error of a message's body."""
    errors = FormErrors()
    check_shape(body, MESSAGE, (), errors)
    errors.raise_any()
    if len(str(body.get("content") or "")) > CONTENT_MOST:
        errors.too_long(("content",), CONTENT_MOST)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE_MOST:
        errors.too_long(("nonce",), NONCE_MOST)
    _check_embeds(body.get("embeds") or [], errors)
    errors.raise_any()


def _check_embeds(embeds: list[Any], errors: FormErrors) -> None:
    if len(embeds) > EMBEDS_MOST:
        errors.add(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS_MOST} or fewer in length.")
    total = 0
    for place, embed in enumerate(embeds):
        total += _check_embed(embed, place, errors)
    if total > EMBED_TOTAL_MOST:
        errors.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL_MOST}")


def _check_embed(embed: JsonObject, place: int, errors: FormErrors) -> int:
    total = 0
    for path, most in _EMBED_TEXTS.items():
        text = _text_at(embed, path)
        total += len(text)
        if len(text) > most:
            errors.too_long(("embeds", place, *path), most)
    fields = embed.get("fields") or []
    if len(fields) > 25:
        errors.add(("embeds", place, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, field in enumerate(fields):
        for name, most in (("name", 256), ("value", 1024)):
            text = str(field.get(name) or "")
            total += len(text)
            if not text:
                errors.missing(("embeds", place, "fields", number, name))
            elif len(text) > most:
                errors.too_long(("embeds", place, "fields", number, name), most)
    return total


def _text_at(embed: JsonObject, path: tuple[str, ...]) -> str:
    value: Any = embed
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return str(value or "")


def fill(message: Message, body: JsonObject, files: Iterable[Attachment], world: World) -> None:
    """Write the parts that the body holds into the message; raise 50006 if nothing is left to see."""
    if "content" in body:
        message.content = str(body["content"] if body["content"] is not None else "").strip()
    if "embeds" in body:
        message.embeds = [_shown(embed) for embed in body["embeds"] or []]
    if "components" in body:
        message.components = _numbered(body["components"] or [])
    if "flags" in body:
        message.flags = (message.flags & ~(1 << 2)) | int(body["flags"] or 0)
    if isinstance(kept := body.get("attachments"), list):
        ids = {str(one.get("id")) for one in kept if isinstance(one, dict)}
        message.attachments = [one for one in message.attachments if str(one.id) in ids]
    message.attachments.extend(files)
    message.tts = bool(body.get("tts", message.tts))
    if not (message.content or message.embeds or message.attachments or message.components):
        raise refusal(50006)
    if "content" in body:
        _mention(message, body.get("allowed_mentions"), world)


def _shown(embed: JsonObject) -> JsonObject:
    return {"type": "rich", **{name: value for name, value in embed.items() if value is not None}}


def _numbered(components: list[Any], first: int = 1) -> list[JsonObject]:
    """Give every component an id, as Discord does for those that bring none."""
    answer = []
    for component in components:
        numbered = {"id": first, **component}
        first += 1
        if isinstance(component.get("components"), list):
            numbered["components"] = _numbered(component["components"], first)
            first += len(component["components"])
        answer.append(numbered)
    return answer


def _mention(message: Message, allowed: Any, world: World) -> None:
    """Work out who is mentioned (Discord: Message, Allowed Mentions Object)."""
    rules: JsonObject = (
        allowed if isinstance(allowed, dict) else {"parse": ["users", "roles", "everyone"], "replied_user": True}
    )
    parse = rules.get("parse") or []
    users = {str(user) for user in rules.get("users") or []}
    roles = {str(role) for role in rules.get("roles") or []}
    found: dict[int, User] = {}
    for user_id in _MENTION.findall(message.content):
        user = world.users.get(int(user_id))
        if user is not None and ("users" in parse or user_id in users):
            found[user.id] = user
    replied = _replied_author(message, world)
    if replied is not None and rules.get("replied_user"):
        found[replied.id] = replied
    message.mentions = list(found.values())
    named = _ROLE_MENTION.findall(message.content)
    message.mention_roles = [int(role) for role in dict.fromkeys(named) if "roles" in parse or role in roles]
    loud = "@everyone" in message.content or "@here" in message.content
    message.mention_everyone = loud and "everyone" in parse


def _replied_author(message: Message, world: World) -> User | None:
    if message.reference is None:
        return None
    replied = world.messages.get(int(message.reference["channel_id"]), {}).get(int(message.reference["message_id"]))
    return None if replied is None else replied.author
