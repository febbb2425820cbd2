"""Commands, components and forms from the page: told to the bot, and answered as soon as it acknowledges."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable

from chandelier_sandbox.chat.asked import Asked
from chandelier_sandbox.chat.seeing import Sight
from chandelier_sandbox.chat.visitor import Deferred
from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.commands.fields import MESSAGE_COMMAND, USER_COMMAND
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.people import Member
from chandelier_sandbox.records import User

FORMS_MOST = 200


class Using:
    """Use what the bot offers, as people do; keeps the forms that are open in pages."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, Reply] = OrderedDict()

    def commands(self, asked: Asked) -> JsonObject:
        """Return the commands that the person may use in the channel."""
        return {"commands": asked.member().offered()}

    async def slash(self, asked: Asked) -> JsonObject:
        """Use a slash command."""
        member, options = asked.member(), asked.mapping("options")
        return await self._answer(asked, member.slash(asked.text("command"), options))

    async def menu(self, asked: Asked) -> JsonObject:
        """Use a command of the menu of a message or a person."""
        member, kind, name = asked.member(), asked.number("type"), asked.text("command")
        if kind not in (USER_COMMAND, MESSAGE_COMMAND):
            raise CannotSend(f"type is 2, for the menu of a person, or 3, for that of a message; not {kind}.")
        target = asked.number("target")
        return await self._answer(
            asked, member.use(name, on=target if kind == MESSAGE_COMMAND else _person(asked, member, target))
        )

    async def component(self, asked: Asked) -> JsonObject:
        """Click a button or choose in a menu."""
        member, custom_id = asked.member(), asked.text("custom_id")
        message, values = asked.message(member), asked.list("values") if asked.has("values") else None
        return await self._answer(asked, member.press(message, custom_id, values=values))

    async def modal(self, asked: Asked) -> JsonObject:
        """Submit a form."""
        member, token = asked.member(), asked.text("modal")
        if token not in self._forms:
            raise CannotSend("This form is no longer open; open it again.")
        return await self._answer(asked, member.submit(self._forms[token], asked.mapping("fields")))

    async def autocomplete(self, asked: Asked) -> JsonObject:
        """Complete what is being typed into an option."""
        member, options = asked.member(), asked.mapping("options")
        command, option, typed = asked.text("command"), asked.text("option"), asked.text("typed", "")
        options.pop(option, None)
        return {"choices": await member.autocomplete(command, option, typed, options)}

    async def _answer(self, asked: Asked, doing: Awaitable[Reply]) -> JsonObject:
        try:
            reply = await doing
        except Deferred:
            return {"kind": "acknowledged"}
        except TimeoutError as error:
            if asked.discord.gateway.connected.is_set():
                raise
            raise TimeoutError("The application did not respond: no bot is connected.") from error
        if reply.modal is not None:
            return {"kind": "modal", "modal": {**reply.modal, "token": self._keep(reply)}}
        message = asked.discord.world.messages.get(reply.channel_id or 0, {}).get(reply.message_id or 0)
        if message is None:
            return {"kind": "acknowledged"}  # it is gone again
        return {"kind": "message", "message": Sight(asked.discord, asked.user()).message(message)}

    def _keep(self, form: Reply) -> str:
        token = secrets.token_urlsafe(16)
        self._forms[token] = form
        while len(self._forms) > FORMS_MOST:
            self._forms.popitem(last=False)
        return token


def _person(asked: Asked, member: Member, number: int) -> User:
    guild, user = member.guild, asked.discord.world.users.get(number)
    here = member.channel.recipients if guild is None else [one.user for one in guild.members.values()]
    if user is None or user not in here:
        raise CannotSend("There is no such person here.")
    return user
