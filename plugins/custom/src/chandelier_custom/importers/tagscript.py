"""Reading TagScript: text with blocks, ``{name(parameter):payload}``, of which each part may hold blocks again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: Blocks in blocks beyond this are words.
DEEPEST = 30
#: The name of a block whose name another block would make; no block is called so.
DYNAMIC = "\0"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``name`` is lowered; ``source`` is how it is written."""

    source: str
    name: str
    parameter: tuple[str | Block, ...] | None
    payload: tuple[str | Block, ...] | None


Pieces = tuple[str | Block, ...]


def parse(text: str) -> Pieces:
    """Read a text. Braces without a counterpart are words."""
    open_at: list[int] = []
    levels: list[list[str | Block]] = [[]]
    at = 0
    for position, letter in enumerate(text):
        if letter == "{":
            levels[-1].append(text[at:position])
            open_at.append(position)
            levels.append([])
            at = position + 1
        elif letter == "}" and open_at:
            levels[-1].append(text[at:position])
            inside, start = levels.pop(), open_at.pop()
            source = text[start : position + 1]
            levels[-1].append(_block(source, joined(inside)) if len(open_at) < DEEPEST else source)
            at = position + 1
    levels[-1].append(text[at:])
    while open_at:
        inside = levels.pop()
        open_at.pop()
        levels[-1] += ["{", *inside]
    return joined(levels[0])


def joined(pieces: Sequence[str | Block]) -> Pieces:
    """Put words that follow each other together."""
    found: list[str | Block] = []
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            words.append(piece)
            continue
        if text := "".join(words):
            found.append(text)
        words = []
        found.append(piece)
    if text := "".join(words):
        found.append(text)
    return tuple(found)


def split(pieces: Pieces, mark: str, most: int = -1) -> list[Pieces]:
    """Split at a mark, as ``str.split`` does; what blocks will say is not looked into."""
    found: list[list[str | Block]] = [[]]
    for piece in pieces:
        if isinstance(piece, Block):
            found[-1].append(piece)
            continue
        left = most - len(found) + 1 if most >= 0 else -1
        first, *others = piece.split(mark, left) if left != 0 else [piece]
        found[-1].append(first)
        found += [[one] for one in others]
    return [joined(one) for one in found]


def holds(pieces: Pieces, mark: str) -> bool:
    """Say whether the words hold a mark."""
    return any(mark in piece for piece in pieces if isinstance(piece, str))


def words_of(pieces: Pieces | None) -> str | None:
    """Give pieces that are nothing but words; None for others."""
    if pieces is None or any(isinstance(piece, Block) for piece in pieces):
        return None
    return "".join(piece for piece in pieces if isinstance(piece, str))


def source_of(pieces: Pieces) -> str:
    """Give pieces as they were written."""
    return "".join(piece.source if isinstance(piece, Block) else piece for piece in pieces)


def blocks_in(pieces: Pieces) -> Iterator[Block]:
    """Give every block, those within blocks first, in the order in which they end."""
    for piece in pieces:
        if isinstance(piece, Block):
            yield from blocks_in(piece.parameter or ())
            yield from blocks_in(piece.payload or ())
            yield piece


def _block(source: str, inside: Pieces) -> Block:
    depth, opened = 0, None
    for number, piece in enumerate(inside):
        if isinstance(piece, Block):
            continue
        for position, letter in enumerate(piece):
            if letter == ":" and depth == 0:
                return _made(
                    source, _cut(inside, None, (number, position)), None, _cut(inside, (number, position), None)
                )
            if letter == "(":
                depth += 1
                opened = opened or (number, position)
            elif letter == ")" and depth:
                depth -= 1
                if depth == 0 and opened is not None:
                    return _with_parameter(source, inside, opened, (number, position))
    return _made(source, inside, None, None)


def _with_parameter(source: str, inside: Pieces, opened: tuple[int, int], closed: tuple[int, int]) -> Block:
    rest = _cut(inside, closed, None)
    payload: Pieces | None = None
    if rest and isinstance(rest[0], str) and rest[0].startswith(":"):
        payload = joined((rest[0][1:], *rest[1:]))
    return _made(source, _cut(inside, None, opened), _cut(inside, opened, closed), payload)


def _cut(pieces: Pieces, after: tuple[int, int] | None, before: tuple[int, int] | None) -> Pieces:
    """Give what lies between two letters, each by its piece and its place therein."""
    found: list[str | Block] = []
    for number, piece in enumerate(pieces):
        if (after is not None and number < after[0]) or (before is not None and number > before[0]):
            continue
        if isinstance(piece, Block):
            found.append(piece)
            continue
        start = after[1] + 1 if after is not None and number == after[0] else 0
        end = before[1] if before is not None and number == before[0] else len(piece)
        found.append(piece[start:end])
    return joined(found)


def _made(source: str, name: Pieces, parameter: Pieces | None, payload: Pieces | None) -> Block:
    words = words_of(name)
    return Block(source, DYNAMIC if words is None else words.strip().lower(), parameter, payload)
