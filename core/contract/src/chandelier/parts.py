"""Jobs, listeners and pages: what a plugin declares besides commands."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from typing_extensions import ParamSpec

from chandelier.current import current_scheduler

if TYPE_CHECKING:
    from chandelier.config import Config
    from chandelier.context import JobContext, PluginContext

Arguments = ParamSpec("Arguments")
Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class Backoff:
    """When a failed run is tried again: after ``first_s`` seconds, then ``factor`` times as long, ``attempts`` runs in all."""

    first_s: float = 5.0
    factor: float = 3.0
    attempts: int = 8
    longest_s: float = 3600.0

    def delay_s(self, attempt: int) -> float:
        """Give the seconds to wait after the run with this number (the first is 1)."""
        return min(self.first_s * self.factor ** min(attempt - 1, 64), self.longest_s)


class Job(Generic[Arguments]):
    """A named piece of deferred work: durable, at least once, retried.

    Its arguments must be JSON. A run that raises is tried again as ``retry`` says; after the last it is dead, and visible.
    """

    def __init__(
        self, name: str, handler: Callable[..., Awaitable[None]], retry: Backoff, every: timedelta | None
    ) -> None:
        self.name = name
        self.handler = handler
        self.retry = retry
        self.interval = every

    async def at(self, when: datetime, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        """Run it at an instant; give the id of the run.

        Guarantees: joins the transaction that is open, so that the run exists exactly if the rows do. A time in the past
        runs at once. Raises NotRunning outside of plugin code.
        """
        return await current_scheduler().schedule(self.name, when, self._bind(args, kwargs), key=None)

    async def once(self, key: str, when: datetime, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        """Run it at an instant, once for this key: a run with the same key that still waits is moved, not doubled."""
        return await current_scheduler().schedule(self.name, when, self._bind(args, kwargs), key=key)

    async def cancel(self, key: str, /) -> bool:
        """Cancel the run with this key; say whether one was waiting."""
        return await current_scheduler().cancel(self.name, key)

    def _bind(self, args: tuple[object, ...], kwargs: dict[str, object]) -> dict[str, object]:
        """Name every argument; raises TypeError for what the handler would not take, now and not when it runs."""
        signature = inspect.signature(self.handler)
        bound = signature.bind(None, *args, **kwargs).arguments
        del bound[next(iter(signature.parameters))]
        return bound


def job(
    *, name: str | None = None, retry: Backoff | None = None, every: timedelta | None = None
) -> Callable[[Callable[..., Awaitable[None]]], Job[...]]:
    """Declare a job. Its handler takes a JobContext and keyword arguments. ``every`` runs it again and again, by itself."""

    def declare(handler: Callable[..., Awaitable[None]]) -> Job[...]:
        return Job(name or handler.__name__, handler, retry or Backoff(), every)

    return declare


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler of one kind of event: hikari's class, or one that a plugin emits, and an async function of context and event."""

    event: type
    handler: Callable[..., Awaitable[None]] = field(compare=False)

    @property
    def name(self) -> str:
        """Give the name of the handler, for findings and logs."""
        return self.handler.__name__


def on(event: type[Event], handler: Callable[[PluginContext[Config], Event], Awaitable[None]]) -> Listener:
    """Bind an event class, hikari's or another plugin's, to its handler: ``listeners=[on(hikari.MemberCreateEvent, greet)]``."""
    return Listener(event, handler)


@dataclass(frozen=True, slots=True)
class Page:
    """A view in the dashboard, described by data: a table over one of the plugin's own list routes."""

    title: str
    rows: str
    columns: tuple[str, ...] = ()


if TYPE_CHECKING:
    JobHandler = Callable[[JobContext[Config]], Awaitable[None]]
