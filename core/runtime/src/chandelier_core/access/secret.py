"""Secrets that are shown once: made, recognised by their shape, and kept as hashes only."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "chd"
_ALPHABET = string.digits + string.ascii_letters
_ID_LENGTH, _SECRET_LENGTH, _CHECK_LENGTH = 12, 43, 6
#: 43 of 62 characters: 256 bits. The last six are a CRC-32, so that a search for leaked tokens finds no others.
TOKEN = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{_ID_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CHECK_LENGTH}}})"
)


def new_id() -> str:
    """Make the public name of a token or a session."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


def new_token(token_id: str) -> str:
    """Make a token: ``chd_<id>_<secret><checksum>``."""
    body = f"{PREFIX}_{token_id}_{''.join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))}"
    return body + _checksum(body)


def id_of_token(text: str) -> str | None:
    """Give the id that a token names; None for what cannot be one of ours."""
    found = TOKEN.fullmatch(text)
    if found is None or _checksum(text[:-_CHECK_LENGTH]) != found[3]:
        return None
    return found[1]


def hash_of(text: str) -> bytes:
    """Hash a secret of full entropy: SHA-256, without salt or stretching (OWASP ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _checksum(text: str) -> str:
    number, characters = zlib.crc32(text.encode()), []
    for _ in range(_CHECK_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[rest])
    return "".join(reversed(characters))
