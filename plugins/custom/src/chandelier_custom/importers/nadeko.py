"""NadekoBot: the YAML that ``.exprexport`` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import re2

from chandelier_custom.importers.drafting import Draft, Gathering
from chandelier_custom.importers.embedding import embed_of
from chandelier_custom.importers.reading import as_list, as_mapping, as_text, read_yaml, refuse, shown
from chandelier_custom.importers.report import Import
from chandelier_custom.importers.writing import Writing
from chandelier_custom.spec import Embed, Message

WHAT = ".exprexport file of NadekoBot"
_PLACE = re.compile(r"%[a-z_]+(?:\.[a-z_]+)?%|%rng(?P<numbers>-?\d{1,10}--?\d{1,10})%")
_PLACES = {
    "user": "user.mention", "user.mention": "user.mention", "user.name": "user.name", "user.fullname": "user.name",
    "user.displayname": "user.display_name", "user.id": "user.id", "user.avatar": "user.avatar_url",
    "user.joined_date": "user.joined_at | date: '%d.%m.%Y'", "user.joined_time": "user.joined_at | date: '%H:%M'",
    "server": "server.name", "server.name": "server.name", "server.id": "server.id", "server.icon": "server.icon_url",
    "server.members": "server.member_count", "channel": "channel.name", "channel.name": "channel.name",
    "channel.id": "channel.id", "channel.mention": "channel.mention",
    "bot.time": "now | discord_time: 't'", "bot.date": "now | discord_time: 'd'", "rng": "0 | random: 10",
}  # fmt: skip
#: What it knows and we do not; any other word between percent signs is nothing but words there too.
_UNKNOWN = frozenset(
    [f"bot.{one}" for one in ("status", "latency", "name", "fullname", "discrim", "id", "avatar", "mention")]
    + [f"shard.{one}" for one in ("servercount", "usercount", "id")]
    + [f"server.{one}" for one in ("boosters", "boost_level")]
    + [f"channel.{one}" for one in ("created", "nsfw", "topic")]
    + [f"user.{one}" for one in ("discrim", "created_time", "created_date")]
)
_FLAGS = ("ad", "at", "ca", "dm")
_KNOWN = ("res", "id", "react", *_FLAGS)
#: What it takes for a part of a word; the digit 0 is none of them.
_EDGE = "[^a-zA-Z1-9]"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message must be, or hold."""

    words: str
    anywhere: bool


def read(text: str) -> Import:
    """Read an export. Raises BadOption for what is none."""
    document = read_yaml(text, WHAT)
    if document in (None, ""):
        return Import(source="nadeko")
    if not isinstance(document, dict):
        raise refuse(f"This is no {WHAT}: it must be triggers, each with a list of expressions.")
    gathering = Gathering("nadeko")
    for trigger, entries in document.items():
        _read_trigger(gathering, trigger, entries)
    return gathering.finished()


def _read_trigger(gathering: Gathering, trigger: str, entries: object) -> None:
    """Make one command of all expressions that have a trigger and all else in common: one of them answers, by chance."""
    groups: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    for entry in as_list(entries):
        found = as_mapping(entry)
        response = as_text(found.get("res"))
        if not response.strip():
            gathering.skip(trigger, "One of its expressions has no `res` that is a text.")
        elif response == "-":
            gathering.skip(trigger, "`-` keeps a global expression quiet; there are none here.")
        else:
            groups.setdefault(_key(found), []).append(found)
    if not isinstance(entries, list) or not entries:
        gathering.skip(trigger, "It has no list of expressions.")
    for key, group in groups.items():
        draft = Draft(trigger)
        if len(groups) > 1:
            draft.leave_out(
                trigger, "has expressions of several kinds; there one of all answers, here one of each kind would."
            )
        gathering.carry(draft, partial(_fill, draft, trigger, key, group))


def _key(found: Mapping[str, object]) -> tuple[object, ...]:
    reactions = tuple(as_text(one) for one in as_list(found.get("react")))
    return (*(as_text(found.get(flag)).lower() == "true" for flag in _FLAGS), reactions)


def _fill(draft: Draft, trigger: str, key: tuple[object, ...], group: list[Mapping[str, object]]) -> None:
    deletes, follows, anywhere, privately, reactions = key
    _set_trigger(draft, trigger, follows=bool(follows), anywhere=bool(anywhere))
    said = _Said(trigger, bool(anywhere))
    draft.parts["messages"] = [_message(draft, said, as_text(one.get("res"))) for one in group]
    draft.parts["pick"] = "random" if len(group) > 1 else "all"
    draft.parts["answer"] = "dm" if privately else "here"
    draft.add_reactions(one for one in reactions if one)  # type: ignore[attr-defined]
    if reactions:
        draft.remark("`react` reacts to the message that asked here, not to the answer.")
    if deletes:
        draft.leave_out("ad", "deleted the message that asked; no command here does: do without it.")
    for one in group:
        for name in one:
            if name not in _KNOWN:
                draft.leave_out(name, "is no part of an expression that is known; look what it did.")


def _set_trigger(draft: Draft, trigger: str, *, follows: bool, anywhere: bool) -> None:
    if "%bot.mention%" in trigger:
        draft.leave_out("%bot.mention%", "is not known in a trigger here; write another trigger.")
    if anywhere:
        pattern = f"(?:^|{_EDGE}){re2.escape(trigger)}(?:$|{_EDGE})"
        draft.add_trigger(kind="regex", text=pattern)
        if follows:
            draft.remark("`at` says nothing here beside `ca`.")
        return
    draft.add_trigger(kind="exact", text=trigger)
    if follows:
        draft.add_trigger(kind="starts", text=trigger + " ")
    draft.remark("besides its trigger, its name runs it here.")


def _message(draft: Draft, trigger: _Said, response: str) -> Message:
    found = _as_embed(response)
    if found is None:
        return Message(content=_translate(draft, trigger, response))
    content = as_text(found.get("plainText") or found.get("content"))
    several = as_list(found.get("embeds")) if "embeds" in found else [found]
    embeds = [embed for one in several if (embed := _embed(draft, trigger, as_mapping(one))) is not None]
    if len(embeds) > 10:
        draft.leave_out("embeds", "are more than ten; the rest is not there.")
    if not embeds and not content.strip():
        return Message(content=draft.checked(response, response))
    return Message(content=_translate(draft, trigger, content), embeds=embeds[:10])


def _embed(draft: Draft, trigger: _Said, found: Mapping[str, object]) -> Embed | None:
    parts = {name: value for name, value in found.items() if name not in ("plainText", "content", "embeds")}
    return embed_of(parts, draft, lambda text: _translate(draft, trigger, text))


def _as_embed(response: str) -> Mapping[str, object] | None:
    if not response.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(response)
    except (ValueError, RecursionError):
        return None
    keys = {
        "plainText",
        "content",
        "embeds",
        "title",
        "description",
        "url",
        "image",
        "thumbnail",
        "author",
        "footer",
        "fields",
    }
    return found if isinstance(found, dict) and keys & {key for key in found if found[key]} else None


def _translate(draft: Draft, trigger: _Said, source: str) -> str:
    writing, at, chances = Writing(), 0, 0
    for match in _PLACE.finditer(source):
        writing.say(source[at : match.start()])
        at = match.end()
        name = match[0].strip("%")
        chances += name.startswith("rng")
        if match["numbers"] is not None:
            expression: str | None = _range(draft, match["numbers"])
        else:
            expression = _PLACES.get(name) if name != "target" else _target(trigger, writing)
        if expression is not None:
            writing.put(f"{{{{ {expression} }}}}" if expression else "")
            continue
        if name == "target":
            draft.leave_out(
                match[0], "is what follows the trigger; here `text` is the whole message: take it out of that."
            )
        elif name in _UNKNOWN:
            draft.leave_out(match[0], "is not known here; it stands there as it was: take it out.")
        writing.say(match[0])
    writing.say(source[at:])
    if "<@" in source or "%user%" in source or "%user.mention%" in source or "@everyone" in source or "@here" in source:
        draft.remark("a mention in it pings nobody here; give `mentions` what it may ping.")
    if chances > 1:
        draft.remark("each `%rng%` in it is drawn here; there only the first one was.")
    return draft.checked(writing.finish(), source)


def _target(trigger: _Said, writing: Writing) -> str | None:
    """Give what follows the trigger: ``text`` is the whole message, and where the name has run it, what follows that."""
    if trigger.anywhere:
        return None
    begun = writing.assign(f"text | slice: 0, {len(trigger.words)} | downcase")
    wanted, found = writing.text(trigger.words.lower()), writing.fresh()
    writing.put(
        f"{{% if {begun} == {wanted} %}}{{% assign {found} = text | slice: {len(trigger.words)}, 2000 | strip %}}"
        f"{{% else %}}{{% assign {found} = text %}}{{% endif %}}"
    )
    return found


def _range(draft: Draft, numbers: str) -> str:
    low, high = (int(one) for one in re.fullmatch(r"(-?\d+)-(-?\d+)", numbers).groups())  # type: ignore[union-attr]
    if low == high == 0:
        return "0 | random: 10"
    if low >= high:
        draft.remark(
            f"`%rng{shown(numbers)}%` said nothing there, as its first number is not the smaller one; nor does it here."
        )
        return ""
    return f"{low} | random: {high}"
