"""Stickers and soundboard sounds; emojis are with their guild."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from chandelier_sandbox.records.users import User


class StickerFormat(IntEnum):
    """Discord: Sticker, Sticker Format Types."""

    PNG = 1
    APNG = 2
    LOTTIE = 3
    GIF = 4


@dataclass(slots=True, eq=False)
class Sticker:
    """A sticker of a guild; tags is what finds it, as one text."""

    id: int
    name: str
    tags: str
    description: str
    creator: User
    format: StickerFormat = StickerFormat.PNG


@dataclass(slots=True, eq=False)
class Sound:
    """A sound of a guild's soundboard; emoji_name is a character, emoji_id a custom emoji."""

    id: int
    name: str
    creator: User
    volume: float = 1.0
    emoji_id: int | None = None
    emoji_name: str | None = None
