"""The overlay: a folder of plugins beside the host's own packages, one generation of it in use at a time."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chandelier_core.installing.errors import ChangeRefused
from chandelier_core.store.errors import StoreBusy
from chandelier_core.store.locks import FileLock

KEPT = 5
CHANGE_LIMIT_S = 10.0


class Overlay:
    """``generations/<n>/`` are never changed once they are made; ``current`` is a link to one of them, or is not there.

    A bot that uses a generation holds a shared lock on ``generations/<n>.lock`` for as long as it lives.
    """

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder.absolute() / "plugins"
        self.wheels = self.folder / "wheels"
        self.staging = self.folder / "staging"
        self._generations = self.folder / "generations"
        self._link = self.folder / "current"

    @property
    def current(self) -> Path | None:
        """Give the folder of the generation in use; None where nothing was ever installed."""
        try:
            return self._link.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError):
            return None

    @property
    def generations(self) -> list[Path]:
        """Give every generation that is kept, oldest first."""
        found = [one for one in self._generations.glob("*") if one.is_dir() and one.name.isdecimal()]
        return sorted(found, key=lambda one: int(one.name))

    def activate(self) -> Path | None:
        """Let this process see the plugins of the generation in use, after the host's own packages; give that generation."""
        current = self.current
        if current is not None:
            site.addsitedir(str(current))
        return current

    def hold(self, generation: Path | None) -> FileLock | None:
        """Keep a generation from being cleaned away, and tell others that it is in use, for as long as this process lives."""
        if generation is None:
            return None
        held = FileLock(generation.with_suffix(".lock"))
        with suppress(OSError):  # a data folder that may only be read: nobody cleans it either
            held.shared(timeout_s=1.0)
        return held

    def in_use(self, generation: Path) -> bool:
        """Say whether a process runs with a generation."""
        lock = FileLock(generation.with_suffix(".lock"))
        try:
            lock.exclusive(timeout_s=0)
        except StoreBusy:
            return True
        lock.release()
        return False

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Be the only process that changes anything; what an earlier one left half-made is cleared away."""
        self._generations.mkdir(parents=True, exist_ok=True)
        self.wheels.mkdir(exist_ok=True)
        alone = FileLock(self.folder / "changing.lock")
        try:
            alone.exclusive(timeout_s=CHANGE_LIMIT_S)
        except StoreBusy:
            raise ChangeRefused(
                f"Another process is changing the plugins in {self.folder}; wait for it, and try again. Nothing was changed."
            ) from None
        try:
            self.clear_staging()
            yield
        finally:
            self.clear_staging()
            alone.release()

    def clear_staging(self) -> None:
        """Delete what is half-made."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def keep(self) -> Path:
        """Make the next generation of what is staged; it is not in use yet."""
        number = max((int(one.name) for one in self.generations), default=0) + 1
        made = self._generations / str(number)
        self.staging.rename(made)
        return made

    def switch(self, generation: Path | None) -> None:
        """Put a generation to use, in one step; None puts none to use."""
        if generation is None:
            self._link.unlink(missing_ok=True)
            return
        fresh = self.folder / f"current.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.path.relpath(generation, self.folder))
        fresh.replace(self._link)

    def drop(self, generation: Path) -> None:
        """Delete a generation that was never put to use."""
        shutil.rmtree(generation, ignore_errors=True)

    def clean(self) -> None:
        """Delete all but the last five generations, and none that a process uses."""
        for old in self.generations[:-KEPT]:
            if old != self.current and not self.in_use(old):
                shutil.rmtree(old, ignore_errors=True)
                old.with_suffix(".lock").unlink(missing_ok=True)


def host_paths(overlay: Overlay) -> list[str]:
    """Give this process's import path without the overlay."""
    return [path for path in sys.path if not path.startswith(str(overlay.folder))]
