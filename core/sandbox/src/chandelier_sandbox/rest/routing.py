"""What a REST route is: a method, a template, a handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chandelier_sandbox.errors import DiscordError, FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Attachment

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord


@dataclass(frozen=True, slots=True)
class Call:
    """One REST request, already read: path parameters, query, decoded body, files."""

    discord: Discord
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: tuple[Attachment, ...] = ()

    def number(self, name: str) -> int:
        """Return a snowflake of the path or raise 50035."""
        text = self.path[name]
        if not text.isdecimal():
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            errors.raise_any()
        return int(text)

    def form(self) -> JsonObject:
        """Return the body, which must be an object."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise DiscordError(400, 50109, "The request body contains invalid JSON.")
        return self.body

    def marker(self, name: str) -> int | None:
        """Return a snowflake of the query, None when absent, or raise 50035."""
        text = self.query.get(name)
        if text is None:
            return None
        if not text.isdecimal():
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            errors.raise_any()
        return int(text)

    def count(self, name: str, default: int, most: int) -> int:
        """Return a whole number of the query between 1 and most, or raise 50035."""
        text = self.query.get(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
            errors.raise_any()
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: 204 has no body; raw replaces JSON."""

    body: Any = None
    status: int = 200


NO_CONTENT = Answer(status=204)
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. bot: whether the Authorization header is demanded. limited: whether rate limits apply."""

    method: str
    template: str
    handler: Handler = field(repr=False)
    bot: bool = True
    limited: bool = True
