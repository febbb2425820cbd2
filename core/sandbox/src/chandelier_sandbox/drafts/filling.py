"""Write a body that was judged into a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chandelier_sandbox.components.showing import shown_components
from chandelier_sandbox.drafts.embeds import shown_embeds
from chandelier_sandbox.drafts.files import attach
from chandelier_sandbox.drafts.mentions import mention
from chandelier_sandbox.drafts.polls import poll_from
from chandelier_sandbox.drafts.stickers import find_stickers
from chandelier_sandbox.errors import DiscordError, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Attachment, Channel, Message, MessageFlag, User
from chandelier_sandbox.world import World

# Discord: Create Message, flags; others are ignored without an error
_SETTABLE = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.IS_VOICE_MESSAGE
    | MessageFlag.IS_COMPONENTS_V2
)
_WRITTEN = (
    "content",
    "attachments",
    "embeds",
    "components",
    "flags",
    "stickers",
    "poll",
    "tts",
    "mentions",
    "mention_roles",
    "mention_everyone",
)


def compose(
    world: World, channel: Channel, author: User, body: JsonObject, files: Iterable[Attachment] = (), **facts: Any
) -> Message:
    """Make the message that a judged body asks for, without posting it. facts: further fields of the record."""
    message = Message(
        id=world.snowflakes.make(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author=author,
        content="",
        sent_at=world.clock.now(),
        nonce=body.get("nonce"),
        **facts,
    )
    fill(message, {"content": None} | body, files, world)
    return message


def fill(message: Message, body: JsonObject, files: Iterable[Attachment], world: World) -> None:
    """Write the parts that the body holds into the message; raise 50006 if nothing is left to see.

    A refusal leaves the message as it was.
    """
    before = [getattr(message, name) for name in _WRITTEN]
    try:
        _write(message, body, files, world)
    except DiscordError:
        for name, value in zip(_WRITTEN, before, strict=True):
            setattr(message, name, value)
        raise


def _write(message: Message, body: JsonObject, files: Iterable[Attachment], world: World) -> None:
    if "content" in body:
        message.content = str(body["content"] if body["content"] is not None else "").strip()
    attach(message, body, files)
    if "embeds" in body:
        message.embeds = shown_embeds(message, body["embeds"] or [], world.origin)
    if "components" in body:
        message.components = shown_components(message, body["components"] or [], world.origin)
    if "flags" in body:
        message.flags = _flags(message, int(body["flags"] or 0))
    if body.get("sticker_ids"):
        message.stickers = find_stickers(world, message, body["sticker_ids"])
    if body.get("poll") is not None and message.poll is None:
        message.poll = poll_from(body["poll"], world.clock.now())
    message.tts = body.get("tts", message.tts) in (True, "true", "True")
    # without IS_COMPONENTS_V2 components stand under something, and are nothing to see by themselves
    parts = message.components if message.flags & MessageFlag.IS_COMPONENTS_V2 else None
    shown = (message.content, message.embeds, message.attachments, parts)
    if not any(shown) and not (message.stickers or message.poll or message.snapshots):
        raise refusal(50006)
    if "content" in body:
        mention(message, body.get("allowed_mentions"), world)


def _flags(message: Message, wanted: int) -> int:
    """Return the flags afterwards: suppression comes and goes, the rest stays once it is set."""
    settable = int(_SETTABLE) | (int(MessageFlag.EPHEMERAL) if message.application_id is not None else 0)
    return (message.flags & ~int(MessageFlag.SUPPRESS_EMBEDS)) | (wanted & settable)
