"""Reading Go's templates, as YAGPDB writes them: ``{{if eq .User.ID 5}}…{{end}}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 20
_OPEN = re.compile(r"\{\{(-(?=\s))?")
#: Strings, and what ends an action.
_ENDS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'|(?P<trim>\s-)?\}\}')
_COMMENT = re.compile(r"\{\{(?:-\s)?/\*(?P<words>.*?)\*/(?P<trim>\s-)?\}\}", re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?P<rune>'(?:[^'\\\n]|\\.)')|(?P<number>[-+]?\d+(?:\.\d+)?)(?![\w.])"""
    r"""|(?P<variable>\$\w*)|(?P<field>\.\w+)|(?P<word>\w+)|(?P<mark>:=|[=|(),.]))(?P<space>\s*)""",
    re.ASCII,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


class Unreadable(Exception):
    """What was written is no template; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Operand:
    """A value: a literal, a variable, a field of the dot, a function's name or a pipeline in brackets, and fields of it."""

    kind: str  # literal, variable, dot, function, pipeline
    value: object = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each of which gets what the one before has given; kept in a variable where ``names`` has some."""

    commands: tuple[tuple[Operand, ...], ...]
    names: tuple[str, ...] = ()
    declares: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a template. ``source`` is how it is written."""

    kind: str  # text, comment, action, if, range, with, break, continue, other
    source: str
    pipeline: Pipeline | None = None
    body: tuple[Node, ...] = ()
    otherwise: tuple[Node, ...] = ()


@dataclass(slots=True)
class _Open:
    """A block that has begun. The parts of ``else if`` lie within each other; ``extra`` counts how many."""

    kind: str
    pipeline: Pipeline | None
    start: int
    body: list[Node] = field(default_factory=list)
    otherwise: list[Node] | None = None
    chained: bool = False

    def current(self) -> list[Node]:
        return self.body if self.otherwise is None else self.otherwise


def parse(text: str) -> tuple[Node, ...]:
    """Read a template. Raises Unreadable."""
    root = _Open("root", None, 0)
    open_: list[_Open] = [root]
    trims = False
    for start, end, inside, words, trimmed in _pieces(text):
        said = words.lstrip() if trims else words
        if said:
            open_[-1].current().append(Node("text", said))
        trims = trimmed
        if inside is not None:
            _take(open_, inside, text, start, end)
    if len(open_) > 1:
        raise Unreadable(f"an `{open_[-1].kind}` in it has no `end`")
    return tuple(root.body)


def _pieces(text: str) -> Iterator[tuple[int, int, str | None, str, bool]]:
    """Give each action's place and inside, with the words before it, and whether it takes the blanks after it away."""
    at = 0
    while (opened := _OPEN.search(text, at)) is not None:
        words = text[at : opened.start()]
        words = words.rstrip() if opened[1] else words
        comment = _COMMENT.match(text, opened.start())
        if comment is not None:
            yield opened.start(), comment.end(), "/*" + comment["words"], words, bool(comment["trim"])
            at = comment.end()
            continue
        end = next(
            (
                found
                for found in _ENDS.finditer(text, opened.end())
                if found[0].endswith("}}") and found[0][0] not in "\"'`"
            ),
            None,
        )
        if end is None:
            raise Unreadable("a `{{` in it has no `}}`")
        yield opened.start(), end.end(), text[opened.end() : end.start()], words, bool(end["trim"])
        at = end.end()
    yield len(text), len(text), None, text[at:], False


def _take(open_: list[_Open], inside: str, text: str, start: int, end: int) -> None:
    source = text[start:end]
    if inside.startswith("/*"):
        open_[-1].current().append(Node("comment", inside[2:].strip()))
        return
    begun = re.match(r"[a-z]+(?![\w.])", inside.strip())
    word = begun[0] if begun is not None else ""
    if word in ("if", "range", "with", "while", "define", "block", "try"):
        if len(open_) > DEEPEST:
            raise Unreadable("it is nested too deeply")
        readable = word in ("if", "range", "with")
        open_.append(_Open(word, read_pipeline(inside.strip()[len(word) :]) if readable else None, start))
    elif word in ("else", "catch", "end") and len(open_) == 1:
        raise Unreadable(f"an `{word}` in it has nothing to belong to")
    elif word in ("else", "catch"):
        _turn(open_, inside.strip()[len(word) :].strip(), start)
    elif word == "end":
        _close(open_, text, end)
    elif word in ("break", "continue", "return", "template") and (
        word in ("return", "template") or inside.strip() == word
    ):
        open_[-1].current().append(Node(word if word in ("break", "continue") else "other", source))
    else:
        open_[-1].current().append(Node("action", source, read_pipeline(inside)))


def _turn(open_: list[_Open], rest: str, start: int) -> None:
    top = open_[-1]
    if top.otherwise is not None:
        raise Unreadable("an `else` in it follows another")
    top.otherwise = []
    if rest:
        word = re.match(r"(if|with)\b", rest)
        if word is None:
            raise Unreadable("an `else` in it is followed by more than `if`")
        if len(open_) > DEEPEST:
            raise Unreadable("it is nested too deeply")
        open_.append(_Open(word[0], read_pipeline(rest[len(word[0]) :]), start, chained=True))


def _close(open_: list[_Open], text: str, end: int) -> None:
    while True:
        top = open_.pop()
        kind = top.kind if top.kind in ("if", "range", "with") else "other"
        node = Node(kind, text[top.start : end], top.pipeline, tuple(top.body), tuple(top.otherwise or ()))
        open_[-1].current().append(node)
        if not top.chained:
            return


# Pipelines


def read_pipeline(text: str) -> Pipeline:
    """Read what stands within an action. Raises Unreadable."""
    tokens = _Tokens(text)
    pipeline = tokens.pipeline(0)
    if tokens.at != len(tokens.found):
        raise Unreadable(f"`{text.strip()[:60]}` cannot be read")
    return pipeline


class _Tokens:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: list[tuple[str, str, bool]] = []
        position = 0
        while position < len(text):
            if not text[position:].strip():
                break
            match = _TOKEN.match(text, position)
            if match is None:
                raise Unreadable(f"`{text.strip()[:60]}` cannot be read")
            kind = next(
                name
                for name in ("text", "rune", "number", "variable", "field", "word", "mark")
                if match[name] is not None
            )
            self.found.append((kind, match[kind], bool(match["space"])))
            position = match.end()

    def pipeline(self, depth: int) -> Pipeline:
        names, declares = self._names()
        commands = [self._command(depth)]
        while self._is("|"):
            self.at += 1
            commands.append(self._command(depth))
        if not all(commands):
            raise Unreadable(f"`{self.text.strip()[:60]}` has nothing where a value belongs")
        return Pipeline(tuple(commands), names, declares)

    def _names(self) -> tuple[tuple[str, ...], bool]:
        kinds = [(kind, value) for kind, value, _ in self.found[self.at : self.at + 4]]
        values = [value for _, value in kinds]
        if kinds and kinds[0][0] == "variable":
            if values[1:2] in ([":="], ["="]):
                self.at += 2
                return (values[0],), values[1] == ":="
            if values[1:2] == [","] and values[3:4] in ([":="], ["="]) and kinds[2][0] == "variable":
                self.at += 4
                return (values[0], values[2]), values[3] == ":="
        return (), False

    def _command(self, depth: int) -> tuple[Operand, ...]:
        operands: list[Operand] = []
        while self.at < len(self.found) and not (self._is("|") or self._is(")")):
            operands.append(self._operand(depth))
        return tuple(operands)

    def _operand(self, depth: int) -> Operand:
        kind, value, _ = self.found[self.at]
        if kind == "mark" and value not in ("(", "."):
            raise Unreadable(f"`{self.text.strip()[:60]}` cannot be read")
        fields_may_follow = not self.found[self.at][2]
        self.at += 1
        if value == "(" and kind == "mark":
            if depth > DEEPEST:
                raise Unreadable("it is nested too deeply")
            inner = self.pipeline(depth + 1)
            if not self._is(")"):
                raise Unreadable(f"`{self.text.strip()[:60]}` has a bracket that is not closed")
            fields_may_follow = not self.found[self.at][2]
            self.at += 1
            return Operand("pipeline", inner, self._fields(fields_may_follow))
        if kind == "text":
            return Operand("literal", _unquoted(value))
        if kind == "number":
            if len(value) > 19:
                raise Unreadable(f"the number `{value[:30]}` in it is too long")
            return Operand("literal", float(value) if "." in value else int(value))
        if kind == "variable":
            return Operand("variable", value, self._fields(fields_may_follow))
        if kind == "field":
            return Operand("dot", None, (value[1:], *self._fields(fields_may_follow)))
        if kind == "word":
            literals: dict[str, object] = {"true": True, "false": False, "nil": None}
            if value in literals:
                return Operand("literal", literals[value])
            return Operand("function", value, self._fields(fields_may_follow))
        if kind == "rune":
            return Operand("literal", _unquoted('"' + value[1:-1] + '"'))
        return Operand("dot")

    def _fields(self, follow: bool) -> tuple[str, ...]:
        found = []
        while follow and self.at < len(self.found) and self.found[self.at][0] == "field":
            found.append(self.found[self.at][1][1:])
            follow = not self.found[self.at][2]
            self.at += 1
        return tuple(found)

    def _is(self, mark: str) -> bool:
        return self.at < len(self.found) and self.found[self.at][:2] == ("mark", mark)


def _unquoted(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _escape, text[1:-1])


def _escape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, match[0])
