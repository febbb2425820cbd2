"""Everything that can be refused.

Exception
├── DiscordError       what the REST API answers to the bot: status, JSON code, message, nested errors
├── PortTaken          the sandbox cannot listen (OSError)
└── CannotSend         what Discord's client would not let a member send (ValueError)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chandelier_sandbox.events import JsonObject


class CannotSend(ValueError):
    """Discord's client would not let this member send this."""


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


_KNOWN: Mapping[int, tuple[int, str]] = {
    10001: (404, "Unknown Account"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30032: (400, "Maximum number of application commands reached (100)."),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (
        400,
        "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages to delete",
    ),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50109: (400, "The request body contains invalid JSON."),
}


def refusal(code: int) -> DiscordError:
    """Make the error for one of Discord's JSON codes, with its usual status and message."""
    status, message = _KNOWN[code]
    return DiscordError(status, code, message)


def plain(status: int, phrase: str) -> DiscordError:
    """Make an error that has no JSON code of its own, such as "404: Not Found"."""
    return DiscordError(status, 0, f"{status}: {phrase}")
