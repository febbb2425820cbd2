"""Conditions of YAGPDB's templates in Liquid, which has neither brackets nor ``not``."""

from __future__ import annotations

from collections.abc import Sequence

from chandelier_custom.importers.gotemplate import Operand, Pipeline
from chandelier_custom.importers.sums import Untranslated
from chandelier_custom.importers.yag_values import Value, Values

_ORDERS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_OPPOSITES = {" == ": " != ", " != ": " == "}


def test_of(values: Values, pipeline: Pipeline) -> str:
    """Give the test of a condition, in one expression without brackets. Raises Untranslated."""
    if len(pipeline.commands) == 1:
        return _test(values, pipeline.commands[0])
    return _truth(values, values.pipeline(pipeline))


def _test(values: Values, command: Sequence[Operand]) -> str:
    first, given = command[0], command[1:]
    name = str(first.value) if first.kind == "function" else ""
    if name in ("and", "or") and given:
        return f" {name} ".join(_kept(values, one) for one in given)
    if name == "not" and len(given) == 1:
        return _opposite(values, given[0])
    if name in ("eq", "ne") and len(given) >= 2:
        return _equal(values, name, given)
    if name in _ORDERS and len(given) == 2:
        low, high = (values.number(one).code for one in given)
        return f"{low} {_ORDERS[name]} {high}"
    if name == "in" and len(given) == 2:
        within, wanted = (values.place(one).code for one in given)
        return f"{within} contains {wanted}"
    if name == "hasPrefix" and len(given) == 2:
        text, words = values.place(given[0]).code, values.words(given[1])
        begun = values.writing.assign(f"{text} | slice: 0, {len(words)}")
        return f"{begun} == {values.writing.text(words)}"
    if len(command) == 1 and first.kind == "pipeline" and not first.fields and isinstance(first.value, Pipeline):
        return test_of(values, first.value)
    return _truth(values, values.command(command, None))


def _equal(values: Values, name: str, given: Sequence[Operand]) -> str:
    left = values.place(given[0])
    tests = []
    for one in given[1:]:
        right = values.place(one)
        one_left, one_right = _alike(values, left, right)
        tests.append(f"{one_left} {'==' if name == 'eq' else '!='} {one_right}")
    if name == "ne" and len(tests) > 1:
        raise Untranslated
    return " or ".join(tests)


def _alike(values: Values, left: Value, right: Value) -> tuple[str, str]:
    """Write ids as the texts that they are here, and numbers beside what may be text as numbers."""
    codes = []
    for one, other in ((left, right), (right, left)):
        if other.kind == "id" and one.kind == "number":
            codes.append(f"'{one.code}'" if one.code.isdigit() else values.writing.assign(f"{one.code} | append: ''"))
        elif other.kind == "number" and one.kind == "any":
            codes.append(values.number(one).code)
        elif other.kind in ("text", "id") and one.kind == "any":
            codes.append(values.writing.assign(f"{one.code} | append: ''"))
        else:
            codes.append(one.code)
    return codes[0], codes[1]


def _opposite(values: Values, operand: Operand) -> str:
    test = test_of(values, Pipeline(((operand,),)))
    for word, other in _OPPOSITES.items():
        if test.count(word) == 1 and " and " not in test and " or " not in test:
            return test.replace(word, other)
    name = values.writing.assign("true")
    values.writing.put(f"{{% if {test} %}}{{% assign {name} = false %}}{{% endif %}}")
    return name


def _kept(values: Values, operand: Operand) -> str:
    """Give the test of one of several conditions; what is itself of several is kept first."""
    test = test_of(values, Pipeline(((operand,),)))
    if " and " not in test and " or " not in test:
        return test
    name = values.writing.assign("false")
    values.writing.put(f"{{% if {test} %}}{{% assign {name} = true %}}{{% endif %}}")
    return name


def _truth(values: Values, found: Value) -> str:
    """Say whether a value is something, as Go sees it: neither empty, nor zero, nor false, nor missing."""
    if found.kind == "yes_no":
        return found.code if " | " not in found.code else values.writing.assign(found.code)
    name = values.writing.assign(f"{found.code} | default: false")
    return name if found.kind in ("text", "list", "id", "time") else f"{name} and {name} != 0"
