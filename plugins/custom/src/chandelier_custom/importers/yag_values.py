"""Values of YAGPDB's templates in Liquid: fields of the dot, variables, and functions that give something."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chandelier_custom.importers.drafting import Draft
from chandelier_custom.importers.gotemplate import Operand, Pipeline
from chandelier_custom.importers.sums import Untranslated
from chandelier_custom.importers.writing import Writing

_USER = {
    (): "user.name", ("ID",): "user.id", ("Username",): "user.name", ("String",): "user.name", ("Mention",): "user.mention",
    ("Globalname",): "user.display_name", ("AvatarURL",): "user.avatar_url",
}  # fmt: skip
_SERVER = {
    ("ID",): "server.id",
    ("Name",): "server.name",
    ("MemberCount",): "server.member_count",
    ("IconURL",): "server.icon_url",
}
_CHANNEL = {("ID",): "channel.id", ("Name",): "channel.name", ("Mention",): "channel.mention"}
_DOTS: Mapping[tuple[str, ...], tuple[str, str]] = {
    **{(*root, *rest): (code, "id" if rest == ("ID",) else "text") for rest, code in _USER.items()
       for root in (("User",), ("user",), ("Member", "User"), ("Message", "Author"))},
    **{(root, *rest): (code, "id" if rest == ("ID",) else "number" if rest == ("MemberCount",) else "text")
       for rest, code in _SERVER.items() for root in ("Guild", "Server", "server")},
    **{(root, *rest): (code, "id" if rest == ("ID",) else "text") for rest, code in _CHANNEL.items()
       for root in ("Channel", "channel")},
    ("CmdArgs",): ("args", "list"), ("StrippedMsg",): ("text", "text"), ("CCRunCount",): ("uses", "number"),
    ("Member", "Nick"): ("user.display_name", "text"), ("Member", "JoinedAt"): ("user.joined_at", "time"),
}  # fmt: skip
#: Go writes a time by how it would write its own birthday.
_LAYOUT = (("2006", "%Y"), ("January", "%B"), ("Monday", "%A"), ("Jan", "%b"), ("Mon", "%a"), ("01", "%m"), ("02", "%d"),
           ("15", "%H"), ("03", "%I"), ("04", "%M"), ("05", "%S"), ("06", "%y"), ("PM", "%p"), ("MST", "UTC"))  # fmt: skip
_CHANCE = frozenset({"randInt", "shuffle", "adjective", "noun", "verb"})
_EFFECTS = frozenset({"dbIncr", "dbSet", "dbDel"})
_MOST_ARGUMENTS = 60
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Value:
    """An expression of Liquid with what it gives: text, number, yes_no, list, time, id, nothing or any."""

    code: str
    kind: str = "any"


@dataclass(slots=True)
class Values:
    """Works out expressions for one text. ``constants`` are the variables that other texts of the command may use."""

    draft: Draft
    writing: Writing
    trigger: str
    functions: Functions
    constants: Mapping[str, Pipeline] = field(default_factory=dict)
    #: Whether a message runs it that is looked through: ``text`` is then the whole of it, not what follows a name.
    whole: bool = False
    #: By variable, its place in this text.
    places: dict[str, Value] = field(default_factory=dict)
    dot: Value | None = None
    #: The variables of other texts that are being worked out, each for the one before.
    _asked: list[str] = field(default_factory=list)
    #: The typed options that ``parseArgs`` has declared, by the variable that holds them.
    options: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def pipeline(self, pipeline: Pipeline) -> Value:
        """Work out a pipeline. Raises Untranslated."""
        given: Value | None = None
        for command in pipeline.commands:
            given = self.command(command, given)
        assert given is not None  # noqa: S101 a pipeline has a command
        return given

    def command(self, command: Sequence[Operand], given: Value | None) -> Value:
        """Work out a command, with what the one before it has given as its last argument."""
        first = command[0]
        if first.kind == "function" and not first.fields:
            make = self.functions.get(str(first.value))
            if make is None or len(command) > _MOST_ARGUMENTS:
                raise Untranslated
            arguments: Given = [*command[1:], *([given] if given is not None else [])]
            try:
                return make(self, arguments)
            except (IndexError, ValueError):
                raise Untranslated from None
        if given is not None:
            raise Untranslated
        method = _method(first)
        if method is not None:
            return self._call(first, method, command[1:])
        if len(command) > 1:
            raise Untranslated
        return self.operand(first)

    def operand(self, operand: Operand | Value) -> Value:
        """Work out one value."""
        if isinstance(operand, Value):
            return operand
        if operand.kind == "literal":
            return self._literal(operand.value)
        if operand.kind == "variable":
            return self._variable(str(operand.value), operand.fields)
        if operand.kind == "dot":
            return self._dot(operand.fields)
        if operand.kind == "function" and not operand.fields:
            return self.command((operand,), None)
        if not isinstance(operand.value, Pipeline):
            raise Untranslated
        return self._bracket(operand)

    def place(self, operand: Operand | Value) -> Value:
        """Work out a value that filters do not follow: keep it where it has some of its own."""
        found = self.operand(operand)
        if " | " in found.code or found.code.startswith("("):
            return Value(self.writing.assign(found.code), found.kind)
        return found

    def number(self, operand: Operand | Value) -> Value:
        """Work out a number."""
        found = self.place(operand)
        return found if found.kind == "number" else Value(self.writing.assign(f"{found.code} | plus: 0"), "number")

    def words(self, operand: Operand | Value) -> str:
        """Give a text that is written down. Raises Untranslated for one that is worked out."""
        if isinstance(operand, Operand) and operand.kind == "literal" and isinstance(operand.value, str | int):
            return str(operand.value)
        raise Untranslated

    # Where values come from

    def _literal(self, value: object) -> Value:
        if isinstance(value, bool):
            return Value("true" if value else "false", "yes_no")
        if isinstance(value, int | float):
            return Value(str(value), "number")
        return Value("nil", "nothing") if value is None else Value(self.writing.text(str(value)), "text")

    def _variable(self, name: str, fields: tuple[str, ...]) -> Value:
        if name == "$":
            return self._root(fields)
        if fields:
            raise Untranslated
        if name not in self.places:
            pipeline = self.constants.get(name)
            if pipeline is None:
                raise Untranslated
            if functions_in(pipeline) & (_CHANCE | _EFFECTS):
                raise Untranslated(
                    "uses a variable that is drawn or saved; each text draws anew here: write it in one text."
                )
            if name in self._asked or len(self._asked) >= _LONGEST_CHAIN:
                raise Untranslated("uses a variable that is made of itself, or of too many others.")
            self._asked.append(name)
            try:
                found = self.pipeline(pipeline)
            finally:
                self._asked.pop()
            self.places[name] = Value(self.writing.assign(found.code), found.kind)
        return self.places[name]

    def _dot(self, fields: tuple[str, ...]) -> Value:
        if self.dot is None:
            return self._root(fields)
        if fields:
            raise Untranslated
        return self.dot

    def _root(self, fields: tuple[str, ...]) -> Value:
        if self.whole and fields in (("StrippedMsg",), ("CmdArgs",), ("Cmd",)):
            raise Untranslated(
                "is what follows the trigger; here `text` is the whole message: take what is wanted out of it."
            )
        if fields in (("Cmd",), ("CCTrigger",)) and self.trigger:
            return Value(self.writing.text(self.trigger), "text")
        if len(fields) == 2 and fields[0] == "Options" and re.fullmatch(r"[a-z0-9_]{1,32}", fields[1]):
            return Value(f"options.{fields[1]}")
        if fields == ("Message", "Content") and self.whole:
            return Value("text", "text")
        if fields == ("Message", "Content"):
            raise Untranslated("is the whole message; here `text` is what follows the command: use that.")
        found = _DOTS.get(fields)
        if found is None:
            raise Untranslated
        if fields == ("Member", "Nick"):
            self.draft.remark("`.Member.Nick` says the name shown in the server, also for those without a nickname.")
        if fields == ("CmdArgs",):
            self.draft.remark(
                "its words are parted at blanks here; quotes hold none together, and one that is missing says nothing."
            )
        return Value(*found)

    def _bracket(self, operand: Operand) -> Value:
        inner = operand.value
        assert isinstance(inner, Pipeline)  # noqa: S101 what a bracket holds
        if not operand.fields:
            return self.pipeline(inner)
        if operand.fields == ("Value",) and inner.commands[-1][0].value == "dbGet":
            return self.pipeline(inner)
        kind_of = self._option(inner.commands[0])
        if kind_of is not None and operand.fields in (("ID",), ("Mention",)):
            return Value(f"{kind_of[0]}.{operand.fields[0].lower()}", "id" if operand.fields == ("ID",) else "text")
        raise Untranslated

    def _call(self, first: Operand, method: str, arguments: Sequence[Operand]) -> Value:
        """Call ``.Get``, ``.IsSet``, ``.Format`` or ``.AvatarURL``."""
        if method == "AvatarURL":
            return self.operand(first)
        if method == "Format":
            value = self.operand(Operand(first.kind, first.value, first.fields[:-1]))
            if value.kind != "time" or len(arguments) != 1:
                raise Untranslated
            return Value(f"{value.code} | date: {self.writing.text(layout_of(self.words(arguments[0])))}", "text")
        found = self._option((first, *arguments))
        if found is None:
            raise Untranslated
        name, kind = found
        if method == "IsSet":
            return Value(self.writing.assign(f"{name} | default: false"), "any")
        if kind in ("user", "role", "channel"):
            self.draft.remark("what an argument names says its mention here: its id and mention are known.")
            return Value(f"{name}.mention", "text")
        return Value(name, "number" if kind in ("integer", "number") else "text")

    def _option(self, command: Sequence[Operand]) -> tuple[str, str] | None:
        first = command[0]
        known = self.options.get(str(first.value)) if first.kind == "variable" else None
        if known is None or first.fields not in (("Get",), ("IsSet",)) or len(command) != 2:
            return None
        index = command[1].value
        if command[1].kind != "literal" or not isinstance(index, int) or not 0 <= index < len(known):
            return None
        name, kind = known[index]
        return f"options.{name}", kind


def _method(operand: Operand) -> str | None:
    last = operand.fields[-1] if operand.fields else ""
    return last if last in ("Get", "IsSet", "Format", "AvatarURL") else None


def functions_in(pipeline: Pipeline) -> set[str]:
    """Give the names of all functions in a pipeline."""
    found: set[str] = set()
    for command in pipeline.commands:
        for operand in command:
            if operand.kind == "function":
                found.add(str(operand.value))
            elif isinstance(operand.value, Pipeline):
                found |= functions_in(operand.value)
    return found


def layout_of(layout: str) -> str:
    """Give the format of strftime for one of Go. Raises Untranslated for what ours lacks."""
    words = layout.replace("%", "%%")
    pattern = "|".join(theirs for theirs, _ in _LAYOUT)
    found = re.sub(pattern, lambda match: dict(_LAYOUT)[match[0]], words)
    if re.search(r"\d", re.sub(r"%.", "", found)):
        raise Untranslated
    return found


Given = Sequence[Operand | Value]
Function = Callable[[Values, Given], Value]
Functions = Mapping[str, Function]
