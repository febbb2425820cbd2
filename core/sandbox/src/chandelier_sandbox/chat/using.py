"""Commands, components and forms from the page: told to the bot, and answered as soon as it acknowledges."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

from chandelier_sandbox.chat.asked import Asked
from chandelier_sandbox.chat.seeing import Sight
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions import FIRST_ANSWER_S
from chandelier_sandbox.replies import Reply

FORMS_MOST = 200
#: A little longer than a person's client waits; what was acknowledged meanwhile arrives on the live line.
PATIENCE_S = FIRST_ANSWER_S + 0.5
DEFERRED_MOST_S = 900.0


class Using:
    """Use what the bot offers, as people do; keeps the forms that are open in pages."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, Reply] = OrderedDict()
        self._under_way: set[asyncio.Task[Reply]] = set()

    async def end(self) -> None:
        """Wait for nothing any more."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def commands(self, asked: Asked) -> JsonObject:
        """Return the commands that the person may use in the channel."""
        return {"commands": asked.member().offered()}

    async def slash(self, asked: Asked) -> JsonObject:
        """Use a slash command."""
        member, options = asked.member(), asked.mapping("options")
        return await self._answer(asked, member.slash(asked.text("command"), timeout_s=DEFERRED_MOST_S, **options))

    async def menu(self, asked: Asked) -> JsonObject:
        """Use a command of the menu of a message or a person."""
        member, name, target = asked.member(), asked.text("command"), asked.number("target")
        if asked.number("type") == 3:
            return await self._answer(asked, member.use(name, on=target, timeout_s=DEFERRED_MOST_S))
        person = asked.discord.world.users.get(target)
        if person is None:
            raise CannotSend("There is no such person.")
        return await self._answer(asked, member.use(name, on=person, timeout_s=DEFERRED_MOST_S))

    async def component(self, asked: Asked) -> JsonObject:
        """Click a button or choose in a menu."""
        member, message, custom_id = asked.member(), asked.number("message"), asked.text("custom_id")
        values = asked.list("values") if "values" in asked.fields else None
        pressing = member.press(message, custom_id, values=values, timeout_s=DEFERRED_MOST_S)
        return await self._answer(asked, pressing)

    async def modal(self, asked: Asked) -> JsonObject:
        """Submit a form."""
        member, token = asked.member(), asked.text("modal")
        if token not in self._forms:
            raise CannotSend("This form is no longer open; open it again.")
        submitting = member.submit(self._forms[token], timeout_s=DEFERRED_MOST_S, **asked.mapping("fields"))
        return await self._answer(asked, submitting)

    async def autocomplete(self, asked: Asked) -> JsonObject:
        """Complete what is being typed into an option."""
        member, options = asked.member(), asked.mapping("options")
        command, option, typed = asked.text("command"), asked.text("option"), asked.text("typed", "")
        options.pop(option, None)
        return {"choices": await member.autocomplete(command, option, typed, **options)}

    async def _answer(self, asked: Asked, doing: Coroutine[Any, Any, Reply]) -> JsonObject:
        task = asyncio.create_task(doing, name="sandbox chat interaction")
        self._under_way.add(task)
        task.add_done_callback(self._forget)
        await asyncio.wait({task}, timeout=PATIENCE_S)
        if not task.done():
            return {"kind": "acknowledged"}
        reply = task.result()
        if reply.modal is not None:
            return {"kind": "modal", "modal": {**reply.modal, "token": self._keep(reply)}}
        message = asked.discord.world.messages.get(reply.channel_id or 0, {}).get(reply.message_id or 0)
        if message is None:
            return {"kind": "acknowledged"}
        return {"kind": "message", "message": Sight(asked.discord, asked.user()).message(message)}

    def _keep(self, form: Reply) -> str:
        token = secrets.token_urlsafe(16)
        self._forms[token] = form
        while len(self._forms) > FORMS_MOST:
            self._forms.popitem(last=False)
        return token

    def _forget(self, task: asyncio.Task[Reply]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # told already where somebody still waited
