"""Ask something of the bot as an interaction, and wait for its answer."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from chandelier_sandbox.client.replies import Modal, Reply, reply_from
from chandelier_sandbox.interactions.interactions import (
    FIRST_ANSWER_S,
    CallbackKind,
    FirstAnswer,
    Interaction,
    InteractionKind,
)
from chandelier_sandbox.people.seat import Seat
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message


class Asking(Seat):
    """A person whose commands, clicks and forms the bot answers."""

    def _open(self, kind: InteractionKind, name: str, channel: Channel | None = None, **facts: Any) -> Interaction:
        return Interaction(
            id=self._discord.snowflakes.make(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            user=self._user,
            channel=channel or self._channel,
            name=name,
            created_at=self._discord.clock.time(),
            answered=asyncio.get_running_loop().create_future(),
            **facts,
        )

    async def _answer(self, interaction: Interaction, what: str, timeout_s: float) -> FirstAnswer:
        until = asyncio.get_running_loop().time() + timeout_s
        await self._acknowledged(interaction, what, until)
        if interaction.answered.done():  # as most are by then: the wait below costs more than this question
            return interaction.answered.result()
        try:
            async with asyncio.timeout_at(until):
                return await interaction.answered
        except TimeoutError:
            if interaction.callback is CallbackKind.DEFERRED_UPDATE and interaction.original is not None:
                return interaction.original  # nothing more has to come: the message stays as it is
            raise TimeoutError(
                f"The application did not respond to {what} within {timeout_s:g} s: it deferred and never answered."
            ) from None

    async def _acknowledged(self, interaction: Interaction, what: str, until: float) -> None:
        """Wait until the bot has acknowledged; TimeoutError where Discord's time for that passes first."""
        loop = asyncio.get_running_loop()
        try:
            # A quarter of a second of grace: the bot's own request may be under way when the 3 s end.
            async with asyncio.timeout_at(min(until, loop.time() + FIRST_ANSWER_S + 0.25)):
                await interaction.settled.wait()
        except TimeoutError:
            pass
        if not interaction.acknowledged:
            raise TimeoutError(f"The application did not respond to {what} in time.")

    def _reply(self, answer: FirstAnswer, interaction: Interaction | None = None) -> Reply:
        if isinstance(answer, Message):
            self._seen.add(answer.id)
            return reply_from(answer)
        if isinstance(answer, list):
            raise TypeError("The application answered with autocomplete choices.")
        return Reply(text=str(answer["title"]), modal=Modal(answer), answers=interaction)

    def _may_touch(self, channel: Channel) -> None:
        """Raise CannotSend where the person may not use what is in a channel."""
        self._must_hold(channel, Permission.VIEW_CHANNEL, "see what is in")
