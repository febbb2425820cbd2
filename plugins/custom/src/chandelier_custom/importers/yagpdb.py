"""YAGPDB: custom commands as JSON, as its database and its control panel name their parts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chandelier_custom.importers.drafting import Draft, Gathering
from chandelier_custom.importers.reading import as_ids, as_list, as_mapping, as_text, read_json, refuse, shown
from chandelier_custom.importers.report import Import
from chandelier_custom.importers.yag_words import Response
from chandelier_custom.spec import Option, Rule

WHAT = "list of YAGPDB's custom commands"
_TRIGGERS = {0: "command", 1: "starts", 2: "contains", 3: "regex", 4: "exact", 5: "interval", 6: "reaction", 7: "component",
             9: "cron", 10: "none", 12: "slash"}  # fmt: skip
_UNKNOWN_TRIGGERS = {8: "a modal", 11: "a change of roles", 13: "the menu of a user", 14: "the menu of a message"}
_KINDS = {3: "text", 4: "integer", 5: "yes_no", 6: "user", 7: "channel", 8: "role", 10: "number"}
#: Its other names for the same parts, and what says nothing of what a command does.
_NAMES = {
    "text_trigger": "trigger", "text_trigger_case_sensitive": "case_sensitive", "local_id": "id",
    "ContextChannel": "context_channel", "TimeContextChannel": "time_context_channel",
    "TimeTriggerInterval": "time_trigger_interval", "SlashOptions": "slash_command_options",
}  # fmt: skip
_IDLE = frozenset(
    {
        "guild_id", "last_run", "next_run", "last_error", "last_error_time", "run_count", "import_count", "public", "public_id",
        "note", "group_id", "GroupID", "show_errors", "ShowErrors", "redirect_errors_channel", "RedirectErrorsChannel",
    }
)  # fmt: skip
_USED = frozenset(
    {
        "trigger_type", "trigger", "case_sensitive", "id", "name", "responses", "channels", "channels_whitelist_mode",
        "require_channels", "roles", "roles_whitelist_mode", "require_roles", "time_trigger_interval", "context_channel",
        "time_context_channel", "disabled", "is_enabled", "slash_command_options", "interaction_defer_mode",
        "time_trigger_excluding_days", "time_trigger_excluding_hours", "trigger_on_edit", "reaction_trigger_mode",
    }
)  # fmt: skip
_SHORTEST_S, _LONGEST_S = 300, 30 * 86400


def read(text: str) -> Import:
    """Read commands: a list, an object with the list in ``commands``, or one command. Raises BadOption."""
    document = read_json(text, WHAT)
    gathering = Gathering("yagpdb")
    for number, entry in enumerate(_entries(document), 1):
        found = {_NAMES.get(key, key): value for key, value in as_mapping(entry).items()}
        label = (
            as_text(found.get("name"))
            or as_text(found.get("trigger"))
            or f"command {as_text(found.get('id')) or number}"
        )
        _read_command(gathering, label, found)
    return gathering.finished()


def _entries(document: object) -> list[object]:
    for key in ("commands", "custom_commands", "CustomCommands"):
        if isinstance(found := as_mapping(document).get(key), list):
            return found
    if isinstance(document, list):
        return document
    if "responses" in as_mapping(document):
        return [document]
    raise refuse(
        f'This is no {WHAT}: it must be like [{{"trigger_type": 0, "trigger": "hello", "responses": ["Hi"]}}].'
    )


def _read_command(gathering: Gathering, label: str, found: Mapping[str, object]) -> None:
    responses = [one for one in as_list(found.get("responses")) if isinstance(one, str)]
    if not any(one.strip() for one in responses):
        gathering.skip(label, "It has no `responses` that are texts.")
        return
    draft = Draft(label)
    gathering.carry(draft, lambda: _fill(draft, found, responses, label))


def _fill(draft: Draft, found: Mapping[str, object], responses: list[str], label: str) -> str:
    if found.get("disabled") is True or found.get("is_enabled") is False:
        draft.enabled = False
        draft.remark("it is switched off there, and is here.")
    kind = _set_trigger(draft, found)
    _set_rules(draft, found)
    _set_slash(draft, found, kind)
    trigger = as_text(found.get("trigger"))
    if len(responses) != len(as_list(found.get("responses"))):
        draft.leave_out("responses", "has one that is no text; it is not there.")
    alone, whole = len(responses) == 1, kind in ("starts", "contains", "regex", "exact")
    for response in responses:
        Response(draft, response, trigger, alone=alone, whole=whole).carry_over()
    draft.parts["pick"] = "random" if len(responses) > 1 else "all"
    for key, value in found.items():
        if key not in _USED and key not in _IDLE and value:
            draft.leave_out(key, "is no part of a command that is known; look what it did.")
    return trigger.strip() if kind in ("command", "slash") else label


def _set_trigger(draft: Draft, found: Mapping[str, object]) -> str:
    number = found.get("trigger_type", 0)
    number = number if isinstance(number, int) else -1
    kind, text = _TRIGGERS.get(number, ""), as_text(found.get("trigger"))
    if kind not in ("command", "slash", "none"):
        draft.remark("besides its trigger, its name runs it here.")
    if kind in ("starts", "contains", "regex", "exact"):
        draft.add_trigger(kind=kind, text=text, case_sensitive=found.get("case_sensitive") is True)
    elif kind == "interval":
        _set_interval(draft, found)
    elif kind == "cron":
        draft.add_trigger(kind="cron", text=text, channel_id=_channel(found))
        draft.remark("its line of cron counts in UTC here.")
    elif kind == "component":
        plain = text.removeprefix("^").removesuffix("$")
        if not re.fullmatch(r"[\w-]{1,60}", plain):
            draft.leave_out(
                text, "is a pattern; a button here has a word: give the button a word, and the trigger the same."
            )
        else:
            draft.add_trigger(kind="component", text=plain)
    elif kind == "reaction":
        draft.leave_out(
            "trigger: reaction", "was any emoji; a trigger here has one: add a trigger of the kind `reaction`."
        )
    elif kind == "none":
        draft.leave_out(
            "trigger: none", "let only other commands run it; here anybody could by its name: deny it, or delete it."
        )
    elif kind == "":
        what = _UNKNOWN_TRIGGERS.get(number, f"number {shown(found.get('trigger_type'), 20)}")
        draft.leave_out(f"trigger: {what}", "is no trigger here; choose another.")
    elif kind == "command" and found.get("case_sensitive") is True:
        draft.remark("its name is found whatever its case.")
    return kind


def _set_interval(draft: Draft, found: Mapping[str, object]) -> None:
    minutes = found.get("time_trigger_interval")
    seconds = minutes * 60 if isinstance(minutes, int) and not isinstance(minutes, bool) else 0
    if not _SHORTEST_S <= seconds <= _LONGEST_S:
        draft.leave_out("time_trigger_interval", "is not between 5 minutes and 30 days; set `every_s`.")
        return
    draft.add_trigger(kind="interval", every_s=seconds, channel_id=_channel(found))


def _channel(found: Mapping[str, object]) -> int | None:
    ids = as_ids([found.get("time_context_channel"), found.get("context_channel")])
    return next((one for one in ids if one), None)


def _set_rules(draft: Draft, found: Mapping[str, object]) -> None:
    rules: dict[str, dict[str, list[int]]] = {"allow": {}, "deny": {}}
    for part, modes in (
        ("channels", ("channels_whitelist_mode", "require_channels")),
        ("roles", ("roles_whitelist_mode", "require_roles")),
    ):
        listed, ids = as_list(found.get(part)), as_ids(found.get(part))
        which = "allow" if any(found.get(mode) is True for mode in modes) else "deny"
        rules[which][part] = ids[:50]
        if len(ids) > 50 or len(ids) != len(listed):
            draft.leave_out(part, f"has more than 50, or what is no id; put the rest into `{which}.{part}`.")
        if which == "allow" and not ids:
            draft.leave_out(part, f"may be used in or by none of them there; set `allow.{part}`.")
    draft.parts["allow"], draft.parts["deny"] = (Rule(**rules[one]) for one in ("allow", "deny"))
    for part in ("time_trigger_excluding_days", "time_trigger_excluding_hours"):
        if as_list(found.get(part)):
            draft.leave_out(part, "is not kept: use a line of cron that leaves them out.")
    if found.get("trigger_on_edit") is True:
        draft.leave_out("trigger_on_edit", "is not done: an edited message runs nothing here.")
    if found.get("interaction_defer_mode") == 2:
        draft.parts["ephemeral"] = True


def _set_slash(draft: Draft, found: Mapping[str, object], kind: str) -> None:
    if kind != "slash":
        return
    given: Any = found.get("slash_command_options")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            draft.leave_out("slash_command_options", "cannot be read; write `options` anew.")
            given = None
    table = as_mapping(given)
    draft.parts["slash"] = True
    draft.parts["description"] = as_text(table.get("description"))[:100]
    if as_list(table.get("subcommands")):
        draft.leave_out("subcommands", "are no part of a command here; make a command of each.")
    options = list(_options(draft, as_list(table.get("options") if table else given)))
    draft.parts["options"] = sorted(options, key=lambda option: not option.required)[:25]


def _options(draft: Draft, given: list[object]) -> Iterator[Option]:
    for number, entry in enumerate(given, 1):
        found = as_mapping(entry)
        name, theirs = as_text(found.get("name")).strip().lower(), found.get("type")
        kind = _KINDS.get(theirs) if isinstance(theirs, int) else None
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name) or kind is None:
            draft.leave_out(
                f"option {shown(name) or number}", "has a name or a type that options here lack; add another."
            )
            continue
        if any(
            found.get(bound) is not None
            for bound in ("min_value", "max_value", "min_length", "max_length", "channel_types")
        ):
            draft.remark(f"the bounds of the option `{name}` are not kept; test them in the answer.")
        choices = [as_text(one)[:100] for one in as_list(found.get("choices")) if as_text(one)][:25]
        if choices and kind != "text":
            draft.remark(f"the option `{name}` is text here: only text has choices.")
            kind = "text"
        description = as_text(found.get("description"))[:100]
        yield Option.model_validate(
            {
                "name": name,
                "kind": kind,
                "description": description,
                "required": found.get("required") is True,
                "choices": choices,
            }
        )
