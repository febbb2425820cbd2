"""From entry points to candidates: each a plugin, or the error that stood in its way."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

import pluggy

from chandelier import Declaration, Plugin
from chandelier.hooks import PROJECT, Hooks

GROUP = "chandelier.plugins"
IMPORT_LIMIT_S = 5.0
DECLARE_LIMIT_S = 1.0
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry point that discovery saw. Exactly one of ``declaration`` and ``error`` is set, unless it was not loaded.

    ``error`` is one sentence; ``trace`` the traceback behind it, for the log; ``load_ms`` how long import and declaration
    took together.
    """

    name: str
    distribution: str
    version: str
    requires: str | None = None
    plugin: object | None = None
    declaration: Declaration | None = None
    error: str | None = None
    trace: str | None = None
    load_ms: float = 0.0

    @property
    def source(self) -> str:
        """Name the distribution and its version."""
        return f"{self.distribution} {self.version}"


class LoadFailed(Exception):
    """A plugin's code failed or took too long; the message says which."""

    def __init__(self, sentence: str, trace: str | None = None) -> None:
        super().__init__(sentence)
        self.trace = trace


def discover(wanted: Collection[str]) -> Iterator[Candidate]:
    """See every entry point; import only those that are wanted, each under its own guard."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield load(point) if point.name in wanted else describe(point)


def describe(point: EntryPoint) -> Candidate:
    """Name an entry point without importing it."""
    distribution = point.dist
    requires = (
        next((line for line in (distribution.requires or []) if _is_contract(line)), None) if distribution else None
    )
    return Candidate(
        name=point.name,
        distribution=distribution.name if distribution else "unknown",
        version=distribution.version if distribution else "0",
        requires=requires,
    )


def load(point: EntryPoint) -> Candidate:
    """Import one plugin and take its declaration. Never raises; 5 s for the import, 1 s for the declaration."""
    seen = describe(point)
    began = time.perf_counter()
    try:
        plugin = within(IMPORT_LIMIT_S, f"importing {point.value}", point.load)
        declaration = within(DECLARE_LIMIT_S, "declaring its parts", lambda: take_declaration(plugin))
    except LoadFailed as failure:
        return _with(seen, error=str(failure), trace=failure.trace)
    load_ms = (time.perf_counter() - began) * 1000
    return _with(seen, plugin=plugin, declaration=declaration, load_ms=load_ms)


def from_plugin(plugin: Plugin, distribution: str, version: str) -> Candidate:
    """Make a candidate of a plugin that needs no discovery, such as the host's own or a test's."""
    seen = Candidate(plugin.name, distribution, version)
    try:
        return _with(seen, plugin=plugin, declaration=take_declaration(plugin))
    except LoadFailed as failure:
        return _with(seen, error=str(failure), trace=failure.trace)


def take_declaration(plugin: object) -> Declaration:
    """Ask a plugin what it is, through its one required hook."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    try:
        manager.register(plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise LoadFailed(f"a hook does not fit: {' '.join(str(error).split())}") from None
    if not manager.hook.declare.get_hookimpls():
        kind = type(plugin).__name__
        raise LoadFailed(f"its entry point is a {kind}, not a Plugin; name the Plugin object, as in package:plugin.")
    declared = next(iter(manager.hook.declare()), None)
    if not isinstance(declared, Declaration):
        raise LoadFailed(f"its declare() gave a {type(declared).__name__}, not a Declaration.")
    return declared


def within(limit_s: float, doing: str, work: Callable[[], Made]) -> Made:
    """Run a plugin's code in a thread of its own, for so long; raise LoadFailed for whatever it does wrong.

    A thread that hangs cannot be ended: it is left behind, as a daemon, and said so.
    """
    results: list[Made] = []
    failures: list[BaseException] = []

    def attempt() -> None:
        try:
            results.append(work())
        except BaseException as error:  # a plugin's SystemExit must not end the host
            failures.append(error)

    thread = threading.Thread(target=attempt, name=f"chandelier: {doing}", daemon=True)
    thread.start()
    thread.join(limit_s)
    if failures:
        error = failures[0]
        if isinstance(error, LoadFailed):
            raise error
        raise LoadFailed(_tell(error, doing), "".join(traceback.format_exception(error)))
    if not results:
        raise LoadFailed(
            f"{doing} took longer than {limit_s:.0f} s; it must do its work in the lifespan, not on import."
        )
    return results[0]


def _tell(error: BaseException, doing: str) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"{doing} failed: it needs the module {error.name}, which is not installed."
    if isinstance(error, SyntaxError):
        return f"{doing} failed: {error.filename} line {error.lineno} is not Python: {error.msg}."
    if isinstance(error, SystemExit):
        return f"{doing} failed: it tried to end the program (SystemExit {error.code})."
    said = " ".join(str(error).split())[:300]
    return f"{doing} failed: {type(error).__name__}{f': {said}' if said else ''}."


def _is_contract(requirement: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        read = Requirement(requirement)
    except InvalidRequirement:
        return False
    return canonicalize_name(read.name) == "chandelier" and (read.marker is None or read.marker.evaluate({"extra": ""}))


def _with(seen: Candidate, **changes: object) -> Candidate:
    from dataclasses import replace

    return replace(seen, **changes)  # type: ignore[arg-type]  # the keys are Candidate's fields
