"""Reactions: added, taken away one by one and by the handful, listed, and limited."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from chandelier_sandbox import Permission, Sandbox
from chandelier_sandbox.records import Emoji

from .guild_steps import Desk

THUMB = quote("👍")


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def path(sandbox: Sandbox) -> str:
    bob = sandbox.member("bob")
    return f"/channels/{bob.channel.id}/messages/{bob.post('like me')}"


async def test_an_added_reaction_is_told_with_who_where_and_whose(desk: Desk, path: str) -> None:
    desk.events.clear()
    assert await desk.status("PUT", f"{path}/reactions/{THUMB}/@me") == 204
    told = desk.last("MESSAGE_REACTION_ADD")
    assert (told["user_id"], told["burst"], told["type"]) == (str(desk.sandbox.bot_id), False, 0)
    assert told["message_author_id"] == str(desk.sandbox.member("bob").id)
    assert told["member"]["user"]["id"] == str(desk.sandbox.bot_id)
    shown = (await desk.ask("GET", path))["reactions"][0]
    assert (shown["count"], shown["me"], shown["count_details"]) == (1, True, {"burst": 0, "normal": 1})
    assert await desk.status("PUT", f"{path}/reactions/{THUMB}/@me") == 204
    assert (await desk.ask("GET", path))["reactions"][0]["count"] == 1
    assert await desk.status("DELETE", f"{path}/reactions/{THUMB}/@me") == 204
    assert desk.names()[-1] == "MESSAGE_REACTION_REMOVE"
    assert "reactions" not in await desk.ask("GET", path)


async def test_reactions_are_taken_away_by_the_handful(desk: Desk, path: str) -> None:
    message = int(path.rsplit("/", 1)[1])
    for name in ("bob", "carol"):
        for emoji in ("👍", "👎", "🎉"):
            desk.sandbox.member(name).react(message, emoji)
    desk.events.clear()
    assert await desk.status("DELETE", f"{path}/reactions/{THUMB}") == 204
    assert desk.last("MESSAGE_REACTION_REMOVE_EMOJI")["emoji"]["name"] == "👍"
    assert desk.names() == ["MESSAGE_REACTION_REMOVE_EMOJI"]
    carol = desk.sandbox.member("carol").id
    assert await desk.status("DELETE", f"{path}/reactions/{quote('👎')}/{carol}") == 204
    assert desk.last("MESSAGE_REACTION_REMOVE")["user_id"] == str(carol)
    desk.names()
    assert await desk.status("DELETE", f"{path}/reactions") == 204
    assert desk.names() == ["MESSAGE_REACTION_REMOVE_ALL"]
    assert "reactions" not in await desk.ask("GET", path)


async def test_who_reacted_is_listed_by_id(desk: Desk, path: str) -> None:
    message = int(path.rsplit("/", 1)[1])
    people = [desk.sandbox.member(name) for name in ("alice", "bob", "carol")]
    for member in people:
        member.react(message, "👍")
    ids = sorted(member.id for member in people)

    async def listed(query: str) -> list[int]:
        return [int(user["id"]) for user in await desk.ask("GET", f"{path}/reactions/{THUMB}{query}")]

    assert await listed("") == ids
    assert await listed("?limit=2") == ids[:2]
    assert await listed(f"?after={ids[0]}") == ids[1:]
    assert await listed("?type=1") == []
    assert await desk.refused("GET", f"{path}/reactions/{THUMB}?limit=101") == (400, 50035)


async def test_custom_emojis_are_those_of_the_server(desk: Desk, path: str) -> None:
    creator = desk.sandbox.world.users[desk.sandbox.member("alice").id]
    desk.guild.emojis[77] = Emoji(77, "cat", creator)
    assert await desk.status("PUT", f"{path}/reactions/cat:77/@me") == 204
    assert await desk.status("PUT", f"{path}/reactions/a:cat:77/@me") == 204
    assert (await desk.ask("GET", path))["reactions"][0]["emoji"] == {"id": "77", "name": "cat"}
    for unknown in ("dog:78", "nope", "7"):
        assert await desk.refused("PUT", f"{path}/reactions/{unknown}/@me") == (400, 10014)


async def test_a_message_has_at_most_twenty_different_reactions(desk: Desk, path: str) -> None:
    message = int(path.rsplit("/", 1)[1])
    for number in range(20):
        desk.sandbox.member("bob").react(message, chr(0x1F600 + number))
    assert await desk.refused("PUT", f"{path}/reactions/{THUMB}/@me") == (400, 30010)
    assert await desk.status("PUT", f"{path}/reactions/{quote(chr(0x1F600))}/@me") == 204


async def test_a_first_reaction_takes_a_permission_and_joining_in_does_not(desk: Desk, path: str) -> None:
    desk.sandbox.member("bob").react(int(path.rsplit("/", 1)[1]), "👍")
    desk.without(Permission.ADD_REACTIONS)
    assert await desk.refused("PUT", f"{path}/reactions/{quote('👎')}/@me") == (403, 50013)
    assert await desk.status("PUT", f"{path}/reactions/{THUMB}/@me") == 204


async def test_to_take_from_others_takes_a_permission(desk: Desk, path: str) -> None:
    desk.without(Permission.MANAGE_MESSAGES)
    for tail in ("", f"/{THUMB}", f"/{THUMB}/{desk.sandbox.member('bob').id}"):
        assert await desk.refused("DELETE", f"{path}/reactions{tail}") == (403, 50013)


async def test_reactions_take_the_message_history(desk: Desk, path: str) -> None:
    desk.without(Permission.READ_MESSAGE_HISTORY)
    assert await desk.refused("PUT", f"{path}/reactions/{THUMB}/@me") == (403, 50013)
    assert await desk.refused("GET", f"{path}/reactions/{THUMB}") == (403, 50013)


async def test_an_unknown_message_has_no_reactions(desk: Desk, path: str) -> None:
    assert await desk.refused("PUT", f"{path.rsplit('/', 1)[0]}/5/reactions/{THUMB}/@me") == (404, 10008)
