"""The body of a request: JSON, a form, or a form with files; everything else is refused as Discord refuses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, hdrs, web

from chandelier_sandbox.errors import DiscordError, plain, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Attachment
from chandelier_sandbox.snowflakes import Snowflakes

BODY_MOST_BYTES = 25 * 1024 * 1024
DEEPEST = 100
_CONTENT_TYPE: Mapping[str, str] = {
    "code": "CONTENT_TYPE_INVALID",
    "message": "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
}
_FILE = re.compile(r"files?(?:\[(\d{1,3})\])?\d*")


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read: its JSON as it came, or a form's as JSON; decoded; and its files."""

    raw: bytes = b""
    decoded: Any = None
    files: tuple[Attachment, ...] = ()


async def read_body(request: web.Request, snowflakes: Snowflakes) -> Body:
    """Read a body of at most 25 MiB; 40005 beyond that, 50109 for broken JSON, 50035 for another content type."""
    if (request.content_length or 0) > BODY_MOST_BYTES:
        raise refusal(40005)
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(request, snowflakes)
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise refusal(40005) from None
    except (ValueError, AssertionError, RuntimeError, ConnectionError, web.RequestPayloadError):
        raise plain(400, "Bad Request") from None  # no boundary, a broken part, a client that went away
    if not raw:
        return Body()
    if request.content_type == "application/x-www-form-urlencoded":
        form = dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))
        return Body(orjson.dumps(form), form)
    if request.content_type != "application/json":
        raise DiscordError(400, 50035, "Invalid Form Body", {"_errors": [_CONTENT_TYPE]})
    return Body(raw, decoded_json(raw))


async def _read_multipart(request: web.Request, snowflakes: Snowflakes) -> Body:
    fields: JsonObject = {}
    json: bytes | None = None
    files: dict[int, Attachment] = {}
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise plain(400, "Bad Request")
        content = await _read_part(part, BODY_MOST_BYTES - size)
        size += len(content)
        if part.name == "payload_json":
            json = content
        elif part.filename is not None:
            kind = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream")
            number = _index(part.name, files)
            files[number] = Attachment(snowflakes.make(), part.filename or "unnamed", content, kind, part=number)
        elif part.name:
            fields[part.name] = content.decode(errors="replace")
    body = fields if json is None else decoded_json(json)
    if not isinstance(body, dict):
        raise refusal(50109)
    return Body(json or orjson.dumps(fields), body, tuple(files.values()))


async def _read_part(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        content += chunk
        if len(content) > most:
            raise refusal(40005)
    return part.decode(bytes(content))


def _index(name: str | None, files: Mapping[int, Attachment]) -> int:
    match = _FILE.fullmatch(name or "")
    number = int(match.group(1)) if match is not None and match.group(1) else len(files)
    return number if number not in files else max(files) + 1


def decoded_json(raw: bytes) -> Any:
    """Decode JSON or raise 50109; what is nested more than a hundred levels deep counts as broken."""
    try:
        decoded = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise refusal(50109) from None
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(decoded) > DEEPEST:
        raise refusal(50109)
    return decoded


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth
