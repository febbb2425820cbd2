"""Interactions: made when a member uses a command, answered by the bot within Discord's deadlines."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from chandelier_sandbox.drafts import check_draft, fill
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.records import EPHEMERAL, LOADING, Attachment, Channel, Message, MessageKind, User
from chandelier_sandbox.shapes import CHOICES, MESSAGE, check_shape
from chandelier_sandbox.world import World

FIRST_ANSWER_S = 3.0
TOKEN_LIFE_S = 15 * 60.0
KEPT_MOST = 1000


class InteractionKind(IntEnum):
    """Discord: Receiving and Responding, Interaction Type."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackKind(IntEnum):
    """Discord: Receiving and Responding, Interaction Callback Type."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_ALLOWED: Mapping[InteractionKind, frozenset[int]] = {
    InteractionKind.COMMAND: frozenset({4, 5, 9}),
    InteractionKind.AUTOCOMPLETE: frozenset({8}),
    InteractionKind.COMPONENT: frozenset({4, 5, 6, 7, 9}),
    InteractionKind.MODAL: frozenset({4, 5, 6, 7}),
}


@dataclass(slots=True, eq=False)
class Interaction:
    """One use of a command: who, where, and what was answered so far."""

    id: int
    token: str = field(repr=False)
    kind: InteractionKind
    user: User
    channel: Channel
    name: str
    created_at: float
    answered: asyncio.Future[Message | JsonObject | list[JsonObject]] = field(repr=False)
    settled: asyncio.Event = field(repr=False, default_factory=asyncio.Event)  # acknowledged, or too late for it
    acknowledged: bool = False
    original: Message | None = None
    source: Message | None = None  # the message whose component was used
    messages: list[Message] = field(default_factory=list)

    def finish(self, answer: Message | JsonObject | list[JsonObject]) -> None:
        """Give the first real answer to whoever waits."""
        if not self.answered.done():
            self.answered.set_result(answer)


class Interactions:
    """Track interactions by id and token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: OrderedDict[int, Interaction] = OrderedDict()
        self._by_token: dict[str, Interaction] = {}
        world.clock.watch(self._lapse)

    def open(self, interaction: Interaction) -> None:
        """Keep an interaction; the oldest beyond the bound are forgotten."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        while len(self._by_id) > KEPT_MOST:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_token[oldest.token]

    # The first answer

    def acknowledge(self, interaction_id: int, token: str, body: JsonObject, files: list[Attachment]) -> Interaction:
        """Take the callback: 10062 when unknown or late, 40060 when it is not the first."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise refusal(10062)
        if interaction.acknowledged:
            raise refusal(40060)
        if self._age(interaction) > FIRST_ANSWER_S:
            raise refusal(10062)
        kind = self._callback_kind(interaction, body)
        content = _checked_content(body)
        self._take(interaction, kind, content, files)
        interaction.acknowledged = True
        interaction.settled.set()
        return interaction

    def _age(self, interaction: Interaction) -> float:
        return self._world.clock.time() - interaction.created_at

    def _lapse(self) -> None:
        """Let go of what the clock, moved forward, has made too late."""
        for interaction in self._by_id.values():
            if self._age(interaction) > FIRST_ANSWER_S:
                interaction.settled.set()

    def _callback_kind(self, interaction: Interaction, body: JsonObject) -> CallbackKind:
        errors = FormErrors()
        if "type" not in body:
            errors.missing(("type",))
        elif isinstance(body["type"], (dict, list)) or body["type"] not in _ALLOWED[interaction.kind]:
            allowed = ", ".join(str(kind) for kind in sorted(_ALLOWED[interaction.kind]))
            errors.add(("type",), "BASE_TYPE_CHOICES", f"Value must be one of ({allowed}).")
        errors.raise_any()
        return CallbackKind(body["type"])

    def _take(self, interaction: Interaction, kind: CallbackKind, content: JsonObject, files: list[Attachment]) -> None:
        match kind:
            case CallbackKind.MESSAGE:
                interaction.original = self._post(interaction, content, files)
                interaction.finish(interaction.original)
            case CallbackKind.DEFERRED_MESSAGE:
                interaction.original = self._defer(interaction, int(content.get("flags") or 0))
            case CallbackKind.CHOICES:
                interaction.finish(_checked_choices(content))
            case CallbackKind.MODAL:
                interaction.finish(_checked_modal(content))
            case CallbackKind.UPDATE | CallbackKind.DEFERRED_UPDATE:
                interaction.original = interaction.source
                if kind is CallbackKind.UPDATE and interaction.source is not None:
                    self._edit(interaction.source, content, files)
                    interaction.finish(interaction.source)

    # Later answers

    def by_token(self, application_id: int, token: str) -> Interaction:
        """Return an acknowledged interaction: 10015 when unknown, 50027 after 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self._world.application_id:
            raise refusal(10015)
        if self._age(interaction) > TOKEN_LIFE_S:
            raise refusal(50027)
        if not interaction.acknowledged:
            raise refusal(10015)
        return interaction

    def find_message(self, interaction: Interaction, name: str) -> Message:
        """Return the original ("@original") or a follow-up by id, or raise 10008."""
        if name == "@original":
            if interaction.original is None:
                raise refusal(10008)
            return interaction.original
        for message in interaction.messages:
            if str(message.id) == name:
                return message
        raise refusal(10008)

    def follow_up(self, interaction: Interaction, body: JsonObject, files: list[Attachment]) -> Message:
        """Post another message; the first one after a deferral takes the deferral's place."""
        if interaction.original is not None and interaction.original.loading:
            return self.edit(interaction, interaction.original, body, files)
        message = self._post(interaction, body, files)
        interaction.finish(message)
        return message

    def edit(self, interaction: Interaction, message: Message, body: JsonObject, files: list[Attachment]) -> Message:
        """Change a message of the interaction; a deferral becomes its real answer."""
        was_loading = message.loading
        self._edit(message, body, files)
        if not was_loading:
            message.edited_at = self._world.clock.now()
        interaction.finish(message)
        return message

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Delete a message of the interaction."""
        self._world.delete(message)
        if message in interaction.messages:
            interaction.messages.remove(message)
        if message is interaction.original:
            interaction.original = None

    def _edit(self, message: Message, body: JsonObject, files: list[Attachment]) -> None:
        check_draft(body)
        kept = message.flags & EPHEMERAL
        fill(message, {"content": message.content} | body, files, self._world)
        message.flags = (message.flags & ~(LOADING | EPHEMERAL)) | kept
        self._world.changed(message)

    def _blank(self, interaction: Interaction, flags: int) -> Message:
        guild_id = interaction.channel.guild_id
        command_reply = interaction.kind is InteractionKind.COMMAND
        message = Message(
            id=self._world.snowflakes.make(),
            channel_id=interaction.channel.id,
            guild_id=guild_id,
            author=self._world.bot,
            content="",
            sent_at=self._world.clock.now(),
            kind=MessageKind.SLASH_REPLY if command_reply else MessageKind.DEFAULT,
            flags=flags,
            application_id=self._world.application_id,
            private_to=interaction.user.id if flags & EPHEMERAL else None,
        )
        owners = {"0": "0" if guild_id is None else str(guild_id)}
        message.interaction = {
            "id": str(interaction.id),
            "type": int(interaction.kind),
            "user": user_json(interaction.user),
            "authorizing_integration_owners": owners,
        }
        if interaction.source is not None:
            message.interaction["interacted_message_id"] = str(interaction.source.id)
        return message

    def _post(self, interaction: Interaction, body: JsonObject, files: list[Attachment]) -> Message:
        check_draft(body)
        message = self._blank(interaction, int(body.get("flags") or 0))
        fill(message, body, files, self._world)
        interaction.messages.append(message)
        return self._world.post(message)

    def _defer(self, interaction: Interaction, flags: int) -> Message:
        message = self._blank(interaction, (flags & EPHEMERAL) | LOADING)
        interaction.messages.append(message)
        return self._world.post(message)


def _checked_content(body: JsonObject) -> JsonObject:
    errors = FormErrors()
    content: JsonObject = {} if body.get("data") is None else body["data"]
    check_shape(content, MESSAGE, ("data",), errors)
    errors.raise_any()
    return content


def _checked_choices(content: JsonObject) -> list[JsonObject]:
    errors = FormErrors()
    check_shape(content, CHOICES, ("data",), errors)
    errors.raise_any()
    choices = content.get("choices")
    if choices is None:
        errors.missing(("data", "choices"))
    elif len(choices) > 25:
        errors.add(("data", "choices"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    else:
        for place, choice in enumerate(choices):
            for name in ("name", "value"):
                text = str(choice.get(name, ""))
                if not text or len(text) > 100:
                    where = ("data", "choices", place, name)
                    errors.add(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    errors.raise_any()
    return list(choices or [])


def _checked_modal(content: JsonObject) -> JsonObject:
    errors = FormErrors()
    for name, most in (("custom_id", 100), ("title", 45)):
        if not content.get(name):
            errors.missing(("data", name))
        elif len(str(content[name])) > most:
            errors.too_long(("data", name), most)
    if not content.get("components"):
        errors.missing(("data", "components"))
    errors.raise_any()
    return content
