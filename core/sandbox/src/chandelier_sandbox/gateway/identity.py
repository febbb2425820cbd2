"""What a client says of itself when it identifies or resumes, judged (Discord: Gateway Events, Identify and Resume)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.closing import Closed
from chandelier_sandbox.gateway.intents import PRIVILEGED, Intent, unknown_bits

STATUSES = frozenset({"online", "idle", "dnd", "invisible", "offline"})
LARGE_LEAST, LARGE_MOST = 50, 250


@dataclass(frozen=True, slots=True)
class Identify:
    """An identify that fits; large_threshold: from how many members on only those who are online are sent."""

    intents: Intent
    shard: tuple[int, int]
    large_threshold: int
    compress: bool
    presence: JsonObject | None


def checked_identify(data: JsonObject, token: str, privileged: Intent) -> Identify:
    """Read an identify, or raise Closed with the code for what is wrong with it."""
    if not isinstance(data.get("token"), str) or not isinstance(data.get("properties"), dict):
        raise Closed(4002)
    must_be_token(data["token"], token)
    threshold = data.get("large_threshold")
    if threshold is not None and not is_whole(threshold):
        raise Closed(4002)
    return Identify(
        intents=_intents(data.get("intents"), privileged),
        shard=_shard(data.get("shard")),
        large_threshold=min(LARGE_MOST, max(LARGE_LEAST, threshold or LARGE_LEAST)),
        compress=data.get("compress") is True,
        presence=None if data.get("presence") is None else checked_presence(data["presence"]),
    )


def must_be_token(given: Any, token: str) -> None:
    """Raise 4004 for another token than the bot's."""
    if str(given).removeprefix("Bot ") != token:
        raise Closed(4004)


def checked_presence(presence: Any) -> JsonObject:
    """Return a presence that fits; stray fields are accepted, as Discord does (`game`, for one)."""
    if not isinstance(presence, dict) or presence.get("status", "online") not in list(STATUSES):
        raise Closed(4002)
    activities = presence.get("activities") or []
    if not isinstance(activities, list) or not all(isinstance(one, dict) for one in activities):
        raise Closed(4002)
    if not all(isinstance(one.get("name"), str) and is_whole(one.get("type", 0)) for one in activities):
        raise Closed(4002)
    return {"status": presence.get("status", "online"), "activities": activities}


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number, and not true or false."""
    return isinstance(value, int) and not isinstance(value, bool)


def _intents(intents: Any, privileged: Intent) -> Intent:
    if not is_whole(intents) or intents < 0 or unknown_bits(intents):
        raise Closed(4013)
    if Intent(intents) & PRIVILEGED & ~privileged:
        raise Closed(4014)
    return Intent(intents)


def _shard(shard: Any) -> tuple[int, int]:
    if shard is None:
        return 0, 1
    fits = isinstance(shard, list) and len(shard) == 2 and all(is_whole(one) for one in shard)
    if not fits or not 0 <= shard[0] < shard[1]:
        raise Closed(4010)
    return shard[0], shard[1]
