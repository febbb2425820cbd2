"""Check the options of a slash command as Discord's client does, and write them as the gateway sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chandelier_sandbox.client.resolving import Resolver
from chandelier_sandbox.commands import fields as kinds
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject


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
    """Turn the values of one use of a command into the wire form; the resolver gathers what they refer to."""

    resolver: Resolver

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
        if option.get("choices"):
            value = _offered(place, option, value)
            typed = False
        return {"name": option["name"], "type": option["type"], "value": self._read(place, option, value, typed)}

    def _read(self, place: str, option: JsonObject, value: Any, typed: bool) -> Any:
        kind = option["type"]
        if kind in _READERS:
            return _READERS[kind](place, option, value, typed)
        if kind == kinds.CHANNEL:
            return self.resolver.channel_of(place, value, option.get("channel_types") or ())
        finders: dict[int, Callable[[str, Any], str]] = {
            kinds.USER: self.resolver.user,
            kinds.ROLE: self.resolver.role,
            kinds.MENTIONABLE: self.resolver.mentionable,
            kinds.ATTACHMENT: self.resolver.file,
        }
        return finders[kind](place, value)


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


_Reader = Callable[[str, JsonObject, Any, bool], Any]
_READERS: Mapping[int, _Reader] = {
    kinds.STRING: _string,
    kinds.INTEGER: _integer,
    kinds.NUMBER: _number,
    kinds.BOOLEAN: _boolean,
}
