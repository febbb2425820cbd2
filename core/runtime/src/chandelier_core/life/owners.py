"""Whose code a module is: told by the import name of each plugin's entry point."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from types import FrameType, TracebackType

from chandelier_core.loading.discovery import GROUP


class Owners:
    """Names the plugin that a module, or the code that is running, belongs to."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._exact = dict(modules)
        self._tops: dict[str, str] = {}
        for module, plugin in modules.items():
            self._tops.setdefault(module.partition(".")[0], plugin)

    @classmethod
    def of_installed(cls) -> Owners:
        """Read the entry points of everything that is installed."""
        return cls({point.module: point.name for point in entry_points(group=GROUP)})

    def of_module(self, module: object) -> str | None:
        """Give the plugin that a module belongs to; None for the host's and the libraries'."""
        if not isinstance(module, str):
            return None
        return self._exact.get(module) or self._tops.get(module.partition(".")[0])

    def of_traceback(self, trace: TracebackType | None) -> str | None:
        """Give the plugin whose code an exception came through last."""
        found = None
        while trace is not None:
            found = self.of_module(trace.tb_frame.f_globals.get("__name__")) or found
            trace = trace.tb_next
        return found

    def of_frame(self, frame: FrameType | None) -> tuple[str, FrameType] | None:
        """Find the innermost code of a plugin on a stack."""
        while frame is not None:
            if (plugin := self.of_module(frame.f_globals.get("__name__"))) is not None:
                return plugin, frame
            frame = frame.f_back
        return None


def place_of(frame: FrameType) -> str:
    """Name a place in code as people look it up: module file, line and function."""
    module = str(frame.f_globals.get("__name__", "?")).replace(".", "/")
    return f"{module}.py:{frame.f_lineno} {frame.f_code.co_name}"
