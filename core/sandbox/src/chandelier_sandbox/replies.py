"""What a member gets to see of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Message


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the bot, as the member sees it.

    text: the content. ephemeral: only this member sees it. modal: the form, when the answer is one.
    """

    text: str = ""
    ephemeral: bool = False
    embeds: list[JsonObject] = field(default_factory=list)
    components: list[JsonObject] = field(default_factory=list)
    message_id: int | None = None
    channel_id: int | None = None
    attachments: list[str] = field(default_factory=list)
    modal: JsonObject | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    @property
    def custom_ids(self) -> list[str]:
        """Return the custom ids of the buttons and menus, in order."""
        return [inner["custom_id"] for row in self.components for inner in _leaves(row) if "custom_id" in inner]


def _leaves(component: JsonObject) -> list[JsonObject]:
    inner = component.get("components") or []
    return [leaf for child in inner for leaf in _leaves(child)] if inner else [component]


def reply_from(message: Message) -> Reply:
    """Make the reply that a message is."""
    return Reply(
        text=message.content,
        ephemeral=message.ephemeral,
        embeds=list(message.embeds),
        components=list(message.components),
        message_id=message.id,
        channel_id=message.channel_id,
        attachments=[attachment.filename for attachment in message.attachments],
    )
