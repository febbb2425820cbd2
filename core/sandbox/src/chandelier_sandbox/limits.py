"""Rate limits of the REST API: buckets, the global limit, invalid requests (Discord: Rate Limits)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from chandelier_sandbox.codes import CODES
from chandelier_sandbox.events import JsonObject

if TYPE_CHECKING:
    from chandelier_sandbox.rest.routing import Call, Rate, Route

GLOBAL_MOST = 50
GLOBAL_WINDOW_S = 1.0
UNLIMITED = 1_000_000  # clients wait by themselves when a header says that little is left
INVALID_MOST = 10_000
INVALID_WINDOW_S = 600.0
BUCKETS_MOST = 10_000
# Discord: Rate Limits, Rate Limit Buckets: channel, guild, webhook with its token; an application is one of a kind.
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "application_id")
_REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"
_MEMBER = "/guilds/{guild_id}/members/{user_id}"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

Ruling = tuple[str, int, float]
# What Discord is known to allow where it is not the usual: a name for those that share a bucket, how many, seconds.
_KNOWN: Mapping[tuple[str, str], Ruling] = {
    ("POST", "/channels/{channel_id}/messages"): ("messages", 5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): ("edits", 5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): ("deletions", 5, 1.0),
    ("POST", "/channels/{channel_id}/messages/bulk-delete"): ("bulk deletions", 1, 1.0),
    ("POST", "/channels/{channel_id}/typing"): ("typing", 5, 5.0),
    ("PUT", _REACTION + "/@me"): ("reactions", 1, 0.25),
    ("DELETE", _REACTION + "/@me"): ("reactions", 1, 0.25),
    ("DELETE", _REACTION + "/{user_id}"): ("reactions", 1, 0.25),
    ("DELETE", _REACTION): ("reactions", 1, 0.25),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions"): ("reactions", 1, 0.25),
    ("PATCH", _MEMBER): ("members", 10, 10.0),
    ("PUT", _MEMBER + "/roles/{role_id}"): ("member roles", 10, 10.0),
    ("DELETE", _MEMBER + "/roles/{role_id}"): ("member roles", 10, 10.0),
    ("POST", _WEBHOOK): ("webhook", 5, 2.0),
    ("POST", _WEBHOOK + "/github"): ("webhook", 5, 2.0),
    ("POST", _WEBHOOK + "/slack"): ("webhook", 5, 2.0),
    ("PATCH", _WEBHOOK + "/messages/{message_id}"): ("webhook edits", 5, 2.0),
    ("DELETE", _WEBHOOK + "/messages/{message_id}"): ("webhook edits", 5, 2.0),
}


class Limited(Exception):
    """This request came too soon; the answer is a 429."""

    def __init__(self, retry_after_s: float, scope: str = "user", code: int | None = None) -> None:
        super().__init__(f"rate limited for {retry_after_s:g} s ({scope})")
        self.retry_after_s = retry_after_s
        self.scope = scope
        self.code = code
        self.bucket: dict[str, str] = {}

    def body(self) -> JsonObject:
        """Return the body (Discord: Rate Limits, Exceeding a Rate Limit)."""
        message = "You are being rate limited." if self.scope != "shared" else "The resource is being rate limited."
        body: JsonObject = {"message": message if self.code is None else CODES[self.code][1]}
        body |= {"retry_after": round(self.retry_after_s, 3), "global": self.scope == "global"}
        return body | {"code": self.code or 0}

    def headers(self) -> dict[str, str]:
        """Return what the answer carries besides the usual."""
        headers = {"Retry-After": str(max(1, math.ceil(self.retry_after_s))), "X-RateLimit-Scope": self.scope}
        return self.bucket | headers | ({"X-RateLimit-Global": "true"} if self.scope == "global" else {})


class Banished(Exception):
    """Too many invalid requests: Cloudflare answers in Discord's place, and not with JSON."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"banished for {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class Bucket:
    """So many requests in a window that begins with the first of them; times are the sandbox's."""

    most: int
    window_s: float
    used: int = 0
    reset_at: float = 0.0

    def take(self, now: float) -> bool:
        """Count a request; False when there is no room for it."""
        if now >= self.reset_at:
            self.used, self.reset_at = 0, now + self.window_s
        if self.used >= self.most:
            return False
        self.used += 1
        return True


class Limits:
    """Count requests per bucket. enforced=False counts nothing and limits nobody; the headers stay."""

    def __init__(self) -> None:
        self.enforced = True
        self._buckets: dict[str, Bucket] = {}
        self._global = Bucket(GLOBAL_MOST, GLOBAL_WINDOW_S)
        self._invalid = Bucket(INVALID_MOST, INVALID_WINDOW_S)

    def reset(self) -> None:
        """Forget every request so far."""
        self._buckets.clear()
        self._global.reset_at = self._invalid.reset_at = 0.0

    def admit(self, route: Route, who: str, path: Mapping[str, str], now: float) -> dict[str, str]:
        """Count a request and return its bucket's headers, or raise Limited with them; who: whose buckets they are."""
        if not route.limited:
            return {}
        name, most, window_s = ruling(route)
        if not self.enforced:
            return _headers(name, UNLIMITED, UNLIMITED - 1, now + GLOBAL_WINDOW_S, GLOBAL_WINDOW_S)
        if _is_global(route) and not self._global.take(now):
            raise Limited(self._global.reset_at - now, "global")
        major = "/".join(path[one] for one in MAJOR if one in path)
        bucket = self._bucket(f"{who} {name} {major}", most, window_s, now)
        admitted = bucket.take(now)
        left_s = max(0.0, bucket.reset_at - now)
        headers = _headers(name, most, most - bucket.used, bucket.reset_at, left_s)
        if not admitted:
            limited = Limited(left_s)
            limited.bucket = headers
            raise limited
        return headers

    def admit_work(self, route: Route, call: Call, now: float) -> None:
        """Count what has a limit of its own beside the bucket's, by what is asked for."""
        if not self.enforced:
            return
        for name, most, window_s, code in _own_limits(route, call):
            bucket = self._bucket(f"{name}", most, window_s, now)
            if not bucket.take(now):
                raise Limited(bucket.reset_at - now, "shared" if code is None else "user", code)

    def note_invalid(self, status: int, scope: str | None, now: float) -> None:
        """Count an answer that says the client does wrong (Discord: Rate Limits, Invalid Request Limit)."""
        if self.enforced and (status in (401, 403) or (status == 429 and scope != "shared")):
            self._invalid.take(now)

    def must_not_be_banished(self, now: float) -> None:
        """Raise Banished after 10,000 invalid requests in ten minutes."""
        invalid = self._invalid
        if self.enforced and invalid.used >= invalid.most and now < invalid.reset_at:
            raise Banished(invalid.reset_at - now)

    def _bucket(self, key: str, most: int, window_s: float, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= BUCKETS_MOST:
                self._buckets = {name: kept for name, kept in self._buckets.items() if kept.reset_at > now}
            bucket = self._buckets[key] = Bucket(most, window_s)
        return bucket


def ruling(route: Route) -> Ruling:
    """Return the name of a route's bucket, and how many requests it takes in how many seconds."""
    known = _KNOWN.get((route.method, route.template))
    rate: Rate = route.rate
    if known is not None and (rate.most, rate.window_s) == (GLOBAL_MOST, GLOBAL_WINDOW_S):
        return known
    return f"{route.method} {route.template}", rate.most, rate.window_s


def _is_global(route: Route) -> bool:
    # Discord: Rate Limits, Global Rate Limit: interaction endpoints are free of it; so is what needs no bot's token
    return route.auth.name != "NONE"


def _headers(name: str, most: int, remaining: int, reset_at: float, left_s: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{reset_at:.3f}",
        "X-RateLimit-Reset-After": f"{left_s:.3f}",
        "X-RateLimit-Bucket": f"{crc32(name.encode()):08x}{crc32(name[::-1].encode()):08x}",
    }


def _own_limits(route: Route, call: Call) -> list[tuple[str, int, float, int | None]]:
    body = call.body if isinstance(call.body, dict) else {}
    if (route.method, route.template) == ("PATCH", "/channels/{channel_id}"):
        changed = [name for name in ("name", "topic") if name in body]
        return [(f"channel {call.path['channel_id']} {name}", 2, 600.0, None) for name in changed]
    if (route.method, route.template) == ("POST", "/users/@me/channels"):
        return [("direct messages", 10, 60.0, 40003)]
    return []
