"""Polls: asked in a message, voted on by members, ended by hand or by the clock."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.changes.polls import unvote, vote
from chandelier_sandbox.errors import DiscordError
from chandelier_sandbox.records import Message, User

from .guild_steps import Desk

YES, NO = {"poll_media": {"text": "Yes"}}, {"poll_media": {"text": "No", "emoji": {"name": "☕"}}}
POLL = {"question": {"text": "Tea?"}, "answers": [YES, NO], "duration": 2}


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}"


async def asked(desk: Desk, general: str, **more: Any) -> tuple[str, Message]:
    """Post a poll; return its path and the message."""
    sent = await desk.ask("POST", f"{general}/messages", {"poll": POLL | more})
    message = desk.sandbox.world.message(int(sent["channel_id"]), int(sent["id"]))
    return f"{general}/polls/{sent['id']}", message


def person(desk: Desk, name: str) -> User:
    return desk.sandbox.world.users[desk.sandbox.member(name).id]


async def test_a_poll_is_shown_with_its_answers_and_counts(desk: Desk, general: str) -> None:
    _, message = await asked(desk, general)
    vote(desk.sandbox.world, message, person(desk, "bob"), 2)
    poll = (await desk.ask("GET", f"{general}/messages/{message.id}"))["poll"]
    assert (poll["question"], poll["layout_type"], poll["allow_multiselect"]) == ({"text": "Tea?"}, 1, False)
    assert poll["answers"][1] == {
        "answer_id": 2,
        "poll_media": {"text": "No", "emoji": {"id": None, "name": "☕"}},
    }
    assert poll["results"] == {"is_finalized": False, "answer_counts": [{"id": 2, "count": 1, "me_voted": False}]}


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"question": {"text": "x" * 301}}, ("question", "text"), "BASE_TYPE_BAD_LENGTH"),
        ({"question": {}}, ("question", "text"), "BASE_TYPE_REQUIRED"),
        ({"answers": []}, ("answers",), "BASE_TYPE_BAD_LENGTH"),
        ({"answers": [YES] * 11}, ("answers",), "BASE_TYPE_BAD_LENGTH"),
        (
            {"answers": [{"poll_media": {"text": "x" * 56}}]},
            ("answers", "0", "poll_media", "text"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"duration": 0}, ("duration",), "NUMBER_TYPE_MIN"),
        ({"duration": 769}, ("duration",), "NUMBER_TYPE_MAX"),
        ({"layout_type": 2}, ("layout_type",), "BASE_TYPE_CHOICES"),
    ],
)
async def test_a_poll_has_limits(desk: Desk, general: str, more: Any, place: tuple[str, ...], code: str) -> None:
    assert await desk.form_error(f"{general}/messages", {"poll": POLL | more}, "poll", *place) == code


async def test_polls_take_a_permission(desk: Desk, general: str) -> None:
    desk.without(Permission.SEND_POLLS)
    assert await desk.refused("POST", f"{general}/messages", {"poll": POLL}) == (403, 50013)


async def test_votes_are_told_and_one_replaces_another(desk: Desk, general: str) -> None:
    _, message = await asked(desk, general)
    world, bob = desk.sandbox.world, person(desk, "bob")
    desk.events.clear()
    vote(world, message, bob, 1)
    vote(world, message, bob, 1)
    vote(world, message, bob, 2)
    unvote(world, message, bob, 2)
    assert desk.names() == [
        "MESSAGE_POLL_VOTE_ADD",
        "MESSAGE_POLL_VOTE_REMOVE",
        "MESSAGE_POLL_VOTE_ADD",
        "MESSAGE_POLL_VOTE_REMOVE",
    ]
    _, several = await asked(desk, general, allow_multiselect=True)
    vote(world, several, bob, 1)
    vote(world, several, bob, 2)
    assert several.poll is not None
    assert several.poll.votes == {1: [bob.id], 2: [bob.id]}
    told = desk.last("MESSAGE_POLL_VOTE_ADD")
    assert (told["answer_id"], told["user_id"], told["message_id"]) == (2, str(bob.id), str(several.id))


async def test_voters_are_listed_by_id(desk: Desk, general: str) -> None:
    path, message = await asked(desk, general)
    people = sorted((person(desk, name) for name in ("alice", "bob", "carol")), key=lambda user: user.id)
    for user in people:
        vote(desk.sandbox.world, message, user, 1)

    async def listed(query: str) -> list[int]:
        return [int(user["id"]) for user in (await desk.ask("GET", f"{path}/answers/1?{query}"))["users"]]

    assert await listed("") == [user.id for user in people]
    assert await listed(f"after={people[0].id}&limit=1") == [people[1].id]
    assert (await desk.ask("GET", f"{path}/answers/2"))["users"] == []
    assert await desk.refused("GET", f"{path}/answers/1?limit=101") == (400, 50035)


async def test_a_poll_is_ended_once_by_who_asked(desk: Desk, general: str) -> None:
    path, message = await asked(desk, general)
    vote(desk.sandbox.world, message, person(desk, "bob"), 1)
    ended = await desk.ask("POST", f"{path}/expire")
    assert ended["poll"]["results"]["is_finalized"] is True
    result = (await desk.ask("GET", f"{general}/messages"))[0]
    assert (result["type"], result["message_reference"]["message_id"]) == (46, str(message.id))
    fields = {field["name"]: field["value"] for field in result["embeds"][0]["fields"]}
    assert result["embeds"][0]["type"] == "poll_result"
    assert fields == {
        "poll_question_text": "Tea?",
        "total_votes": "1",
        "victor_answer_votes": "1",
        "victor_answer_id": "1",
        "victor_answer_text": "Yes",
    }
    assert await desk.refused("POST", f"{path}/expire") == (400, 520006)


async def test_who_did_not_ask_cannot_end_a_poll(desk: Desk, general: str) -> None:
    path, message = await asked(desk, general)
    message.author = person(desk, "bob")
    assert await desk.refused("POST", f"{path}/expire") == (403, 50005)
    plain = desk.sandbox.member("bob").post("no poll")
    assert await desk.refused("POST", f"{general}/polls/{plain}/expire") == (400, 520004)
    assert await desk.refused("POST", f"{general}/polls/5/expire") == (404, 10008)


async def test_the_clock_ends_polls(desk: Desk, general: str) -> None:
    _, message = await asked(desk, general)
    desk.sandbox.clock.advance(2 * 3600 - 60)
    desk.names()
    desk.sandbox.clock.advance(61)
    assert desk.names() == ["MESSAGE_UPDATE", "MESSAGE_CREATE"]
    desk.sandbox.clock.advance(3600)
    assert desk.names() == []
    with pytest.raises(DiscordError) as refused:
        vote(desk.sandbox.world, message, person(desk, "bob"), 1)
    assert refused.value.code == 520001


async def test_there_is_no_vote_for_what_was_not_asked(desk: Desk, general: str) -> None:
    _, message = await asked(desk, general)
    with pytest.raises(DiscordError) as refused:
        vote(desk.sandbox.world, message, person(desk, "bob"), 3)
    assert refused.value.code == 520000
