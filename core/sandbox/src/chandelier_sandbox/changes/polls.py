"""Polls: votes, and their end by hand or by the clock."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Message, MessageKind, Poll, User
from chandelier_sandbox.world import World


def keep_polls(world: World) -> None:
    """Let polls end by the clock."""
    world.clock.watch(lambda: close_due(world))


def vote(world: World, message: Message, user: User, answer_id: int) -> None:
    """Vote for an answer; without multiselect an earlier vote is taken back."""
    poll = _open_poll(world, message, answer_id)
    if user.id in poll.votes.get(answer_id, []):
        return
    if not poll.multiselect:
        for other in list(poll.votes):
            unvote(world, message, user, other)
    poll.votes.setdefault(answer_id, []).append(user.id)
    world.publish_in(message, "MESSAGE_POLL_VOTE_ADD", _told(message, user, answer_id))


def unvote(world: World, message: Message, user: User, answer_id: int) -> None:
    """Take a vote back."""
    poll = _open_poll(world, message, answer_id)
    voters = poll.votes.get(answer_id, [])
    if user.id in voters:
        voters.remove(user.id)
        world.publish_in(message, "MESSAGE_POLL_VOTE_REMOVE", _told(message, user, answer_id))


def close(world: World, message: Message, poll: Poll) -> None:
    """End a poll: its counts are final, and a message tells the result."""
    poll.finalized = True
    poll.expires_at = min(poll.expires_at, world.clock.now())
    world.changed(message)
    about: JsonObject = {"type": 0, "channel_id": str(message.channel_id), "message_id": str(message.id)}
    about |= {} if message.guild_id is None else {"guild_id": str(message.guild_id)}
    result = Message(
        id=world.snowflakes.make(),
        channel_id=message.channel_id,
        guild_id=message.guild_id,
        author=message.author,
        content="",
        sent_at=world.clock.now(),
        kind=MessageKind.POLL_RESULT,
        embeds=[_result(poll)],
        reference=about,
    )
    world.post(result)


def close_due(world: World) -> None:
    """End every poll whose time is up."""
    now = world.clock.now()
    for messages in [*world.messages.values()]:
        for message in [*messages.values()]:
            if message.poll is not None and not message.poll.finalized and message.poll.expires_at <= now:
                close(world, message, message.poll)


def _open_poll(world: World, message: Message, answer_id: int) -> Poll:
    poll = message.poll
    if poll is None or all(answer["answer_id"] != answer_id for answer in poll.answers):
        raise refusal(520000)
    if poll.finalized or poll.expires_at <= world.clock.now():
        raise refusal(520001)
    return poll


def _told(message: Message, user: User, answer_id: int) -> JsonObject:
    place: JsonObject = {"channel_id": str(message.channel_id), "message_id": str(message.id)}
    return place | {"user_id": str(user.id), "answer_id": answer_id}


def _result(poll: Poll) -> JsonObject:
    """Describe the result (Discord: Message, Embed Types, Poll Result Embed Fields)."""
    counts = {answer_id: len(voters) for answer_id, voters in poll.votes.items() if voters}
    facts = {"poll_question_text": poll.question, "total_votes": str(sum(counts.values()))}
    most = max(counts.values(), default=0)
    winners = [answer_id for answer_id, count in counts.items() if count == most]
    facts["victor_answer_votes"] = str(most)
    if len(winners) == 1:
        media = next(answer["poll_media"] for answer in poll.answers if answer["answer_id"] == winners[0])
        facts["victor_answer_id"] = str(winners[0])
        if "text" in media:
            facts["victor_answer_text"] = str(media["text"])
    fields = [{"name": name, "value": value, "inline": False} for name, value in facts.items()]
    return {"type": "poll_result", "fields": fields}
