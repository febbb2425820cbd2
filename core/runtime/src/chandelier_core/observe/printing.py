"""What plugins print: no secret in that either."""

from __future__ import annotations

import io
import sys
from typing import TextIO

from chandelier_core.observe.log import Redactor

#: A line without an end is passed on when it is so long: whoever prints a progress bar is not kept waiting for ever.
LONGEST_LINE = 8192


class RedactedStream(io.TextIOBase):
    """Passes text on to a stream line by line, with every secret hidden: one may be written in two pieces."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor
        self._begun = ""

    def write(self, text: str) -> int:
        """Take text; pass on the lines that are complete."""
        whole, newline, self._begun = (self._begun + text).rpartition("\n")
        if len(self._begun) > LONGEST_LINE:
            whole, newline, self._begun = whole + newline + self._begun, "", ""
        if whole or newline:
            self._stream.write(self._redactor.text(whole) + newline)
        return len(text)

    def flush(self) -> None:
        """Pass on what is complete; the rest waits for the end of its line."""
        self._stream.flush()

    def finish(self) -> None:
        """Pass on everything."""
        self._stream.write(self._redactor.text(self._begun))
        self._begun = ""
        self._stream.flush()

    def isatty(self) -> bool:
        """Say what the stream says."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Give the stream's own number; what is written there directly is not looked at."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Say that it takes text."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute to mypy, a property of the class
        """Give the stream's encoding."""
        return self._stream.encoding


def redact_prints(redactor: Redactor) -> None:
    """Hide secrets in everything that is printed from now on, by whomever."""
    sys.stdout = RedactedStream(sys.stdout, redactor)
    sys.stderr = RedactedStream(sys.stderr, redactor)
