"""From an outcome to what is said in Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import hikari

from chandelier import Answer, Outcome, Reply, Status

#: Discord's limits (documentation: Create Message).
LONGEST_MESSAGE = 2000
MOST_EMBEDS = 10
MOST_ROWS = 5
MOST_MENTIONS = 100
MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What is said. ``ephemeral`` counts where the surface knows it."""

    text: str
    ephemeral: bool
    embeds: tuple[hikari.Embed, ...] = ()
    mentions: tuple[int, ...] = ()
    role_mentions: tuple[int, ...] = ()
    mention_everyone: bool = False
    components: tuple[hikari.api.ComponentBuilder, ...] = ()
    plain: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    #: What is said after it.
    more: tuple[Said, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Give it as the keyword arguments of hikari's ways to send. Nobody is pinged but who is named."""
        files = [hikari.Bytes(content, name) for name, content in self.files.items()][:MOST_FILES]
        return {
            **({"attachments": files} if files else {}),
            "content": self.text or hikari.UNDEFINED,
            "embeds": list(self.embeds) or hikari.UNDEFINED,
            "components": list(self.components) or hikari.UNDEFINED,
            "user_mentions": list(self.mentions)[:MOST_MENTIONS] or False,
            "role_mentions": list(self.role_mentions)[:MOST_MENTIONS] or False,
            "mentions_everyone": self.mention_everyone,
        }


def render(outcome: Outcome) -> Said:
    """Say an outcome: the value in its own words, or the sentence of a refusal or failure."""
    if outcome.status is not Status.ANSWERED:
        return Said(cut(outcome.sentence or "That did not work."), ephemeral=True)
    value = outcome.value
    if value is None:
        return Said("Done.", ephemeral=True)
    if isinstance(value, Answer):
        value = value.reply()
    if isinstance(value, Reply):
        return say(value, ephemeral=outcome.ephemeral)
    text = cut(_words(value))
    return Said(text if text.strip() else "Done.", outcome.ephemeral)


def say(reply: Reply, *, ephemeral: bool) -> Said:
    """Say a reply, and what comes after it."""
    embeds = tuple(embed for embed in reply.embeds if isinstance(embed, hikari.Embed))[:MOST_EMBEDS]
    components = tuple(one for one in reply.components if isinstance(one, hikari.api.ComponentBuilder))[:MOST_ROWS]
    text = cut(reply.text)
    if not (text.strip() or embeds or reply.files):
        text = "Done."
    return Said(
        text, ephemeral, embeds, tuple(reply.mentions), tuple(reply.role_mentions),
        reply.mention_everyone, components, reply.plain, reply.files, tuple(say(one, ephemeral=ephemeral) for one in reply.more),
    )  # fmt: skip


def _words(value: object) -> str:
    """Put a value into words again: dispatch has tried it, and a plugin's ``__str__`` may still raise the second time."""
    try:
        return str(value)
    except BaseException:
        return "The answer could not be put into words."


def cut(text: str) -> str:
    """Cut a text to what one message takes."""
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
