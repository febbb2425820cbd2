"""People send files: with commands and with messages."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Member, Permission, Sandbox
from chandelier_sandbox.people import Upload

from .answering import Answering
from .conftest import Socket

READ = {
    "name": "read",
    "description": "Read a file",
    "options": [
        {"type": 11, "name": "file", "description": "A file", "required": True},
        {"type": 11, "name": "other", "description": "Another file"},
    ],
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (3).to_bytes(4) + (2).to_bytes(4) + b"\x08\x06\x00\x00\x00"
MOST = 10 * 1024 * 1024


@pytest.fixture
async def alice(answering: Answering, sandbox: Sandbox) -> Member:
    await answering.knows(READ)
    return sandbox.member("alice")


async def test_files_come_with_a_command_and_are_served(answering: Answering, alice: Member, rest: Any) -> None:
    await alice.slash("read", file=Upload("my notes.txt", b"hello"), other=Upload("a.png", PNG, description="A dot"))
    first, second = (option["value"] for option in answering.data["options"])
    files = answering.data["resolved"]["attachments"]
    assert files[first]["filename"] == "my_notes.txt"
    assert files[first]["content_type"].startswith("text/plain")
    assert (files[second]["width"], files[second]["height"], files[second]["description"]) == (3, 2, "A dot")
    for number, content in ((first, b"hello"), (second, PNG)):
        async with rest.session.get(files[number]["url"]) as answer:
            assert (answer.status, await answer.read()) == (200, content)


async def test_files_come_with_a_command_in_direct_messages(answering: Answering, alice: Member, rest: Any) -> None:
    await alice.in_direct_messages().slash("read", file=Upload("a.txt", b"hello"))
    (file,) = answering.data["resolved"]["attachments"].values()
    async with rest.session.get(file["url"]) as answer:
        assert await answer.read() == b"hello"


async def test_what_is_no_file_or_too_large_is_refused_with_a_sentence(answering: Answering, alice: Member) -> None:
    for options, sentence in (
        ({}, "needs the option 'file'"),
        ({"file": "a.txt"}, "'file' of /read is a file"),
        ({"file": Upload("big.bin", bytes(MOST + 1))}, "big.bin is too large"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await alice.slash("read", **options)
    with pytest.raises(CannotSend, match="is a file"):
        await alice.slash_line("/read file:a.txt")
    assert answering.asked == []


async def test_files_come_with_a_message(alice: Member, open_socket: Any, rest: Any) -> None:
    socket: Socket = await open_socket()
    await socket.identify(1 << 9 | 1 << 15)
    said = alice.post(files=[Upload("a.txt", b"one"), Upload("b.txt", b"two", "text/x-odd")])
    message = (await socket.until("MESSAGE_CREATE"))["d"]
    assert (message["id"], message["content"]) == (str(said), "")
    assert [(one["filename"], one["size"]) for one in message["attachments"]] == [("a.txt", 3), ("b.txt", 3)]
    assert message["attachments"][1]["content_type"] == "text/x-odd"
    async with rest.session.get(message["attachments"][1]["url"]) as answer:
        assert await answer.read() == b"two"
    assert alice.see(said).attachments == ["a.txt", "b.txt"]


async def test_a_message_takes_ten_files_and_the_permission(alice: Member, sandbox: Sandbox) -> None:
    with pytest.raises(CannotSend, match="at most 10 files"):
        alice.post("many", files=[Upload(f"{number}.txt", b"x") for number in range(11)])
    with pytest.raises(CannotSend, match="too large"):
        alice.post("big", files=[Upload("big.bin", bytes(MOST + 1))])
    everyone = sandbox.guild.roles[sandbox.guild.id]
    everyone.permissions &= ~int(Permission.ATTACH_FILES)
    with pytest.raises(CannotSend, match="bob may not attach files in #general"):
        sandbox.member("bob").post("one", files=[Upload("a.txt", b"x")])
    assert sandbox.world.messages[alice.channel.id] == {}


async def test_a_message_with_files_may_lose_its_text(alice: Member) -> None:
    said = alice.post("look", files=[Upload("a.txt", b"one")])
    alice.edit(said, "")
    assert (alice.see(said).text, alice.see(said).attachments) == ("", ["a.txt"])
