"""Embeds: from the JSON that bots and web pages write to ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from chandelier_custom.importers.drafting import Draft
from chandelier_custom.importers.reading import as_list, as_mapping, as_text, shown
from chandelier_custom.spec import Embed, EmbedField

#: Turns a text of theirs into a template.
Translate = Callable[[str], str]
MOST_FIELDS = 25
_KNOWN = ("title", "description", "url", "color", "colour", "author", "footer", "image", "thumbnail", "fields")
#: Discord writes these itself, or they say nothing.
_IDLE = ("type", "provider", "video", "reference_id", "content_scan_version")
_COLOURS = {
    "red": "#e74c3c", "green": "#2ecc71", "blue": "#3498db", "gold": "#f1c40f", "orange": "#e67e22", "purple": "#9b59b6",
    "teal": "#1abc9c", "magenta": "#e91e63", "blurple": "#5865f2", "black": "#000000", "white": "#ffffff",
}  # fmt: skip


def embed_of(found: Mapping[str, object], draft: Draft, translate: Translate) -> Embed | None:
    """Give an embed; None where nothing of it is left. Parts that embeds here lack are noted."""
    parts: dict[str, Any] = {name: _text(found.get(name), translate) for name in ("title", "description", "url")}
    parts["colour"] = colour_of(found.get("color", found.get("colour")), draft)
    for name, words in (("author", "name"), ("footer", "text")):
        parts[name] = _named(found.get(name), name, words, draft, translate)
    for name in ("image", "thumbnail"):
        parts[name] = _text(_address(found.get(name)), translate)
    parts["fields"] = list(_fields(found.get("fields"), draft, translate))
    for name in found:
        if name not in _KNOWN and name not in _IDLE and found[name]:
            draft.leave_out(f"embed: {name}", "is no part of an embed here; do without it.")
    try:
        embed = Embed(**parts)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        draft.leave_out(f"embed: {place}", "does not fit into an embed here; write the embed anew.")
        return None
    return embed if embed != Embed(colour=embed.colour) else None


def colour_of(value: object, draft: Draft) -> str | None:
    """Give a colour as we write it: from a number, from hexadecimal digits, or from one of the usual names."""
    text = as_text(value).strip().lower()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 12 and not isinstance(value, str):
        return f"#{int(text) & 0xFFFFFF:06x}"
    digits = text.removeprefix("#").removeprefix("0x")
    if re.fullmatch(r"[0-9a-f]{6}", digits):
        return f"#{digits}"
    if text.isascii() and text.isdigit() and len(text) < 12:
        return f"#{int(text) & 0xFFFFFF:06x}"
    if text in _COLOURS:
        return _COLOURS[text]
    draft.leave_out(f"embed: color {shown(text, 30)}", "is no colour here; write it as `#rrggbb`.")
    return None


def _text(value: object, translate: Translate) -> str:
    text = as_text(value)
    return translate(text) if text else ""


def _address(value: object) -> object:
    return as_mapping(value).get("url") if isinstance(value, dict) else value


def _named(value: object, part: str, words: str, draft: Draft, translate: Translate) -> str:
    if not isinstance(value, dict):
        return _text(value, translate)
    for name in value:
        if name != words and value[name] and not name.startswith("proxy"):
            draft.leave_out(f"embed: {part}.{name}", f"is not shown: the {part} of an embed here is words alone.")
    return _text(value.get(words), translate)


def _fields(value: object, draft: Draft, translate: Translate) -> Iterator[EmbedField]:
    found = as_list(value)
    for number, one in enumerate(found[:MOST_FIELDS], 1):
        field = as_mapping(one)
        name, words = _text(field.get("name"), translate), _text(field.get("value"), translate)
        try:
            inline = field.get("inline") in (True, "true", "True")
            yield EmbedField(name=name, value=words, inline=inline)
        except ValidationError:
            draft.leave_out(f"embed: field {number}", "needs a name and a value, neither too long; write it anew.")
    if len(found) > MOST_FIELDS:
        draft.leave_out(
            f"embed: field {MOST_FIELDS + 1}", f"and what follows are not there: there are at most {MOST_FIELDS}."
        )
