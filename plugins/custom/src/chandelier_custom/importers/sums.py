"""Sums: from ``2*({args(1)}+1)`` to filters of Liquid, step by step."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from chandelier_custom.importers.tagscript import Block, Pieces
from chandelier_custom.importers.writing import Writing

_TOKEN = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?|[-+*/%()]|[a-z]+)\s*", re.IGNORECASE)
_FILTERS = {"+": "plus", "-": "minus", "*": "times", "/": "divided_by", "%": "modulo"}
_FUNCTIONS = {"abs": "abs", "round": "round"}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2}
_MOST_TOKENS = 60


class Untranslated(Exception):
    """A part has no counterpart. ``why`` may say more than that."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


def work_out(pieces: Pieces, writing: Writing, number: Callable[[Pieces], str]) -> tuple[str, bool]:
    """Write the steps of a sum; give the name of the result, and whether it cannot have decimals."""
    tokens = list[str | Block]()
    for piece in pieces:
        if isinstance(piece, Block):
            tokens.append(piece)
            continue
        at = 0
        while at < len(piece):
            match = _TOKEN.match(piece, at)
            if match is None:
                if not piece[at:].strip():
                    break
                raise Untranslated
            tokens.append(match[1].lower())
            at = match.end()
    if not 1 <= len(tokens) <= _MOST_TOKENS:
        raise Untranslated
    sum_ = _Sum(tokens, writing, number)
    result = sum_.expression(0)
    if sum_.at != len(tokens):
        raise Untranslated
    return result, sum_.whole


@dataclass(slots=True)
class _Sum:
    tokens: list[str | Block]
    writing: Writing
    number: Callable[[Pieces], str]
    at: int = 0
    #: Division, a number with decimals, or what somebody gives may have them.
    whole: bool = True

    def expression(self, weakest: int) -> str:
        left = self._atom()
        while isinstance(operator := self._peek(), str) and _STRENGTH.get(operator, 0) > weakest:
            self.at += 1
            right = self.expression(_STRENGTH[operator])
            if operator == "/":
                self.whole = False
                right = self.writing.assign(f"{right} | times: 1.0")
            left = self.writing.assign(f"{left} | {_FILTERS[operator]}: {right}")
        return left

    def _atom(self) -> str:
        part = self._peek()
        self.at += 1
        if isinstance(part, Block):
            self.whole = False
            return self.number((part,))
        if part in ("-", "+"):
            found = self._atom()
            return found if part == "+" else self.writing.assign(f"0 | minus: {found}")
        if part == "(":
            return self._closed()
        if part in _FUNCTIONS and self._peek() == "(":
            self.at += 1
            return self.writing.assign(f"{self._closed()} | {_FUNCTIONS[str(part)]}")
        if part is None or not part[0].isdigit():
            raise Untranslated
        self.whole = self.whole and "." not in part
        return part

    def _closed(self) -> str:
        found = self.expression(0)
        if self._peek() != ")":
            raise Untranslated
        self.at += 1
        return found

    def _peek(self) -> str | Block | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None
