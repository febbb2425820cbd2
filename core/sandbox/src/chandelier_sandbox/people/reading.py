"""A person who reads what the bot says, and what has become of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chandelier_sandbox.client.replies import Reply, reply_from
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.people.asking import Asking
from chandelier_sandbox.records import Message


class Reading(Asking):
    """A person who reads along, here and in the direct messages."""

    def see(self, message: Reply | Message | int) -> Reply:
        """Return a message as it is now; LookupError where it is gone, or somebody else's."""
        try:
            return reply_from(self._find(message))
        except CannotSend as error:
            raise LookupError(str(error)) from None

    async def wait_for_news(self, *, timeout_s: float = 10.0) -> None:
        """Wait until there is something unseen, and leave it unseen; TimeoutError if there is nothing."""
        await self._first(lambda message: True, timeout_s)

    async def next_message(self, *, timeout_s: float = 10.0) -> Reply:
        """Return the bot's next message that the member has not seen, here or in the direct messages."""
        try:
            return self._reply(await self._first(lambda message: True, timeout_s))
        except TimeoutError:
            raise TimeoutError(
                f"The bot said nothing new to {self.name} in {self._place()} within {timeout_s:g} s."
            ) from None

    def unseen(self) -> list[Reply]:
        """Return what the bot said meanwhile, oldest first, and count it as seen."""
        return [self._reply(message) for message in self._visible()]

    async def _first(self, wanted: Callable[[Message], bool], timeout_s: float) -> Message:
        news = asyncio.Event()
        forget = self._discord.feed.subscribe(lambda event: news.set())
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    news.clear()
                    found = [message for message in self._visible() if wanted(message)]
                    if found:
                        return found[0]
                    await news.wait()
        finally:
            forget()

    def _visible(self) -> list[Message]:
        world = self._discord.world
        found: list[Message] = []
        for place in {self._channel.id, world.direct_channel(self._user).id}:
            for message in reversed(world.messages.get(place, {}).values()):
                if message.id <= self._since:
                    break
                if message.id not in self._seen and self._reads(message):
                    found.append(message)
        return sorted(found, key=lambda message: message.id)

    def _reads(self, message: Message) -> bool:
        by_bot = message.author is self._discord.world.bot
        return by_bot and not message.loading and message.private_to in (None, self.id)

    def _follows(self, message: Message, asked: int) -> bool:
        if message.id < asked or message.channel_id != self._channel.id or message.interaction is not None:
            return False
        return message.reference is None or message.reference.get("message_id") == str(asked)
