"""What happens to a bug: it gets a reference, a row with its traceback, and one log line."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from chandelier_core.life.guard import Escaped

if TYPE_CHECKING:
    from chandelier_core.life.circuits import Circuits
    from chandelier_core.store.records import Records

_log = structlog.get_logger("chandelier.failures")
#: Crockford's alphabet: no letter that is taken for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Make a reference that people can read to each other: six characters of Crockford's base 32."""
    number = secrets.randbits(30)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(0, 30, 5))


class Failures:
    """Records bugs, and counts them. Never raises: where the store is away, the log line is what remains."""

    def __init__(self, redact: Callable[[str], str], circuits: Circuits) -> None:
        self._redact = redact
        self._circuits = circuits
        self._records: Records | None = None

    def attach(self, records: Records) -> None:
        """Let rows be written from now on; the store is open."""
        self._records = records

    async def record(
        self, error: BaseException, *, plugin: str, part: str, surface: str = "", reference: str | None = None
    ) -> str:
        """Record a bug; give its reference."""
        reference = reference or new_reference()
        if isinstance(error, Escaped):
            error = error.error
        self._circuits.failed(plugin, part, reference)
        trace = self._redact(_trace(error))
        kind = type(error).__name__
        _log.error(
            "plugin_failed", reference=reference, plugin=plugin, part=part, surface=surface, error=kind, trace=trace
        )
        if self._records is not None:
            try:
                await self._records.save_failure(reference, plugin, part, surface, kind, trace)
            except Exception as missed:
                _log.warning("failure_not_stored", reference=reference, error=type(missed).__name__)
        return reference


def _trace(error: BaseException) -> str:
    """Write a traceback; an exception may be one that cannot even be written."""
    try:
        return "".join(traceback.format_exception(error))
    except Exception as unwritable:
        return f"{type(error).__name__}, whose traceback cannot be written: {type(unwritable).__name__}"
