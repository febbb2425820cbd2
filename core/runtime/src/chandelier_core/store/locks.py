"""A lock on a file, which the kernel lets go of when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from chandelier_core.store.errors import StoreBusy

__all__ = ["FileLock"]

PAUSE_S = 0.03


class FileLock:
    """Hold a flock on one file, shared or exclusive. Servers that we start do not inherit it (PEP 446)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Say whether we hold it, either way."""
        return self._descriptor is not None

    def shared(self, *, timeout_s: float) -> None:
        """Take it, or keep it, together with others."""
        self._take(fcntl.LOCK_SH, timeout_s)

    def exclusive(self, *, timeout_s: float) -> None:
        """Take it alone. Raises StoreBusy if others do not let go in time."""
        self._take(fcntl.LOCK_EX, timeout_s)

    def alone(self) -> bool:
        """Say whether nobody else holds it; it is then ours alone, and else shared as before."""
        try:
            self._take(fcntl.LOCK_EX, 0)
        except StoreBusy:
            # Linux lets the shared lock go before it fails to give the exclusive one: flock(2), "not guaranteed to be atomic".
            self._take(fcntl.LOCK_SH, PAUSE_S)
            return False
        return True

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, kind: int, timeout_s: float) -> None:
        fresh = self._descriptor is None
        if self._descriptor is None:
            # Root may open this in a folder that another user owns: never follow a link out of it.
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        until = time.monotonic() + timeout_s
        while True:
            try:
                return fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    break
                time.sleep(PAUSE_S)
        if fresh:
            self.release()
        raise StoreBusy(
            f"Another Chandelier process has held {self.path} for {timeout_s:.0f} s. See whether one hangs while it "
            "starts or stops the embedded database, and end it."
        )
