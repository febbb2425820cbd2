"""A person at the page, who goes on as soon as the bot has acknowledged."""

from __future__ import annotations

import asyncio

from chandelier_sandbox.interactions.interactions import FIRST_ANSWER_S, FirstAnswer, Interaction
from chandelier_sandbox.people import Member


class Deferred(Exception):
    """The bot has acknowledged and answers later; its answer arrives as an event."""


class Visitor(Member):
    """A member whose commands, clicks and forms end with the acknowledgement; Deferred where it is no answer yet."""

    async def _answer(self, interaction: Interaction, what: str, timeout_s: float) -> FirstAnswer:
        until = asyncio.get_running_loop().time() + FIRST_ANSWER_S + 1
        await self._acknowledged(interaction, what, until)
        if not interaction.answered.done():
            raise Deferred
        return interaction.answered.result()
