"""Interactions: made when a member uses a command, a component or a form, answered by the bot in Discord's time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from chandelier_sandbox.commands.fields import STRING
from chandelier_sandbox.drafts import check_draft, fill
from chandelier_sandbox.errors import DiscordError, FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions.answers import checked_choices, checked_modal, content_of, deferred_flags
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import (
    EPHEMERAL,
    LOADING,
    Attachment,
    Channel,
    Message,
    MessageFlag,
    MessageKind,
    User,
)
from chandelier_sandbox.world import World

FIRST_ANSWER_S = 3.0
TOKEN_LIFE_S = 15 * 60.0
KEPT_MOST = 20_000
_V2 = int(MessageFlag.IS_COMPONENTS_V2)


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


LAUNCH_ACTIVITY = 12
_ALLOWED: Mapping[InteractionKind, frozenset[int]] = {
    InteractionKind.COMMAND: frozenset({4, 5, 9}),
    InteractionKind.AUTOCOMPLETE: frozenset({8}),
    InteractionKind.COMPONENT: frozenset({4, 5, 6, 7, 9}),
    InteractionKind.MODAL: frozenset({4, 5}),
}
_OF_MESSAGES = frozenset({6, 7})  # a form that a component opened may change that component's message

FirstAnswer = Message | JsonObject | list[JsonObject]


@dataclass(slots=True, eq=False)
class Interaction:
    """One use of a command, component or form: who, where, and what was answered so far.

    source: the message whose component was used, or led to the form. opened_by: what was answered with the form.
    option_kind: of the option that is being completed. form_sent: the form it was answered with has been submitted.
    """

    id: int
    token: str = field(repr=False)
    kind: InteractionKind
    user: User
    channel: Channel
    name: str
    created_at: float
    answered: asyncio.Future[FirstAnswer] = field(repr=False)
    settled: asyncio.Event = field(repr=False, default_factory=asyncio.Event)  # acknowledged, or too late for it
    acknowledged: bool = False
    callback: CallbackKind | None = None
    original: Message | None = None
    source: Message | None = None
    opened_by: Interaction | None = None
    command_kind: int = 1
    option_kind: int = STRING
    form_sent: bool = False
    target_user: User | None = None
    target_message: Message | None = None
    files: list[Attachment] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def finish(self, answer: FirstAnswer) -> None:
        """Give the first real answer to whoever waits."""
        if not self.answered.done():
            self.answered.set_result(answer)

    @property
    def callbacks(self) -> frozenset[int]:
        """Return the kinds of callback it may be answered with."""
        allowed = _ALLOWED[self.kind]
        return allowed | _OF_MESSAGES if self.kind is InteractionKind.MODAL and self.source is not None else allowed

    def metadata(self) -> JsonObject:
        """Describe it as its messages carry it (Discord: Message, Interaction Metadata)."""
        guild_id = self.channel.guild_id
        answer: JsonObject = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": user_json(self.user),
            "authorizing_integration_owners": {"0": "0" if guild_id is None else str(guild_id)},
        }
        if self.target_user is not None:
            answer["target_user"] = user_json(self.target_user)
        if self.target_message is not None:
            answer["target_message_id"] = str(self.target_message.id)
        if self.opened_by is not None:
            answer["triggering_interaction_metadata"] = self.opened_by.metadata()
        elif self.source is not None:
            answer["interacted_message_id"] = str(self.source.id)
        return answer


class Interactions:
    """Track interactions by id and token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: OrderedDict[int, Interaction] = OrderedDict()
        self._by_token: dict[str, Interaction] = {}
        self._waiting: dict[int, Interaction] = {}  # for their first answer
        self._files: dict[int, Attachment] = {}
        world.clock.watch(self._lapse)

    def open(self, interaction: Interaction) -> None:
        """Keep an interaction; the oldest beyond the bound are forgotten."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self._waiting[interaction.id] = interaction
        for one in interaction.files:
            self._files[one.id] = one
        while len(self._by_id) > KEPT_MOST:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_token[oldest.token]
            self._waiting.pop(oldest.id, None)
            for one in oldest.files:
                del self._files[one.id]

    def file(self, attachment_id: int) -> Attachment | None:
        """Return a file that a person sent along with a command or form."""
        return self._files.get(attachment_id)

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
        kind = _callback_kind(interaction, body)
        self._take(interaction, kind, body, files)
        interaction.acknowledged, interaction.callback = True, kind
        self._waiting.pop(interaction.id, None)
        interaction.settled.set()
        return interaction

    def _age(self, interaction: Interaction) -> float:
        return self._world.clock.time() - interaction.created_at

    def _lapse(self) -> None:
        """Let go of what the clock, moved forward, has made too late."""
        for interaction in [one for one in self._waiting.values() if self._age(one) > FIRST_ANSWER_S]:
            interaction.settled.set()
            del self._waiting[interaction.id]

    def _take(self, interaction: Interaction, kind: CallbackKind, body: JsonObject, files: list[Attachment]) -> None:
        match kind:
            case CallbackKind.CHOICES:
                interaction.finish(checked_choices(body, interaction.option_kind))
            case CallbackKind.MODAL:
                interaction.finish(checked_modal(body))
            case CallbackKind.MESSAGE:
                interaction.original = self._post(interaction, content_of(body), files, "data")
                interaction.finish(interaction.original)
            case CallbackKind.DEFERRED_MESSAGE:
                interaction.original = self._defer(interaction, deferred_flags(body))
            case CallbackKind.DEFERRED_UPDATE:
                interaction.original = self._source(interaction)
            case CallbackKind.UPDATE:
                source = self._source(interaction)
                self._edit(source, content_of(body), files, "data")
                interaction.original = source
                interaction.finish(source)

    def _source(self, interaction: Interaction) -> Message:
        """Return the message of the component, or raise 10008 where it is gone."""
        source = interaction.source
        if source is None:
            raise refusal(10008)
        return self._world.message(source.channel_id, source.id)

    # Later answers

    def by_token(self, application_id: int, token: str) -> Interaction:
        """Return an acknowledged interaction: 10015 when unknown, 50027 after 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self._world.application_id:
            raise refusal(10015)
        if self._age(interaction) > TOKEN_LIFE_S:
            raise refusal(50027)
        if not interaction.acknowledged or interaction.kind is InteractionKind.AUTOCOMPLETE:
            raise refusal(10015)
        return interaction

    def find_message(self, interaction: Interaction, name: str) -> Message:
        """Return the original ("@original") or a follow-up by id, or raise 10008."""
        known = [*interaction.messages, *([] if interaction.original is None else [interaction.original])]
        for message in known:
            is_wanted = message is interaction.original if name == "@original" else str(message.id) == name
            if is_wanted and message.id in self._world.messages.get(message.channel_id, {}):
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
        self._edit(message, body, files)
        interaction.finish(message)
        return message

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Delete a message of the interaction."""
        self._world.delete(message)
        if message in interaction.messages:
            interaction.messages.remove(message)
        if message is interaction.original:
            interaction.original = None

    # Messages

    def _edit(self, message: Message, body: JsonObject, files: list[Attachment], under: str = "") -> None:
        was_loading, kept = message.loading, message.flags & EPHEMERAL
        _judge(body, message.flags & _V2, under)
        reference, message.reference = message.reference, None  # answers never mention whom they reply to
        try:
            fill(message, body, files, self._world)
        finally:
            message.reference = reference
        message.flags = (message.flags & ~(LOADING | EPHEMERAL)) | kept
        self._calm(message)
        self._world.changed(message, edited_at=None if was_loading else self._world.clock.now())

    def _calm(self, message: Message) -> None:
        """Take @everyone from an answer where the bot may not mention everyone."""
        if message.mention_everyone and message.guild_id is not None:
            channel = self._world.channel(message.channel_id)
            if not self._world.permissions_in(channel, self._world.bot) & Permission.MENTION_EVERYONE:
                message.mention_everyone = False

    def _blank(self, interaction: Interaction, flags: int) -> Message:
        message = Message(
            id=self._world.snowflakes.make(),
            channel_id=interaction.channel.id,
            guild_id=interaction.channel.guild_id,
            author=self._world.bot,
            content="",
            sent_at=self._world.clock.now(),
            flags=flags,
            application_id=self._world.application_id,
            private_to=interaction.user.id if flags & EPHEMERAL else None,
        )
        message.interaction = interaction.metadata()
        return message

    def _place(self, interaction: Interaction, message: Message) -> Message:
        """Say what the message is: an answer to a command, or a reply to the message it belongs under; post it."""
        above = interaction.source if interaction.original is None else interaction.original
        if interaction.original is not None and message.interaction is not None:
            message.interaction["original_response_message_id"] = str(interaction.original.id)
        if above is not None:
            message.kind = MessageKind.REPLY
            message.reference = _reference(above)
        else:
            asked = interaction if interaction.opened_by is None else interaction.opened_by
            message.kind = MessageKind.SLASH_REPLY if asked.command_kind == 1 else MessageKind.MENU_REPLY
        if interaction.kind is InteractionKind.COMMAND:
            message.command_name = interaction.name
        interaction.messages.append(message)
        return self._world.post(message)

    def _post(self, interaction: Interaction, body: JsonObject, files: list[Attachment], under: str = "") -> Message:
        _judge(body, 0, under)
        message = self._blank(interaction, int(body.get("flags") or 0) & EPHEMERAL)
        fill(message, {"content": None} | body, files, self._world)
        self._calm(message)
        return self._place(interaction, message)

    def _defer(self, interaction: Interaction, flags: int) -> Message:
        return self._place(interaction, self._blank(interaction, (flags & EPHEMERAL) | LOADING))


def _callback_kind(interaction: Interaction, body: JsonObject) -> CallbackKind:
    errors, kind = FormErrors(), body.get("type")
    if kind is None:
        errors.missing(("type",))
    elif kind == LAUNCH_ACTIVITY and interaction.kind is not InteractionKind.AUTOCOMPLETE:
        sentence = "This application has no Activity to launch."
        errors.add(("type",), "INTERACTION_CALLBACK_LAUNCH_ACTIVITY_INVALID", sentence)
    elif isinstance(kind, (dict, list, bool, float)) or kind not in interaction.callbacks:
        allowed = ", ".join(str(one) for one in sorted(interaction.callbacks))
        errors.add(("type",), "BASE_TYPE_CHOICES", f"Value must be one of ({allowed}).")
    errors.raise_any()
    return CallbackKind(body["type"])


def _judge(body: JsonObject, flags: int, under: str) -> None:
    """Raise what is wrong with a message; in a callback it stands under "data"."""
    try:
        check_draft(body, flags=flags)
    except DiscordError as error:
        if not under or error.errors is None:
            raise
        raise DiscordError(error.status, error.code, error.message, {under: error.errors}) from None


def _reference(message: Message) -> JsonObject:
    about: JsonObject = {"type": 0, "channel_id": str(message.channel_id), "message_id": str(message.id)}
    return about | ({} if message.guild_id is None else {"guild_id": str(message.guild_id)})
