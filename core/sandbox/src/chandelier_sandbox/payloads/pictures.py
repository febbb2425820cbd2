"""The size of a picture, read from its first bytes."""

from __future__ import annotations

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or GIF; None for anything else."""
    if content.startswith(PNG_HEAD) and len(content) >= 24:
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    return None
