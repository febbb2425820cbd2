"""A member who acts: types commands and messages, and reads what the bot answers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from chandelier_sandbox.changes.messages import slowmode_left_s
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.drafts import fill
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.interactions import FIRST_ANSWER_S, Interaction, InteractionKind
from chandelier_sandbox.options import Choice, Filler, choose, nested
from chandelier_sandbox.payloads import channel_json, member_json, user_json
from chandelier_sandbox.permissions import (
    EVERYTHING,
    Permission,
    guild_permissions,
    permission_names,
)
from chandelier_sandbox.records import Channel, Guild, Message, MessageKind, User
from chandelier_sandbox.replies import Reply, reply_from
from chandelier_sandbox.slash_lines import read_line

ATTACHMENT_MOST_BYTES = 10 * 1024 * 1024


class Member:
    """A person in one channel, talking to the bot as Discord's client lets people talk."""

    def __init__(self, discord: Discord, user: User, guild: Guild | None, channel: Channel) -> None:
        self._discord = discord
        self._user = user
        self._guild = guild
        self._channel = channel
        self._since = discord.snowflakes.make()
        self._seen: set[int] = set()

    @property
    def id(self) -> int:
        """Return the user's id."""
        return self._user.id

    @property
    def name(self) -> str:
        """Return the user's name."""
        return self._user.name

    @property
    def channel(self) -> Channel:
        """Return where the member is."""
        return self._channel

    @property
    def guild(self) -> Guild | None:
        """Return the server; None in direct messages."""
        return self._guild

    @property
    def mention(self) -> str:
        """Return the text that mentions the member."""
        return f"<@{self.id}>"

    def in_channel(self, name: str | int) -> Member:
        """Return the same person in another channel of the server."""
        if self._guild is None:
            raise CannotSend(f"{self.name} is in direct messages, where there is no channel {name!r}.")
        try:
            return Member(self._discord, self._user, self._guild, self._guild.channel(name))
        except LookupError as error:
            raise CannotSend(str(error)) from None

    def in_direct_messages(self) -> Member:
        """Return the same person in the direct messages with the bot."""
        return Member(self._discord, self._user, None, self._discord.world.direct_channel(self._user))

    # Slash commands

    async def slash(self, command: str, /, *, timeout_s: float = 10.0, **options: Any) -> Reply:
        """Use a command ("custom add" is a sub-command) and return its first real answer.

        Raises:
            CannotSend: Discord's client would not send it.
            TimeoutError: no acknowledgement within Discord's 3 s, or no answer within timeout_s.
        """
        choice, rest = choose(self._commands(), command.removeprefix("/").split())
        if rest:
            raise CannotSend(f"/{choice.name} has no sub-command {rest[0]!r}.")
        return await self._use(choice, options, timeout_s=timeout_s, typed=False)

    async def slash_line(self, line: str, *, timeout_s: float = 10.0) -> Reply:
        """Use a command typed as a line, `/custom add name:hello content:Hi there`."""
        choice, values = read_line(line, self._commands())
        return await self._use(choice, values, timeout_s=timeout_s, typed=True)

    async def autocomplete(
        self, command: str, option: str, typed: str = "", /, *, timeout_s: float = 3.0, **options: Any
    ) -> list[JsonObject]:
        """Type into an option that completes itself; return the choices offered, as {"name", "value"}."""
        choice, _ = choose(self._commands(), command.removeprefix("/").split())
        self._may_use(choice)
        focused = next((one for one in choice.options if one["name"] == option), None)
        if focused is None or not focused.get("autocomplete"):
            raise CannotSend(f"/{choice.name} has no option {option!r} that completes itself.")
        filler = Filler(self._discord.world, self._guild)
        others = [one | {"required": False} for one in choice.options if one is not focused]
        partial = Choice(choice.command, [], others)
        written = filler.fill(partial, options)
        written.append({"name": option, "type": focused["type"], "value": typed, "focused": True})
        interaction = self._open(InteractionKind.AUTOCOMPLETE, choice.name)
        self._send(interaction, self._command_data(choice, nested(choice, written), filler))
        answer = await self._answer(interaction, f"the completion of {option!r} of /{choice.name}", timeout_s)
        if not isinstance(answer, list):
            raise TypeError(f"/{choice.name} answered the completion of {option!r} with something else than choices.")
        return answer

    async def press(
        self, reply: Reply, custom_id: str, *, values: list[str] | None = None, timeout_s: float = 10
    ) -> Reply:
        """Press a button, or choose values of a menu, under an answer."""
        message = self._discord.world.message(reply.channel_id or 0, reply.message_id or 0)
        if custom_id not in reply_from(message).custom_ids:
            raise CannotSend(
                f"This message has no button or menu {custom_id!r}; it has {reply_from(message).custom_ids}."
            )
        interaction = self._open(InteractionKind.COMPONENT, custom_id)
        interaction.source = message
        data: JsonObject = {"custom_id": custom_id, "component_type": 2 if values is None else 3}
        data |= {} if values is None else {"values": values}
        shown = self._discord.world.render(message)
        self._send(interaction, data, {"message": shown})
        return self._reply(await self._answer(interaction, f"the component {custom_id!r}", timeout_s))

    def _commands(self) -> list[JsonObject]:
        commands = self._discord.commands
        if self._guild is None:
            return [
                one for one in commands.all() if one["dm_permission"] and (not one["contexts"] or 1 in one["contexts"])
            ]
        shared = [one for one in commands.all() if not one["contexts"] or 0 in one["contexts"]]
        return [*commands.all(self._guild.id), *shared]

    async def _use(self, choice: Choice, options: dict[str, Any], *, timeout_s: float, typed: bool) -> Reply:
        self._may_use(choice)
        filler = Filler(self._discord.world, self._guild)
        written = filler.fill(choice, options, typed=typed)
        interaction = self._open(InteractionKind.COMMAND, choice.name)
        self._send(interaction, self._command_data(choice, written, filler))
        return self._reply(await self._answer(interaction, f"/{choice.name}", timeout_s))

    def _may_use(self, choice: Choice) -> None:
        if self._guild is None:
            return
        held = self._discord.world.permissions_in(self._channel, self._user)
        if not held & Permission.VIEW_CHANNEL or not held & Permission.USE_APPLICATION_COMMANDS:
            raise CannotSend(f"{self.name} may not use commands in #{self._channel.name}.")
        demanded = choice.command["default_member_permissions"]
        if demanded is None or held == EVERYTHING:
            return
        missing = int(demanded) & ~guild_permissions(self._guild, self._guild.members[self.id])
        if missing or demanded == "0":
            need = permission_names(missing) if missing else "Administrator"
            raise CannotSend(f"/{choice.name} is hidden from {self.name}: it needs the permission {need}.")

    def _command_data(self, choice: Choice, written: list[JsonObject], filler: Filler) -> JsonObject:
        data: JsonObject = {"id": choice.command["id"], "name": choice.command["name"], "type": 1, "options": written}
        if "guild_id" in choice.command:
            data["guild_id"] = choice.command["guild_id"]
        if filler.resolved:
            data["resolved"] = filler.resolved
        return data

    def _open(self, kind: InteractionKind, name: str) -> Interaction:
        interaction = Interaction(
            id=self._discord.snowflakes.make(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            user=self._user,
            channel=self._channel,
            name=name,
            created_at=self._discord.clock.time(),
            answered=asyncio.get_running_loop().create_future(),
        )
        self._discord.interactions.open(interaction)
        return interaction

    def _send(self, interaction: Interaction, data: JsonObject, more: JsonObject | None = None) -> None:
        world, guild, channel = self._discord.world, self._guild, self._channel
        held = world.permissions_in(channel, self._user)
        payload: JsonObject = {
            "id": str(interaction.id),
            "application_id": str(world.application_id),
            "type": int(interaction.kind),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel": channel_json(channel),
            "channel_id": str(channel.id),
            "app_permissions": str(world.permissions_in(channel, world.bot)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if guild is None else str(guild.id)},
            "context": 1 if guild is None else 0,
            "attachment_size_limit": ATTACHMENT_MOST_BYTES,
        }
        if guild is None:
            payload["user"] = user_json(self._user)
        else:
            payload["guild_id"] = str(guild.id)
            payload["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            payload["guild_locale"] = "en-US"
            payload["member"] = member_json(guild.members[self.id]) | {"permissions": str(held)}
        self._discord.feed.publish(
            Event("INTERACTION_CREATE", payload | (more or {}), None if guild is None else guild.id)
        )

    async def _answer(
        self, interaction: Interaction, what: str, timeout_s: float
    ) -> Message | JsonObject | list[JsonObject]:
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout_s
        try:
            # A quarter of a second of grace: the bot's own request may be under way when the 3 s end.
            async with asyncio.timeout_at(min(until, loop.time() + FIRST_ANSWER_S + 0.25)):
                await interaction.settled.wait()
        except TimeoutError:
            pass
        if not interaction.acknowledged:
            raise TimeoutError(f"The application did not respond to {what} in time.")
        try:
            async with asyncio.timeout_at(until):
                return await interaction.answered
        except TimeoutError:
            raise TimeoutError(
                f"The application did not respond to {what} within {timeout_s:g} s: it deferred and never answered."
            ) from None

    def _reply(self, answer: Message | JsonObject | list[JsonObject]) -> Reply:
        if isinstance(answer, Message):
            self._seen.add(answer.id)
            return reply_from(answer)
        if isinstance(answer, list):
            raise TypeError("The application answered a command with autocomplete choices.")
        return Reply(text=str(answer.get("title", "")), modal=answer)

    # Messages

    async def say(self, text: str, *, wait: bool = True, timeout_s: float = 5.0, expect: bool = True) -> Reply | None:
        """Post a message and return the bot's next message here, if it replies to this one or to none.

        wait=False returns None at once. Without an answer: TimeoutError, or None with expect=False.
        """
        message_id = self.post(text)
        if not wait:
            return None
        try:
            message = await self._first(lambda one: self._follows(one, message_id), timeout_s)
        except TimeoutError:
            if not expect:
                return None
            raise TimeoutError(f"The bot did not answer {text!r} in {self._place()} within {timeout_s:g} s.") from None
        return self._reply(message)

    def post(self, text: str, *, reply_to: int | None = None) -> int:
        """Post a message and return its id at once."""
        world = self._discord.world
        self._may_post(text)
        if left_s := slowmode_left_s(world, self._channel, self._user):
            raise CannotSend(f"{self._place()} is in slow mode: {self.name} may post again in {left_s:.0f} s.")
        message = Message(
            id=self._discord.snowflakes.make(),
            channel_id=self._channel.id,
            guild_id=None if self._guild is None else self._guild.id,
            author=self._user,
            content="",
            sent_at=self._discord.clock.now(),
            nonce=str(self._discord.snowflakes.make()),
        )
        if reply_to is not None:
            world.message(self._channel.id, reply_to)
            message.kind = MessageKind.REPLY
            message.reference = {"type": 0, "channel_id": str(self._channel.id), "message_id": str(reply_to)}
        fill(message, {"content": text}, (), world)
        if (
            message.mention_everyone
            and not world.permissions_in(self._channel, self._user) & Permission.MENTION_EVERYONE
        ):
            message.mention_everyone = False
        world.post(message)
        return message.id

    def _may_post(self, text: str) -> None:
        held = self._discord.world.permissions_in(self._channel, self._user)
        threaded = self._channel.thread is not None
        sends = Permission.SEND_MESSAGES_IN_THREADS if threaded else Permission.SEND_MESSAGES
        if not held & Permission.VIEW_CHANNEL or not held & sends:
            raise CannotSend(f"{self.name} may not send messages in {self._place()}.")
        if not text.strip():
            raise CannotSend("A message cannot be empty.")
        if len(text) > 2000:
            raise CannotSend(f"A message has at most 2000 characters; this one has {len(text)}.")

    def edit(self, message_id: int, text: str) -> None:
        """Edit one of the member's own messages."""
        message = self._own(message_id)
        self._may_post(text)
        fill(message, {"content": text}, (), self._discord.world)
        self._discord.world.changed(message, edited_at=self._discord.clock.now())

    def delete(self, message_id: int) -> None:
        """Delete one of the member's own messages."""
        self._discord.world.delete(self._own(message_id))

    def react(self, message_id: int, emoji: str) -> None:
        """Add a reaction to a message here."""
        world = self._discord.world
        world.react(world.message(self._channel.id, message_id), self._user, emoji)

    def _own(self, message_id: int) -> Message:
        message = self._discord.world.message(self._channel.id, message_id)
        if message.author is not self._user:
            raise CannotSend(f"{self.name} did not write this message; {message.author.name} did.")
        return message

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
        direct = self._discord.world.direct_channel(self._user)
        places = {self._channel.id, direct.id}
        found = [
            message
            for place in places
            for message in self._discord.world.messages.get(place, {}).values()
            if message.id > self._since and message.id not in self._seen and self._reads(message)
        ]
        return sorted(found, key=lambda message: message.id)

    def _reads(self, message: Message) -> bool:
        by_bot = message.author is self._discord.world.bot
        return by_bot and not message.loading and message.private_to in (None, self.id)

    def _follows(self, message: Message, asked: int) -> bool:
        if message.id < asked or message.channel_id != self._channel.id or message.interaction is not None:
            return False
        return message.reference is None or message.reference["message_id"] == str(asked)

    def _place(self) -> str:
        return f"#{self._channel.name}" if self._guild is not None else "direct messages"
