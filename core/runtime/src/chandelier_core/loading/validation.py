"""From candidates to findings: does each plugin fit this host? Everything that is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

import hikari
from pydantic import ValidationError

from chandelier import Declaration, Finding, State
from chandelier_core.loading.checks import check_one
from chandelier_core.loading.plugins_file import line_of, nearest, read_model_errors, resolve_secrets
from chandelier_core.registry import Entry, command_paths


def validate(entries: Sequence[Entry], plugins_file_text: str = "", place: str = "plugins.toml") -> list[str]:
    """Move each entry to VALIDATED or REJECTED, in order; give the secrets that configs brought in.

    The entries must be in the order of plugins.toml: the first that takes a name keeps it.
    """
    secrets: list[str] = []
    for entry in entries:
        if entry.candidate.error is not None:
            entry.findings.append(Finding(f"plugin {entry.name}", f"{entry.source}: {entry.candidate.error}"))
        elif entry.candidate.declaration is not None and entry.table is not None:
            entry.declaration = renamed(entry.candidate.declaration, entry.table.rename)
            try:
                entry.findings.extend(check_one(entry))
                secrets += _read_config(entry, plugins_file_text, place)
            except Exception as error:  # a declaration may hold anything; it must not end the host
                said = f"{entry.source} cannot be checked: {type(error).__name__}: {error}."
                entry.findings.append(Finding(f"plugin {entry.name}", said))
    fitting = [entry for entry in entries if entry.declaration is not None and not _errors(entry)]
    _find_clashes(fitting)
    _find_services([entry for entry in fitting if not _errors(entry)])
    _find_events([entry for entry in fitting if not _errors(entry)])
    for entry in entries:
        _settle(entry)
    return secrets


def renamed(declared: Declaration, names: dict[str, str]) -> Declaration:
    """Give top-level commands and groups the names that the operator chose."""
    if not names:
        return declared
    groups = []
    for group in declared.groups:
        copy = type(group)(names.get(group.name, group.name), group.summary, default=group.default)
        copy.adopt(group.commands)
        groups.append(copy)
    commands = tuple(
        replace(command, group=names.get(command.group, command.group)) if command.group
        else replace(command, name=names.get(command.name, command.name))
        for command in declared.commands
    )  # fmt: skip
    return replace(declared, commands=commands, groups=tuple(groups))


def start_order(entries: Sequence[Entry]) -> list[Entry]:
    """Order plugins so that whoever provides a service starts before whoever uses it. The entries have no cycle."""
    by_name = {entry.name: entry for entry in entries}
    sorter = TopologicalSorter({entry.name: providers_of(entry, entries) for entry in entries})
    return [by_name[name] for name in sorter.static_order() if name in by_name]


def _read_config(entry: Entry, text: str, place: str) -> list[str]:
    table = f"plugins.{entry.name}.config"
    secrets: list[str] = []
    try:
        content, secrets = resolve_secrets(entry.table.config if entry.table else {}, f"[{table}]")
        entry.config = entry.declared.config.model_validate(content)
    except ValidationError as error:
        for key, sentence, remedy in read_model_errors(error, entry.declared.config):
            line = line_of(text, table, key.partition(".")[0])
            where = f"{place}, line {line}" if line else place
            entry.findings.append(Finding(where, f"[{table}] {key}: {sentence}", remedy))
    except ValueError as error:
        entry.findings.append(Finding(place, str(error)))
    except Exception as error:  # the model's own code may raise anything
        entry.findings.append(Finding(place, f"[{table}] cannot be read: {type(error).__name__}: {error}."))
    return secrets


def _find_clashes(entries: Sequence[Entry]) -> None:
    taken: dict[str, Entry] = {}
    routes: dict[str, Entry] = {}
    for entry in entries:
        tops = {command.group or path: None for command in entry.declared.commands for path in command_paths(command)}
        for name in tops:
            if (owner := taken.get(name)) is not None:
                remedy = f'Give it another name: [plugins.{entry.name}] rename = {{ {name} = "{entry.name}-{name}" }}'
                sentence = f"{entry.source} wants the command {name}, which {owner.source} has."
                entry.findings.append(Finding(f"command {name}", sentence, remedy))
        for route in _routes(entry.declared):
            if (owner := routes.get(route)) is not None:
                entry.findings.append(Finding(f"route {route}", f"{entry.source} wants it, and {owner.source} has it."))
        paths = [path for command in entry.declared.commands for path in command_paths(command)]
        paths += [group.name for group in entry.declared.groups]
        for path in sorted({path for path in paths if paths.count(path) > 1}):
            entry.findings.append(
                Finding(f"command {path}", f"{entry.source} declares it twice.", "Rename one of the two.")
            )
        own = list(_routes(entry.declared))
        for route in sorted({route for route in own if own.count(route) > 1}):
            entry.findings.append(
                Finding(f"route {route}", f"{entry.source} declares it twice.", "Give one of the two another path.")
            )
        if not _errors(entry):
            taken.update(dict.fromkeys(tops, entry))
            routes.update(dict.fromkeys(_routes(entry.declared), entry))


def _routes(declared: Declaration) -> Iterator[str]:
    for command in declared.commands:
        if command.http is not None:
            scope = "guilds/{guild_id}/" if command.where == "guild" else ""
            path = re.sub(r"{\w+}", "{}", command.http.path)
            yield f"{command.http.method} /api/v1/{scope}{declared.name}{path}"
            if command.http.short is not None:
                yield f"{command.http.method} {command.http.short}"


def _find_services(entries: Sequence[Entry]) -> None:
    offered = {provided.protocol for entry in entries for provided in entry.declared.provides}
    for entry in entries:
        for used in entry.declared.uses:
            if used.required and used.protocol not in offered:
                names = [protocol.__name__ for protocol in offered]
                remedy = f"Add the plugin that provides it to plugins.toml. {nearest(used.protocol.__name__, names)}"
                sentence = f"it uses the service {used.protocol.__name__}, which no plugin here provides."
                entry.findings.append(Finding(f"plugin {entry.name}", sentence, remedy))
    try:
        start_order(entries)
    except CycleError as error:
        circle = " → ".join(error.args[1])
        for entry in entries:
            if entry.name in error.args[1]:
                entry.findings.append(Finding(f"plugin {entry.name}", f"plugins use each other in a circle: {circle}."))


def _find_events(entries: Sequence[Entry]) -> None:
    emitted = tuple(event for entry in entries for event in entry.declared.emits)
    for entry in entries:
        for listener in entry.declared.listeners:
            event = listener.event
            if not issubclass(event, hikari.Event) and not any(issubclass(one, event) for one in emitted):
                sentence = f"no plugin here emits {event.__name__}."
                remedy = f"Add the plugin that does to plugins.toml. {nearest(event.__name__, [one.__name__ for one in emitted])}"
                entry.findings.append(Finding(f"listener {listener.name}", sentence, remedy, level="warning"))


def providers_of(entry: Entry, entries: Sequence[Entry]) -> set[str]:
    """Name the plugins that provide what a plugin uses."""
    wanted = {used.protocol for used in entry.declared.uses}
    return {
        other.name
        for other in entries
        for provided in other.declared.provides
        if provided.protocol in wanted and other is not entry
    }


def _errors(entry: Entry) -> list[Finding]:
    return [finding for finding in entry.findings if finding.level == "error"]


def _settle(entry: Entry) -> None:
    errors = _errors(entry)
    if errors:
        entry.state, entry.sentence = (
            State.REJECTED,
            str(errors[0]) + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""),
        )
    elif entry.declaration is not None:
        entry.state, entry.sentence = State.VALIDATED, State.VALIDATED.sentence
