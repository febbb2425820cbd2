"""Does one declaration fit this host? Everything that is wrong with it, by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version as version_of

import hikari
from hikari.events.base_events import get_required_intents_for
from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import ValidationError

from chandelier import Command, Declaration, Finding, Listener, Need, Surface
from chandelier.parameters import Kind, Parameter
from chandelier_core.loading.plugins_file import nearest, read_model_errors
from chandelier_core.registry import Entry

RESERVED = frozenset({"core", "public", "api", "guilds", "plugins", "health", "problems", "docs", "openapi", "host"})
#: Discord's pattern for the names of slash commands and options (documentation: Application Commands, Naming).
DISCORD_NAME = re.compile(r"[-_'\w]{1,32}")
PLUGIN_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
MOST_OPTIONS = 25
LONGEST_CHOICE = 100
#: What autocomplete can complete (documentation: Application Commands, Option Structure).
COMPLETED = (Kind.STRING, Kind.INTEGER, Kind.NUMBER)


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
    yield from _check_groups(declared)
    yield from _check_renames(entry)
    for command in declared.commands:
        yield from check_command(command)
    yield from _check_caches(declared)
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
        yield from _check_option(f"{place}, option {parameter.name}", parameter)
    objects = [parameter.name for parameter in command.parameters if parameter.kind is Kind.OBJECT]
    if objects and command.surfaces != {Surface.REST}:
        yield Finding(
            place, f"its option {objects[0]} is an object, which only REST can carry.", "Set surfaces={Surface.REST}."
        )
    if command.cooldown is not None and (command.cooldown.uses < 1 or command.cooldown.every <= timedelta()):
        yield Finding(place, "its cooldown must allow at least one use in a time above zero.")
    if command.http is not None:
        missing = set(command.http.names) - {parameter.name for parameter in command.parameters}
        for name in sorted(missing):
            yield Finding(place, f"its path names {{{name}}}, which is none of its options.")
        if Surface.REST not in command.surfaces:
            yield Finding(place, "it has a route and leaves REST out of its surfaces.", "Drop one of the two.")


def _check_groups(declared: Declaration) -> Iterator[Finding]:
    for group in declared.groups:
        yield from _check_words(f"group {group.name}", group.name, group.summary)
        shown = sum(Surface.SLASH in command.surfaces for command in group.commands)
        if not group.commands or shown > MOST_OPTIONS:
            yield Finding(f"group {group.name}", f"it has {shown} commands; Discord takes 1 to {MOST_OPTIONS}.")
        if group.default is not None and group.default not in {command.name for command in group.commands}:
            yield Finding(f"group {group.name}", f"its default {group.default} is none of its commands.")
    listed = {group.name for group in declared.groups}
    for command in declared.commands:
        if command.group is not None and command.group not in listed:
            yield Finding(
                f"command {command.path}",
                f"its group {command.group} is not listed.",
                "List the Group, not its commands.",
            )


def _check_caches(declared: Declaration) -> Iterator[Finding]:
    names = [cache.name for cache in declared.caches]
    for cache in declared.caches:
        place = f"cache {cache.name}"
        if not PLUGIN_NAME.fullmatch(cache.name):
            yield Finding(place, "its name is not 2 to 31 lower-case letters, digits and underscores.")
        if names.count(cache.name) > 1:
            yield Finding(place, "another cache of the plugin has the same name.")
        if cache.most < 1 or cache.ttl <= timedelta():
            yield Finding(place, "it must keep at least one value, for a time above zero.")


def _check_renames(entry: Entry) -> Iterator[Finding]:
    declared = entry.candidate.declaration
    names = entry.table.rename if entry.table is not None else {}
    if declared is not None and names:
        known = {command.group or command.name for command in declared.commands}
        for name in sorted(names.keys() - known):
            yield Finding(
                f"plugin {entry.name}", f"rename names {name}, which is no command of it.", nearest(name, known)
            )


def _check_option(place: str, parameter: Parameter) -> Iterator[Finding]:
    yield from _check_words(place, parameter.name, parameter.description, what="Its line under Args:")
    if len(parameter.choices) > MOST_OPTIONS:
        yield Finding(place, f"it offers {len(parameter.choices)} choices; Discord takes {MOST_OPTIONS}.")
    if any(not 1 <= len(choice.name) <= LONGEST_CHOICE for choice in parameter.choices):
        yield Finding(place, f"the names of its choices must have 1 to {LONGEST_CHOICE} characters.")
    if parameter.suggest is not None and (parameter.choices or parameter.kind not in COMPLETED):
        yield Finding(place, "Suggest goes with text and numbers that offer no choices.", "Drop one of the two.")


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
    for need in sorted(grants - needs - set(declared.wants), key=lambda need: need.value):
        sentence = f"plugins.toml grants it {need.value}, which it does not need."
        yield Finding(f"plugin {entry.name}", sentence, "Take it out of its grants.", level="warning")
    for listener in declared.listeners:
        yield from _check_listener(listener, needs | set(declared.wants))
    if "before_command" in declared.hooks and Need.INTERCEPT not in needs:
        yield Finding(f"plugin {entry.name}", "its hook before_command needs Need.INTERCEPT among its needs.")


def _check_listener(listener: Listener, needs: set[Need]) -> Iterator[Finding]:
    place = f"listener {listener.name}"
    event: object = listener.event  # a plugin may have put anything there
    if not isinstance(event, type):
        yield Finding(
            place, f"{listener.event!r} is no class of events.", "Name a class such as hikari.MemberCreateEvent."
        )
        return
    if not issubclass(listener.event, hikari.Event):
        return  # another plugin's; whether anybody emits it is seen when all are known
    ways = [int(intents) for intents in get_required_intents_for(listener.event)]
    for need in Need:
        if need.intents and need not in needs and ways and all(way & need.intents for way in ways):
            yield Finding(place, f"its event comes only with Need.{need.name}, which is not among the plugin's needs.")
