"""What a server's messages are looked up in: kept in memory, so that one that is no custom command costs no query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import re2

from chandelier import Cache
from chandelier_custom.spec import Spec, Trigger
from chandelier_custom.store import reading

#: By server: its index. By command: what it is.
indexes = Cache("indexes", most=2000, shared=False)
commands = Cache("commands", most=5000, shared=False)
#: What RE2 may use for all patterns of a server, in bytes; beyond it they are tried one by one.
MEMORY = 64 << 20
LONGEST_MESSAGE = 4000


@dataclass(slots=True)
class Pattern:
    """One trigger that looks for something in a message; its own expression is made when it first may have been found."""

    command_id: int
    text: str
    catches: bool = False
    _expression: object = None

    def search(self, content: str) -> tuple[str, ...] | None:
        """Give what was caught, nothing for a kind that catches nothing, or None where it is not there."""
        if self._expression is None:
            self._expression = re2.compile(self.text, _options(1 << 20))
        found = self._expression.search(content)  # type: ignore[attr-defined]  # RE2 has no types
        if found is None:
            return None
        return (found.group(0), *(group or "" for group in found.groups())) if self.catches else ()


@dataclass(slots=True)
class Index:
    """The names and triggers of one server's commands, as messages and events meet them."""

    names: dict[str, int] = field(default_factory=dict)
    exact: dict[str, list[int]] = field(default_factory=dict)
    exact_cased: dict[str, list[int]] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)
    #: What happens elsewhere than in messages: by kind, the command and its trigger.
    others: dict[str, list[tuple[int, Trigger]]] = field(default_factory=dict)
    _all: object = None

    def match(self, content: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Give each command that a message triggers, once, with what its expression caught."""
        content = content[:LONGEST_MESSAGE]
        seen: set[int] = set()
        for command_id in (*self.exact.get(content.strip().casefold(), ()), *self.exact_cased.get(content.strip(), ())):
            if command_id not in seen:
                seen.add(command_id)
                yield command_id, ()
        for pattern in self._candidates(content):
            if pattern.command_id in seen:
                continue
            caught = pattern.search(content)
            if caught is not None:
                seen.add(pattern.command_id)
                yield pattern.command_id, caught

    def _candidates(self, content: str) -> Sequence[Pattern]:
        if self._all is None:
            return self.patterns
        found = self._all.Match(content)  # type: ignore[attr-defined]
        return [self.patterns[number] for number in sorted(found)] if found else ()

    def gather(self) -> None:
        """Make one automaton of all expressions: a message is read once, however many there are."""
        if not self.patterns:
            return
        options = _options(MEMORY)
        everything = re2.Set.SearchSet(options)
        for pattern in self.patterns:
            everything.Add(pattern.text)
        everything.Compile()
        self._all = everything


async def index(guild_id: int) -> Index:
    """Give a server's index."""

    async def load() -> Index:
        return await _read_index(guild_id)

    return await indexes.get(str(guild_id), load)


async def command(command_id: int) -> Spec | None:
    """Give what a command is; None for one that is gone."""

    async def load() -> Spec | None:
        kept = await reading.read_spec(command_id)
        return None if kept is None else Spec.model_validate(kept)

    return await commands.get(str(command_id), load)


async def changed(guild_id: int, command_id: int | None = None) -> None:
    """Forget what is known of a server, and of a command there that has changed."""
    await indexes.drop(str(guild_id))
    if command_id is not None:
        await commands.drop(str(command_id))


async def _read_index(guild_id: int) -> Index:
    """Read and build; in a thread, for ten thousand commands take a quarter of a second."""
    return await asyncio.to_thread(_build, await reading.read_triggers(guild_id))


def _build(rows: Sequence[Mapping[str, Any]]) -> Index:
    found = Index()
    for row in rows:
        for name in (row["name"], *row["aliases"]):
            found.names[name] = row["id"]
        for trigger in row["triggers"]:
            _add(found, row["id"], trigger)
    found.gather()
    return found


def _add(found: Index, command_id: int, trigger: Mapping[str, Any]) -> None:
    kind, text, cased = trigger["kind"], str(trigger.get("text", "")), bool(trigger.get("case_sensitive"))
    if kind == "exact":
        table, key = (found.exact_cased, text.strip()) if cased else (found.exact, text.strip().casefold())
        table.setdefault(key, []).append(command_id)
    elif kind in ("starts", "contains", "regex"):
        found.patterns.append(Pattern(command_id, _expression(kind, text, cased=cased), catches=kind == "regex"))
    else:
        found.others.setdefault(kind, []).append((command_id, Trigger.model_validate(trigger)))


def _expression(kind: str, text: str, *, cased: bool) -> str:
    written = text if kind == "regex" else re2.escape(text)
    return ("" if cased else "(?i)") + (f"^{written}" if kind == "starts" else written)


def _options(memory: int) -> object:
    options = re2.Options()
    options.log_errors, options.max_mem = False, memory
    return options
