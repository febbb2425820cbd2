"""The slash surface: from an interaction straight to dispatch, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import hikari
import orjson
import structlog

from chandelier import Actor, Call, Choice, Command, Context, Outcome, Permission, Surface
from chandelier_core.entities import actor_from
from chandelier_core.life.circuits import Parked
from chandelier_core.life.failures import new_reference
from chandelier_core.surfaces.forms import LOST, MARK, Forms
from chandelier_core.surfaces.rendering import Said, render

if TYPE_CHECKING:
    from chandelier_core.dispatch import Dispatch
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running
    from chandelier_core.surfaces.server_commands import ServerCommands

#: Discord takes the first answer for 3 s (documentation: Receiving and Responding); a second is kept back for the way.
DEFER_AFTER_S = 2.0
SUGGEST_LIMIT_S = 2.5
MOST_CHOICES = 25

_log = structlog.get_logger("chandelier.slash")
Options = Sequence[hikari.CommandInteractionOption]
Answerable = hikari.CommandInteraction | hikari.ModalInteraction
SUBCOMMANDS = (hikari.OptionType.SUB_COMMAND, hikari.OptionType.SUB_COMMAND_GROUP)


class SlashSurface:
    """Answers interactions for commands that plugins declared; leaves all others to whoever made them."""

    def __init__(
        self, registry: Registry, running: Running, dispatch: Dispatch, server_commands: ServerCommands
    ) -> None:
        self._server_commands = server_commands
        self._forms = Forms(running)
        self._registry = registry
        self._running = running
        self._dispatch = dispatch

    async def receive(self, event: hikari.InteractionCreateEvent) -> None:
        """Answer an interaction. Never raises."""
        interaction = event.interaction
        try:
            if isinstance(interaction, hikari.CommandInteraction):
                await self._command(interaction)
            elif isinstance(interaction, hikari.AutocompleteInteraction):
                await self._autocomplete(interaction)
            elif isinstance(interaction, hikari.ModalInteraction) and interaction.custom_id.startswith(MARK):
                await self._form(interaction)
        except hikari.HikariError as error:
            # The caller has gone, or Discord has: the call itself has its outcome and its log line.
            _log.warning("answer_not_delivered", interaction_id=int(interaction.id), error=str(error)[:200])

    async def _command(self, interaction: hikari.CommandInteraction) -> None:
        if interaction.command_type is not hikari.CommandType.SLASH:
            return
        if interaction.registered_guild_id is not None:
            await self._server_command(interaction, int(interaction.registered_guild_id))
            return
        words, options = path_of(interaction.command_name, interaction.options or ())
        found = self._registry.find(words)
        if found is None:
            return
        entry, command = found
        call = Call(
            reference=new_reference(),
            surface=Surface.SLASH,
            plugin=entry.name,
            command=command.path,
            actor=actor_of(interaction),
            arguments={option.name: self._value(interaction, option) for option in options},
            received_at=self._running.now(),
            guild_id=int(interaction.guild_id) if interaction.guild_id else None,
            channel_id=int(interaction.channel_id),
            locale=str(interaction.locale),
        )
        if asked := self._forms.wanted(command, call):
            await self._forms.open(interaction, entry, command, call, asked)
        else:
            await self._answer(interaction, command, call)

    async def _form(self, interaction: hikari.ModalInteraction) -> None:
        """Run the call that waited for a form."""
        waiting = self._forms.take(interaction)
        if waiting is None:
            flags = hikari.MessageFlag.EPHEMERAL
            await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, LOST, flags=flags)
            return
        await self._answer(interaction, waiting.command, waiting.call)

    async def _server_command(self, interaction: hikari.CommandInteraction, guild_id: int) -> None:
        """Run what a server's own command stands for; one that nobody gives any more is told so."""
        found = await self._server_commands.find(guild_id, interaction.command_name)
        entry = self._registry.get(found[0]) if found is not None else None
        command = (
            entry.declared.command(entry.renamed(found[1].runs)) if found is not None and entry is not None else None
        )
        if found is None or entry is None or command is None:
            gone = "This command is no longer here; Discord will take it out of the list."
            await interaction.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, gone, flags=hikari.MessageFlag.EPHEMERAL
            )
            self._server_commands.mark(guild_id)
            return
        arguments = dict(found[1].arguments)
        if found[1].into is not None:
            typed = {option.name: _plain(option) for option in interaction.options or ()}
            arguments[found[1].into] = orjson.dumps(typed).decode()
        call = Call(
            reference=new_reference(), surface=Surface.SLASH, plugin=entry.name, command=command.path,
            actor=actor_of(interaction), arguments=arguments, received_at=self._running.now(), guild_id=guild_id,
            channel_id=int(interaction.channel_id), locale=str(interaction.locale),
        )  # fmt: skip
        await self._answer(interaction, command, call)

    async def _answer(self, interaction: Answerable, command: Command, call: Call) -> None:
        work = asyncio.create_task(self._dispatch(call), name=f"call {call.reference}")
        done, _ = await asyncio.wait({work}, timeout=DEFER_AFTER_S)
        if done:
            said = render(work.result())
            flags = hikari.MessageFlag.EPHEMERAL if said.ephemeral else hikari.MessageFlag.NONE
            await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, flags=flags, **said.fields())
            await self._say_more(interaction, said)
            return
        flags = hikari.MessageFlag.EPHEMERAL if command.ephemeral else hikari.MessageFlag.NONE
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=flags)
        await self._finish(interaction, command, await work)

    async def _finish(self, interaction: Answerable, command: Command, outcome: Outcome) -> None:
        said = render(outcome)
        if said.ephemeral and not command.ephemeral:
            # What only the caller may see cannot go into an answer that was begun in public.
            await interaction.delete_initial_response()
            await interaction.execute(flags=hikari.MessageFlag.EPHEMERAL, **said.fields())
        else:
            await interaction.edit_initial_response(**said.fields())
        await self._say_more(interaction, said)

    async def _say_more(self, interaction: Answerable, said: Said) -> None:
        flags = hikari.MessageFlag.EPHEMERAL if said.ephemeral else hikari.MessageFlag.NONE
        for one in said.more:
            await interaction.execute(flags=flags, **one.fields())

    def _value(self, interaction: hikari.CommandInteraction, option: hikari.CommandInteractionOption) -> object:
        value, resolved = option.value, interaction.resolved
        if resolved is None or not isinstance(value, hikari.Snowflake):
            return value
        for place in (resolved.members, resolved.users, resolved.roles, resolved.channels, resolved.attachments):
            if value in place:
                return place[value]
        return value

    async def _autocomplete(self, interaction: hikari.AutocompleteInteraction) -> None:
        words, options = path_of(interaction.command_name, interaction.options or ())
        found = self._registry.find(words)
        focused = next((option for option in options if getattr(option, "is_focused", False)), None)
        if found is None or focused is None:
            return
        entry, command = found
        offered = await self._suggest(entry, command, focused, options, interaction)
        await interaction.create_response(
            [hikari.impl.AutocompleteChoiceBuilder(name=choice.name[:100], value=choice.value) for choice in offered]
        )

    async def _suggest(
        self, entry: Entry, command: Command, focused: hikari.CommandInteractionOption, options: Options,
        interaction: hikari.AutocompleteInteraction,
    ) -> list[Choice]:  # fmt: skip
        option, typed = focused.name, str(focused.value or "")
        others = {one.name: one.value for one in options if one is not focused}
        parameter = next((parameter for parameter in command.parameters if parameter.name == option), None)
        guild_id = int(interaction.guild_id) if interaction.guild_id else None
        if parameter is None or parameter.suggest is None or not entry.state.running:
            return []
        if not self._running.guild_plugins.uses(entry.name, guild_id):
            return []
        suggester, part = parameter.suggest.suggester, f"suggestions of {command.path} {option}"
        call = Call(
            reference=new_reference(), surface=Surface.SLASH, plugin=entry.name, command=command.path,
            actor=actor_of(interaction), arguments=others, received_at=self._running.now(),
            guild_id=guild_id, channel_id=int(interaction.channel_id),
        )  # fmt: skip
        guild_config = self._running.guild_plugins.config(entry, guild_id)
        context = Context(self._running.doors(entry), entry.config, guild_config, call)

        async def work() -> list[Choice]:
            found = await suggester(context, typed)
            return [each if isinstance(each, Choice) else Choice(str(each), str(each)) for each in found][:MOST_CHOICES]

        try:
            return await self._running.run(entry.name, part, work, limit_s=SUGGEST_LIMIT_S, guild_id=guild_id)
        except Parked:
            return []
        except Exception as error:
            await self._running.failures.record(error, plugin=entry.name, part=part)
            return []


def _plain(option: hikari.CommandInteractionOption) -> object:
    """Give a value as JSON has it: what names somebody or something as its id and its mention."""
    written = {hikari.OptionType.USER: "<@{}>", hikari.OptionType.ROLE: "<@&{}>", hikari.OptionType.CHANNEL: "<#{}>"}
    mention = written.get(hikari.OptionType(option.type))
    if mention is None or option.value is None:
        return option.value
    return {"id": str(int(option.value)), "mention": mention.format(int(option.value))}


def path_of(name: str, options: Options) -> tuple[list[str], Options]:
    """Follow an interaction's options down to the subcommand; give the words and the subcommand's own options."""
    words = [name]
    while options and options[0].type in SUBCOMMANDS:
        words.append(options[0].name)
        options = options[0].options or ()
    return words, options


def actor_of(interaction: hikari.CommandInteraction | hikari.AutocompleteInteraction) -> Actor:
    """Give who made an interaction, with the permissions that Discord computed for the channel."""
    member = interaction.member
    permissions = member.permissions if member is not None else hikari.Permissions.NONE
    return actor_from(member or interaction.user, Permission(int(permissions)))
