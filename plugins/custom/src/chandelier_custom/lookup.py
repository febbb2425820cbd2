"""What a server's messages are looked up in: kept in memory, so that one that is no custom command costs no query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Pattern:
    """One trigger that looks for something in a message."""

    command_id: int
    kind: str
    expression: object
    groups: bool = False


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
            found = pattern.expression.search(content)  # type: ignore[attr-defined]  # RE2 has no types
            if found is not None:
                seen.add(pattern.command_id)
                yield pattern.command_id, _caught(found) if pattern.groups else ()

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
            everything.Add(pattern.expression.pattern)  # type: ignore[attr-defined]
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
    found = Index()
    rows = await reading.read_triggers(guild_id)
    for row in rows:
        for name in (row["name"], *row["aliases"]):
            found.names[name] = row["id"]
        for trigger in row["triggers"]:
            _add(found, row["id"], Trigger.model_validate(trigger))
    found.gather()
    return found


def _add(found: Index, command_id: int, trigger: Trigger) -> None:
    if trigger.kind == "exact":
        text = trigger.text.strip()
        table, key = (found.exact_cased, text) if trigger.case_sensitive else (found.exact, text.casefold())
        table.setdefault(key, []).append(command_id)
    elif trigger.kind in ("starts", "contains", "regex"):
        found.patterns.append(Pattern(command_id, trigger.kind, _expression(trigger), groups=trigger.kind == "regex"))
    else:
        found.others.setdefault(trigger.kind, []).append((command_id, trigger))


def _expression(trigger: Trigger) -> object:
    text = trigger.text if trigger.kind == "regex" else re2.escape(trigger.text)
    front = "" if trigger.case_sensitive else "(?i)"
    return re2.compile(f"{front}^{text}" if trigger.kind == "starts" else front + text, _options(1 << 20))


def _options(memory: int) -> object:
    options = re2.Options()
    options.log_errors, options.max_mem = False, memory
    return options


def _caught(found: object) -> tuple[str, ...]:
    groups = found.groups()  # type: ignore[attr-defined]
    return (found.group(0), *(group or "" for group in groups))  # type: ignore[attr-defined]
