"""A command on its way here: its parts as far as they are carried over, and what is to be said about the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from chandelier_custom.checking import check_trigger, complaints_of
from chandelier_custom.importers.reading import shown
from chandelier_custom.importers.report import Import, Imported, Skipped
from chandelier_custom.importers.writing import literally
from chandelier_custom.names import LONGEST, fits, fold_name
from chandelier_custom.spec import Spec, Trigger
from chandelier_custom.templates.rendering import LONGEST_SOURCE, check

#: Longer texts do not come out short enough, and are not looked into.
LONGEST_READ = 20_000
MOST_NOTES = 25
MOST_MESSAGES = 20
MOST_REACTIONS = 10
MOST_ALIASES = 10


class NotImported(Exception):
    """A command cannot be one here; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class Draft:
    """One command. What is done a little differently is remarked; what is not done at all switches it off."""

    name: str
    parts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    enabled: bool = True
    _unsaid: int = 0

    def remark(self, sentence: str) -> None:
        """Say that a part is done a little differently, and what to do."""
        note = f"`{shown(self.name)}`: {sentence}"
        if note in self.notes:
            return
        if len(self.notes) < MOST_NOTES:
            self.notes.append(note)
        else:
            self._unsaid += 1

    def leave_out(self, part: str, instead: str) -> None:
        """Say that a part is not done, and what to do; the command is switched off."""
        self.enabled = False
        self.remark(f"`{shown(part)}` {instead}")

    def all_notes(self) -> list[str]:
        """Give the notes, with what is to be done where the command is switched off."""
        notes = list(self.notes)
        if self._unsaid:
            notes.append(
                f"`{shown(self.name)}`: {self._unsaid} more parts were not carried over; look at it as a whole."
            )
        if not self.enabled and notes:
            notes.append(f"`{shown(self.name)}`: it is switched off; look at the parts named above, then switch it on.")
        return notes

    def checked(self, translated: str, source: str) -> str:
        """Give a template that can be kept; where it cannot, the source as it was, to be translated by hand."""
        complaint = f"becomes {len(translated)} characters" if len(translated) > LONGEST_SOURCE else check(translated)
        if complaint is None:
            return translated
        kept = literally(source)
        if len(kept) > LONGEST_SOURCE or check(kept) is not None:
            raise NotImported(
                f"A text of it has {len(source)} characters; here it has at most {LONGEST_SOURCE}: shorten it."
            )
        self.leave_out(
            source, f"was not translated ({complaint.rstrip('.')}); it stands there as it was: write it anew."
        )
        return kept

    def add_reactions(self, emoji: Iterable[str]) -> None:
        """Add reactions, as many as there may be."""
        reactions = self.parts.setdefault("reactions", [])
        for one in emoji:
            if one in reactions:
                continue
            if len(reactions) >= MOST_REACTIONS or not 1 <= len(one) <= 64:
                self.leave_out(one, f"is not put as a reaction: there are at most {MOST_REACTIONS}, each one emoji.")
            else:
                reactions.append(one)

    def add_trigger(self, **fields: Any) -> None:
        """Add a trigger, or say why it cannot be one."""
        try:
            trigger = Trigger(**fields)
            complaint = next(iter(check_trigger(trigger)), None)
        except ValidationError as error:
            complaint = _said(error)
        if complaint is None:
            self.parts.setdefault("triggers", []).append(trigger)
        else:
            self.leave_out(
                str(fields.get("text") or fields["kind"]), f"is no trigger here: {complaint} Set one by hand."
            )


@dataclass(slots=True)
class Gathering:
    """The commands of one file, each with a name of its own."""

    source: str
    commands: list[Imported] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def skip(self, name: str, why: str) -> None:
        """Leave a command out, and say why."""
        self.skipped.append(Skipped(name=clean(name), why=why))

    def carry(self, draft: Draft, fill: Callable[[], str | None]) -> None:
        """Fill a draft and take the command in, or skip one that cannot be. ``fill`` may give another name."""
        try:
            wanted = fill() or draft.name
            name = self._free_name(wanted)
            if name != fold_name(wanted):
                draft.remark(f"it is called `{name}` here: a name has letters, digits, `-` and `_`, and is there once.")
            self.commands.append(_made(draft, name))
        except NotImported as error:
            self.skip(draft.name, error.why)
        except ValidationError as error:
            self.skip(draft.name, _said(error))
        except RecursionError:
            self.skip(draft.name, "It is nested too deeply.")
        else:
            self._taken.add(name)

    def add_alias(self, number: int, alias: str) -> None:
        """Give one of the commands another name; skip one that cannot be."""
        one, folded = self.commands[number], fold_name(alias)
        spec = one.spec
        if not fits(folded) or folded in self._taken or len(spec.aliases) >= MOST_ALIASES:
            self.skip(alias, f"It cannot be an alias of `{spec.name}`: no name, taken already, or one alias too many.")
            return
        self._taken.add(folded)
        spec = spec.model_copy(update={"aliases": [*spec.aliases, folded]})
        note = f"`{shown(one.name)}`: the alias `{shown(alias)}` is one of its `aliases` here."
        self.commands[number] = Imported(name=one.name, spec=spec, notes=[*one.notes, note])

    def finished(self) -> Import:
        """Give the report."""
        return Import(source=self.source, commands=self.commands, skipped=self.skipped)

    def _free_name(self, wanted: str) -> str:
        name = near_name(wanted)
        number, free = 1, name
        while free in self._taken:
            number += 1
            free = f"{name[: LONGEST - len(str(number)) - 1]}-{number}"
        return free


def near_name(wanted: str) -> str:
    """Give the name nearest to a text that a command may have."""
    folded = fold_name(wanted[:200])
    if fits(folded):
        return folded
    slug = re.sub(r"[\W_]+", "-", folded).strip("-")[:LONGEST].strip("-")
    return slug if fits(slug) else "imported"


def clean(text: str) -> str:
    """Give a text without what no database and no message takes."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8") if text else text


def _made(draft: Draft, name: str) -> Imported:
    messages = draft.parts.get("messages", [])
    if len(messages) > MOST_MESSAGES:
        draft.leave_out(
            f"{len(messages)} answers", f"are more than the {MOST_MESSAGES} that a command has; the rest is not there."
        )
        draft.parts["messages"] = messages[:MOST_MESSAGES]
    spec = Spec(**{**draft.parts, "name": name, "enabled": draft.enabled})
    text = repr(spec.model_dump())
    if "\\x00" in text or re.search(r"\\ud[89a-f]", text):
        raise NotImported("It holds characters that are no text; take them out.")
    if (complaint := next(complaints_of(spec), None)) is not None:
        raise NotImported(complaint)
    return Imported(name=clean(draft.name), spec=spec, notes=draft.all_notes())


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"Its `{place}` does not fit: {first['msg']}."
