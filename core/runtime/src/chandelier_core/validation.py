"""From candidates to findings: does each plugin fit this host? Everything that is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import version as version_of

import hikari
from hikari.events.base_events import get_required_intents_for
from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import ValidationError

from chandelier import Command, Declaration, Finding, Listener, Need, State, Surface
from chandelier_core.plugins_file import line_of, nearest, read_model_errors, resolve_secrets
from chandelier_core.registry import Entry, command_paths

RESERVED = frozenset({"core", "public", "api", "guilds", "plugins", "health", "problems", "docs", "openapi", "host"})
#: Discord's pattern for the names of slash commands and options (documentation: Application Commands, Naming).
DISCORD_NAME = re.compile(r"[-_'\w]{1,32}")
PLUGIN_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
MOST_OPTIONS = 25


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
    for entry in entries:
        _settle(entry)
    return secrets


def check_one(entry: Entry) -> Iterator[Finding]:
    """Check one declaration by itself."""
    declared, name = entry.declared, entry.name
    place = f"plugin {name}"
    if declared.name != name:
        yield Finding(
            place, f"its entry point is called {name}, its Plugin {declared.name!r}.", "Use one name for both."
        )
    taken = declared.name in RESERVED and entry.order >= 0
    if taken or not PLUGIN_NAME.fullmatch(declared.name) or declared.name.startswith("pg_"):
        yield Finding(place, "the name is reserved, or is not 2 to 31 lower-case letters, digits and underscores.")
    if not 1 <= len(declared.summary) <= 100:
        yield Finding(place, "its summary must have 1 to 100 characters.")
    yield from _check_range(entry)
    yield from declared.findings
    for group in declared.groups:
        yield from _check_words(f"group {group.name}", group.name, group.summary)
        if not 1 <= len(group.commands) <= MOST_OPTIONS:
            yield Finding(
                f"group {group.name}", f"it has {len(group.commands)} commands; Discord takes 1 to {MOST_OPTIONS}."
            )
        if group.default is not None and group.default not in {command.name for command in group.commands}:
            yield Finding(f"group {group.name}", f"its default {group.default} is none of its commands.")
    for command in declared.commands:
        yield from check_command(command)
    yield from _check_needs(entry)
    try:
        declared.guild_config()
    except ValidationError as error:
        for key, sentence, _ in read_model_errors(error, declared.guild_config):
            yield Finding(
                place, f"its guild_config, {key}: {sentence}", "It must build from nothing: give it a default."
            )


def check_command(command: Command) -> Iterator[Finding]:
    """Check that every surface can express a command."""
    place = f"command {command.path}"
    yield from _check_words(place, command.name, command.summary, what="The docstring's first line")
    if Surface.SLASH in command.surfaces and len(command.parameters) > MOST_OPTIONS:
        yield Finding(place, f"it has {len(command.parameters)} options; Discord takes {MOST_OPTIONS}.")
    for parameter in command.parameters:
        here = f"{place}, option {parameter.name}"
        yield from _check_words(here, parameter.name, parameter.description, what="Its line under Args:")
        if len(parameter.choices) > MOST_OPTIONS:
            yield Finding(here, f"it offers {len(parameter.choices)} choices; Discord takes {MOST_OPTIONS}.")
    if command.http is not None:
        missing = set(command.http.names) - {parameter.name for parameter in command.parameters}
        for name in sorted(missing):
            yield Finding(place, f"its path names {{{name}}}, which is none of its options.")
        if Surface.REST not in command.surfaces:
            yield Finding(place, "it has a route and leaves REST out of its surfaces.", "Drop one of the two.")


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
    sorter = TopologicalSorter({entry.name: _providers(entry, entries) for entry in entries})
    return [by_name[name] for name in sorter.static_order() if name in by_name]


def _check_words(place: str, name: str, summary: str, what: str = "Its summary") -> Iterator[Finding]:
    if not DISCORD_NAME.fullmatch(name) or name != name.lower():
        yield Finding(place, f"{name!r} is no name for Discord: 1 to 32 lower-case letters, digits, - and _.")
    if not 1 <= len(summary) <= 100:
        yield Finding(place, f"{what} must have 1 to 100 characters; it has {len(summary)}.")


def _check_range(entry: Entry) -> Iterator[Finding]:
    declared, have = entry.declared, version_of("chandelier")
    place = f"plugin {entry.name}"
    try:
        if declared.requires is not None:
            wanted = SpecifierSet(declared.requires)
        elif entry.candidate.requires is not None:
            wanted = Requirement(entry.candidate.requires).specifier
        else:
            wanted = SpecifierSet()
    except InvalidSpecifier:
        yield Finding(place, f"requires={declared.requires!r} is no range of versions.", "Write one such as >=1,<2.")
        return
    if not wanted.contains(have, prereleases=True):
        remedy = f"Install a version of {entry.candidate.distribution} for chandelier {have}, or another chandelier."
        yield Finding(place, f"{entry.source} wants chandelier {wanted}; here is {have}.", remedy)


def _check_needs(entry: Entry) -> Iterator[Finding]:
    declared = entry.declared
    grants = set(entry.table.grants) if entry.table else set()
    needs = {*declared.needs, *(need for command in declared.commands for need in command.needs)}
    for need in sorted((need for need in needs if need.privileged and need not in grants), key=lambda need: need.value):
        remedy = f'Add to [plugins.{entry.name}]: grants = ["{need.value}"]'
        yield Finding(f"plugin {entry.name}", f"it needs to {need.sentence}, which was not granted.", remedy)
    for listener in declared.listeners:
        yield from _check_listener(listener, needs)
    if "before_command" in declared.hooks and Need.INTERCEPT not in needs:
        yield Finding(f"plugin {entry.name}", "its hook before_command needs Need.INTERCEPT among its needs.")


def _check_listener(listener: Listener, needs: set[Need]) -> Iterator[Finding]:
    place = f"listener {listener.name}"
    if not (isinstance(listener.event, type) and issubclass(listener.event, hikari.Event)):
        yield Finding(
            place, f"{listener.event!r} is no event of hikari.", "Name a class such as hikari.MemberCreateEvent."
        )
        return
    ways = [int(intents) for intents in get_required_intents_for(listener.event)]
    for need in Need:
        if need.intents and need not in needs and ways and all(way & need.intents for way in ways):
            yield Finding(place, f"its event comes only with Need.{need.name}, which is not among the plugin's needs.")


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
            yield f"{command.http.method} /api/v1/{scope}{declared.name}{command.http.path}"
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


def _providers(entry: Entry, entries: Sequence[Entry]) -> set[str]:
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
