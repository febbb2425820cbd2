"""Red-DiscordBot: what its CustomCom and Alias keep in ``settings.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chandelier_custom.importers.drafting import Draft, Gathering
from chandelier_custom.importers.reading import as_list, as_mapping, as_text, read_json, refuse, shown
from chandelier_custom.importers.report import Import
from chandelier_custom.importers.writing import Writing
from chandelier_custom.spec import Cooldowns, Message, Option

WHAT = "settings.json of Red's CustomCom or Alias"
#: How deep the commands lie at most: cog, GUILD, server, commands.
_DEEPEST = 6
_ARGUMENT = r"\{(?P<index>\d{1,4})(?P<kind>:[^{}.]*)?(?P<attribute>\.[^{}:]+)?(?P<late>[^{}]*)\}"
_PLACE = re.compile(_ARGUMENT + r"|\{(?P<object>[^{}]+)\}")
_OBJECTS = {
    "author": "user.name", "author.name": "user.name", "author.mention": "user.mention", "author.id": "user.id",
    "author.display_name": "user.display_name", "author.avatar_url": "user.avatar_url", "author.avatar": "user.avatar_url",
    "author.display_avatar": "user.avatar_url", "channel": "channel.name", "channel.name": "channel.name",
    "channel.id": "channel.id", "channel.mention": "channel.mention",
    **{f"{word}{attribute}": expression for word in ("server", "guild") for attribute, expression in (
        ("", "server.name"), (".name", "server.name"), (".id", "server.id"), (".member_count", "server.member_count"),
        (".icon", "server.icon_url"), (".icon_url", "server.icon_url"))},
}  # fmt: skip
_NEARLY = {
    "author.nick": ("user.display_name", "says the name shown in the server, also for those without a nickname"),
    "author.global_name": ("user.display_name", "says the name shown in the server"),
    "author.joined_at": ("user.joined_at | date: '%Y-%m-%d %H:%M:%S'", "is written without fractions of a second"),
}
_KNOWN_OBJECTS = ("author", "channel", "guild", "server", "message")
_KINDS = {
    "int": "integer", "float": "number", "bool": "yes_no", "member": "user", "user": "user", "role": "role",
    "textchannel": "channel", "voicechannel": "channel", "categorychannel": "channel", "thread": "channel",
    "str": "text", "query": "text", "": "text",
}  # fmt: skip
_SCOPES = {"member": "user_s", "channel": "channel_s", "guild": "server_s"}
_LONGEST_REST = 30 * 86400
_IDLE = ("command", "response", "cooldowns", "created_at", "edited_at")


def read(text: str) -> Import:
    """Read a file of CustomCom, of Alias, or of both. Raises BadOption for one that is neither."""
    document = read_json(text, WHAT)
    gathering, aliases = Gathering("red"), list[tuple[str, str]]()
    found = False
    for kind, value in _tables(document):
        found = True
        if kind == "commands":
            for name, entry in as_mapping(value).items():
                _read_command(gathering, name, entry)
        else:
            aliases += [_alias_of(number, one) for number, one in enumerate(as_list(value), 1)]
    if not found:
        raise refuse(f"This is no {WHAT}: it has neither `commands` nor `entries`.")
    _add_aliases(gathering, aliases)
    return gathering.finished()


def _tables(document: object) -> Iterator[tuple[str, object]]:
    """Give each table of commands and each list of aliases, wherever a server's settings lie."""
    level: list[object] = [document]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for one in level:
            for key, value in as_mapping(one).items():
                if (key == "commands" and isinstance(value, dict)) or (key == "entries" and isinstance(value, list)):
                    yield key, value
                else:
                    below.append(value)
        level = below


def _read_command(gathering: Gathering, name: str, entry: object) -> None:
    if entry is None:
        gathering.skip(name, "It was deleted there.")
        return
    response = as_mapping(entry).get("response")
    answers = [response] if isinstance(response, str) else [one for one in as_list(response) if isinstance(one, str)]
    if not answers or (isinstance(response, list) and len(answers) != len(response)):
        gathering.skip(name, "It has no `response` that is a text or a list of texts.")
        return
    draft = Draft(name)
    gathering.carry(draft, lambda: _fill(draft, answers, as_mapping(entry)))


def _fill(draft: Draft, answers: list[str], entry: Mapping[str, object]) -> None:
    draft.parts["options"] = options = _options(answers, draft)
    draft.parts["messages"] = [_Answer(draft, options).message(one) for one in answers]
    draft.parts["pick"] = "random" if len(answers) > 1 else "all"
    _read_rest(entry, draft)


def _read_rest(entry: Mapping[str, object], draft: Draft) -> None:
    seconds = dict[str, int]()
    for scope, value in as_mapping(entry.get("cooldowns")).items():
        if scope not in _SCOPES or not isinstance(value, int) or value < 0:
            draft.leave_out(f"cooldowns: {scope}", "is no cooldown here; set one by hand.")
            continue
        if value > _LONGEST_REST:
            draft.remark(f"the cooldown per {scope} is longer than 30 days; it is 30 days here.")
        seconds[_SCOPES[scope]] = min(value, _LONGEST_REST)
    draft.parts["cooldowns"] = Cooldowns(**seconds)
    if entry.get("author") or entry.get("editors"):
        draft.remark("its author and editors are not carried over; whoever imports it counts as its author.")
    for key in entry:
        if key not in (*_IDLE, "author", "editors"):
            draft.leave_out(key, "is no part of a command that is known; look what it did.")


def _options(answers: list[str], draft: Draft) -> list[Option]:
    """Give the arguments that the answers want: in order, all required, the last one to the end of the line."""
    wanted = [_arguments(answer) for answer in answers]
    if any(one != wanted[0] for one in wanted):
        draft.leave_out("arguments", "differ from one answer to the other; those of all of them are asked for.")
    kinds: dict[int, str] = {}
    for one in wanted:
        kinds |= {index: kind for index, kind in one.items() if kind or index not in kinds}
    if not kinds:
        return []
    low = min(kinds)
    if sorted(kinds) != list(range(low, low + len(kinds))) or len(kinds) > 10:
        draft.leave_out("arguments", "have gaps, or are more than ten; that does not work there either.")
        return []
    options = []
    for index, kind in sorted(kinds.items()):
        ours = _KINDS.get(kind)
        if ours is None:
            draft.remark(f"`{{{index}:{shown(kind)}}}` takes any text here; there is no such kind of argument.")
        options.append(Option.model_validate({"name": f"arg_{index}", "kind": ours or "text"}))
    return options


def _arguments(answer: str) -> dict[int, str]:
    found = dict[int, str]()
    for match in re.finditer(_ARGUMENT, answer):
        kind = (match["kind"] or "")[1:].strip().lower().removesuffix("converter")
        index = int(match["index"])
        found[index] = kind or found.get(index, "")
    return found


@dataclass(slots=True)
class _Answer:
    """Translates one answer."""

    draft: Draft
    options: list[Option]
    writing: Writing = field(default_factory=Writing)

    def message(self, answer: str) -> Message:
        at = 0
        for match in _PLACE.finditer(answer):
            self.writing.say(answer[at : match.start()])
            at = match.end()
            expression = self._object(match["object"]) if match["object"] is not None else self._argument(match)
            if expression is None:
                self.writing.say(match[0])
            else:
                self.writing.value(expression)
        self.writing.say(answer[at:])
        translated = self.writing.finish()
        if "<@" in answer or "mention" in translated:
            self.draft.remark("a mention in it pings nobody here; give `mentions` what it may ping.")
        return Message(content=self.draft.checked(translated, answer))

    def _object(self, name: str) -> str | None:
        if name in _OBJECTS:
            return _OBJECTS[name]
        if name in _NEARLY:
            expression, how = _NEARLY[name]
            self.draft.remark(f"`{{{name}}}` {how}.")
            return expression
        first, dot, attribute = name.partition(".")
        known = first in _KNOWN_OBJECTS and (
            name == first or (dot and attribute.isidentifier() and attribute[0] != "_")
        )
        if known:
            self.draft.leave_out(f"{{{name}}}", "is not known here; it stands there as it was: take it out.")
        return None

    def _argument(self, match: re.Match[str]) -> str | None:
        option = next((one for one in self.options if one.name == f"arg_{int(match['index'])}"), None)
        attribute = (match["attribute"] or match["late"].partition(".")[2] or "").removeprefix(".")
        if option is None:
            return None
        name = f"options.{option.name}"
        if option.kind in ("user", "role", "channel"):
            return self._mentionable(match[0], name, attribute)
        if attribute:
            self.draft.leave_out(match[0], "is not known here; it stands there as it was: take it out.")
            return None
        if option.kind in ("yes_no", "number", "integer"):
            return name
        return f"{name} | url_encode" if (match["kind"] or "")[1:].strip().lower() == "query" else name

    def _mentionable(self, place: str, name: str, attribute: str) -> str | None:
        if attribute in ("id", "mention"):
            return f"{name}.{attribute}"
        if attribute in ("", "name", "display_name", "nick", "global_name"):
            self.draft.remark(
                f"`{shown(place)}` says the mention here: of what an argument names, id and mention are known."
            )
            return f"{name}.mention"
        self.draft.leave_out(place, "is not known here; it stands there as it was: take it out.")
        return None


def _alias_of(number: int, entry: object) -> tuple[str, str]:
    found = as_mapping(entry)
    command = found.get("command")
    words = " ".join(as_text(one) for one in command) if isinstance(command, list) else as_text(command)
    return as_text(found.get("name")) or f"alias {number}", words.strip()


def _add_aliases(gathering: Gathering, aliases: list[tuple[str, str]]) -> None:
    """Make an alias of a custom command one; an alias of what else the other bot does has no counterpart."""
    places = {one.name: number for number, one in enumerate(gathering.commands)}
    for name, target in aliases:
        number = places.get(target)
        if number is None:
            gathering.skip(name, _why_not(target))
        else:
            gathering.add_alias(number, name)


def _why_not(target: str) -> str:
    if not target:
        return "It has no `command` that it stands for."
    return f"It runs `{shown(target)}`, which is no custom command of this file; a command here runs no other commands."
