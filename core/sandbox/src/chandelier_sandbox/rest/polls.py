"""Polls: who voted for what, and their end."""

from __future__ import annotations

from chandelier_sandbox.changes.polls import close
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.rest.access import open_message
from chandelier_sandbox.rest.routing import Answer, Call, Route
from chandelier_sandbox.rest.speaking import open_talk


def list_voters(call: Call) -> Answer:
    """List who voted for an answer, by id (after, limit)."""
    most, after = call.count("limit", 25, 100), call.marker("after") or 0
    message, world = open_message(call, open_talk(call)), call.discord.world
    answer_id = call.number("answer_id")
    if message.poll is None or all(answer["answer_id"] != answer_id for answer in message.poll.answers):
        raise refusal(520004 if message.poll is None else 10008)
    voters = sorted(user_id for user_id in message.poll.votes.get(answer_id, []) if user_id > after)
    return Answer({"users": [user_json(world.users[user_id]) for user_id in voters[:most]]})


def post_expire(call: Call) -> Answer:
    """End a poll of the bot's own now."""
    message, world = open_message(call, open_talk(call)), call.discord.world
    if message.poll is None:
        raise refusal(520004)
    if message.author is not call.user:
        raise refusal(50005)
    if message.poll.finalized:
        raise refusal(520006)
    close(world, message, message.poll)
    return Answer(world.render(message))


_POLL = "/channels/{channel_id}/polls/{message_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{_POLL}/answers/{{answer_id}}", list_voters),
    Route("POST", f"{_POLL}/expire", post_expire),
)
