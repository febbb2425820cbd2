"""The chat page's own requests: what it is served, shown and told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import pytest
from yarl import URL

from chandelier_sandbox import Sandbox
from chandelier_sandbox.chat.routes import PAGE

from .answering import Answering, button, label, menu, row
from .chat_steps import Visit, hidden_channel

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
TEXT_FIELD = label({"type": 4, "custom_id": "why", "style": 1})


async def fetched(sandbox: Sandbox, path: str) -> tuple[int, Mapping[str, str], bytes]:
    async with aiohttp.ClientSession() as session:
        url = URL(sandbox.world.origin + path, encoded=True)
        async with session.get(url) as answer:
            return answer.status, answer.headers, await answer.read()


async def test_the_page_and_its_files_are_served_under_a_strict_policy(sandbox: Sandbox) -> None:
    files = {f"/page/{file.name}": file for file in PAGE.iterdir() if file.suffix in TYPES and file.suffix != ".html"}
    assert len(files) > 3
    for path, file in {"/": PAGE / "index.html", **files}.items():
        status, headers, body = await fetched(sandbox, path)
        assert (status, body) == (200, file.read_bytes()), path
        assert headers["Content-Type"].partition(";")[0] == TYPES[file.suffix]
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data: blob:;")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-cache", "nosniff")


@pytest.mark.parametrize(
    "path",
    [
        "/page/../server.py",
        "/page/..%2fserver.py",
        "/page/%2e%2e%2fserver.py",
        "/page/%2e%2e/server.py",
        "/page/..%5cserver.py",
        "/page/%2fetc%2fpasswd",
        "/page//etc/passwd",
        "/page/index.html%00.js",
        "/page/nothing.js",
        "/page/",
    ],
)
async def test_nothing_outside_the_pages_folder_is_served(sandbox: Sandbox, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 3)
    writer.close()
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert b"import" not in answer
    assert b"root:" not in answer


async def test_pages_of_other_origins_are_refused_on_routes_and_on_the_live_line(
    sandbox: Sandbox, visit: Visit
) -> None:
    alice, foreign = visit("alice"), {"Origin": "http://evil.example"}
    for path in ("start", "messages", "live", "transcript/1"):
        assert (await alice.call("GET", path, alice.place({}), headers=foreign))[0] == 403
    said = alice.place({"content": "hi"})
    assert (await alice.call("POST", "messages", said, headers=foreign))[0] == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with alice.live(headers=foreign):
            pass
    assert refused.value.status == 403
    async with alice.live(headers={"Origin": sandbox.world.origin}) as line:
        assert line.heard
    assert await alice.reads() == []


async def test_the_start_describes_what_the_person_sees(sandbox: Sandbox, visit: Visit) -> None:
    hidden_channel(sandbox, "staff", shown_to="bob")
    start = await visit("carol").does("GET", "start")
    assert (start["me"]["username"], start["bot"]["bot"], start["connected"]) == ("carol", True, False)
    assert abs(start["now"] - time.time()) < 5
    assert {one["username"] for one in start["people"]} == {"alice", "bob", "carol"}
    [guild] = start["guilds"]
    assert guild["guild"] == {
        "id": str(sandbox.guild.id),
        "name": "Chandelier Lounge",
        "owner_id": guild["guild"]["owner_id"],
    }
    assert [one["name"] for one in guild["channels"]] == ["general", "random"]
    assert {one["user"]["username"] for one in guild["members"]} == {"alice", "bob", "carol", "Chandelier"}
    assert guild["permissions"].isdecimal()
    assert guild["roles"][0]["name"] == "@everyone"
    assert start["direct"]["recipients"]
    seen_by_bob = (await visit("bob").does("GET", "start"))["guilds"][0]["channels"]
    assert [one["name"] for one in seen_by_bob] == ["general", "random", "staff"]


async def test_somebody_new_joins_the_first_server_or_another(sandbox: Sandbox, visit: Visit) -> None:
    other = sandbox.world.add_guild("Elsewhere")
    dave = visit("dave")
    assert "Nobody here is called 'dave'" in await dave.refused("GET", "start")
    assert (await dave.does("POST", "people", name="dave"))["username"] == "dave"
    assert len((await dave.does("GET", "start"))["guilds"]) == 1
    await dave.does("POST", "people", name="dave", guild_id=str(other.id))
    assert len((await dave.does("GET", "start"))["guilds"]) == 2
    assert "is no user name" in await dave.refused("POST", "people", name="Dave Smith")
    assert "no such server" in await dave.refused("POST", "people", name="eve", guild_id="1")


async def test_messages_come_oldest_first_in_portions(visit: Visit) -> None:
    alice = visit("alice")
    ids = [(await alice.does("POST", "messages", content=f"{number}"))["id"] for number in range(5)]
    newest = await alice.does("GET", "messages", limit="2")
    assert [one["content"] for one in newest["messages"]] == ["3", "4"]
    assert newest["more"] is True
    older = await alice.does("GET", "messages", limit="50", before=ids[3])
    assert ([one["content"] for one in older["messages"]], older["more"]) == (["0", "1", "2"], False)


async def test_a_message_is_sent_replied_to_edited_and_deleted(visit: Visit) -> None:
    alice, bob = visit("alice"), visit("bob")
    first = await alice.does("POST", "messages", content="Hello")
    assert (first["content"], first["author"]["username"], first["private_to"]) == ("Hello", "alice", None)
    reply = await bob.does("POST", "messages", content="Hi", reply_to=first["id"])
    assert reply["referenced_message"]["content"] == "Hello"
    assert "did not write this message" in await bob.refused("PATCH", "messages", message=first["id"], content="x")
    edited = await alice.does("PATCH", "messages", message=first["id"], content="Hello!")
    assert edited["content"] == "Hello!"
    assert edited["edited_timestamp"]
    assert "did not write" in await bob.refused("DELETE", "messages", message=first["id"])
    await alice.does("DELETE", "messages", message=reply["id"])  # she owns the server
    assert await bob.reads() == ["Hello!"]
    assert "no such message" in await bob.refused("DELETE", "messages", message=reply["id"])


async def test_files_are_sent_as_a_form_and_are_never_pages_of_the_sandbox(sandbox: Sandbox, visit: Visit) -> None:
    sent = await visit("alice").sends("messages", {"content": "Look"}, files_0=b"one", files_1=b"<script>two</script>")
    assert [one["filename"] for one in sent["attachments"]] == ["files_0.txt", "files_1.txt"]
    status, headers, body = await fetched(sandbox, URL(sent["attachments"][1]["url"]).path)
    assert (status, body) == (200, b"<script>two</script>")
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_reactions_come_and_go(sandbox: Sandbox, visit: Visit) -> None:
    alice, emoji = visit("alice"), "\N{THUMBS UP SIGN}"
    message = (await alice.does("POST", "messages", content="Nice?"))["id"]
    await alice.does("POST", "reactions", message=message, emoji=emoji, on=True)
    [shown] = (await alice.does("GET", "messages"))["messages"]
    assert [(one["emoji"]["name"], one["count"]) for one in shown["reactions"]] == [(emoji, 1)]
    await alice.does("POST", "reactions", message=message, emoji=emoji, on=False)
    assert not (await alice.does("GET", "messages"))["messages"][0].get("reactions")
    for wrong in ("hello", "", "x:123", "<b>"):
        assert "Unknown Emoji" in await alice.refused("POST", "reactions", message=message, emoji=wrong, on=True)


async def test_votes_are_counted_and_taken_back(visit: Visit, answering: Answering) -> None:
    alice = visit("alice")
    answers = [{"poll_media": {"text": text}} for text in ("Yes", "No")]
    poll = {"question": {"text": "Well?"}, "answers": answers, "duration": 1}
    message = await answering.shows(poll=poll, content="Vote.")
    await alice.does("POST", "vote", message=str(message), answers=[2])
    results = (await alice.does("GET", "messages"))["messages"][0]["poll"]["results"]["answer_counts"]
    assert [(one["id"], one["count"]) for one in results if one["count"]] == [(2, 1)]
    await alice.does("POST", "vote", message=str(message), answers=[])
    assert "no answer 9" in await alice.refused("POST", "vote", message=str(message), answers=[9])
    assert "list of numbers" in await alice.refused("POST", "vote", message=str(message), answers=["Yes"])


async def test_only_commands_that_the_person_may_use_are_offered(visit: Visit, answering: Answering) -> None:
    await answering.knows(
        {"name": "ping", "description": "Pong"},
        {"name": "ban", "description": "Out", "default_member_permissions": "4"},
        {"name": "Greet", "type": 2},
    )
    offered = {name: (await visit(name).does("GET", "commands"))["commands"] for name in ("alice", "bob")}
    assert [one["name"] for one in offered["alice"]] == ["ping", "ban", "Greet"]
    assert [(one["name"], one["type"]) for one in offered["bob"]] == [("ping", 1), ("Greet", 2)]


async def test_a_command_is_answered_with_the_message_or_a_refusal(visit: Visit, answering: Answering) -> None:
    text = {"type": 3, "name": "timeout_s", "description": "x"}  # a name that our own code uses too
    await answering.knows({"name": "say", "description": "x", "options": [text]})
    alice = visit("alice")
    answer = await alice.does("POST", "slash", command="say", options={"timeout_s": "1"})
    assert (answer["kind"], answer["message"]["content"], answer["message"]["private_to"]) == ("message", "ok", None)
    assert answering.data["options"] == [{"name": "timeout_s", "type": 3, "value": "1"}]
    assert "no command /nothing" in await alice.refused("POST", "slash", command="nothing")
    assert "is a text" in await alice.refused("POST", "slash", command="say", options={"timeout_s": 5})


async def test_a_deferral_is_answered_at_once_and_its_answer_comes_over_the_line(
    visit: Visit, answering: Answering, rest: Any, sandbox: Sandbox
) -> None:
    await answering.knows({"name": "slow", "description": "x"})
    answering.answers.append({"type": 5})
    alice = visit("alice")
    async with alice.live() as line:
        began = time.monotonic()
        assert await alice.does("POST", "slash", command="slow") == {"kind": "acknowledged"}
        assert time.monotonic() - began < 1.5
        assert int((await line.until("MESSAGE_CREATE"))["flags"]) & 128
        path = f"/webhooks/{sandbox.application_id}/{answering.last['token']}/messages/@original"
        assert (await rest("PATCH", path, {"content": "Here."}))[0] == 200
        assert (await line.until("MESSAGE_UPDATE"))["content"] == "Here."


async def test_silence_of_the_bot_is_told_with_its_reason(
    visit: Visit, rest: Any, sandbox: Sandbox, open_socket: Callable[..., Awaitable[Any]]
) -> None:
    path = f"/applications/{sandbox.application_id}/commands"
    assert (await rest("PUT", path, [{"name": "mute", "description": "x"}]))[0] == 200
    alice = visit("alice")
    socket = await open_socket()
    await socket.identify()
    asking = asyncio.create_task(alice.call("POST", "slash", alice.place({"command": "mute"})))
    await socket.until("INTERACTION_CREATE")
    sandbox.clock.advance(4)
    status, answer = await asyncio.wait_for(asking, 2)
    assert (status, answer) == (504, {"error": "The application did not respond to /mute in time."})
    await socket.raw.close()
    async with alice.live() as line:
        asking = asyncio.create_task(alice.call("POST", "slash", alice.place({"command": "mute"})))
        await asyncio.sleep(0.1)
        sandbox.clock.advance(4)
        assert await line.until("CLOCK")
        assert "no bot is connected" in (await asyncio.wait_for(asking, 2))[1]["error"]


async def test_a_form_is_opened_filled_in_and_submitted_once_by_whom_it_opened_for(
    visit: Visit, answering: Answering
) -> None:
    await answering.knows({"name": "feedback", "description": "x"})
    answering.opens(TEXT_FIELD, title="Feedback")
    alice, bob = visit("alice"), visit("bob")
    opened = await alice.does("POST", "slash", command="feedback")
    assert (opened["kind"], opened["modal"]["title"]) == ("modal", "Feedback")
    token = opened["modal"]["token"]
    assert "not for bob" in await bob.refused("POST", "modal", modal=token, fields={"why": "x"})
    assert "is required" in await alice.refused("POST", "modal", modal=token, fields={"why": ""})
    sent = await alice.does("POST", "modal", modal=token, fields={"why": "Because"})
    assert (sent["kind"], sent["message"]["content"]) == ("message", "ok")
    assert answering.data["components"][0]["component"]["value"] == "Because"
    assert "is closed" in await alice.refused("POST", "modal", modal=token, fields={"why": "Again"})
    assert "no longer open" in await alice.refused("POST", "modal", modal="invented", fields={})


async def test_buttons_and_menus_are_used(visit: Visit, answering: Answering) -> None:
    message = str(await answering.shows(row(button("go")), row(menu("fruit", "apple", "pear"))))
    alice = visit("alice")
    answering.answers.append({"type": 7, "data": {"content": "Gone."}})
    answer = await alice.does("POST", "component", message=message, custom_id="go")
    assert (answer["kind"], answer["message"]["id"], answer["message"]["content"]) == ("message", message, "Gone.")
    answering.answers.append({"type": 6})
    chosen = await alice.does("POST", "component", message=message, custom_id="fruit", values=["pear"])
    assert chosen == {"kind": "acknowledged"}
    assert answering.data["values"] == ["pear"]
    assert "does not offer" in await alice.refused(
        "POST", "component", message=message, custom_id="fruit", values=["plum"]
    )
    assert "has no button or menu" in await alice.refused("POST", "component", message=message, custom_id="x")


async def test_commands_of_menus_are_used_on_people_and_messages(
    visit: Visit, answering: Answering, sandbox: Sandbox
) -> None:
    await answering.knows({"name": "Greet", "type": 2}, {"name": "Quote", "type": 3})
    alice, bob = visit("alice"), str(sandbox.member("bob").id)
    message = (await alice.does("POST", "messages", content="Wise"))["id"]
    answer = await alice.does("POST", "menu", command="Greet", type=2, target=bob)
    assert (answer["kind"], answering.data["target_id"]) == ("message", bob)
    await alice.does("POST", "menu", command="Quote", type=3, target=message)
    assert answering.data["resolved"]["messages"][message]["content"] == "Wise"
    assert "no such person" in await alice.refused("POST", "menu", command="Greet", type=2, target=message)
    assert "type is 2" in await alice.refused("POST", "menu", command="Greet", type=1, target=bob)


async def test_files_go_with_commands(visit: Visit, answering: Answering) -> None:
    option = {"type": 11, "name": "file", "description": "x"}
    await answering.knows({"name": "upload", "description": "x", "options": [option]})
    fields = {"command": "upload", "options": {"file": "files[0]"}}
    assert (await visit("alice").sends("slash", fields, files_0=b"one"))["kind"] == "message"
    [attachment] = answering.data["resolved"]["attachments"].values()
    assert (attachment["filename"], attachment["size"]) == ("files_0.txt", 3)


async def test_options_complete_themselves(visit: Visit, answering: Answering) -> None:
    word = {"type": 3, "name": "word", "description": "x", "autocomplete": True}
    await answering.knows({"name": "find", "description": "x", "options": [word]})
    choices = [{"name": "Hello", "value": "hello"}]
    answering.answers.append({"type": 8, "data": {"choices": choices}})
    fields = {"command": "find", "option": "word", "options": {"word": "h"}}
    assert await visit("alice").does("POST", "autocomplete", typed="h", **fields) == {"choices": choices}
    assert answering.data["options"][0]["value"] == "h"


async def test_the_clock_is_moved_and_the_transcript_is_read(visit: Visit, sandbox: Sandbox, rest: Any) -> None:
    alice = visit("alice")
    status, answer = await alice.call("POST", "clock", {"seconds": 3600})
    assert status == 200
    assert abs(answer["now"] - time.time() - 3600) < 5
    await rest("GET", "/users/@me")
    status, entry = await alice.call("GET", "transcript/1")
    assert (status, entry["method"], entry["path"], entry["status"]) == (200, "GET", "/api/v10/users/@me", 200)
    assert sandbox.token not in str(entry)
    assert "no entry 99" in (await alice.call("GET", "transcript/99"))[1]["error"]
