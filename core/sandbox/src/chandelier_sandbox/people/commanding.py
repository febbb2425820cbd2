"""A person who uses commands: slash commands, their completions, and the commands of context menus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.client.options import Choice, Filler, choose, nested
from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.client.resolving import Resolver
from chandelier_sandbox.client.slash_lines import read_line
from chandelier_sandbox.commands.access import commands_in, why_not
from chandelier_sandbox.commands.fields import MESSAGE_COMMAND, USER_COMMAND
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions.event import tell
from chandelier_sandbox.interactions.interactions import InteractionKind
from chandelier_sandbox.people.asking import Asking
from chandelier_sandbox.people.seat import Seat
from chandelier_sandbox.records import Membership, Message, User


class Commanding(Asking):
    """A person who uses the bot's commands."""

    async def slash(
        self, command: str, values: Mapping[str, Any] | None = None, /, *, timeout_s: float = 10.0, **options: Any
    ) -> Reply:
        """Use a command ("custom add" is a sub-command) and return its first real answer; files are Uploads.

        values: options whose names cannot stand as keywords.

        Raises:
            CannotSend: Discord's client would not send it.
            TimeoutError: no acknowledgement within Discord's 3 s, or no answer within timeout_s.
        """
        choice, rest = choose(self._commands(), command.removeprefix("/").split())
        if rest:
            raise CannotSend(f"/{choice.name} has no sub-command {rest[0]!r}.")
        return await self._use(choice, {**(values or {}), **options}, timeout_s=timeout_s, typed=False)

    async def slash_line(self, line: str, *, timeout_s: float = 10.0) -> Reply:
        """Use a command typed as a line, `/custom add name:hello content:Hi there`."""
        choice, values = read_line(line, self._commands())
        return await self._use(choice, values, timeout_s=timeout_s, typed=True)

    async def autocomplete(
        self,
        command: str,
        option: str,
        typed: str = "",
        values: Mapping[str, Any] | None = None,
        /,
        *,
        timeout_s: float = 3.0,
        **options: Any,
    ) -> list[JsonObject]:
        """Type into an option that completes itself; return the choices offered, as {"name", "value"}."""
        choice, _ = choose(self._commands(), command.removeprefix("/").split())
        self._may_use(choice.command, f"/{choice.name}")
        focused = next((one for one in choice.options if one["name"] == option), None)
        if focused is None or not focused.get("autocomplete"):
            raise CannotSend(f"/{choice.name} has no option {option!r} that completes itself.")
        resolver = self._resolver(self._channel)
        others = [one | {"required": False} for one in choice.options if one is not focused]
        written = Filler(resolver).fill(Choice(choice.command, [], others), {**(values or {}), **options})
        for one in written:
            if isinstance(one["value"], (int, float)) and not isinstance(one["value"], bool):
                one["value"] = str(one["value"])  # while something is typed, numbers are texts too
        written.append({"name": option, "type": focused["type"], "value": typed, "focused": True})
        interaction = self._open(InteractionKind.AUTOCOMPLETE, choice.name, option_kind=focused["type"])
        tell(self._discord, interaction, _data(choice.command, nested(choice, written), resolver))
        answer = await self._answer(interaction, f"the completion of {option!r} of /{choice.name}", timeout_s)
        if not isinstance(answer, list):
            raise TypeError(f"/{choice.name} answered the completion of {option!r} with something else than choices.")
        return answer

    async def use(
        self, name: str, /, *, on: Seat | User | Membership | Reply | Message | int | str, timeout_s: float = 10.0
    ) -> Reply:
        """Use a command of the menu of a member or of a message, and return its first real answer.

        on: a member (or their name or id), or a message (or its id, or a reply).
        """
        by_message = isinstance(on, (Reply, Message)) or (isinstance(on, int) and on not in self._discord.world.users)
        kind = MESSAGE_COMMAND if by_message else USER_COMMAND
        mine = [one for one in self._commands() if one["type"] == kind]
        command = next((one for one in mine if one["name"] == name), None)
        if command is None:
            menu = "message" if by_message else "member"
            has = ", ".join(repr(one["name"]) for one in mine) or "none"
            raise CannotSend(f"The menu of a {menu} has no command {name!r} here; the bot has {has}.")
        self._may_use(command, f"The command {name!r}")
        return await self._use_menu(command, on, timeout_s)

    async def _use_menu(self, command: JsonObject, on: Any, timeout_s: float) -> Reply:
        name, world = str(command["name"]), self._discord.world
        interaction = self._open(InteractionKind.COMMAND, name, command_kind=command["type"])
        resolver, data = self._resolver(self._channel), _head(command)
        if command["type"] == MESSAGE_COMMAND:
            message = self._find(on)
            interaction.target_message = message
            resolver.found["messages"] = {str(message.id): world.render(message)}
            data["target_id"] = str(message.id)
        else:
            data["target_id"] = resolver.user(f"The command {name!r} is used on a member; what is given", on)
            interaction.target_user = world.users[int(data["target_id"])]
        tell(self._discord, interaction, data | {"resolved": resolver.found})
        return self._reply(await self._answer(interaction, f"the command {name!r}", timeout_s), interaction)

    async def _use(self, choice: Choice, options: dict[str, Any], *, timeout_s: float, typed: bool) -> Reply:
        self._may_use(choice.command, f"/{choice.name}")
        resolver = self._resolver(self._channel)
        written = Filler(resolver).fill(choice, options, typed=typed)
        interaction = self._open(InteractionKind.COMMAND, choice.name, files=resolver.files)
        tell(self._discord, interaction, _data(choice.command, written, resolver))
        return self._reply(await self._answer(interaction, f"/{choice.name}", timeout_s), interaction)

    def offered(self) -> list[JsonObject]:
        """Return the commands that Discord's client offers the member here, those of menus too."""
        mine = self._commands()
        return [one for one in mine if why_not(self._discord, one, self._channel, self._user) is None]

    def _commands(self) -> list[JsonObject]:
        return commands_in(self._discord.commands, self._guild)

    def _may_use(self, command: JsonObject, shown: str) -> None:
        reason = why_not(self._discord, command, self._channel, self._user)
        if reason is not None:
            raise CannotSend(reason.format(command=shown, who=self.name, where=self._place()))


def _head(command: JsonObject) -> JsonObject:
    data: JsonObject = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def _data(command: JsonObject, written: list[JsonObject], resolver: Resolver) -> JsonObject:
    data = _head(command) | {"options": written}
    return data | ({"resolved": resolver.found} if resolver.found else {})
