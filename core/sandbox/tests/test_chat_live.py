"""The chat page's live line: what each person hears, and what nobody else does."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox, ticking
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.channels import delete_channel, modify_channel
from chandelier_sandbox.changes.threads import delete_thread, join, leave, start_thread
from chandelier_sandbox.chat import live
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Overwrite, ThreadFacts

from .answering import Answering
from .chat_steps import Live, Page, Visit, hidden_channel

EPHEMERAL = 64
SECRET = {"type": 4, "data": {"content": "secret", "flags": EPHEMERAL}}
END = "that was all"


async def never_reading(sandbox: Sandbox) -> asyncio.StreamWriter:
    """Open the line as bob and read nothing of it."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.settimeout(5)
    await asyncio.get_running_loop().run_in_executor(None, raw.connect, ("127.0.0.1", sandbox.port))
    reader, writer = await asyncio.open_connection(sock=raw, limit=1024)
    ask = "GET /sandbox/chat/live?as=bob HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    writer.write(f"{ask}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n\r\n".encode())
    assert b"101" in await asyncio.wait_for(reader.readline(), 3)
    return writer


async def all_heard(page: Page, line: Live) -> list[Any]:
    """Return what a page has heard of the world up to now."""
    await page.does("POST", "messages", content=END)
    while (await line.until("MESSAGE_CREATE"))["content"] != END:
        pass
    return line.world[:-1]


def private_thread(sandbox: Sandbox, name: str, owner: str) -> Channel:
    world, now = sandbox.world, sandbox.clock.now()
    user = world.users[sandbox.member(owner).id]
    thread = Channel(world.snowflakes.make(), name, ChannelKind.PRIVATE_THREAD, thread=ThreadFacts(user.id, now, now))
    return start_thread(world, sandbox.guild.channel("general"), thread, By(user))


async def test_what_people_do_is_heard_by_the_others(visit: Visit) -> None:
    alice, bob = visit("alice"), visit("bob")
    async with bob.live() as line:
        await alice.does("POST", "typing")
        assert (await line.until("TYPING_START"))["channel_id"] == str(alice.channel.id)
        message = (await alice.does("POST", "messages", content="Hello"))["id"]
        assert (await line.until("MESSAGE_CREATE"))["author"]["username"] == "alice"
        await alice.does("PATCH", "messages", message=message, content="Hello!")
        assert (await line.until("MESSAGE_UPDATE"))["content"] == "Hello!"
        await alice.does("POST", "reactions", message=message, emoji="\N{SPARKLES}", on=True)
        assert (await line.until("MESSAGE_REACTION_ADD"))["message_id"] == message
        await alice.does("DELETE", "messages", message=message)
        assert (await line.until("MESSAGE_DELETE"))["id"] == message
        await alice.does("POST", "people", name="dave")
        assert (await line.until("GUILD_MEMBER_ADD"))["user"]["username"] == "dave"


async def test_the_bots_coming_and_going_the_clock_and_the_transcript_are_told(
    visit: Visit, sandbox: Sandbox, rest: Any, open_socket: Any
) -> None:
    async with visit("alice").live() as line:
        assert line.heard[0] == {"t": "CONNECTED", "d": {"connected": False}}
        bot = await open_socket()
        await bot.identify()
        assert await line.until("CONNECTED") == {"connected": True}
        await bot.raw.close()
        assert await line.until("CONNECTED") == {"connected": False}
        sandbox.clock.advance(60)
        assert (await line.until("CLOCK"))["now"] > time.time() + 55
        await rest("GET", "/users/@me")
        [entry] = await line.until("TRANSCRIPT")
        assert (entry["kind"], entry["title"], entry["status"]) == ("rest", "GET /api/v10/users/@me", 200)
        assert set(entry) == {"n", "at", "kind", "title", "status", "ms"}


async def test_an_ephemeral_message_is_for_one_person_alone(
    visit: Visit, answering: Answering, rest: Any, sandbox: Sandbox
) -> None:
    await answering.knows({"name": "tell", "description": "x"})
    answering.answers.append(SECRET)
    alice, bob = visit("alice"), visit("bob")
    async with alice.live() as own, bob.live() as others:
        secret = (await alice.does("POST", "slash", command="tell"))["message"]
        assert secret["private_to"] == secret["interaction_metadata"]["user"]["id"]
        assert (await own.until("MESSAGE_CREATE"))["private_to"] == secret["private_to"]
        webhook = f"/webhooks/{sandbox.application_id}/{answering.last['token']}"
        assert (await rest("POST", f"{webhook}?wait=true", {"content": "in the open"}))[0] == 200
        assert (await own.until("MESSAGE_CREATE"))["referenced_message"]["content"] == "secret"
        await rest("PATCH", f"{webhook}/messages/@original", {"content": "a new secret"})
        assert (await own.until("MESSAGE_UPDATE"))["private_to"] == secret["private_to"]
        assert await alice.reads() == ["a new secret", "in the open"]
        assert await bob.reads() == ["in the open"]
        assert "secret" not in str(await bob.does("GET", "messages"))
        for path, fields in (
            ("reactions", {"emoji": "\N{SPARKLES}", "on": True}),
            ("component", {"custom_id": "x"}),
            ("vote", {"answers": []}),
        ):
            assert "no such message" in await bob.refused("POST", path, message=secret["id"], **fields)
        assert "somebody else" in await bob.refused("POST", "messages", content="?", reply_to=secret["id"])
        assert "no such message" in await bob.refused("DELETE", "messages", message=secret["id"])
        await alice.does("DELETE", "messages", message=secret["id"])  # she dismisses it
        assert (await own.until("MESSAGE_DELETE"))["id"] == secret["id"]
        heard = await all_heard(bob, others)
    assert [one["t"] for one in heard] == ["MESSAGE_CREATE"]
    assert heard[0]["d"]["referenced_message"] is None
    assert "secret" not in str(heard)


async def test_a_hidden_channel_is_neither_read_nor_heard(visit: Visit, sandbox: Sandbox) -> None:
    staff = hidden_channel(sandbox, "staff", shown_to="bob")
    bob, carol = visit("bob", staff), visit("carol", staff)
    async with visit("bob").live() as inside, visit("carol").live() as outside:
        message = (await bob.does("POST", "messages", content="for us"))["id"]
        await bob.does("POST", "typing")
        await bob.does("POST", "reactions", message=message, emoji="\N{SPARKLES}", on=True)
        await bob.does("DELETE", "messages", message=message)
        for method, path in (("GET", "messages"), ("POST", "messages"), ("POST", "typing"), ("GET", "commands")):
            assert await carol.refused(method, path, content="x") == "carol sees no such channel."
        alice = sandbox.world.users[sandbox.member("alice").id]
        modify_channel(sandbox.world, sandbox.guild, staff, {"topic": "plans"}, By(alice))
        delete_channel(sandbox.world, sandbox.guild, staff, By(alice))
        assert await all_heard(visit("carol"), outside) == []
        heard = [one["t"] for one in await all_heard(visit("bob"), inside)]
    wanted = ["MESSAGE_CREATE", "TYPING_START", "MESSAGE_REACTION_ADD", "MESSAGE_DELETE"]
    assert heard == [*wanted, "CHANNEL_UPDATE", "CHANNEL_DELETE"]


async def test_a_channel_that_is_hidden_from_now_on_is_gone_for_whom_it_is(visit: Visit, sandbox: Sandbox) -> None:
    random, alice = sandbox.guild.channel("random"), sandbox.world.users[sandbox.member("alice").id]
    closed = [Overwrite(sandbox.guild.id, 0, deny=int(Permission.VIEW_CHANNEL))]
    async with visit("bob").live() as line:
        modify_channel(sandbox.world, sandbox.guild, random, {"overwrites": closed, "topic": "plans"}, By(alice))
        gone = await line.until("CHANNEL_DELETE")
        assert gone == {"id": str(random.id), "guild_id": str(sandbox.guild.id), "parent_id": None, "type": 0}
        modify_channel(sandbox.world, sandbox.guild, random, {"overwrites": []}, By(alice))
        assert (await line.until("CHANNEL_UPDATE"))["name"] == "random"


async def test_a_role_opens_a_channel_on_the_live_line(visit: Visit, sandbox: Sandbox) -> None:
    staff = hidden_channel(sandbox, "staff", shown_to="alice")
    role = sandbox.world.add_role(sandbox.guild, "Staff")
    staff.overwrites.append(Overwrite(role.id, 0, allow=int(Permission.VIEW_CHANNEL)))
    carol = sandbox.guild.members[sandbox.member("carol").id]
    async with visit("carol").live() as line:
        sandbox.world.give_role(sandbox.guild, carol, role)
        await visit("alice", staff).does("POST", "messages", content="Welcome")
        assert (await line.until("MESSAGE_CREATE"))["content"] == "Welcome"
        delete_channel(sandbox.world, sandbox.guild, staff, By(carol.user))
        assert (await line.until("CHANNEL_DELETE"))["name"] == "staff"


async def test_a_private_thread_is_for_who_is_in_it(visit: Visit, sandbox: Sandbox) -> None:
    bob, carol = (sandbox.world.users[sandbox.member(name).id] for name in ("bob", "carol"))
    async with visit("bob").live() as inside, visit("carol").live() as outside:
        thread = private_thread(sandbox, "quietly", "bob")
        assert (await inside.until("THREAD_CREATE"))["name"] == "quietly"
        await visit("bob", thread).does("POST", "messages", content="psst")
        await visit("carol", thread).refused("GET", "messages")
        assert "quietly" not in str(await visit("carol").does("GET", "start"))
        assert "quietly" in str(await visit("bob").does("GET", "start"))
        assert await all_heard(visit("carol"), outside) == []
        join(sandbox.world, thread, carol)
        assert (await outside.until("THREAD_MEMBERS_UPDATE"))["member_count"] == 2
        leave(sandbox.world, thread, carol)
        assert (await outside.until("THREAD_DELETE"))["id"] == str(thread.id)
        delete_thread(sandbox.world, thread, By(bob))
        assert (await inside.until("THREAD_DELETE"))["id"] == str(thread.id)
        heard = await all_heard(visit("carol"), outside)
    assert [one["t"] for one in heard[-2:]] == ["THREAD_MEMBERS_UPDATE", "THREAD_DELETE"]
    assert "psst" not in str(heard)


async def test_direct_messages_are_for_the_person_alone(
    visit: Visit, answering: Answering, rest: Any, sandbox: Sandbox
) -> None:
    direct = sandbox.world.direct_channel(sandbox.world.users[sandbox.member("alice").id])
    alice, bob = visit("alice", direct), visit("bob", direct)
    async with visit("alice").live() as own, visit("bob").live() as others:
        await alice.does("POST", "messages", content="just us")
        assert (await own.until("MESSAGE_CREATE"))["content"] == "just us"
        assert (await rest("POST", f"/channels/{direct.id}/messages", {"content": "yes"}))[0] == 200
        assert (await own.until("MESSAGE_CREATE"))["content"] == "yes"
        assert await alice.reads() == ["just us", "yes"]
        assert await bob.refused("GET", "messages") == "bob sees no such channel."
        assert await all_heard(visit("bob"), others) == []


async def test_what_is_for_the_bot_is_not_told_and_strangers_hear_nothing_of_a_server(
    visit: Visit, answering: Answering, sandbox: Sandbox
) -> None:
    await answering.knows({"name": "ping", "description": "x"})
    async with visit("bob").live() as line:
        other = sandbox.world.add_guild("Elsewhere")
        page = visit("alice", other.channel("general"))
        await page.does("POST", "messages", content="in another server")
        await page.does("POST", "slash", command="ping")
        sandbox.world.remove_guild(other)
        await visit("alice").does("POST", "slash", command="ping")
        heard = await all_heard(visit("bob"), line)
    assert [one["t"] for one in heard] == ["MESSAGE_CREATE"]
    async with visit("alice").live() as line:
        sandbox.world.add_guild("Third")
        assert set(await line.until("GUILD_CREATE")) == {"id", "name", "owner_id"}


async def test_a_page_that_does_not_read_is_dropped_and_the_others_go_on(
    visit: Visit, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WAITING_MOST", 300)
    writer = await never_reading(sandbox)
    alice, listeners = sandbox.member("alice"), len(sandbox.world.feed._listeners)
    async with visit("carol").live() as line:
        async with asyncio.timeout(60):
            while len(sandbox.world.feed._listeners) > listeners:  # carol's is one more than bob's
                for _ in range(100):
                    alice.post("x" * 2000)
                while (await line.until("MESSAGE_CREATE")) and len(line.heard) % 100:
                    pass
                line.heard.clear()
    writer.close()


async def test_a_page_that_does_not_read_does_not_hold_up_the_end_of_the_sandbox() -> None:
    async with Sandbox() as sandbox:
        writer, alice = await never_reading(sandbox), sandbox.member("alice")
        for number in range(4000):  # more than the buffers on the way hold
            alice.post("x" * 2000)
            if number % 100 == 0:
                await asyncio.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    writer.close()


async def test_pages_are_let_go_when_the_sandbox_ends() -> None:
    async with aiohttp.ClientSession() as session:
        async with Sandbox() as sandbox:
            page = Visit(sandbox, session)("alice")
            url = sandbox.world.origin.replace("http", "ws")
            raw = await session.ws_connect(f"{url}/sandbox/chat/live?as={page.name}")
            began = time.monotonic()
            reading = asyncio.create_task(_closing(raw))
        assert time.monotonic() - began < 1
        assert await asyncio.wait_for(reading, 1) == aiohttp.WSCloseCode.GOING_AWAY


async def _closing(raw: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in raw:
        pass
    return raw.close_code


async def test_time_passes_by_itself_for_polls_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "EVERY_S", 0.01)
    async with Sandbox() as sandbox:
        owner = sandbox.member("alice")
        thread = private_thread(sandbox, "quietly", "alice")
        assert thread.thread is not None
        thread.thread.auto_archive_minutes = 0
        archived = asyncio.Event()
        sandbox.world.feed.subscribe(lambda event: archived.set() if event.name == "THREAD_UPDATE" else None)
        await asyncio.wait_for(archived.wait(), 3)
        assert thread.thread.archived
        assert owner.name == "alice"
