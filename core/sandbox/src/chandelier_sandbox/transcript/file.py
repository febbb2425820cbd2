"""A transcript on disk: one JSON object a line, written by a thread of its own, so that no answer waits for the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import orjson

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.transcript.transcript import Entry, Transcript

WAITING_MOST = 20_000
CLOSE_S = 10.0
PAUSE_S = 0.1


class TranscriptFile:
    """Write every entry of a transcript while the context lasts; what the disk cannot keep up with is counted."""

    def __init__(self, path: Path, transcript: Transcript) -> None:
        self._path = path
        self._transcript = transcript
        self._waiting: deque[Entry] = deque()
        self._ending = Event()
        self._lost = 0
        self._thread = Thread(target=self._write, name="sandbox transcript", daemon=True)

    def __enter__(self) -> Self:
        """Empty the file, which must be writable, and begin."""
        self._path.write_bytes(b"")
        self._unwatch = self._transcript.watch(self._take)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what still waits."""
        if not self._thread.is_alive():
            return
        self._unwatch()
        self._ending.set()
        self._thread.join(CLOSE_S)

    def _take(self, entry: Entry) -> None:
        if len(self._waiting) < WAITING_MOST:
            self._waiting.append(entry)
        else:
            self._lost += 1

    def _write(self) -> None:
        """Write what waits ten times a second: many entries at once cost the event loop less than each by itself."""
        with self._path.open("ab") as file:
            ending = False
            while not ending:
                ending = self._ending.wait(PAUSE_S)
                file.writelines(self._lines())
                file.flush()

    def _lines(self) -> Iterator[bytes]:
        number, at = 0, 0.0
        while self._waiting:
            entry = self._waiting.popleft()
            number, at = entry.number, entry.at
            yield _line(entry.shown())
        if self._lost:
            lost, self._lost = self._lost, 0
            yield _line({"kind": "lost", "number": number, "at": at, "entries": lost})


def _line(shown: JsonObject) -> bytes:
    try:
        return orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # nested more deeply than JSON can be written
        kept = {name: value for name, value in shown.items() if name not in ("request", "answer", "payload")}
        return orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE)
