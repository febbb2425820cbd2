"""From declared commands to the definitions that Discord shows."""

from __future__ import annotations

from collections.abc import Iterable

import hikari

from chandelier import Command, Group, Permission, Surface
from chandelier.parameters import Kind, Parameter
from chandelier_core.registry import Entry

OPTION_TYPES = {
    Kind.STRING: hikari.OptionType.STRING,
    Kind.INTEGER: hikari.OptionType.INTEGER,
    Kind.NUMBER: hikari.OptionType.FLOAT,
    Kind.BOOLEAN: hikari.OptionType.BOOLEAN,
    Kind.DURATION: hikari.OptionType.STRING,
    Kind.INSTANT: hikari.OptionType.STRING,
    Kind.USER: hikari.OptionType.USER,
    Kind.MEMBER: hikari.OptionType.USER,
    Kind.ROLE: hikari.OptionType.ROLE,
    Kind.CHANNEL: hikari.OptionType.CHANNEL,
    Kind.ATTACHMENT: hikari.OptionType.ATTACHMENT,
}
#: The kinds of channel that hikari's classes stand for.
CHANNEL_TYPES = {
    "GuildTextChannel": [hikari.ChannelType.GUILD_TEXT],
    "GuildNewsChannel": [hikari.ChannelType.GUILD_NEWS],
    "GuildVoiceChannel": [hikari.ChannelType.GUILD_VOICE],
    "GuildStageChannel": [hikari.ChannelType.GUILD_STAGE],
    "GuildForumChannel": [hikari.ChannelType.GUILD_FORUM],
    "GuildCategory": [hikari.ChannelType.GUILD_CATEGORY],
}
Builder = hikari.api.SlashCommandBuilder


def build_definitions(entries: Iterable[Entry]) -> list[Builder]:
    """Build the definition of every slash command of these plugins, by name."""
    builders: list[Builder] = []
    for entry in entries:
        slash = [command for command in entry.declared.commands if Surface.SLASH in command.surfaces]
        builders += [_build_single(command) for command in slash if command.group is None]
        for group in entry.declared.groups:
            members = [command for command in slash if command.group == group.name]
            if members:
                builders.append(_build_group(group, members))
    return sorted(builders, key=lambda builder: builder.name)


def _build_single(command: Command) -> Builder:
    builder = _begin(command.name, command.summary, [command])
    for option in _options(command):
        builder.add_option(option)
    return builder


def _build_group(group: Group, members: list[Command]) -> Builder:
    builder = _begin(group.name, group.summary, members)
    for command in members:
        builder.add_option(
            hikari.CommandOption(
                type=hikari.OptionType.SUB_COMMAND,
                name=command.name,
                description=command.summary,
                options=_options(command),
            )
        )
    return builder


def _begin(name: str, summary: str, members: list[Command]) -> Builder:
    builder = hikari.impl.SlashCommandBuilder(name, summary)
    contexts = {
        "guild": [hikari.ApplicationContextType.GUILD],
        "dm": [hikari.ApplicationContextType.BOT_DM],
        "anywhere": [hikari.ApplicationContextType.GUILD, hikari.ApplicationContextType.BOT_DM],
    }
    places = {command.where for command in members}
    builder.set_context_types(contexts[places.pop() if len(places) == 1 else "anywhere"])
    # Discord hides a whole command by one set of permissions, so a group is hidden only where its members agree.
    allowed = {command.allow for command in members}
    if len(allowed) == 1 and (allow := allowed.pop()) != Permission.NONE:
        builder.set_default_member_permissions(hikari.Permissions(int(allow)))
    return builder


def _options(command: Command) -> list[hikari.CommandOption]:
    required_first = sorted(command.parameters, key=lambda parameter: not _must(parameter))
    return [_option(parameter) for parameter in required_first]


def _must(parameter: Parameter) -> bool:
    """Say whether Discord demands an option; a paragraph that is left out is asked for in a form."""
    return parameter.required and parameter.paragraph is None


def _option(parameter: Parameter) -> hikari.CommandOption:
    numeric = parameter.kind in (Kind.INTEGER, Kind.NUMBER)
    text = parameter.kind is Kind.STRING and not parameter.choices
    low, high = parameter.minimum, parameter.maximum
    whole = parameter.kind is Kind.INTEGER
    return hikari.CommandOption(
        type=OPTION_TYPES[parameter.kind],
        name=parameter.name,
        description=parameter.description,
        is_required=_must(parameter),
        choices=[hikari.CommandChoice(name=choice.name, value=choice.value) for choice in parameter.choices] or None,
        autocomplete=parameter.suggest is not None,
        channel_types=CHANNEL_TYPES.get(parameter.type_name),
        min_value=(int(low) if whole else low) if numeric and low is not None else None,
        max_value=(int(high) if whole else high) if numeric and high is not None else None,
        min_length=int(low) if text and low is not None else None,
        max_length=min(int(high), 6000) if text and high is not None else None,
    )
