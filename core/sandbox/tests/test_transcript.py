"""The transcript: what it holds, what it hides, who watches it, and the file with its reader."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from chandelier_sandbox import Sandbox
from chandelier_sandbox.terminal.cli import sandbox as sandbox_command
from chandelier_sandbox.transcript.transcript import Command, Dispatch, Entry, Exchange, Link, Transcript


def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


async def test_an_exchange_tells_everything_about_a_request(rest: Any, sandbox: Sandbox) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "see"}', content_type="application/json")
    form.add_field("files[0]", b"x", filename="x.txt")
    _, sent, _ = await rest("POST", general(sandbox) + "?wait=true", data=form)
    said = sandbox.transcript.exchanges[-1]
    assert (said.method, said.template, said.status, said.files) == ("POST", "/channels/{channel_id}/messages", 200, 1)
    assert (said.path, said.query) == (f"/api/v10{general(sandbox)}", "wait=true")
    assert (said.request, said.answer["id"]) == ({"content": "see"}, sent["id"])
    assert 0 < said.ms < 5000
    await rest("POST", "/nowhere", {})
    assert (sandbox.transcript.exchanges[-1].template, sandbox.transcript.exchanges[-1].status) == ("", 404)


async def test_what_is_kept_does_not_change_when_the_world_does(rest: Any, sandbox: Sandbox) -> None:
    _, sent, _ = await rest("POST", general(sandbox), {"content": "one"})
    noted = sandbox.transcript.exchanges[-1]
    await rest("PATCH", f"{general(sandbox)}/{sent['id']}", {"content": "two"})
    assert noted.answer["content"] == "one"


async def test_commands_events_and_connections_are_there(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify(513)
    await socket.send(1, None)
    await socket.until("GUILD_CREATE")
    await socket.raw.close(code=1000)
    async with asyncio.timeout(3):
        while len(sandbox.transcript.links) < 2:
            await asyncio.sleep(0.005)
    assert [one.name for one in sandbox.transcript.commands] == ["IDENTIFY", "HEARTBEAT"]
    assert sandbox.transcript.commands[0].payload["intents"] == 513
    assert [(one.name, one.sequence, one.shard) for one in sandbox.transcript.dispatches] == [
        ("READY", 1, (0, 1)),
        ("GUILD_CREATE", 2, (0, 1)),
    ]
    assert [(one.name, one.code) for one in sandbox.transcript.links] == [("connect", None), ("close", 1000)]
    numbers = [entry.number for entry in sandbox.transcript.entries]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {type(entry) for entry in sandbox.transcript.entries} == {Command, Dispatch, Link}


async def test_no_secret_can_be_read(rest: Any, open_socket: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    socket = await open_socket()
    await socket.identify()
    await rest("POST", "/interactions/5/verysecret/callback", {"type": 4, "token": "verysecret"})
    await rest("PATCH", "/webhooks/5/verysecret/messages/@original?with=verysecret&token=verysecret", {})
    await rest("POST", general(sandbox), {"content": f"my token is {sandbox.token}, http://x/webhooks/5/verysecret"})
    code = await sandbox.authorize("alice")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "redirect_uri": "http://127.0.0.1/callback",
    }
    async with rest.session.post(f"{sandbox.api_url}/oauth2/token", data=form) as answer:
        access = (await answer.json())["access_token"]
    secrets = ("verysecret", sandbox.token, code, access, sandbox.client_secret)
    entries = sandbox.transcript.entries
    assert any(one.template.endswith("/oauth2/token") for one in sandbox.transcript.exchanges)
    read = repr([[getattr(one, name, None) for name in NAMES] for one in entries]) + repr(entries)
    read = read.replace("with=verysecret", "")  # a parameter that is no secret
    written = b"".join(map(write, entries)).decode().replace("with=verysecret", "")
    assert not [secret for secret in secrets if secret in read]
    assert not [secret for secret in secrets if secret in written]


NAMES = ("path", "query", "request", "answer", "payload", "reason")


def write(entry: Entry) -> bytes:
    import orjson

    return orjson.dumps(entry.shown())


def test_the_oldest_leave_by_number_and_by_size() -> None:
    def exchange(number: int, size: int) -> Exchange:
        return Exchange(number, 0.0, "GET", "", 200, 0.0, 0, "/", b"", b"1" * size)

    few, small = Transcript(most=3), Transcript(most_bytes=100)
    for number in range(5):
        few.note(exchange(number, 1))
        small.note(exchange(number, 40))
    assert [one.number for one in few.entries] == [2, 3, 4]
    assert [one.number for one in small.entries] == [3, 4]
    small.note(exchange(9, 1000))
    assert [one.number for one in small.entries] == [9]


async def test_watchers_hear_each_entry_at_once_and_cannot_break_anything(
    rest: Any, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    heard: list[Entry] = []

    def faulty(entry: Entry) -> None:
        raise LookupError("of the watcher")

    unwatch, silence = sandbox.transcript.watch(heard.append), sandbox.transcript.watch(faulty)
    assert (await rest("GET", "/users/@me"))[0] == 200
    assert len(heard) == 1
    assert "of the watcher" in capfd.readouterr().err
    unwatch(), silence(), unwatch()
    await rest("GET", "/users/@me")
    assert len(heard) == 1


async def test_entries_are_found_by_kind_and_place(rest: Any, sandbox: Sandbox) -> None:
    for _ in range(4):
        await rest("GET", "/users/@me")
    transcript = sandbox.transcript
    assert [one.number for one in transcript.find("rest", after=1, last=2)] == [3, 4]
    assert transcript.find("event") == []


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    path = tmp_path / "said.jsonl"
    async with Sandbox(transcript=path) as sandbox, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {sandbox.token}"}
        for method, url, body in (
            ("GET", "/users/@me", None),
            ("POST", general(sandbox), {"content": "hello"}),
            ("POST", general(sandbox), {}),
        ):
            await session.request(method, sandbox.api_url + url, json=body, headers=headers)
        async with session.ws_connect(sandbox.world.origin + "/gateway") as socket:
            await socket.send_json({"op": 2, "d": {"token": sandbox.token, "intents": 0, "properties": {}}})
            while (await socket.receive_json())["op"] != 0:
                pass
    assert sandbox.token not in path.read_text()
    return path


def read(*arguments: object) -> Any:
    return CliRunner().invoke(sandbox_command, ["transcript", *map(str, arguments)])


async def test_the_file_can_be_read_line_by_line(file: Path) -> None:
    lines = read(file).output.splitlines()
    assert len(lines) == len(file.read_text().splitlines()) == 7
    assert " rest       GET /api/v10/users/@me  200  " in lines[0]
    assert [line.split()[2:4] for line in lines[3:]] == [
        ["connection", "connect"],
        ["command", "IDENTIFY"],
        ["event", "READY"],
        ["connection", "close"],
    ]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        (["--kind", "rest"], [1, 2, 3]),
        (["--status", "4xx"], [3]),
        (["--status", "200"], [1, 2]),
        (["--route", "channels/{channel_id}"], [2, 3]),
        (["--route", "ready"], [6]),
        (["--since", "5"], [5, 6, 7]),
        (["--kind", "rest", "--last", "1"], [3]),
        (["--number", "4"], [4]),
    ],
)
async def test_the_reader_chooses(file: Path, arguments: list[str], numbers: list[int]) -> None:
    shown = read(file, "--json", *arguments).output.splitlines()
    assert [json.loads(line)["number"] for line in shown] == numbers


async def test_details_have_the_bodies_and_a_missing_number_is_one_sentence(file: Path) -> None:
    details = read(file, "--number", "2").output
    assert "request:\n" in details
    assert '"content": "hello"' in details
    missing = read(file, "--number", "99")
    assert missing.exit_code == 1
    assert "has no entry 99" in missing.output
    assert read(file.with_name("nowhere")).exit_code == 2


async def test_the_reader_follows_what_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    program = "from chandelier_sandbox.terminal.cli import sandbox; sandbox()"
    async with Sandbox(transcript=path) as sandbox, aiohttp.ClientSession() as session:
        reader = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, "transcript", str(path), "--follow", stdout=asyncio.subprocess.PIPE
        )
        assert reader.stdout is not None
        async with asyncio.timeout(15):
            for number in range(3):
                await session.get(f"{sandbox.api_url}/users/{number}")
                assert f"GET /api/v10/users/{number}  401".encode() in await reader.stdout.readline()
        reader.terminate()
        await reader.wait()


async def test_a_file_that_cannot_be_written_leaves_no_sandbox_behind(tmp_path: Path) -> None:
    sandbox = Sandbox(transcript=tmp_path / "no" / "such" / "folder")
    with pytest.raises(FileNotFoundError):
        async with sandbox:
            pass
    async with Sandbox(port=sandbox.port):
        pass
