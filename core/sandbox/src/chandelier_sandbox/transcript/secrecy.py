"""What nobody shall read in a transcript: tokens, codes and passwords, in paths, bodies and texts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import orjson

HIDDEN = "…"
_FIELDS = "token|authorization|client_secret|access_token|refresh_token|code_verifier|secret_key|password"
# In JSON that was written by a program; a quote inside of a text has a backslash before it, so that no text matches.
_FIELD = re.compile(rf'"({_FIELDS})"\s*:\s*"(?:[^"\\]|\\.)*"'.encode())
_OAUTH2_FIELD = re.compile(rf'"({_FIELDS}|code|state)"\s*:\s*"(?:[^"\\]|\\.)*"'.encode())
_FIELD_PARTS = (b"token", b"uthorization", b"secret", b"verifier", b"assword")
_IN_PATH = re.compile(rb"(/(?:interactions|webhooks)/\d+/)[^/?\s\"\\]+")
_IN_QUERY = re.compile(rb"([?&#](?:code|state|token|access_token|refresh_token|client_secret)=)[^&#\s\"\\]+")
_QUERY_PARTS = (b"code=", b"state=", b"token=", b"secret=")
# A bot's token: its id in base64, then two more parts (Discord: Reference, Authentication)
_BOT_TOKEN = re.compile(rb"[MNO][DTjz][\w-]{15,100}\.[\w-]{5,100}\.[\w-]{5,100}")
_TWO_DOTS = re.compile(rb"\.[\w-]{5,100}\.[\w-]{5}")


def without_tokens(text: str) -> str:
    """Hide what is secret in a path, a URL or any other text."""
    return _without_tokens(text.encode(errors="replace")).decode()


def _without_tokens(raw: bytes) -> bytes:
    if b"/webhooks/" in raw or b"/interactions/" in raw:
        raw = _IN_PATH.sub(rb"\1" + HIDDEN.encode(), raw)
    if any(part in raw for part in _QUERY_PARTS):
        raw = _IN_QUERY.sub(rb"\1" + HIDDEN.encode(), raw)
    return raw if _TWO_DOTS.search(raw) is None else _BOT_TOKEN.sub(HIDDEN.encode(), raw)


def without_secrets(value: Any) -> Any:
    """Return a copy of decoded JSON with what is secret hidden."""
    return readable_body(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def hidden_json(raw: bytes, path: str = "") -> bytes:
    """Return JSON with the values of secret fields, and what is secret in its texts, hidden; path: where it belongs."""
    if "/oauth2/" in path:
        raw = _OAUTH2_FIELD.sub(rb'"\1":"' + HIDDEN.encode() + b'"', raw)
    elif any(part in raw for part in _FIELD_PARTS):
        raw = _FIELD.sub(rb'"\1":"' + HIDDEN.encode() + b'"', raw)
    return _without_tokens(raw)


def readable_body(raw: bytes, path: str = "") -> Any:
    """Decode JSON without its secrets; None when there is none."""
    return orjson.loads(hidden_json(raw, path)) if raw else None


def writable_body(raw: bytes, path: str = "") -> Any:
    """Return what orjson writes as this JSON without its secrets, on one line; it costs little more than a copy."""
    if not raw:
        return None
    hidden = hidden_json(raw, path)
    return orjson.loads(hidden) if b"\n" in hidden or b"\r" in hidden else orjson.Fragment(hidden)


def as_json(raw: bytes) -> bytes:
    """Turn any body into JSON: as it is, a form as an object, otherwise a word on how long it is."""
    try:
        orjson.loads(raw or b"null")
    except orjson.JSONDecodeError:
        form = dict(parse_qsl(raw.decode(errors="replace")))
        return orjson.dumps(form or f"({len(raw)} bytes that are no JSON)")
    return raw
