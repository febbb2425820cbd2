"""One text of a tag on its way to Liquid: words, values, conditions and what ends a tag early."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from chandelier_custom.importers import tagscript
from chandelier_custom.importers.drafting import Draft
from chandelier_custom.importers.sums import Untranslated
from chandelier_custom.importers.tagscript import Block, Pieces
from chandelier_custom.importers.writing import Writing

_STAYS = "has no counterpart here; it stands there as it was: take it out."
_DATE = "date: '%Y-%m-%d %H:%M:%S'"
_OBJECTS: dict[str, dict[str, str]] = {
    "user": {
        "": "user.display_name", "name": "user.name", "proper": "user.name", "nick": "user.display_name", "id": "user.id",
        "mention": "user.mention", "avatar": "user.avatar_url", "icon": "user.avatar_url",
        "joined_at": f"user.joined_at | {_DATE}",
    },
    "server": {
        "": "server.name", "name": "server.name", "id": "server.id", "icon": "server.icon_url", "members": "server.member_count",
    },
    "channel": {"": "channel.name", "name": "channel.name", "id": "channel.id", "mention": "channel.mention"},
    "uses": {"": "uses"}, "mention": {"": "user.mention"},
}  # fmt: skip
_ALSO = {
    "author": "user", "guild": "server", "message": "args", "or": "any", "and": "all", "#": "random", "rand": "random",
    "m": "math", "calc": "math", "+": "math", "assign": "=", "let": "=", "var": "=", "50": "5050", "?": "5050",
    "substring": "substr", "length": "len", "halt": "stop", "error": "stop", "short": "break", "shortcircuit": "break",
}  # fmt: skip
#: Read before the words are; nothing is said in their place.
_SET = ("react", "reactu", "dm", "redirect", "require", "whitelist", "blacklist", "embed")
_ACTIONS = {
    "delete": "deleted the message that asked; no command here does: do without it.",
    "del": "deleted the message that asked; no command here does: do without it.",
    "c": "runs another command; a command here runs none: do without it.",
    "cmd": "runs another command; a command here runs none: do without it.",
    "com": "runs another command; a command here runs none: do without it.",
    "command": "runs another command; a command here runs none: do without it.",
    "override": "lets another command be run without its permission; a command here runs none: do without it.",
    "cooldown": "rests in a way of its own; set `cooldowns`.",
}
_QUIET = ("silent", "silence")
_BY_CHANCE = ("random", "5050", "range", "rangef")
_OPERATORS = ("!=", "==", ">=", "<=", ">", "<")


def called(block: Block) -> str:
    """Give the one name of a block that has several."""
    return _ALSO.get(block.name, block.name)


def name_of(block: Block) -> str:
    """Give the name of the variable that a block keeps."""
    return (tagscript.words_of(block.parameter or ()) or "").strip().lower()


class Page:
    """One text of a tag. What the tag keeps in variables is known to all of its texts."""

    def __init__(self, draft: Draft, tag: Pieces, says: Says, filters: Filters) -> None:
        self.draft, self._says, self._filters = draft, says, filters
        self.writing = Writing()
        self._kept: dict[str, str] = {}
        kept = [block for block in tagscript.blocks_in(tag) if called(block) == "="]
        counts = Counter(name_of(block) for block in kept)
        self._elsewhere = {name_of(block): block for block in kept if counts[name_of(block)] == 1}
        self._depth = 0
        self._endings = 0

    def write(self, pieces: Pieces, *, whole: bool) -> str:
        """Translate; ``whole`` is the tag itself, where variables are kept in order and a tag may end early."""
        if whole:
            self._elsewhere = {}
        self._say(pieces)
        for _ in range(self._endings):
            self.writing.put("{% endif %}")
        return self.writing.finish()

    def _say(self, pieces: Pieces) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                self.writing.say(piece)
                continue
            mark = self.writing.mark()
            try:
                self._say_block(piece)
            except Untranslated as error:
                self.writing.back_to(mark)
                self.writing.say(piece.source)
                self.draft.leave_out(piece.source, error.why or _STAYS)

    def _say_block(self, block: Block) -> None:
        name = called(block)
        if name in _SET or name in _QUIET:
            return
        if name in _ACTIONS:
            self.draft.leave_out(block.source, _ACTIONS[name])
            return
        said = self._says.get(name)
        if said is not None:
            said(self, block)
        elif (expression := self._simple(block, name)) is not None:
            self.writing.value(expression)
        elif name == tagscript.DYNAMIC or re.fullmatch(r"[a-z_0-9]{1,20}", name):
            raise Untranslated
        else:
            self.writing.say(block.source)

    # Values

    def _simple(self, block: Block, name: str) -> str | None:
        """Give the expression of a block that is a value; None for one that says something in another way."""
        kept = self._variable(name)
        if kept is not None:
            return self._part(block, kept, words=None)
        if name == "args" or name.isdecimal():
            return self._argument(block, name)
        if name == "target":
            return self._target(block)
        if name in _OBJECTS:
            attribute = tagscript.words_of(block.parameter or ())
            found = None if attribute is None else _OBJECTS[name].get(attribute.strip().lower())
            if found is None:
                raise Untranslated
            return found
        return self._filtered(block, name)

    def _variable(self, name: str) -> str | None:
        if name in self._kept or name not in self._elsewhere:
            return self._kept.get(name)
        block = self._elsewhere.pop(name)
        chance = any(called(one) in _BY_CHANCE for one in tagscript.blocks_in(block.payload or ()))
        if chance:
            raise Untranslated("is drawn by chance, which an embed draws anew; write it into the embed itself.")
        self.keep(name, block.payload or ())
        return self._kept[name]

    def _argument(self, block: Block, name: str) -> str:
        if name.isdecimal():
            if block.parameter is not None or block.payload is not None or int(name) == 0 or len(name) > 3:
                raise Untranslated
            return f"args[{int(name) - 1}]"
        return self._part(block, "text", words="args")

    def _part(self, block: Block, value: str, words: str | None) -> str:
        """Give a value, or the part of it that the block's parameter counts."""
        if block.parameter is None:
            return value
        which = (tagscript.words_of(block.parameter) or "").strip()
        match = re.fullmatch(r"(\+?)(-?\d{1,4})(\+?)", which)
        if match is None or (match[1] and match[3]):
            raise Untranslated
        mark = None if block.payload is None else tagscript.words_of(block.payload)
        if block.payload is not None and not mark:
            raise Untranslated
        if mark in (None, " ") and words is not None:
            items = words
        else:
            items = self.writing.assign(f"{value} | split: {self.writing.text(mark or ' ')}")
        self.draft.remark("a word that is not there says nothing here; there all of them are said.")
        index, joint = int(match[2]) - 1, self.writing.text(mark or " ")
        if match[1]:
            return f"{items} | slice: 0, {max(index + 1, 0)} | join: {joint}"
        return f"{items} | slice: {index}, 1000 | join: {joint}" if match[3] else f"{items}[{index}]"

    def _target(self, block: Block) -> str:
        attribute = (tagscript.words_of(block.parameter or ()) or "").strip().lower()
        if attribute not in ("", "id", "mention", "name", "proper", "nick"):
            raise Untranslated
        parts = self.writing.assign("text | split: '<@'")
        found = self.writing.fresh()
        self.writing.put(
            f"{{% if {parts}.size > 1 %}}{{% assign {found} = {parts}[1] | split: '>' | first | remove: '!' %}}"
            f"{{% else %}}{{% assign {found} = user.id %}}{{% endif %}}"
        )
        if attribute not in ("id", "mention"):
            self.draft.remark(f"`{block.source}` says the mention here: of who is mentioned, id and mention are known.")
        return found if attribute == "id" else f"{found} | mention_user"

    def _filtered(self, block: Block, name: str) -> str | None:
        make = self._filters.get(name)
        if make is None:
            return None
        if block.payload is None:
            raise Untranslated
        return make(self, block)

    def value(self, pieces: Pieces) -> str:
        """Give the expression of what pieces say, keeping it first where it is more than one value."""
        words = tagscript.words_of(pieces)
        if words is not None:
            return self.writing.text(words)
        if len(pieces) == 1 and isinstance(pieces[0], Block):
            name = called(pieces[0])
            if name not in self._says and (found := self._simple(pieces[0], name)) is not None:
                return found if " | " not in found else self.writing.assign(found)
        name = self.writing.fresh()
        self.writing.put(f"{{% capture {name} %}}")
        for piece in pieces:
            if isinstance(piece, Block):
                self._say_block(piece)
            else:
                self.writing.say(piece)
        self.writing.put("{% endcapture %}")
        return name

    def number(self, pieces: Pieces) -> str:
        """Give the expression of a number."""
        words = tagscript.words_of(pieces)
        if words is None:
            self.draft.remark("a text that is no number counts as 0 where a number belongs.")
            return self.writing.assign(f"{self.value(pieces)} | plus: 0")
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", words.strip()):
            raise Untranslated
        return words.strip()

    # Conditions

    def test(self, pieces: Pieces) -> str:
        """Give the test of a condition."""
        operator = next((one for one in _OPERATORS if tagscript.holds(pieces, one)), None)
        if operator is None:
            raise Untranslated
        left, right, *_ = tagscript.split(pieces, operator)
        if operator in ("==", "!="):
            return f"{self._trimmed(left)} {operator} {self._trimmed(right)}"
        return f"{self.number(left)} {operator} {self.number(right)}"

    def _trimmed(self, pieces: Pieces) -> str:
        words = tagscript.words_of(pieces)
        return (
            self.writing.text(words.strip())
            if words is not None
            else self.writing.assign(f"{self._as_text(pieces)} | strip")
        )

    def _as_text(self, pieces: Pieces) -> str:
        return f"{self.value(pieces)} | append: ''"

    def inner(self, pieces: Pieces) -> None:
        """Say what stands in a branch."""
        self._depth += 1
        self._say(pieces)
        self._depth -= 1

    def branch(self, test: str, payload: Pieces) -> None:
        """Say one of two things."""
        halves = tagscript.split(payload, "|")
        then, other = (halves[0], halves[1]) if len(halves) == 2 else (payload, ())
        self.writing.put(f"{{% if {test} %}}")
        self.inner(then)
        if other:
            self.writing.put("{% else %}")
            self.inner(other)
        self.writing.put("{% endif %}")

    def end_early(self, test: str, payload: Pieces) -> None:
        """Say this alone where the test holds, and else what follows."""
        if self._depth or any(part.strip() for part in self.writing.spoken()):
            raise Untranslated("ends the tag within it; begin with it, or write the rest as its other branch.")
        self.writing.put(f"{{% if {test} %}}")
        self.inner(payload)
        self.writing.put("{% else %}")
        self._endings += 1

    def keep(self, name: str, payload: Pieces) -> None:
        """Keep what a block says in a variable."""
        if self._depth:
            raise Untranslated(
                "keeps a variable within a branch, where it is kept in any case there; write it outside."
            )
        place = f"v{len(self._kept) + 1}"
        place = self._kept.get(name, place)
        self.writing.put(f"{{% capture {place} %}}")
        self.inner(payload)
        self.writing.put("{% endcapture %}")
        self._kept[name] = place


Says = Mapping[str, Callable[[Page, Block], None]]
Filters = Mapping[str, Callable[[Page, Block], str]]
