"""The headers of answers in the OpenAPI document: the one list of them, and which answers carry which."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from chandelier_api.schemas import Schema

_REF = "#/components/headers/"


@dataclass(frozen=True, slots=True)
class Header:
    """A header of answers. ``statuses`` and ``methods`` are those whose answers carry it, all of them where they are None.

    ``named`` is its name below ``components.headers``, and ``example`` what it looks like.
    """

    name: str
    named: str
    description: str
    example: str | int
    statuses: Set[int] | None = None
    methods: Set[str] | None = None
    schema: Schema = field(default_factory=lambda: {"type": "string"})


#: Every header that answers of any operation may carry; what an operation alone has stands with it.
HEADERS: tuple[Header, ...] = (
    Header("X-Request-Id", "Reference", "Names the request in the bot's log.", "7F3K9Q"),
    Header("RateLimit-Policy", "RateLimitPolicy", "How many requests a caller may make, in how many seconds; none for operators.",
           '"default";q=600;w=60'),
    Header("RateLimit", "RateLimit", "How many are left, and for how many seconds; none for operators.", '"default";r=599;t=60'),
    Header("Retry-After", "RetryAfter", "Seconds to wait, where they are known.", 9, {429, 503},
           schema={"type": "integer", "minimum": 1}),
    Header("WWW-Authenticate", "Challenge", "How to say who calls.", 'Bearer realm="chandelier"', {401}),
    Header("Allow", "Allow", "The methods that the path takes.", "GET, HEAD, OPTIONS", {405}),
    Header("ETag", "ETag", "Names what was read, for If-None-Match and If-Match.", '"Zm9yIGV4YW1wbGUu"', {200, 304}, {"get"}),
    Header("Idempotent-Replayed", "Replayed", "Set where this is the answer to the same request, sent before.", "true",
           methods={"post"}, schema={"type": "string", "const": "true"}),
)  # fmt: skip


def header_components() -> Schema:
    """Give what stands below ``components.headers``."""
    return {
        one.named: {"description": one.description, "schema": one.schema, "example": one.example} for one in HEADERS
    }


def headers_of(status: int, method: str = "") -> Schema:
    """Give references to the headers of an answer with this status, to this method where it matters."""
    return {
        one.name: {"$ref": _REF + one.named}
        for one in HEADERS
        if (one.statuses is None or status in one.statuses) and (one.methods is None or method in one.methods)
    }
