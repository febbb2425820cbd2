"""From an outcome to what is said in Discord."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import hikari

from chandelier import Outcome, Reply, Status

#: Discord's limits (documentation: Create Message).
LONGEST_MESSAGE = 2000
MOST_EMBEDS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What is said. ``ephemeral`` counts where the surface knows it."""

    text: str
    ephemeral: bool
    embeds: tuple[hikari.Embed, ...] = ()
    mentions: tuple[int, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Give it as the keyword arguments of hikari's ways to send. Nobody is pinged but ``mentions``."""
        return {
            "content": self.text or hikari.UNDEFINED,
            "embeds": list(self.embeds) or hikari.UNDEFINED,
            "user_mentions": list(self.mentions) or False,
            "role_mentions": False,
            "mentions_everyone": False,
        }


def render(outcome: Outcome) -> Said:
    """Say an outcome: the value in its own words, or the sentence of a refusal or failure."""
    if outcome.status is not Status.ANSWERED:
        return Said(cut(outcome.sentence or "That did not work."), ephemeral=True)
    value = outcome.value
    if value is None:
        return Said("Done.", ephemeral=True)
    if isinstance(value, Reply):
        embeds = tuple(embed for embed in value.embeds if isinstance(embed, hikari.Embed))[:MOST_EMBEDS]
        text = cut(value.text)
        return Said(text if text.strip() or embeds else "Done.", outcome.ephemeral, embeds, tuple(value.mentions))
    text = cut(_words(value))
    return Said(text if text.strip() else "Done.", outcome.ephemeral)


def _words(value: object) -> str:
    """Put a value into words again: dispatch has tried it, and a plugin's ``__str__`` may still raise the second time."""
    try:
        return str(value)
    except BaseException:
        return "The answer could not be put into words."


def cut(text: str) -> str:
    """Cut a text to what one message takes."""
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
