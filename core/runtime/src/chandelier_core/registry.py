"""Who declared what, and in which state it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chandelier import Command, Config, Declaration, Finding, Group, Need, State
from chandelier_core.loading.discovery import Candidate
from chandelier_core.loading.plugins_file import PluginTable


@dataclass(slots=True)
class Entry:
    """One plugin, from its candidate to its state. ``config`` is validated once the state is beyond VALIDATED.

    ``order`` is its place in plugins.toml; the host's own plugin has -1.
    """

    candidate: Candidate
    table: PluginTable | None
    state: State = State.DISCOVERED
    sentence: str = State.DISCOVERED.sentence
    findings: list[Finding] = field(default_factory=list)
    declaration: Declaration | None = None
    config: Config = field(default_factory=Config)
    order: int = 0
    #: How long its services and lifespan took to open the last time.
    start_ms: float = 0.0
    #: Its tables are open and its hooks known: it can be started.
    prepared: bool = False
    #: What ails it while it runs, by what watches over it: a sentence each.
    troubles: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Give the plugin's name."""
        return self.candidate.name

    def trouble(self, watcher: str, sentence: str | None) -> None:
        """Say what ails the plugin, in one watcher's eyes; None for nothing any more."""
        if sentence is None:
            self.troubles.pop(watcher, None)
        else:
            self.troubles[watcher] = sentence

    @property
    def source(self) -> str:
        """Name the distribution and its version."""
        return self.candidate.source

    @property
    def needs(self) -> set[Need]:
        """Give what the plugin may use: its needs, and of what it wants besides what was granted."""
        grants = set(self.table.grants) if self.table is not None else set()
        return {*self.declared.needs, *(set(self.declared.wants) & grants)}

    def renamed(self, path: str) -> str:
        """Give the path that a command has here, from the one that its plugin declared: the operator may rename."""
        first, blank, rest = path.partition(" ")
        return (self.table.rename.get(first, first) if self.table is not None else first) + blank + rest

    @property
    def declared(self) -> Declaration:
        """Give the declaration of an entry that was validated."""
        assert self.declaration is not None, f"{self.name} has no declaration"  # noqa: S101 a state that cannot be
        return self.declaration


class Registry:
    """All plugins, in the order of plugins.toml, then those that are not listed, by name."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._commands: dict[str, tuple[Entry, Command]] = {}
        self._groups: dict[str, tuple[Entry, Group]] = {}

    def add(self, entry: Entry) -> None:
        """Add an entry; its name must be new."""
        if entry.name in self._entries:
            raise ValueError(f"two entries named {entry.name}")
        self._entries[entry.name] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.name)))

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def get(self, name: str) -> Entry | None:
        """Find an entry by the plugin's name."""
        return self._entries.get(name)

    @property
    def validated(self) -> list[Entry]:
        """Give the entries that fit this host, whatever became of them since."""
        out = (State.DISCOVERED, State.REJECTED)
        return [entry for entry in self if entry.state not in out]

    @property
    def running(self) -> list[Entry]:
        """Give the entries whose parts are attached."""
        return [entry for entry in self if entry.state.running]

    def find(self, words: Sequence[str]) -> tuple[Entry, Command] | None:
        """Find the command that the first words name: ``["remind", "me", …]``."""
        return self._commands.get(" ".join(words[:2])) or self._commands.get(" ".join(words[:1]))

    def group(self, name: str) -> tuple[Entry, Group] | None:
        """Find a group by its name."""
        return self._groups.get(name)

    def publish(self) -> None:
        """Make the commands of all validated entries findable; called when validation is done."""
        self._commands = {
            path: (entry, command)
            for entry in self.validated
            for command in entry.declared.commands
            for path in command_paths(command)
        }
        self._groups = {group.name: (entry, group) for entry in self.validated for group in entry.declared.groups}


def command_paths(command: Command) -> Iterator[str]:
    """Give every name that people may type for a command."""
    for name in (command.name, *command.aliases):
        yield f"{command.group} {name}" if command.group else name
