"""Messages from the page: read, sent, edited, deleted, reacted to, voted in."""

from __future__ import annotations

from chandelier_sandbox.changes.reactions import known_emoji
from chandelier_sandbox.chat.asked import WHO, Asked
from chandelier_sandbox.chat.seeing import Sight
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import user_json

PAGE_MOST = 100


def start(asked: Asked) -> JsonObject:
    """Describe what a person's page begins with."""
    return Sight(asked.discord, asked.user()).start()


def add_person(asked: Asked) -> JsonObject:
    """Let somebody join a server, the first one where none is named."""
    name, world = asked.text("name"), asked.discord.world
    if WHO.fullmatch(name) is None:
        raise CannotSend(f"{name[:40]!r} is no user name: 2 to 32 of a-z, 0-9, dot and underscore.")
    guild = world.guilds.get(asked.number("guild_id")) if asked.has("guild_id") else asked.discord.guild
    if guild is None:
        raise CannotSend("There is no such server.")
    user = world.add_user(name)
    if user.bot:
        raise CannotSend(f"{name!r} is the name of a bot.")
    world.add_member(guild, user)
    return user_json(user)


def messages(asked: Asked) -> JsonObject:
    """Return messages of a channel, oldest first."""
    user = asked.user()
    channel = asked.channel(user)
    before = asked.number("before") if asked.has("before") else None
    most = min(max(1, asked.number("limit")), PAGE_MOST) if asked.has("limit") else 50
    return Sight(asked.discord, user).messages(channel, before, most)


def post(asked: Asked) -> JsonObject:
    """Send a message."""
    member = asked.member()
    reply_to = asked.number("reply_to") if asked.has("reply_to") else None
    number = member.post(asked.text("content", ""), files=list(asked.files.values()), reply_to=reply_to)
    message = asked.discord.world.message(member.channel.id, number)
    return Sight(asked.discord, asked.user()).message(message)


def edit(asked: Asked) -> JsonObject:
    """Edit one of the person's own messages."""
    member = asked.member()
    message = asked.message(member)
    member.edit(message.id, asked.text("content"))
    return Sight(asked.discord, asked.user()).message(message)


def delete(asked: Asked) -> JsonObject:
    """Delete a message, or dismiss one that only this person sees."""
    member = asked.member()
    message = asked.message(member)
    if message.private_to is not None:
        asked.discord.world.delete(message)
    else:
        member.delete(message.id)
    return {}


def react(asked: Asked) -> JsonObject:
    """Add a reaction, or take it back."""
    member, on = asked.member(), asked.flag("on")
    message = asked.message(member)
    emoji = known_emoji(asked.discord, member.channel, message, asked.text("emoji"))
    if on:
        member.react(message.id, emoji)
    else:
        member.unreact(message.id, emoji)
    return {}


def type_(asked: Asked) -> JsonObject:
    """Show that the person is typing."""
    asked.member().type()
    return {}


def vote(asked: Asked) -> JsonObject:
    """Vote in a poll."""
    member = asked.member()
    member.vote(asked.message(member).id, *asked.numbers("answers"))
    return {}


def advance(asked: Asked) -> JsonObject:
    """Move the clock forward."""
    asked.discord.clock.advance(asked.seconds("seconds"))
    return {"now": asked.discord.clock.time()}
