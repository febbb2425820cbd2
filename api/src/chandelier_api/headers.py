"""The headers of answers in the OpenAPI document: the one list of them, and which answers carry which."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from chandelier_api.schemas import Schema

_REF = "#/components/headers/"


@dataclass(frozen=True, slots=True)
class Header:
    """A header of answers. ``statuses`` are those that carry it; every answer does where it is None.

    ``named`` is its name below ``components.headers``, and ``example`` what it looks like.
    """

    name: str
    named: str
    description: str
    example: str | int
    statuses: Set[int] | None = None
    schema: Schema = field(default_factory=lambda: {"type": "string"})


#: Every header that answers of any operation may carry; what an operation alone has stands with it.
HEADERS: tuple[Header, ...] = (
    Header("X-Request-Id", "Reference", "Names the request in the bot's log.", "7F3K9Q"),
    Header("Retry-After", "RetryAfter", "Seconds to wait, where they are known.", 9, {429, 503}, {"type": "integer", "minimum": 1}),
    Header("WWW-Authenticate", "Challenge", "How to say who calls.", 'Bearer realm="chandelier"', {401}),
    Header("Allow", "Allow", "The methods that the path takes.", "GET, HEAD, OPTIONS", {405}),
)  # fmt: skip


def header_components() -> Schema:
    """Give what stands below ``components.headers``."""
    return {
        one.named: {"description": one.description, "schema": one.schema, "example": one.example} for one in HEADERS
    }


def headers_of(status: int) -> Schema:
    """Give references to the headers that every answer with this status carries."""
    return {one.name: {"$ref": _REF + one.named} for one in HEADERS if one.statuses is None or status in one.statuses}
