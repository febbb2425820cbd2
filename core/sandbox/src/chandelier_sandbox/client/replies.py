"""What a member gets to see of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Message

if TYPE_CHECKING:
    from chandelier_sandbox.interactions.interactions import Interaction

BUTTON = 2
TEXT_DISPLAY = 10
MENUS = (3, 5, 6, 7, 8)


class Component(JsonObject):
    """A button, menu, text … as Discord's JSON, with what tests ask for by name."""

    @property
    def kind(self) -> int:
        """Return its type (Discord: Component Reference, Component Types)."""
        return int(self["type"])

    @property
    def custom_id(self) -> str | None:
        """Return the name that the bot gave it."""
        return self.get("custom_id")

    @property
    def label(self) -> str:
        """Return what is written on it, be it an emoji."""
        emoji = self.get("emoji") or {}
        return str(self.get("label") or self.get("placeholder") or emoji.get("name") or "")

    @property
    def disabled(self) -> bool:
        """Tell whether it is greyed out."""
        return bool(self.get("disabled"))

    @property
    def offers(self) -> list[str]:
        """Return what a menu of texts offers."""
        return [str(option["value"]) for option in self.get("options") or []]


class Embed(JsonObject):
    """An embed as Discord's JSON, with its parts by name."""

    @property
    def title(self) -> str:
        """Return the title, empty where there is none."""
        return str(self.get("title") or "")

    @property
    def description(self) -> str:
        """Return the text, empty where there is none."""
        return str(self.get("description") or "")

    @property
    def fields(self) -> dict[str, str]:
        """Return the fields by their names."""
        return {str(one["name"]): str(one["value"]) for one in self.get("fields") or []}

    @property
    def footer(self) -> str:
        """Return the footer's text, empty where there is none."""
        return str((self.get("footer") or {}).get("text") or "")


class Modal(JsonObject):
    """A form as Discord's JSON, with its parts by name."""

    @property
    def title(self) -> str:
        """Return the title."""
        return str(self["title"])

    @property
    def custom_id(self) -> str:
        """Return the name that the bot gave it."""
        return str(self["custom_id"])

    @property
    def inputs(self) -> list[Component]:
        """Return what is to be filled in, in order."""
        return [one for one in flat(self["components"]) if one.custom_id is not None]


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the bot, as the member sees it, or the form that opened.

    text: the content, or all text displays. ephemeral: only this member sees it. modal: the form, when the answer is one.
    edited: people see that it was edited.
    """

    text: str = ""
    ephemeral: bool = False
    embeds: list[Embed] = field(default_factory=list)
    components: list[JsonObject] = field(default_factory=list)
    message_id: int | None = None
    channel_id: int | None = None
    attachments: list[str] = field(default_factory=list)
    modal: Modal | None = field(default=None, repr=False)
    edited: bool = False
    answers: Interaction | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    @property
    def embed(self) -> Embed:
        """Return the only embed; LookupError where there is none, or several."""
        if len(self.embeds) != 1:
            has = f"{len(self.embeds)} embeds, not one" if self.embeds else "no embed"
            raise LookupError(f"This answer has {has}; its text is {self.text!r}.")
        return self.embeds[0]

    @property
    def buttons(self) -> list[Component]:
        """Return the buttons, in order."""
        return [one for one in flat(self.components) if one.kind == BUTTON]

    @property
    def menus(self) -> list[Component]:
        """Return the menus, in order."""
        return [one for one in flat(self.components) if one.kind in MENUS]

    @property
    def custom_ids(self) -> list[str]:
        """Return the custom ids of the buttons and menus, in order."""
        return [one.custom_id for one in flat(self.components) if one.custom_id is not None]


def flat(components: list[Any]) -> Iterator[Component]:
    """Yield every component of a tree, outer ones first."""
    for component in components:
        yield Component(component)
        inner = [*(component.get("components") or []), component.get("component"), component.get("accessory")]
        yield from flat([one for one in inner if one is not None])


def reply_from(message: Message) -> Reply:
    """Make the reply that a message is."""
    shown = [one["content"] for one in flat(message.components) if one.kind == TEXT_DISPLAY]
    return Reply(
        text=message.content or "\n".join(shown),
        ephemeral=message.ephemeral,
        embeds=[Embed(embed) for embed in message.embeds],
        components=list(message.components),
        message_id=message.id,
        channel_id=message.channel_id,
        attachments=[attachment.filename for attachment in message.attachments],
        edited=message.edited_at is not None,
    )
