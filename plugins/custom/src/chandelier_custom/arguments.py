"""Typed arguments: from what was written after a command to values, by the options that it declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chandelier import BadOption
from chandelier_custom.spec import Option
from chandelier_custom.templates.objects import Value

_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_MENTIONS = {"user": re.compile(r"<@!?(\d{1,19})>|(\d{15,19})"), "role": re.compile(r"<@&(\d{1,19})>|(\d{15,19})"),
             "channel": re.compile(r"<#(\d{1,19})>|(\d{15,19})")}  # fmt: skip
_YES = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
_WRITTEN = {"user": "<@{}>", "role": "<@&{}>", "channel": "<#{}>"}

Read = Value | Mapping[str, Value]


def read_typed(options: Sequence[Option], text: str) -> dict[str, Read]:
    """Give each option a word, and the last the rest of the line where it is text. Raises BadOption naming the option."""
    found: dict[str, Read] = {}
    rest = text
    for position, option in enumerate(options):
        is_last = position == len(options) - 1
        if not rest.strip():
            word = None
        elif is_last and option.kind == "text" and not option.choices:
            word, rest = _unquoted(rest.strip()), ""
        else:
            match = _WORD.match(rest)
            assert match is not None  # noqa: S101 there is something that is no blank
            word, rest = (match[2] if match[1] is None else re.sub(r"\\(.)", r"\1", match[1])), rest[match.end() :]
        if word is None and option.required:
            raise BadOption(f"`{option.name}` is missing. {usage_of(options)}", option=option.name)
        if word is not None:
            found[option.name] = read_one(option, word)
    return found


def read_one(option: Option, word: str) -> Read:
    """Read one value. Raises BadOption."""
    if option.choices:
        return _read_choice(option, word)
    if option.kind in _MENTIONS:
        mentioned = _MENTIONS[option.kind].fullmatch(word.strip())
        if mentioned is None:
            raise BadOption(f"`{option.name}` must be a {option.kind}: a mention or an id.", option=option.name)
        number = mentioned[1] or mentioned[2]
        return {"id": number, "mention": _WRITTEN[option.kind].format(number)}
    if option.kind == "yes_no":
        if word.casefold() not in _YES:
            raise BadOption(f"`{option.name}` must be yes or no.", option=option.name)
        return _YES[word.casefold()]
    if option.kind in ("integer", "number"):
        return _read_number(option, word)
    return word


def usage_of(options: Sequence[Option]) -> str:
    """Show what is to be written after the command."""
    return "Write: " + " ".join(f"<{one.name}>" if one.required else f"[{one.name}]" for one in options)


def _read_choice(option: Option, word: str) -> str:
    for choice in option.choices:
        if choice.casefold() == word.casefold():
            return choice
    raise BadOption(f"`{option.name}` must be one of: {', '.join(option.choices)}.", option=option.name)


def _read_number(option: Option, word: str) -> int | float:
    pattern = r"[+-]?\d{1,15}" if option.kind == "integer" else r"[+-]?\d{1,15}(?:\.\d{1,9})?"
    if not re.fullmatch(pattern, word.strip()):
        what = "a whole number" if option.kind == "integer" else "a number"
        raise BadOption(f"`{option.name}` must be {what}.", option=option.name)
    return int(word) if option.kind == "integer" else float(word)


def _unquoted(text: str) -> str:
    found = _WORD.fullmatch(text)
    return re.sub(r"\\(.)", r"\1", found[1]) if found and found[1] is not None else text
