"""The blocks of TagScript in Liquid: those that say something in a way of their own, and those that are filters."""

from __future__ import annotations

import re
from collections.abc import Callable

from chandelier_custom.importers import tagscript
from chandelier_custom.importers.carl_page import Filters, Page, Says, called, name_of
from chandelier_custom.importers.sums import Untranslated, work_out
from chandelier_custom.importers.tagscript import Block, Pieces

_STRF = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%D": "%m/%d/%y", "%R": "%H:%M", "%x": "%m/%d/%y", "%X": "%H:%M:%S"}
_MOST_CHOICES = 60


def _keep(page: Page, block: Block) -> None:
    if block.parameter is None or tagscript.words_of(block.parameter) is None:
        raise Untranslated
    page.keep(name_of(block), block.payload or ())


def _if(page: Page, block: Block) -> None:
    if block.parameter is None or block.payload is None:
        raise Untranslated
    page.branch(page.test(block.parameter), block.payload)


def _any(page: Page, block: Block) -> None:
    if block.parameter is None or block.payload is None:
        raise Untranslated
    word = " or " if called(block) == "any" else " and "
    page.branch(word.join(page.test(one) for one in tagscript.split(block.parameter, "|")), block.payload)


def _end(page: Page, block: Block) -> None:
    if block.parameter is None:
        raise Untranslated
    page.end_early(page.test(block.parameter), block.payload or ())


def _choices(block: Block) -> list[Pieces]:
    payload = block.payload
    if payload is None:
        raise Untranslated
    found: list[Pieces] = []
    for one in tagscript.split(payload, "~" if tagscript.holds(payload, "~") else ","):
        weight, *rest = tagscript.split(one, "|", 1)
        words = (tagscript.words_of(weight) or "").strip()
        if rest and words.isascii() and words.isdigit() and len(words) < 4:
            found += [rest[0]] * int(words)
        else:
            found.append(one)
    if not 1 <= len(found) <= _MOST_CHOICES:
        raise Untranslated
    return found


def _random(page: Page, block: Block) -> None:
    if block.parameter is not None:
        raise Untranslated("draws the same for the same seed, which is not done here; draw without a seed.")
    choices = _choices(block)
    texts = [tagscript.words_of(one) for one in choices]
    mark = next((one for one in (",", "|", "~", ";;") if not any(one in (text or "") for text in texts)), None)
    if mark is not None and all(texts):
        page.writing.value(f"{page.writing.text(mark.join(text or '' for text in texts))} | split: '{mark}' | pick")
        return
    _draw(page, choices)


def _draw(page: Page, choices: list[Pieces]) -> None:
    drawn = page.writing.assign(f"1 | random: {len(choices)}")
    page.writing.put(f"{{% case {drawn} %}}")
    for number, choice in enumerate(choices, 1):
        page.writing.put(f"{{% when {number} %}}")
        page.inner(choice)
    page.writing.put("{% endcase %}")


def _fifty(page: Page, block: Block) -> None:
    if block.payload is None:
        raise Untranslated
    _draw(page, [block.payload, ()])


def _range(page: Page, block: Block) -> None:
    ends = tagscript.split(block.payload or (), "-")
    if block.parameter is not None or len(ends) != 2:
        raise Untranslated
    low, high = (page.number(one) for one in ends)
    if block.name == "rangef":
        low, high = (page.writing.assign(f"{one} | times: 10") for one in (low, high))
        page.writing.value(f"{low} | random: {high} | divided_by: 10.0")
    else:
        page.writing.value(f"{low} | random: {high}")


def _math(page: Page, block: Block) -> None:
    result, whole = work_out(block.payload or (), page.writing, page.number)
    if whole:
        page.writing.value(result)
        return
    rounded = page.writing.assign(f"{result} | round")
    page.writing.put(f"{{% if {rounded} == {result} %}}{{{{ {rounded} }}}}{{% else %}}{{{{ {result} }}}}{{% endif %}}")


def _in(page: Page, block: Block) -> None:
    if block.parameter is None or block.payload is None:
        raise Untranslated
    within, wanted = page.value(block.payload), page.value(block.parameter)
    if block.name == "contains":
        within = page.writing.assign(f"{within} | split: ' '")
    page.writing.put(f"{{% if {within} contains {wanted} %}}true{{% else %}}false{{% endif %}}")


def _list(page: Page, block: Block) -> None:
    choices = [tagscript.words_of(one) for one in _choices(block)]
    index = (tagscript.words_of(block.parameter or ()) or "").strip()
    if None in choices or not re.fullmatch(r"-?\d{1,4}", index):
        raise Untranslated
    place = int(index) % len(choices) if block.name == "cycle" else int(index)
    if -len(choices) <= place < len(choices):
        page.writing.say(choices[place] or "")


def _strf(page: Page, block: Block) -> str:
    words = tagscript.words_of(block.payload)
    when = "now" if block.parameter is None else None
    if block.parameter is not None and tagscript.source_of(block.parameter) in (
        "{user(joined_at)}",
        "{author(joined_at)}",
    ):
        when = "user.joined_at"
    if words is None or when is None:
        raise Untranslated
    for theirs, ours in _STRF.items():
        words = words.replace(theirs, ours)
    if re.sub(r"%-?[aAbBdeHIjklmMnpSuUVwWyYzZ%]", "", words).count("%"):
        raise Untranslated
    return f"{when} | date: {page.writing.text(words)}"


def _replaced(page: Page, block: Block) -> str:
    halves = tagscript.split(block.parameter or (), ",", 1)
    if block.name == "join":
        halves = [(" ",), block.parameter or ()]
    if len(halves) != 2:
        raise Untranslated
    old, new = page.value(halves[0]), page.value(halves[1])
    return f"{page.value(block.payload or ())} | replace: {old}, {new}"


def _substr(page: Page, block: Block) -> str:
    match = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", (tagscript.words_of(block.parameter or ()) or "").strip())
    if match is None:
        raise Untranslated
    length = max(int(match[2]) - int(match[1]), 0) if match[2] else 5000
    return f"{page.value(block.payload or ())} | slice: {match[1]}, {length}"


def _urlencode(page: Page, block: Block) -> str:
    found = f"{page.value(block.payload or ())} | url_encode"
    return found if block.parameter == ("+",) else f"{found} | replace: '+', '%20'"


def _plain(name: str) -> Callable[[Page, Block], str]:
    return lambda page, block: f"{page.value(block.payload or ())} | {name}"


SAYS: Says = {
    "=": _keep, "if": _if, "any": _any, "all": _any, "break": _end, "stop": _end, "random": _random, "5050": _fifty,
    "range": _range, "rangef": _range, "math": _math, "in": _in, "contains": _in, "list": _list, "cycle": _list,
}  # fmt: skip
FILTERS: Filters = {
    "lower": _plain("downcase"), "upper": _plain("upcase"), "len": _plain("size"), "strf": _strf, "replace": _replaced,
    "join": _replaced, "substr": _substr, "urlencode": _urlencode,
}  # fmt: skip
