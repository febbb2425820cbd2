"""Forms: what a slash command still wants to know, asked in a modal, and the call that waits for it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import hikari

from chandelier import Call, Context

if TYPE_CHECKING:
    from chandelier import Command
    from chandelier.parameters import Parameter
    from chandelier_core.registry import Entry
    from chandelier_core.running import Running

#: What the id of a form begins with.
MARK = "chandelier form "
#: Discord takes an answer for 15 minutes; whoever writes longer begins again.
KEPT_S = 3600.0
MOST = 1000
MOST_INPUTS = 5
LONGEST_LABEL = 45
LONGEST_INPUT = 4000
PREFILL_LIMIT_S = 2.0
LOST = "This form is too old, or the bot was started anew meanwhile. Use the command again."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that waits for its form. ``asked`` are the names of the options that it asks for."""

    entry: Entry
    command: Command
    call: Call
    asked: tuple[str, ...]
    at: float


class Forms:
    """Keeps what waits, in this process: a form that outlives it is told to begin again."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def wanted(self, command: Command, call: Call) -> Sequence[Parameter]:
        """Give the options that a form is to ask for; none where the caller may not use the command anyway."""
        if not call.actor.may(command.allow):
            return ()
        missing = [one for one in command.parameters if one.paragraph is not None and one.required]
        return [one for one in missing if one.name not in call.arguments][:MOST_INPUTS]

    async def open(
        self,
        interaction: hikari.CommandInteraction,
        entry: Entry,
        command: Command,
        call: Call,
        asked: Sequence[Parameter],
    ) -> None:
        """Show a form."""
        rows = []
        for parameter in asked:
            row = hikari.impl.ModalActionRowBuilder()
            longest = min(int(parameter.maximum or LONGEST_INPUT), LONGEST_INPUT)
            begun = await self._prefill(entry, command, call, parameter)
            row.add_text_input(
                parameter.name, parameter.description[:LONGEST_LABEL], style=hikari.TextInputStyle.PARAGRAPH,
                value=begun[:longest] or hikari.UNDEFINED, min_length=max(1, int(parameter.minimum or 1)), max_length=longest,
            )  # fmt: skip
            rows.append(row)
        self._waiting[call.reference] = Waiting(
            entry, command, call, tuple(one.name for one in asked), time.monotonic()
        )
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        await interaction.create_modal_response(
            f"/{command.path}"[:LONGEST_LABEL], MARK + call.reference, components=rows
        )

    def take(self, interaction: hikari.ModalInteraction) -> Waiting | None:
        """Give the call that waited for a form, with what was written; None where nothing waits for it any more."""
        waiting = self._waiting.pop(interaction.custom_id.removeprefix(MARK), None)
        if (
            waiting is None
            or time.monotonic() - waiting.at > KEPT_S
            or waiting.call.actor.id != int(interaction.user.id)
        ):
            return None
        written = {
            str(part.custom_id): str(part.value)
            for row in interaction.components
            for part in getattr(row, "components", ())
            if hasattr(part, "value")
        }
        arguments = {**waiting.call.arguments, **{name: written.get(name, "") for name in waiting.asked}}
        return replace(waiting, call=replace(waiting.call, arguments=arguments))

    async def _prefill(self, entry: Entry, command: Command, call: Call, parameter: Parameter) -> str:
        prefill = parameter.paragraph.prefill if parameter.paragraph is not None else None
        if prefill is None or not entry.state.running:
            return ""
        guild_config = self._running.guild_plugins.config(entry, call.guild_id)
        context = Context(self._running.doors(entry), entry.config, guild_config, call)
        part = f"form of {command.path} {parameter.name}"
        try:
            return await self._running.run(
                entry.name, part, lambda: prefill(context), limit_s=PREFILL_LIMIT_S, guild_id=call.guild_id
            )
        except Exception as error:
            await self._running.failures.record(error, plugin=entry.name, part=part)
            return ""
