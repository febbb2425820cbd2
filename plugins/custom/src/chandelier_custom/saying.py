"""From a command and a rendering to messages that Discord takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from chandelier_custom.spec import Button, Embed, Message, Spec
from chandelier_custom.templates.rendering import Rendering, TemplateFailed

#: Discord's limits (documentation: Create Message; Embed Limits).
LONGEST_MESSAGE = 2000
LONGEST = {"title": 256, "description": 4096, "author": 256, "footer": 2048, "name": 256, "value": 1024}
MOST_OF_EMBEDS = 6000


class Worked(BaseModel):
    """One message, worked out. ``embeds`` and ``buttons`` are as Discord's API has them."""

    model_config = ConfigDict(frozen=True)

    content: str = ""
    embeds: list[dict[str, object]] = []
    buttons: list[list[dict[str, object]]] = []

    @property
    def words(self) -> str:
        """Give all the words of it."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [str(embed.get(name, "")) for name in ("title", "description")]
            parts += [str(embed.get(name, {}).get(key, "")) for name, key in (("author", "name"), ("footer", "text"))]  # type: ignore[attr-defined]
            parts += [f"{one['name']} {one['value']}" for one in embed.get("fields", [])]  # type: ignore[attr-defined]
        return "\n".join(part for part in parts if part)


@dataclass(slots=True)
class _Room:
    """What is left of the characters that all embeds of a message may have."""

    left: int = MOST_OF_EMBEDS
    kept: list[str] = field(default_factory=list)

    def cut(self, text: str, most: int) -> str:
        text = cut(text, min(most, self.left))
        self.left -= len(text)
        return text


def work_out(spec: Spec, rendering: Rendering) -> list[Worked]:
    """Work out what a command says. Raises TemplateFailed, also where nothing at all would be said."""
    if spec.pick == "random":
        weights = [message.weight for message in spec.messages]
        messages = rendering.rng.choices(spec.messages, weights)
    else:
        messages = spec.messages
    said = [worked for message in messages if (worked := _work_out(message, rendering)) is not None]
    if not said:
        raise TemplateFailed("There is nothing to say: every message of it came out empty.")
    return said


def _work_out(message: Message, rendering: Rendering) -> Worked | None:
    content = cut(rendering.render(message.content).strip(), LONGEST_MESSAGE)
    room = _Room()
    embeds = [worked for embed in message.embeds if (worked := _embed(embed, rendering, room))]
    if not content and not embeds:
        return None
    buttons = [[_button(button, rendering) for button in row] for row in message.buttons]
    return Worked(content=content, embeds=embeds, buttons=buttons)


def _embed(embed: Embed, rendering: Rendering, room: _Room) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in ("title", "description"):
        if text := room.cut(rendering.render(getattr(embed, name)).strip(), LONGEST[name]):
            found[name] = text
    if text := room.cut(rendering.render(embed.author).strip(), LONGEST["author"]):
        found["author"] = {"name": text}
    if text := room.cut(rendering.render(embed.footer).strip(), LONGEST["footer"]):
        found["footer"] = {"text": text}
    fields = []
    for one in embed.fields:
        name = room.cut(rendering.render(one.name).strip(), LONGEST["name"])
        value = room.cut(rendering.render(one.value).strip(), LONGEST["value"])
        if name and value:
            fields.append({"name": name, "value": value, "inline": one.inline})
    if fields:
        found["fields"] = fields
    for name in ("image", "thumbnail"):
        if address := _address(rendering.render(getattr(embed, name))):
            found[name] = {"url": address}
    if not found:
        return {}
    if address := _address(rendering.render(embed.url)):
        found["url"] = address
    if embed.colour is not None:
        found["color"] = int(embed.colour[1:], 16)
    return found


def _button(button: Button, rendering: Rendering) -> dict[str, object]:
    found: dict[str, object] = {"label": button.label, "style": button.style}
    if button.url:
        address = _address(rendering.render(button.url))
        if not address:
            raise TemplateFailed(f"The button `{button.label}` leads to no address that begins with https://.")
        return {**found, "url": address}
    return {**found, "press": button.press}


def _address(text: str) -> str:
    """Give an address that Discord takes; nothing for any other."""
    text = text.strip()
    fitting = text.startswith(("https://", "http://")) and len(text) <= 2048 and not any(one.isspace() for one in text)
    return text if fitting else ""


def cut(text: str, most: int) -> str:
    """Cut a text to so many characters."""
    if len(text) <= most:
        return text
    return text[: most - 1] + "…" if most > 0 else ""
