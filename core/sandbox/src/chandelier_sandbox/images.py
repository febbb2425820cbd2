"""Images as bodies carry them: data URIs of PNG, JPEG, GIF and WebP (Discord: API Reference, Image Data)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from chandelier_sandbox.errors import FormErrors

_DATA_URI = re.compile(r"data:(image/(?:png|jpe?g|gif|webp));base64,([A-Za-z0-9+/=\s]+)")
_STARTS: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/jpg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}


def image_hash(value: Any, field: str, *, most_bytes: int = 10 * 1024 * 1024) -> str | None:
    """Return the hash of an image in a body (a_ before that of a GIF), None for null, or raise 50035."""
    if value is None:
        return None
    errors = FormErrors()
    match = _DATA_URI.fullmatch(value) if isinstance(value, str) else None
    content = b"" if match is None else _decoded(match.group(2))
    if match is None or not content.startswith(_STARTS[match.group(1)]):
        errors.add((field,), "IMAGE_INVALID", "Invalid image")
    elif len(content) > most_bytes:
        errors.add((field,), "BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {most_bytes / 1024:.1f} kb.")
    errors.raise_any()
    animated = match is not None and match.group(1) == "image/gif"
    return ("a_" if animated else "") + blake2b(content, digest_size=16).hexdigest()


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text)
    except binascii.Error:
        return b""
