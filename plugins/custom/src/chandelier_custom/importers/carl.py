"""Carl-bot: tags, as JSON of names and contents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from chandelier_custom.importers import tagscript
from chandelier_custom.importers.carl_blocks import FILTERS, SAYS
from chandelier_custom.importers.carl_page import Page
from chandelier_custom.importers.drafting import LONGEST_READ, Draft, Gathering, NotImported
from chandelier_custom.importers.embedding import embed_of
from chandelier_custom.importers.reading import as_list, as_mapping, as_text, read_json, refuse, shown
from chandelier_custom.importers.report import Import
from chandelier_custom.importers.tagscript import Block, Pieces
from chandelier_custom.spec import Embed, Message, Rule

WHAT = "list of Carl-bot's tags"
_CONTENT = ("content", "text", "response", "tagscript")
_IDLE = ("id", "uses", "created_at", "updated_at", "last_used", "guild_id", "location_id", "sharer", "public_id")
_OWNER = ("owner", "owner_id", "author", "author_id", "creator")
_EMBED = (
    "title",
    "description",
    "url",
    "color",
    "colour",
    "thumbnail",
    "image",
    "footer",
    "author",
    "field",
    "timestamp",
)
_ID = re.compile(r"\d{15,19}")


def read(text: str) -> Import:
    """Read tags: a list of objects with ``name`` and ``content``, or names with their contents. Raises BadOption."""
    document = read_json(text, WHAT)
    entries = list(_entries(document))
    if not entries and document not in ([], {}, {"tags": []}, {"tags": {}}):
        raise refuse(f'This is no {WHAT}: it must be like [{{"name": "hello", "content": "Hi {{user}}!"}}].')
    gathering = Gathering("carl")
    for number, (name, entry) in enumerate(entries, 1):
        _read_tag(gathering, name or f"tag {number}", entry)
    return gathering.finished()


def _entries(document: object) -> Iterator[tuple[str, object]]:
    found = as_mapping(document).get("tags", document)
    if isinstance(found, list):
        for one in found:
            yield as_text(as_mapping(one).get("name")), one
    elif isinstance(found, dict) and any(key in found for key in _CONTENT) and "name" in found:
        yield as_text(found["name"]), found
    elif isinstance(found, dict):
        yield from found.items()


def _read_tag(gathering: Gathering, name: str, entry: object) -> None:
    found: Mapping[str, object] = {"content": entry} if isinstance(entry, str) else as_mapping(entry)
    content = next((value for key in _CONTENT if isinstance(value := found.get(key), str)), None)
    if content is None and not found.get("embed"):
        gathering.skip(name, "It has no `content` that is a text.")
        return
    draft = Draft(name)
    gathering.carry(draft, lambda: _fill(draft, content or "", found))


def _fill(draft: Draft, content: str, found: Mapping[str, object]) -> None:
    if len(content) > LONGEST_READ:
        raise NotImported(f"Its content has {len(content)} characters; here a text has at most 4000: shorten it.")
    _Tag(draft, content).set_up(found)
    if any(found.get(key) for key in _OWNER):
        draft.remark("its owner is not carried over; whoever imports it counts as its author.")
    for alias in as_list(found.get("aliases")):
        draft.leave_out(f"aliases: {shown(alias)}", "is not carried over; add it to `aliases`.")
    known = ("name", "embed", "aliases", *_CONTENT, *_OWNER, *_IDLE)
    for key in found:
        if key not in known and found[key]:
            draft.leave_out(key, "is no part of a tag that is known; look what it did.")


class _Tag:
    """One tag: what its blocks set is set first, then its words are translated."""

    def __init__(self, draft: Draft, content: str) -> None:
        self.draft, self.content = draft, content
        self.pieces = tagscript.parse(content)
        self._embed: dict[str, object] = {}

    def set_up(self, found: Mapping[str, object]) -> None:
        """Fill the draft."""
        built = found.get("embed")
        self._embed |= self._object(built) if isinstance(built, str) else dict(as_mapping(built))
        for block in tagscript.blocks_in(self.pieces):
            self._set(block)
        page = Page(self.draft, self.pieces, SAYS, FILTERS)
        words = self.draft.checked(page.write(self.pieces, whole=True), self.content)
        embed = self._finished_embed()
        self.draft.parts["messages"] = [Message(content=words, embeds=[embed] if embed is not None else [])]
        if "user.mention" in words or "<@" in words or "@everyone" in words or "@here" in words:
            self.draft.remark("a mention in it pings nobody here; give `mentions` what it may ping.")

    def _set(self, block: Block) -> None:
        name, payload = block.name, tagscript.words_of(block.payload)
        if name in ("react", "reactu"):
            self._react(block, payload)
        elif name in ("dm", "redirect"):
            self._redirect(block)
        elif name in ("require", "whitelist", "blacklist"):
            self._rule(block, payload)
        elif name == "embed":
            self._set_embed(block)

    def _react(self, block: Block, payload: str | None) -> None:
        if payload is None:
            self.draft.leave_out(block.source, "is not put as a reaction: its emoji are worked out; write them down.")
            return
        self.draft.add_reactions(payload.split())
        if block.name == "react":
            self.draft.remark(f"`{shown(block.source)}` reacts to the message that asked here, not to the answer.")

    def _redirect(self, block: Block) -> None:
        where = tagscript.words_of(block.payload or block.parameter or ())
        where = "dm" if block.name == "dm" else (where or "").strip().lower()
        if where in ("dm", "reply"):
            self.draft.parts["answer"] = where
        else:
            self.draft.leave_out(
                block.source, "is not done: an answer goes to where it was asked; set `answer`, or do without."
            )

    def _rule(self, block: Block, payload: str | None) -> None:
        wanted = [one.strip() for one in (payload or "").split(",") if one.strip()]
        roles, channels, unknown = list[int](), list[int](), list[str]()
        for one in wanted:
            mention = re.fullmatch(r"<(@&|#)(\d{15,19})>", one)
            if mention is not None:
                (roles if mention[1] == "@&" else channels).append(int(mention[2]))
            elif _ID.fullmatch(one) and block.name == "blacklist":
                roles.append(int(one))
                channels.append(int(one))
            else:
                unknown.append(one)
        if block.parameter:
            self.draft.remark(f"`{shown(block.source)}` refuses with a sentence of its own here.")
        field = "deny" if block.name == "blacklist" else "allow"
        if unknown or payload is None or not wanted:
            said = f"names what may be a role or a channel; put it into `{field}.roles` or `{field}.channels`."
            self.draft.leave_out(block.source, said)
        old = self.draft.parts.get(field, Rule())
        rule = Rule(roles=[*old.roles, *roles][:50], channels=[*old.channels, *channels][:50])
        if len(old.roles) + len(roles) > 50 or len(old.channels) + len(channels) > 50:
            self.draft.leave_out(block.source, "names more than 50; put the rest into another rule.")
        self.draft.parts[field] = rule

    def _set_embed(self, block: Block) -> None:
        parameter = block.parameter or ()
        if len(parameter) == 1 and isinstance(parameter[0], Block):
            self._embed |= self._object(parameter[0].source)
            return
        attribute = (tagscript.words_of(parameter) or "").strip().lower()
        if not parameter and block.payload is None:
            return
        if attribute not in _EMBED or block.payload is None or attribute == "timestamp":
            self.draft.leave_out(block.source, "is no part of an embed here; do without it.")
        elif attribute == "field":
            name, value, *rest = [tagscript.source_of(one) for one in tagscript.split(block.payload, "|")] + [""]
            inline = [one for one in rest if one.strip()][:1]
            fields = [*as_list(self._embed.get("fields")), {"name": name, "value": value, "inline": inline == ["true"]}]
            self._embed["fields"] = fields
        else:
            text = tagscript.source_of(block.payload)
            self._embed[attribute] = text.split("|")[0] if attribute in ("author", "footer") else text

    def _object(self, source: str) -> dict[str, object]:
        try:
            found = json.loads(source)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self.draft.leave_out(f"embed: {shown(source)}", "is no JSON of an embed; write the embed anew.")
            return {}
        return dict(as_mapping(found.get("embed"))) or found

    def _finished_embed(self) -> Embed | None:
        return embed_of(self._embed, self.draft, self._translate) if self._embed else None

    def _translate(self, text: str) -> str:
        pieces: Pieces = tagscript.parse(text)
        page = Page(self.draft, self.pieces, SAYS, FILTERS)
        return self.draft.checked(page.write(pieces, whole=False), text)
