"""Check the options of a slash command as Discord's client does, and write them as the gateway sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chandelier_sandbox import command_rules as kinds
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import member_json, role_json, user_json
from chandelier_sandbox.permissions import channel_permissions, guild_permissions
from chandelier_sandbox.records import Channel, Guild, Membership, Role, User
from chandelier_sandbox.world import World


@dataclass(slots=True)
class Choice:
    """A command, the path down to the sub-command, and the options it takes."""

    command: JsonObject
    path: list[JsonObject]
    options: list[JsonObject]

    @property
    def name(self) -> str:
        """Return the name people type, without the slash."""
        return " ".join([self.command["name"], *(step["name"] for step in self.path)])


@dataclass(slots=True)
class Filler:
    """Turn the values of one use of a command into the wire form, gathering what they refer to."""

    world: World
    guild: Guild | None
    resolved: dict[str, dict[str, JsonObject]] = field(default_factory=dict)

    def fill(self, choice: Choice, values: Mapping[str, Any], *, typed: bool = False) -> list[JsonObject]:
        """Return `data.options`; raise CannotSend for what the client would not send. typed: the values are text."""
        known = {option["name"]: option for option in choice.options}
        for name in values:
            if name not in known:
                has = f"it has {', '.join(known)}" if known else "it has none"
                raise CannotSend(f"/{choice.name} has no option {name!r}; {has}.")
        written = []
        for name, option in known.items():
            if values.get(name) is not None:
                written.append(self._written(choice.name, option, values[name], typed))
            elif option.get("required"):
                raise CannotSend(f"/{choice.name} needs the option {name!r}: {option['description']}")
        return nested(choice, written)

    def _written(self, command: str, option: JsonObject, value: Any, typed: bool) -> JsonObject:
        place = f"The option {option['name']!r} of /{command}"
        readers: dict[int, Callable[[str, JsonObject, Any, bool], Any]] = {
            kinds.STRING: _string,
            kinds.INTEGER: _integer,
            kinds.NUMBER: _number,
            kinds.BOOLEAN: _boolean,
            kinds.USER: self._user,
            kinds.CHANNEL: self._channel,
            kinds.ROLE: self._role,
            kinds.MENTIONABLE: self._mentionable,
        }
        if option["type"] not in readers:
            raise CannotSend(f"{place} takes a file, which the sandbox cannot send yet.")
        if option.get("choices"):
            value = _offered(place, option, value)
            typed = False
        answer = readers[option["type"]](place, option, value, typed)
        return {"name": option["name"], "type": option["type"], "value": answer}

    def _user(self, place: str, option: JsonObject, value: Any, typed: bool) -> str:
        user, member = self._find_user(place, value)
        self._note("users", user.id, user_json(user))
        if member is not None and self.guild is not None:
            bits = guild_permissions(self.guild, member)
            partial = member_json(member, with_user=False) | {"permissions": str(bits)}
            self._note("members", user.id, {key: one for key, one in partial.items() if key not in ("deaf", "mute")})
        return str(user.id)

    def _find_user(self, place: str, value: Any) -> tuple[User, Membership | None]:
        wanted = _reference(value)
        if self.guild is not None:
            try:
                member = self.guild.person(wanted)
            except LookupError:
                pass
            else:
                return member.user, member
        for user in self.world.users.values():
            if str(wanted) in (str(user.id), user.name):
                return user, None
        raise CannotSend(f"{place} is a member, and there is none called {wanted!r}.")

    def _role(self, place: str, option: JsonObject, value: Any, typed: bool) -> str:
        try:
            role = self._guild(place).role(_reference(value))
        except LookupError as error:
            raise CannotSend(f"{place} is a role: {error}") from None
        self._note("roles", role.id, role_json(role))
        return str(role.id)

    def _channel(self, place: str, option: JsonObject, value: Any, typed: bool) -> str:
        guild = self._guild(place)
        try:
            channel = guild.channel(_reference(value))
        except LookupError as error:
            raise CannotSend(f"{place} is a channel: {error}") from None
        if option.get("channel_types") and int(channel.kind) not in option["channel_types"]:
            raise CannotSend(f"{place} takes another kind of channel than #{channel.name}.")
        bits = channel_permissions(guild, guild.members[self.world.bot.id], channel, self.world.clock.now())
        partial = {"id": str(channel.id), "type": int(channel.kind), "name": channel.name, "permissions": str(bits)}
        self._note("channels", channel.id, partial)
        return str(channel.id)

    def _mentionable(self, place: str, option: JsonObject, value: Any, typed: bool) -> str:
        try:
            return self._user(place, option, value, typed)
        except CannotSend:
            return self._role(place, option, value, typed)

    def _guild(self, place: str) -> Guild:
        if self.guild is None:
            raise CannotSend(f"{place} can only be filled in a server, not in direct messages.")
        return self.guild

    def _note(self, section: str, number: int, what: JsonObject) -> None:
        self.resolved.setdefault(section, {})[str(number)] = what


def nested(choice: Choice, written: list[JsonObject]) -> list[JsonObject]:
    """Wrap options into their sub-command and group."""
    for step in reversed(choice.path):
        written = [{"name": step["name"], "type": step["type"], "options": written}]
    return written


def choose(commands: list[JsonObject], words: list[str]) -> tuple[Choice, list[str]]:
    """Find the command that the first words name; return it with the words that are left."""
    named = [command for command in commands if command["type"] == 1 and words[:1] == [command["name"]]]
    if not named:
        has = ", ".join(f"/{command['name']}" for command in commands if command["type"] == 1) or "none"
        raise CannotSend(f"There is no command /{' '.join(words[:1])} here; the bot has {has}.")
    choice = Choice(named[0], [], list(named[0].get("options") or []))
    rest = words[1:]
    while choice.options and choice.options[0]["type"] in (kinds.SUB_COMMAND, kinds.SUB_COMMAND_GROUP):
        step = next((option for option in choice.options if rest[:1] == [option["name"]]), None)
        if step is None:
            has = ", ".join(option["name"] for option in choice.options)
            given = f"no sub-command {rest[0]!r}" if rest else "to be told which sub-command"
            verb = "has" if rest else "needs"
            raise CannotSend(f"/{choice.name} {verb} {given}; it has {has}.")
        choice = Choice(choice.command, [*choice.path, step], list(step.get("options") or []))
        rest = rest[1:]
    return choice, rest


def _reference(value: Any) -> str | int:
    if isinstance(value, (User, Role, Channel)):
        return value.id
    if isinstance(value, (str, int)):
        return value.strip("<@!#&>") if isinstance(value, str) else value
    found = getattr(value, "id", value)
    return found if isinstance(found, (str, int)) else str(found)


def _offered(place: str, option: JsonObject, value: Any) -> Any:
    for choice in option["choices"]:
        if value == choice["value"] or str(value) in (choice["name"], str(choice["value"])):
            return choice["value"]
    offered = ", ".join(str(choice["name"]) for choice in option["choices"])
    raise CannotSend(f"{place} does not offer {value!r}; it offers {offered}.")


def _string(place: str, option: JsonObject, value: Any, typed: bool) -> str:
    if not isinstance(value, str):
        raise CannotSend(f"{place} is a text, not {value!r}.")
    low, high = option.get("min_length", 0), option.get("max_length", 6000)
    if not low <= len(value) <= high:
        raise CannotSend(f"{place} takes {low} to {high} characters, not {len(value)}.")
    return value


def _integer(place: str, option: JsonObject, value: Any, typed: bool) -> int:
    if typed and isinstance(value, str) and value.strip().lstrip("+-").isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise CannotSend(f"{place} is a whole number, not {value!r}.")
    _within(place, option, value)
    return value


def _number(place: str, option: JsonObject, value: Any, typed: bool) -> float:
    if typed and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise CannotSend(f"{place} is a number, not {value!r}.") from None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise CannotSend(f"{place} is a number, not {value!r}.")
    _within(place, option, value)
    return value


def _within(place: str, option: JsonObject, value: float) -> None:
    low, high = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
    if not low <= value <= high:
        raise CannotSend(f"{place} must lie between {low} and {high}; {value} does not.")


def _boolean(place: str, option: JsonObject, value: Any, typed: bool) -> bool:
    if typed and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise CannotSend(f"{place} is True or False, not {value!r}.")
    return value
