"""One response of a YAGPDB command: its words, what it sends besides, and what it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from chandelier_custom.importers import gotemplate
from chandelier_custom.importers.drafting import LONGEST_READ, Draft, NotImported
from chandelier_custom.importers.embedding import embed_of
from chandelier_custom.importers.gotemplate import Node, Operand, Pipeline, Unreadable
from chandelier_custom.importers.reading import shown
from chandelier_custom.importers.sums import Untranslated
from chandelier_custom.importers.writing import Writing, literally
from chandelier_custom.importers.yag_functions import FUNCTIONS, variable_of
from chandelier_custom.importers.yag_tests import test_of
from chandelier_custom.importers.yag_values import Value, Values
from chandelier_custom.spec import Embed, Message, Option

#: Of all that it sends besides, together.
_MOST_PARTS = 400
_STAYS = "has no counterpart here; it stands there as it was: take it out, or write it anew."
_KINDS = {
    "int": "integer", "float": "number", "string": "text", "duration": "text", "user": "user", "userid": "user",
    "member": "user", "channel": "channel", "textchannel": "channel", "role": "role",
}  # fmt: skip
#: What is done besides saying something, with what to do instead; nothing stands in its place.
_ACTIONS = {
    "deleteTrigger": "deletes the message that asked; no command here does: do without it.",
    "deleteResponse": "deletes the answer after a while; no command here does: do without it.",
    **dict.fromkeys(("addRole", "addRoleID", "addRoleName", "giveRole", "giveRoleID", "giveRoleName"),
                    "gives a role; no command here does: keep the other bot for it."),
    **dict.fromkeys(("removeRole", "removeRoleID", "removeRoleName", "takeRole", "takeRoleID", "takeRoleName", "setRoles"),
                    "takes a role; no command here does: keep the other bot for it."),
}  # fmt: skip
_SENDING = ("sendMessage", "sendMessageNoEscape", "sendMessageRetID", "sendMessageNoEscapeRetID", "sendResponse")
_STRUCTURES = ("cembed", "sdict", "dict", "complexMessage", "cslice")


class Response:
    """Carries one response over into a draft."""

    def __init__(self, draft: Draft, source: str, trigger: str, *, alone: bool, whole: bool) -> None:
        self.draft, self.source, self.trigger, self.alone = draft, source, trigger, alone
        self.values = Values(draft, Writing(), trigger, FUNCTIONS, whole=whole)
        self._constants: dict[str, Pipeline] = {}
        self._structures: dict[str, Pipeline] = {}
        self._sent: list[Message] = []
        self._depth = 0
        self._kept = 0
        self._parts = 0

    def carry_over(self) -> None:
        """Add the messages and whatever else the response sets."""
        messages = self.draft.parts.setdefault("messages", [])
        try:
            if len(self.source) > LONGEST_READ:
                raise Unreadable(f"it has more than {LONGEST_READ} characters")
            nodes = gotemplate.parse(self.source)
        except Unreadable as error:
            self.draft.leave_out(self.source, f"cannot be read: {error.why}. It stands there as it was: write it anew.")
            messages.append(Message(content=_as_it_was(self.source)))
            return
        self._survey(nodes)
        self._say(nodes)
        words = self.draft.checked(self.values.writing.finish(), self.source)
        last = Message(content=words)
        if self._sent and not self.alone:
            self.draft.leave_out("sendMessage", "sends more than one of its responses; write them into one.")
        messages += self._sent
        if _says(words) or not self._sent:
            messages.append(last if _says(words) else Message(content=_as_it_was(self.source)))
        if not _says(words) and not self._sent:
            self.draft.leave_out(self.source, "says nothing, which no command here does; it stands there as it was.")
        if any(
            "mention" in text or "<@" in text or "'@" in text for text in (words, *(one.content for one in self._sent))
        ):
            self.draft.remark("a mention in it pings nobody here; give `mentions` what it may ping.")

    def _survey(self, nodes: Sequence[Node]) -> None:
        """Find the variables that are set once and outside of any branch: other texts of the command may use them."""
        counts = Counter(name for node in _all(nodes) if node.pipeline is not None for name in node.pipeline.names)
        for node in nodes:
            pipeline = node.pipeline
            if node.kind != "action" or pipeline is None or len(pipeline.names) != 1 or counts[pipeline.names[0]] != 1:
                continue
            plain = Pipeline(pipeline.commands)
            first = pipeline.commands[-1][0]
            (self._structures if first.value in _STRUCTURES[:4] else self._constants)[pipeline.names[0]] = plain

    # Statements

    def _say(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            mark, places = self.values.writing.mark(), dict(self.values.places)
            try:
                self._say_node(node)
            except Untranslated as error:
                self.values.writing.back_to(mark)
                self.values.places = places
                self.values.writing.say(node.source)
                self.draft.leave_out(node.source, error.why or _STAYS)

    def _say_node(self, node: Node) -> None:
        writing = self.values.writing
        if node.kind == "text":
            writing.say(node.source)
        elif node.kind == "comment":
            writing.put("{% comment %}" + re.sub(r"[{}%]", " ", node.source) + "{% endcomment %}")
        elif node.kind == "action" and node.pipeline is not None:
            self._act(node, node.pipeline)
        elif node.kind in ("if", "with", "range") and node.pipeline is not None:
            {"if": self._if, "with": self._with, "range": self._range}[node.kind](node, node.pipeline)
        elif node.kind in ("break", "continue"):
            writing.put(f"{{% {node.kind} %}}")
        else:
            raise Untranslated

    def _inner(self, nodes: Sequence[Node]) -> None:
        self._depth += 1
        try:
            self._say(nodes)
        finally:
            self._depth -= 1

    def _if(self, node: Node, pipeline: Pipeline) -> None:
        if pipeline.names:
            self._keep(Pipeline(pipeline.commands), pipeline.names[0])
            pipeline = Pipeline(((Operand("variable", pipeline.names[0]),),))
        writing = self.values.writing
        writing.put(f"{{% if {test_of(self.values, pipeline)} %}}")
        self._branches(node, "endif")

    def _branches(self, node: Node, end: str) -> None:
        writing = self.values.writing
        self._inner(node.body)
        if node.otherwise:
            writing.put("{% else %}")
            self._inner(node.otherwise)
        writing.put(f"{{% {end} %}}")

    def _with(self, node: Node, pipeline: Pipeline) -> None:
        found = self.values.pipeline(Pipeline(pipeline.commands))
        name = self.values.writing.assign(f"{found.code} | default: false")
        value = Value(name, found.kind)
        if pipeline.names:
            self.values.places[pipeline.names[0]] = value
        test = name if found.kind in ("text", "list", "id", "time") else f"{name} and {name} != 0"
        self.values.writing.put(f"{{% if {test} %}}")
        before, self.values.dot = self.values.dot, value
        try:
            self._inner(node.body)
        finally:
            self.values.dot = before
        if node.otherwise:
            self.values.writing.put("{% else %}")
            self._inner(node.otherwise)
        self.values.writing.put("{% endif %}")

    def _range(self, node: Node, pipeline: Pipeline) -> None:
        writing, values = self.values.writing, self.values
        items = values.pipeline(Pipeline(pipeline.commands))
        if items.kind not in ("list", "any") or " | " in items.code:
            items = values.place(items) if items.kind in ("list", "any") else items
        if items.kind not in ("list", "any"):
            raise Untranslated
        item = writing.fresh()
        writing.put(f"{{% for {item} in {items.code} %}}")
        before, values.dot = values.dot, Value(item)
        if pipeline.names:
            values.places[pipeline.names[-1]] = Value(item)
        if len(pipeline.names) == 2:
            values.places[pipeline.names[0]] = Value(writing.assign("forloop.index0"), "number")
        try:
            self._inner(node.body)
        finally:
            values.dot = before
        if node.otherwise:
            writing.put("{% else %}")
            self._inner(node.otherwise)
        writing.put("{% endfor %}")

    # Actions

    def _act(self, node: Node, pipeline: Pipeline) -> None:
        if pipeline.names:
            self._set(pipeline)
            return
        command = pipeline.commands[-1]
        name = str(command[0].value) if command[0].kind == "function" else ""
        given: list[Operand | Value] = list(command[1:])
        if len(pipeline.commands) > 1 and name in ("dbSet", "sendDM", *_SENDING):
            given.append(self.values.pipeline(Pipeline(pipeline.commands[:-1])))
        if name in _ACTIONS:
            self.draft.leave_out(node.source, _ACTIONS[name])
        elif name in _SENDING or name == "sendDM":
            self._send(name, given)
        elif name in ("addReactions", "addResponseReactions"):
            self._react(node, name, given)
        elif name in ("dbSet", "dbDel"):
            self._save(name, given)
        elif name == "ephemeralResponse":
            self.draft.parts["ephemeral"] = True
        else:
            found = self.values.pipeline(pipeline)
            if found.kind in ("list", "time", "nothing"):
                raise Untranslated("is written in a way of its own there; say what of it is meant.")
            self.values.writing.value(found.code)

    def _set(self, pipeline: Pipeline) -> None:
        name, plain = pipeline.names[0], Pipeline(pipeline.commands)
        if len(pipeline.names) != 1:
            raise Untranslated
        if name in self._structures:
            return
        if plain.commands[0][0].value == "parseArgs" and self._depth == 0 and name in self._constants:
            self.values.options[name] = self._parse_arguments(plain.commands[0])
            return
        if pipeline.declares and self._depth and name in self.values.places:
            raise Untranslated("declares a variable anew within a branch; give it another name.")
        self._keep(plain, name)

    def _keep(self, pipeline: Pipeline, name: str) -> None:
        found = self.values.pipeline(pipeline)
        if found.code.startswith("("):
            self.values.places[name] = found
            return
        old = self.values.places.get(name)
        if old is not None and old.code.startswith("v"):
            place = old.code
        else:
            self._kept += 1
            place = f"v{self._kept}"
        self.values.writing.put(f"{{% assign {place} = {found.code} %}}")
        kind = found.kind if old is None or old.kind == found.kind else "any"
        self.values.places[name] = Value(place, kind)

    def _parse_arguments(self, command: Sequence[Operand]) -> list[tuple[str, str]]:
        least, known = command[1].value, list[tuple[str, str]]()
        if not isinstance(least, int) or len(command) - 3 > 25:
            raise Untranslated
        options = []
        for number, operand in enumerate(command[3:], 1):
            inner = operand.value.commands[0] if isinstance(operand.value, Pipeline) else ()
            if len(inner) < 3 or inner[0].value != "carg":
                raise Untranslated
            theirs = str(inner[1].value)
            name = re.sub(r"[^a-z0-9_]+", "_", str(inner[2].value).lower()).strip("_")[:28] or "argument"
            name = name if name not in [one for one, _ in known] else f"{name}_{number}"
            kind = _KINDS.get(theirs)
            if kind is None or len(inner) > 3 or theirs == "duration":
                self.draft.remark(
                    f"the argument `{shown(inner[2].value, 30)}` is any {kind or 'text'} here; test it in the answer."
                )
            options.append(Option.model_validate({"name": name, "kind": kind or "text", "required": number <= least}))
            known.append((name, kind or "text"))
        self.draft.remark("where arguments are missing, it is told in words of ours what to write.")
        self.draft.parts["options"] = options
        return known

    def _react(self, node: Node, name: str, given: Sequence[Operand | Value]) -> None:
        emoji = [self.values.words(one) for one in given]
        if self._depth:
            raise Untranslated("reacts within a branch; here a reaction is put in any case: set `reactions`.")
        self.draft.add_reactions(emoji)
        if name == "addResponseReactions":
            self.draft.remark(f"`{shown(node.source)}` reacts to the message that asked here, not to the answer.")

    def _save(self, name: str, given: Sequence[Operand | Value]) -> None:
        whose, key = variable_of(self.values, given)
        found = Value("''", "text") if name == "dbDel" else self.values.operand(given[2])
        if found.kind in ("list", "nothing"):
            raise Untranslated("keeps a list or nothing; a variable here holds text, a number, or yes or no.")
        self.values.writing.put(f"{{% save {whose}.{key} = {found.code} %}}")

    # What is sent besides

    def _send(self, name: str, given: Sequence[Operand | Value]) -> None:
        if self._depth:
            raise Untranslated(
                "sends something within a branch; a command here sends all of its messages: write it as text."
            )
        content = list(given)
        if name == "sendDM":
            self.draft.parts["answer"] = "dm"
            self.draft.remark("all that it says is sent privately here.")
        elif name != "sendResponse":
            where = content.pop(0)
            if not isinstance(where, Operand) or where != Operand("literal", None):
                raise Untranslated(
                    "sends something to another channel; an answer goes to where it was asked: do without it."
                )
        elif len(content) == 2:
            content.pop(0)
        if len(content) != 1:
            raise Untranslated
        self._sent.append(self._message(content[0]))

    def _message(self, content: Operand | Value) -> Message:
        structure = self._structure(content, 0)
        if isinstance(structure, str):
            return Message(content=structure)
        embeds: list[Embed] = []
        if not isinstance(structure, dict):
            raise Untranslated
        if structure.pop("\0kind", None) == "cembed":
            texts, found = "", [structure]
        else:
            texts = structure.pop("content", "")
            listed = structure.pop("embed", [])
            found = listed if isinstance(listed, list) else [listed]
            for key in structure:
                self.draft.leave_out(f"complexMessage: {key}", "is no part of a message here; do without it.")
        for one in found:
            table = {key: value for key, value in one.items() if key != "\0kind"} if isinstance(one, dict) else {}
            if (embed := embed_of(table, self.draft, lambda text: text)) is not None:
                embeds.append(embed)
        if not embeds and not (isinstance(texts, str) and texts.strip()):
            raise Untranslated
        return Message(content=texts if isinstance(texts, str) else "", embeds=embeds[:10])

    def _structure(self, operand: Operand | Value, depth: int) -> Any:
        """Give a table, a list, or the template of a text."""
        self._parts += 1
        if depth > 6 or self._parts > _MOST_PARTS:
            raise Untranslated
        pipeline = (
            operand.value
            if isinstance(operand, Operand) and operand.kind == "pipeline" and not operand.fields
            else None
        )
        if isinstance(operand, Operand) and operand.kind == "variable":
            pipeline = self._structures.get(str(operand.value))
        if isinstance(pipeline, Pipeline) and len(pipeline.commands) == 1:
            name, *given = pipeline.commands[0]
            if name.value == "cslice":
                return [self._structure(one, depth + 1) for one in given]
            if name.value in ("cembed", "complexMessage"):
                return {"\0kind": name.value, **dict(self._pairs(given, depth))}
            if name.value in _STRUCTURES:
                return dict(self._pairs(given, depth))
        if isinstance(operand, Operand) and operand.kind == "literal" and isinstance(operand.value, int):
            return operand.value if depth else str(operand.value)
        return self._leaf(operand)

    def _pairs(self, given: Sequence[Operand], depth: int) -> Iterator[tuple[str, Any]]:
        if len(given) % 2:
            raise Untranslated
        for key, value in zip(given[::2], given[1::2], strict=True):
            yield self.values.words(key), self._structure(value, depth + 1)

    def _leaf(self, operand: Operand | Value) -> str:
        """Give the template of a text of its own: it sees the variables that are set once."""
        if isinstance(operand, Operand) and operand.kind == "literal" and isinstance(operand.value, str):
            return self.draft.checked(literally(operand.value), operand.value)
        writing = Writing()
        values = Values(self.draft, writing, self.trigger, FUNCTIONS, self._constants, self.values.whole)
        values.options = self.values.options
        found = values.operand(operand)
        if found.kind in ("list", "time", "nothing"):
            raise Untranslated
        writing.value(found.code)
        return self.draft.checked(writing.finish(), self.source)


def _all(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.body)
        yield from _all(node.otherwise)


def _says(template: str) -> bool:
    """Say whether a template may say something, besides keeping and saving values."""
    rest = re.sub(r"\{% (?:assign|save) .*?%\}|\{% comment %\}.*?\{% endcomment %\}", "", template, flags=re.DOTALL)
    return bool(rest.strip())


def _as_it_was(source: str) -> str:
    kept = literally(source)
    try:
        return Message(content=kept).content
    except ValidationError:
        raise NotImported(f"A text of it has {len(source)} characters; here it has at most 4000: shorten it.") from None
