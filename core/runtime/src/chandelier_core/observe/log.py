"""Logs: structlog over the standard library; JSON in production, readable in a terminal, and no secret in either."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[secret]"
#: Libraries say more than an operator wants to read.
QUIET = {"hikari": "WARNING", "lightbulb": "WARNING", "aiohttp": "WARNING", "tortoise": "WARNING", "asyncio": "WARNING",
         "quart": "WARNING", "uvicorn": "WARNING", "hypercorn": "WARNING"}  # fmt: skip


class Redactor:
    """Replaces secrets wherever they stand. Secrets may be added at any time."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these from now on. Very short ones are left: hiding them would garble everything."""
        self._secrets.update(secret for secret in secrets if len(secret) >= 6)

    def text(self, text: str) -> str:
        """Replace every secret in a text."""
        for secret in sorted(self._secrets, key=len, reverse=True):  # one may be a part of another
            if secret in text:
                text = text.replace(secret, HIDDEN)
        return text

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Replace every secret in an event: the last step before it is rendered."""
        for key, value in event.items():
            event[key] = self._clean(value)
        return event

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self._clean(key): self._clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(inner) for inner in value]
        if value is None or isinstance(value, int | float):
            return value
        return self.text(str(value))


def without_nothing(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Leave out fields that hold nothing: they only take room in a terminal."""
    return {key: value for key, value in event.items() if value is not None}


def configure_logs(style: str, level: str, redactor: Redactor, stream: TextIO | None = None) -> None:
    """Send everything, the libraries' logs too, through one chain: to standard error, one event a line.

    ``style`` is ``json``, ``console``, or ``auto``: console in a terminal.
    """
    stream = stream or sys.stderr
    readable = style == "console" or (style == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        structlog.processors.format_exc_info,
    ]
    last: Processor
    if readable:
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=18, sort_keys=False)
        shared.append(without_nothing)
    else:
        last = structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redactor, last],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet if level != "debug" else "DEBUG")
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
