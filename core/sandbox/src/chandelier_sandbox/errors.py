"""Everything that can be refused.

Exception
├── DiscordError       what the REST API answers to the bot: status, JSON code, message, nested errors
├── PortTaken          the sandbox cannot listen (OSError)
└── CannotSend         what Discord's client would not let a member send (ValueError)
    └── CannotJoin     who is banned, or whose invite is no more, does not get in
"""

from __future__ import annotations

from collections.abc import Sequence

from chandelier_sandbox.codes import CODES
from chandelier_sandbox.events import JsonObject


class CannotSend(ValueError):
    """Discord's client would not let this member send this."""


class CannotJoin(CannotSend):
    """Discord would not let this person into the server."""


class PortTaken(OSError):
    """The port is in use."""


class DiscordError(Exception):
    """An answer that is no success (Discord: Opcodes and Status Codes, JSON Error Codes)."""

    def __init__(self, status: int, code: int, message: str, errors: JsonObject | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> JsonObject:
        """Return the JSON that Discord would send."""
        answer: JsonObject = {"message": self.message, "code": self.code}
        if self.errors is not None:
            answer["errors"] = self.errors
        return answer


class FormErrors:
    """Gather what is wrong in a body and where, then refuse it all at once with code 50035."""

    def __init__(self) -> None:
        self._tree: JsonObject = {}

    def add(self, path: Sequence[str | int], code: str, message: str) -> None:
        """Note one error under its path, such as ("embeds", 0, "title")."""
        node = self._tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: Sequence[str | int], most: int) -> None:
        """Note that a text is over its limit."""
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def missing(self, path: Sequence[str | int]) -> None:
        """Note that a required field is absent."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def raise_any(self) -> None:
        """Raise 50035 if anything was noted."""
        if self._tree:
            raise DiscordError(400, 50035, "Invalid Form Body", self._tree)


def refusal(code: int) -> DiscordError:
    """Make the error for one of Discord's JSON codes, with its usual status and message."""
    status, message = CODES[code]
    return DiscordError(status, code, message)


def plain(status: int, phrase: str) -> DiscordError:
    """Make an error that has no JSON code of its own, such as "404: Not Found"."""
    return DiscordError(status, 0, f"{status}: {phrase}")
