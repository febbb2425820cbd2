"""Why a gateway connection ends (Discord: Opcodes and Status Codes, Gateway Close Event Codes)."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[int, str] = {
    4000: "Unknown error.",
    4001: "Unknown opcode.",
    4002: "Error while decoding payload.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4006: "Session is no longer valid.",
    4007: "Invalid seq.",
    4008: "You are being rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4011: "Sharding required.",
    4012: "Invalid API version.",
    4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}
# After these a session cannot be resumed; after the others it can.
FINAL = frozenset({1000, 1001, 4003, 4004, 4006, 4007, 4009, 4010, 4011, 4012, 4013, 4014})


class Closed(Exception):
    """The client broke a rule; the connection ends with this code."""

    def __init__(self, code: int, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or REASONS.get(code, "")
        super().__init__(f"{code} {self.reason}")
