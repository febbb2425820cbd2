"""What was said: REST exchanges, events, commands and connections, newest kept, with no secret to be read in it."""

from __future__ import annotations

import sys
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.transcript.secrecy import readable_body, without_tokens, writable_body

MOST_ENTRIES = 5000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Exchange:
    """One REST request and its answer; ms is the time spent in the sandbox. What is secret is hidden when it is read.

    template: the route's, such as /channels/{channel_id}/messages; empty where there is no such route.
    """

    kind: ClassVar[str] = "rest"
    number: int
    at: float
    method: str
    template: str
    status: int
    ms: float
    files: int
    raw_path: str = field(repr=False)
    raw_request: bytes = field(repr=False)
    raw_answer: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Return the path that was asked for, without its query."""
        return without_tokens(self.raw_path.partition("?")[0])

    @property
    def query(self) -> str:
        """Return what follows the question mark."""
        return without_tokens("/?" + self.raw_path.partition("?")[2])[2:]

    @property
    def request(self) -> Any:
        """Return the decoded body of the request."""
        return readable_body(self.raw_request, self.raw_path)

    @property
    def answer(self) -> Any:
        """Return the decoded body of the answer."""
        return readable_body(self.raw_answer, self.raw_path)

    @property
    def size(self) -> int:
        """Return how many bytes it keeps."""
        return len(self.raw_request) + len(self.raw_answer)

    def shown(self) -> JsonObject:
        """Describe it for orjson to write."""
        return {
            "number": self.number,
            "kind": self.kind,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "route": self.template,
            "status": self.status,
            "ms": self.ms,
            "files": self.files,
            "request": writable_body(self.raw_request, self.raw_path),
            "answer": writable_body(self.raw_answer, self.raw_path),
        }


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One event sent to a gateway session."""

    kind: ClassVar[str] = "event"
    number: int
    at: float
    name: str
    sequence: int
    shard: tuple[int, int]
    raw: bytes = field(repr=False)

    @property
    def payload(self) -> Any:
        """Return the decoded event."""
        return readable_body(self.raw, "")

    @property
    def size(self) -> int:
        """Return how many bytes it keeps."""
        return len(self.raw)

    def shown(self) -> JsonObject:
        """Describe it for orjson to write."""
        shown: JsonObject = {"number": self.number, "kind": self.kind, "at": self.at, "event": self.name}
        return shown | {"sequence": self.sequence, "shard": list(self.shard), "payload": writable_body(self.raw)}


@dataclass(frozen=True, slots=True)
class Command:
    """One frame that a client sent over the gateway."""

    kind: ClassVar[str] = "command"
    number: int
    at: float
    name: str
    opcode: int
    shard: tuple[int, int] | None
    raw: bytes = field(repr=False)

    @property
    def payload(self) -> Any:
        """Return what it carried."""
        frame = readable_body(self.raw, "")
        return frame.get("d") if isinstance(frame, dict) else frame

    @property
    def size(self) -> int:
        """Return how many bytes it keeps."""
        return len(self.raw)

    def shown(self) -> JsonObject:
        """Describe it for orjson to write."""
        shown: JsonObject = {"number": self.number, "kind": self.kind, "at": self.at, "command": self.name}
        shard = None if self.shard is None else list(self.shard)
        return shown | {"opcode": self.opcode, "shard": shard, "payload": self.payload}


@dataclass(frozen=True, slots=True)
class Link:
    """A gateway connection that began or ended, with the close code and whose it was."""

    kind: ClassVar[str] = "connection"
    size: ClassVar[int] = 0
    number: int
    at: float
    name: str
    code: int | None = None
    reason: str = ""

    def shown(self) -> JsonObject:
        """Describe it for orjson to write."""
        shown: JsonObject = {"number": self.number, "kind": self.kind, "at": self.at, "connection": self.name}
        return shown | {"code": self.code, "reason": self.reason}


Entry = Exchange | Dispatch | Command | Link
Watcher = Callable[[Entry], None]


class Transcript:
    """Keep the newest entries, oldest first, and tell watchers of each."""

    def __init__(self, most: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._entries: deque[Entry] = deque()
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._number = 0
        self._watchers: list[Watcher] = []

    def next_number(self) -> int:
        """Return the number of the entry about to be noted; numbers start at 1 and have no holes."""
        self._number += 1
        return self._number

    def note(self, entry: Entry) -> None:
        """Add an entry; the oldest leave when there are too many or they are too big."""
        self._entries.append(entry)
        self._bytes += entry.size
        while len(self._entries) > self._most or (self._bytes > self._most_bytes and len(self._entries) > 1):
            self._bytes -= self._entries.popleft().size
        for watcher in tuple(self._watchers):
            try:
                watcher(entry)
            except Exception:  # who watches must not break what is watched
                traceback.print_exc(file=sys.stderr)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call the watcher with each later entry, at once and in order; return the function that ends this."""
        self._watchers.append(watcher)

        def unwatch() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unwatch

    @property
    def entries(self) -> list[Entry]:
        """Return everything that is kept."""
        return list(self._entries)

    @property
    def exchanges(self) -> list[Exchange]:
        """Return the REST exchanges."""
        return [entry for entry in self._entries if isinstance(entry, Exchange)]

    @property
    def dispatches(self) -> list[Dispatch]:
        """Return the gateway events."""
        return [entry for entry in self._entries if isinstance(entry, Dispatch)]

    @property
    def commands(self) -> list[Command]:
        """Return what clients sent over the gateway."""
        return [entry for entry in self._entries if isinstance(entry, Command)]

    @property
    def links(self) -> list[Link]:
        """Return the connections that began and ended."""
        return [entry for entry in self._entries if isinstance(entry, Link)]

    def find(self, kind: str | None = None, *, after: int = 0, last: int | None = None) -> list[Entry]:
        """Return entries of a kind (rest, event, command, connection) after a number; last: at most so many."""
        found = [entry for entry in self._entries if entry.number > after and kind in (None, entry.kind)]
        return found if last is None else found[max(0, len(found) - last) :]
