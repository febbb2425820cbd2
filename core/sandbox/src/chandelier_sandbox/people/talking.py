"""A person who writes, edits, reacts, votes, and comes and goes in threads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.messages import delete_message, slowmode_left_s
from chandelier_sandbox.changes.polls import unvote, vote
from chandelier_sandbox.changes.threads import join, leave
from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.client.uploads import Upload
from chandelier_sandbox.drafts import fill
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.people.reading import Reading
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Attachment, Channel, ChannelKind, Message, MessageKind
from chandelier_sandbox.world import REACTIONS_MOST

_CUSTOM_EMOJI = re.compile(r"[A-Za-z0-9_]{2,32}:(\d{1,20})")
CONTENT_MOST = 2000
FILES_MOST = 10


class Talking(Reading):
    """A person who takes part in a channel."""

    async def say(
        self,
        text: str = "",
        *,
        files: Sequence[Upload] = (),
        reply_to: Reply | Message | int | None = None,
        wait: bool = True,
        timeout_s: float = 5.0,
        expect: bool = True,
    ) -> Reply | None:
        """Post a message and return the bot's next message here, if it replies to this one or to none.

        wait=False returns None at once. Without an answer: TimeoutError, or None with expect=False.
        """
        message_id = self.post(text, files=files, reply_to=reply_to)
        if not wait:
            return None
        try:
            message = await self._first(lambda one: self._follows(one, message_id), timeout_s)
        except TimeoutError:
            if not expect:
                return None
            raise TimeoutError(f"The bot did not answer {text!r} in {self._place()} within {timeout_s:g} s.") from None
        return self._reply(message)

    def post(
        self, text: str = "", *, files: Sequence[Upload] = (), reply_to: Reply | Message | int | None = None
    ) -> int:
        """Post a message and return its id at once."""
        world = self._discord.world
        self._may_post(text, files=len(files))
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
            self._refer(message, self._find(reply_to))
        fill(message, {"content": text}, self._attached(files), world)
        if message.mention_everyone and not self._holds(Permission.MENTION_EVERYONE):
            message.mention_everyone = False
        world.post(message)
        return message.id

    def _refer(self, message: Message, to: Message) -> None:
        if to.channel_id != self._channel.id:
            raise CannotSend("One replies to a message where it stands, not from another channel.")
        if to.kind.is_system or to.ephemeral:
            raise CannotSend("One cannot reply to this message.")
        if not self._holds(Permission.READ_MESSAGE_HISTORY):
            raise CannotSend(f"{self.name} may not read the history of {self._place()}, so may not reply there.")
        message.kind = MessageKind.REPLY
        message.reference = {"type": 0, "channel_id": str(to.channel_id), "message_id": str(to.id)}
        if self._guild is not None:
            message.reference["guild_id"] = str(self._guild.id)

    def _attached(self, files: Sequence[Upload]) -> list[Attachment]:
        if len(files) > FILES_MOST:
            raise CannotSend(f"A message has at most {FILES_MOST} files, not {len(files)}.")
        return [file.attachment(self._discord.snowflakes.make()) for file in files]

    def _may_post(self, text: str, *, files: int = 0) -> None:
        channel, thread = self._channel, self._channel.thread
        sends = Permission.SEND_MESSAGES if thread is None else Permission.SEND_MESSAGES_IN_THREADS
        if not channel.kind.holds_messages:
            raise CannotSend(f"{self._place()} holds no messages itself.")
        for permission in (Permission.VIEW_CHANNEL, sends):
            self._must_hold(channel, permission, "send messages in")
        if thread is not None and thread.locked and not self._holds(Permission.MANAGE_THREADS):
            raise CannotSend(f"{self._place()} is locked.")
        if files:
            self._must_hold(channel, Permission.ATTACH_FILES, "attach files in")
        _must_be_sayable(text, files)

    def edit(self, message: Message | int, text: str) -> None:
        """Edit one of the member's own messages."""
        own = self._find(message)
        if own.author is not self._user:
            raise CannotSend(f"{self.name} did not write this message; {own.author.name} did.")
        _must_be_sayable(text, len(own.attachments))
        fill(own, {"content": text}, (), self._discord.world)
        self._discord.world.changed(own, edited_at=self._discord.clock.now())

    def delete(self, message: Reply | Message | int) -> None:
        """Delete a message: the member's own, or anybody's where they may manage messages."""
        found = self._find(message)
        manages = found.guild_id is not None and self._holds(Permission.MANAGE_MESSAGES, self._channel_of(found))
        if found.author is not self._user and not manages:
            raise CannotSend(f"{self.name} did not write this message; {found.author.name} did.")
        delete_message(self._discord.world, found, By(self._user))

    def type(self) -> None:
        """Show that the member is typing."""
        self._may_post("…")
        self._discord.world.typing(self._channel, self._user)

    def _channel_of(self, message: Message) -> Channel:
        return self._discord.world.channel(message.channel_id)

    # Reactions and polls

    def react(self, message: Reply | Message | int, emoji: str) -> None:
        """Add a reaction to a message: an emoji, or name:id of one that the server or the message has."""
        found = self._find(message)
        channel = self._channel_of(found)
        self._must_hold(channel, Permission.READ_MESSAGE_HISTORY, "read the history of")
        if found.ephemeral:
            raise CannotSend("Nobody can react to a message that only one member sees.")
        if emoji not in found.reactions:
            self._must_hold(channel, Permission.ADD_REACTIONS, "add new reactions in")
            self._must_be_emoji(found, emoji)
        self._discord.world.react(found, self._user, emoji)

    def _must_be_emoji(self, message: Message, emoji: str) -> None:
        if len(message.reactions) >= REACTIONS_MOST:
            raise CannotSend(f"A message takes {REACTIONS_MOST} different reactions; this one has them.")
        custom = _CUSTOM_EMOJI.fullmatch(emoji)
        if custom is not None:
            guild = None if message.guild_id is None else self._discord.world.guild(message.guild_id)
            known = (guild.emojis if guild is not None else {}) | self._discord.application.emojis
            if int(custom[1]) not in known:
                raise CannotSend(f"There is no emoji {emoji} here.")
        elif not emoji or (emoji.isascii() and not emoji.endswith("\u20e3")) or emoji[0].isalpha():
            raise CannotSend(f"{emoji!r} is no emoji; give one such as 🎉, or name:id of the server's own.")

    def unreact(self, message: Reply | Message | int, emoji: str) -> None:
        """Take the member's reaction back."""
        found = self._find(message)
        self._must_hold(self._channel_of(found), Permission.VIEW_CHANNEL, "see")
        if self.id not in found.reactions.get(emoji, []):
            raise CannotSend(f"{self.name} has not reacted with {emoji} to this message.")
        self._discord.world.unreact(found, self._user, emoji)

    def vote(self, message: Reply | Message | int, *answers: str | int) -> None:
        """Vote in a poll for these answers, by text or number from 1; no answer takes the vote back."""
        found = self._find(message)
        if found.poll is None:
            raise CannotSend("This message has no poll.")
        self._must_hold(self._channel_of(found), Permission.READ_MESSAGE_HISTORY, "vote in")
        if found.poll.finalized or found.poll.expires_at <= self._discord.clock.now():
            raise CannotSend(f"The poll {found.poll.question!r} has ended.")
        if len(answers) > 1 and not found.poll.multiselect:
            raise CannotSend(f"The poll {found.poll.question!r} takes one answer, not {len(answers)}.")
        wanted = [_answer_id(found, answer) for answer in answers]
        for number, voters in list(found.poll.votes.items()):
            if self.id in voters and number not in wanted:
                unvote(self._discord.world, found, self._user, number)
        for number in wanted:
            vote(self._discord.world, found, self._user, number)

    # Threads

    def join_thread(self, thread: str | int | None = None) -> None:
        """Join a thread, by name or id; None is the one that the member is in."""
        found = self._thread(thread)
        seen = self._discord.world.permissions_in(found, self._user)
        if not seen & Permission.VIEW_CHANNEL:
            raise CannotSend(f"{self.name} does not see the thread {found.name!r}.")
        if found.thread is not None and found.thread.archived:
            raise CannotSend(f"The thread {found.name!r} is archived; somebody has to speak in it first.")
        join(self._discord.world, found, self._user)

    def leave_thread(self, thread: str | int | None = None) -> None:
        """Leave a thread, by name or id; None is the one that the member is in."""
        found = self._thread(thread)
        if found.thread is None or self.id not in found.thread.members:
            raise CannotSend(f"{self.name} is not in the thread {found.name!r}.")
        leave(self._discord.world, found, self._user)

    def _thread(self, name: str | int | None) -> Channel:
        found = self._channel if name is None else self.in_channel(name).channel
        if found.kind not in (ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD, ChannelKind.ANNOUNCEMENT_THREAD):
            raise CannotSend(f"#{found.name} is no thread.")
        return found


def _must_be_sayable(text: str, files: int) -> None:
    if not text.strip() and not files:
        raise CannotSend("A message cannot be empty.")
    if len(text) > CONTENT_MOST:
        raise CannotSend(f"A message has at most {CONTENT_MOST} characters; this one has {len(text)}.")


def _answer_id(message: Message, wanted: str | int) -> int:
    answers = [] if message.poll is None else message.poll.answers
    for answer in answers:
        if wanted in (answer["answer_id"], answer["poll_media"].get("text")):
            return int(answer["answer_id"])
    has = ", ".join(str(answer["poll_media"].get("text")) for answer in answers)
    raise CannotSend(f"The poll has no answer {wanted!r}; it has {has}.")
