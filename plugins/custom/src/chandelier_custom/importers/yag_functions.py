"""Functions of YAGPDB's templates in Liquid: each gives a value, or cannot be said here."""

from __future__ import annotations

import re

from chandelier_custom.importers.gotemplate import Operand, Pipeline
from chandelier_custom.importers.sums import Untranslated
from chandelier_custom.importers.yag_values import Function, Functions, Given, Value, Values, layout_of

_SEPARATORS = (",", "|", ";", "~", "\x1f")


def _filter(name: str, kind: str = "text") -> Function:
    def made(values: Values, given: Given) -> Value:
        if len(given) != 1:
            raise Untranslated
        return Value(f"{values.operand(given[0]).code} | {name}", kind)

    return made


def _chain(name: str) -> Function:
    def made(values: Values, given: Given) -> Value:
        first, *others = [values.number(one).code for one in given]
        if not others:
            raise Untranslated
        return Value(first + "".join(f" | {name}: {one}" for one in others), "number")

    return made


def _divided(values: Values, given: Given) -> Value:
    low, by = (values.number(one).code for one in given)
    return Value(f"{low} | divided_by: {values.writing.assign(f'{by} | times: 1.0')}", "number")


def _whole_divided(values: Values, given: Given) -> Value:
    low, by = (values.number(one).code for one in given)
    if any("." in one and one[0].isdigit() for one in (low, by)):
        raise Untranslated
    values.draft.remark("`div` rounds down here, also below zero.")
    return Value(f"{low} | divided_by: {by}", "number")


def _index(values: Values, given: Given) -> Value:
    first, *places = given
    if isinstance(first, Operand) and first.kind == "pipeline" and _is_drawn(first, places):
        return Value(f"{_listed(values, first).code} | pick")
    if isinstance(first, Operand) and first == Operand("dot", None, ("Args",)):
        return _from_args(values, places)
    found = values.place(first)
    if found.kind not in ("list", "any") or len(places) != 1:
        raise Untranslated
    place = values.place(places[0])
    return Value(f"{found.code}[{place.code}]")


def _from_args(values: Values, places: Given) -> Value:
    place = places[0] if len(places) == 1 else None
    if not isinstance(place, Operand) or not isinstance(place.value, int) or place.value < 0:
        raise Untranslated
    if values.whole:
        return Value(f"args[{place.value}]", "any")
    if place.value == 0:
        return Value(values.writing.text(values.trigger), "text")
    return Value(f"args[{place.value - 1}]", "any")


def _is_drawn(operand: Operand, places: Given) -> bool:
    """Say whether ``index (shuffle x) 0``, or ``index x (randInt (len x))``, draws one of a list."""
    inner = operand.value
    if not isinstance(inner, Pipeline) or len(places) != 1 or not isinstance(places[0], Operand):
        return False
    if inner.commands[0][0].value == "shuffle":
        return places[0].value == 0
    place = places[0].value
    if inner.commands[0][0].value != "cslice" or not isinstance(place, Pipeline):
        return False
    drawn, count = place.commands[0], len(inner.commands[0]) - 1
    return len(drawn) == 2 and drawn[0].value == "randInt" and drawn[1].value == count


def _listed(values: Values, operand: Operand) -> Value:
    inner = operand.value
    assert isinstance(inner, Pipeline)  # noqa: S101 asked before
    if inner.commands[0][0].value == "shuffle":
        return values.place(inner.commands[0][1])
    return values.pipeline(inner)


def _slice_of(values: Values, given: Given) -> Value:
    if not given:
        return Value("'' | split: ','", "list")
    texts = [
        str(one.value) for one in given if isinstance(one, Operand) and one.kind == "literal" and one.value is not None
    ]
    if len(texts) == len(given):
        mark = next((one for one in _SEPARATORS if not any(one in text for text in texts)), None)
        if mark is None or "" in texts:
            raise Untranslated
        return Value(values.writing.assign(f"{values.writing.text(mark.join(texts))} | split: '{mark}'"), "list")
    raise Untranslated("holds values that are worked out; lists here are written down, or split from a text.")


def _joined(values: Values, given: Given) -> Value:
    mark, *parts = given
    separator = values.place(mark).code
    found = [values.place(one) for one in parts]
    if len(found) == 1 and found[0].kind in ("list", "any"):
        return Value(f"{found[0].code} | join: {separator}", "text")
    if not found or any(one.kind == "list" for one in found):
        raise Untranslated
    code = found[0].code if found[0].kind == "text" else f"'' | append: {found[0].code}"
    rest = (f" | append: {separator} | append: {one.code}" for one in found[1:])
    return Value(code + "".join(rest).replace(" | append: ''", ""), "text")


def _print(values: Values, given: Given) -> Value:
    found = [values.place(one) for one in given]
    if any(one.kind in ("list", "time", "nothing") for one in found):
        raise Untranslated
    return Value("''" + "".join(f" | append: {one.code}" for one in found), "text")


def _printf(values: Values, given: Given) -> Value:
    parts = re.split(r"(%[sdv]|%%)", values.words(given[0]))
    rest, code = list(given[1:]), "''"
    for part in parts:
        if part in ("%s", "%d", "%v"):
            code += f" | append: {values.place(rest.pop(0)).code}"
        elif part:
            if "%" in part and part != "%%":
                raise Untranslated
            code += f" | append: {values.writing.text(part.replace('%%', '%'))}"
    if rest:
        raise Untranslated
    return Value(code, "text")


def _random(values: Values, given: Given) -> Value:
    numbers = [values.number(one).code for one in given]
    low, high = {0: ("0", "10"), 1: ("0", *numbers), 2: tuple(numbers)}[min(len(numbers), 2)][:2]
    most = str(int(high) - 1) if re.fullmatch(r"-?\d+", high) else values.writing.assign(f"{high} | minus: 1")
    return Value(f"{low} | random: {most}", "number")


def _sequence(values: Values, given: Given) -> Value:
    low, high = (values.number(one).code for one in given)
    most = str(int(high) - 1) if re.fullmatch(r"-?\d+", high) else values.writing.assign(f"{high} | minus: 1")
    return Value(f"({low}..{most})", "list")


def _split(values: Values, given: Given) -> Value:
    text, mark = (values.place(one).code for one in given)
    return Value(values.writing.assign(f"{text} | split: {mark}"), "list")


def _length(values: Values, given: Given) -> Value:
    if len(given) != 1:
        raise Untranslated
    return Value(values.writing.assign(f"{values.operand(given[0]).code} | size"), "number")


def _text(values: Values, given: Given) -> Value:
    if len(given) != 1:
        raise Untranslated
    found = values.operand(given[0])
    return found if found.kind in ("text", "id") else Value(f"{found.code} | append: ''", "text")


def _integer(values: Values, given: Given) -> Value:
    return Value(f"{values.number(given[0]).code} | floor", "number")


def _now(values: Values, given: Given) -> Value:
    if given:
        raise Untranslated
    return Value("now", "time")


def _time_written(values: Values, given: Given) -> Value:
    found = values.operand(given[0])
    if found.kind != "time" or len(given) != 2:
        raise Untranslated
    return Value(f"{found.code} | date: {values.writing.text(layout_of(values.words(given[1])))}", "text")


def _mention_role(values: Values, given: Given) -> Value:
    number = values.words(given[0])
    if not re.fullmatch(r"\d{15,19}", number):
        raise Untranslated
    return Value(f"'{number}' | mention_role", "text")


def _everyone(word: str) -> Function:
    return lambda values, given: Value(f"'@{word}'", "text")


def variable_of(values: Values, given: Given) -> tuple[str, str]:
    """Give the owner and the name of what the other bot keeps in its database. Raises Untranslated."""
    owner, key = given[0], given[1]
    name = re.sub(r"[^a-z0-9_]+", "_", values.words(key).lower()).strip("_")[:32]
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name):
        raise Untranslated
    found = values.operand(owner)
    whose = {"user.id": "user", "channel.id": "channel", "server.id": "server", "0": "server"}.get(found.code)
    if whose is None:
        raise Untranslated(
            "keeps something for another than who asks, the channel or the server; that is not done here."
        )
    values.draft.remark(f"`vars.{whose}.{name}` begins empty: what the other bot remembers is not carried over.")
    return whose, name


def _got(values: Values, given: Given) -> Value:
    whose, name = variable_of(values, given)
    return Value(f"vars.{whose}.{name}")


def _increased(values: Values, given: Given) -> Value:
    whose, name = variable_of(values, given)
    by = values.number(given[2]).code
    result = values.writing.assign(f"vars.{whose}.{name} | plus: {by}")
    values.writing.put(f"{{% save {whose}.{name} = {result} %}}")
    return Value(result, "number")


FUNCTIONS: Functions = {
    "lower": _filter("downcase"), "upper": _filter("upcase"), "trimSpace": _filter("strip"), "len": _length,
    "round": _filter("round", "number"), "roundFloor": _filter("floor", "number"), "roundCeil": _filter("ceil", "number"),
    "abs": _filter("abs", "number"), "humanizeThousands": _filter("commas"),
    "urlescape": _filter("url_encode | replace: '+', '%20'"),
    "add": _chain("plus"), "sub": _chain("minus"), "mult": _chain("times"), "mod": _chain("modulo"), "min": _chain("at_most"),
    "max": _chain("at_least"), "div": _whole_divided, "fdiv": _divided, "index": _index, "cslice": _slice_of, "joinStr": _joined,
    "print": _print, "printf": _printf, "randInt": _random, "seq": _sequence, "split": _split, "str": _text, "toString": _text,
    "toInt": _integer, "toInt64": _integer, "toFloat": lambda values, given: values.number(given[0]), "currentTime": _now,
    "formatTime": _time_written, "mentionRoleID": _mention_role, "mentionEveryone": _everyone("everyone"),
    "mentionHere": _everyone("here"), "dbGet": _got, "dbIncr": _increased,
}  # fmt: skip
