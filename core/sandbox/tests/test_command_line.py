"""The commands `sandbox` and `say`, run as programs."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path
from typing import Any

import hikari
import pytest
from click.testing import CliRunner

from chandelier_sandbox import Sandbox
from chandelier_sandbox.client.slash_lines import read_line
from chandelier_sandbox.terminal.hints import executable, what_to_try

BOT = """
import asyncio, json, os, signal, sys, urllib.request
def call(method, path, body):
    request = urllib.request.Request(os.environ["DISCORD_API_URL"] + path, json.dumps(body).encode(), method=method)
    request.add_header("Authorization", "Bot " + os.environ["DISCORD_TOKEN"])
    request.add_header("Content-Type", "application/json")
    return json.loads(urllib.request.urlopen(request).read())
async def main():
    import aiohttp
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    url = os.environ["DISCORD_API_URL"].replace("http", "ws").removesuffix("/api/v10") + "/gateway"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_json({"op": 2, "d": {"token": os.environ["DISCORD_TOKEN"], "intents": 0, "properties": {}}})
        await asyncio.to_thread(call, "PUT", "/applications/%s/commands" % sys.argv[1], [])
        await stop.wait()
    sys.exit(7)
asyncio.run(main())
"""


async def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
    program = "import sys; from chandelier_sandbox.terminal import cli; getattr(cli, sys.argv.pop(1))()"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdin=pipe, stdout=pipe, stderr=pipe
    )
    out, err = await asyncio.wait_for(process.communicate((given or "").encode()), 15)
    return process.returncode or 0, out.decode(), err.decode()


async def test_say_prints_answers_and_tells_private_ones(sandbox: Sandbox, bot: hikari.GatewayBot) -> None:
    at = ("--port", str(sandbox.port))
    private, public, refused, silent = await asyncio.gather(
        run("say", "/ping", *at),
        run("say", "!ping", "--as", "bob", "--channel", "random", *at),
        run("say", "/nothing", *at),
        run("say", "hello", "--as", "carol", "--wait", "0.2", *at),
    )
    assert private == (0, "Chandelier: Pong! (only you can see this)\n", "")
    assert public == (0, "Chandelier: Pong!\n", "")
    assert refused[0] == 2
    assert refused[2].startswith("There is no command /nothing here; the bot has /ping")
    assert silent == (1, "", "The bot did not answer 'hello' in #general within 0.2 s.\n")


async def test_the_console_talks_and_hears(sandbox: Sandbox, bot: hikari.GatewayBot) -> None:
    program = "from chandelier_sandbox.terminal.cli import say; say()"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, "--port", str(sandbox.port), stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    expected = [
        (":as bob\n/slow\n", "Chandelier: And one more."),
        ("!ping\n", "Chandelier: Pong!"),
        ("/nothing\n", "There is no command /nothing here"),
        ("!dm\n", "Chandelier: Between us. (direct message)"),
    ]
    async with asyncio.timeout(15):
        for typed, shown in expected:
            process.stdin.write(typed.encode())
            while shown not in (line := (await process.stdout.readline()).decode()):
                assert line, shown
        _, err = await process.communicate(b":quit\n")
    assert (process.returncode, err) == (0, b"")


async def test_without_a_sandbox_or_a_bot_one_sentence_says_so(sandbox: Sandbox) -> None:
    lonely, nobody = await asyncio.gather(
        run("say", "/ping", "--port", "1"), run("say", "/ping", "--port", str(sandbox.port))
    )
    assert lonely == (1, "", "No sandbox answers at 127.0.0.1:1; start one with `chandelier sandbox --port 1`.\n")
    assert nobody == (1, "", "No bot is connected to the sandbox.\n")


async def test_a_taken_port_and_a_missing_program_are_one_sentence(sandbox: Sandbox) -> None:
    taken, missing = await asyncio.gather(
        run("sandbox", "--port", str(sandbox.port)), run("sandbox", "--port", "0", "--", "no-such-program")
    )
    assert taken[0] == missing[0] == 1
    assert taken[2].count("\n") == missing[2].count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{sandbox.port}" in taken[2]
    assert "cannot start 'no-such-program'" in missing[2]


async def test_the_child_gets_the_address_one_signal_and_its_exit_code_counts(tmp_path: Path, sandbox: Sandbox) -> None:
    script = tmp_path / "bot.py"
    script.write_text(BOT)
    program = "from chandelier_sandbox.terminal.cli import sandbox; sandbox()"
    command = ("--port", "0", "--", sys.executable, str(script), str(sandbox.application_id))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(15):
        while "/api/v1/docs" not in said:
            line = (await process.stdout.readline()).decode()
            assert line, (said, await process.stderr.read() if process.stderr else "")
            said += line
    assert "export DISCORD_API_URL=http://127.0.0.1:" in said
    assert "say '/custom add name:hello content:Hello there!' --as alice" in said
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)  # an echo, not a wish to kill
    assert await asyncio.wait_for(process.wait(), 10) == 7


async def test_a_transcript_is_written_and_the_program_may_stand_without_dashes(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    ask = "import os, urllib.request; urllib.request.urlopen(os.environ['DISCORD_API_URL'] + '/gateway').read()"
    for dashes in ((), ("--",)):
        ran = await run(
            "sandbox", "--port", "0", "--transcript", str(file), "--no-rate-limits", *dashes, sys.executable, "-c", ask
        )
        assert (ran[0], ran[2]) == (0, "")
        shown = await run("sandbox", "transcript", str(file), "--kind", "rest")
        assert "GET /api/v10/gateway  200" in shown[1]
    named = await run("sandbox", "--port", "0", "--", "transcript", str(file))
    assert "cannot start 'transcript'" in named[2], "what comes after -- is a program, whatever its name"


async def test_a_sandbox_without_a_program_waits_for_a_signal() -> None:
    program = "from chandelier_sandbox.terminal.cli import sandbox; sandbox()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(15):
        while "Ctrl-C ends the sandbox" not in (line := (await process.stdout.readline()).decode()):
            pass
        assert re.search(r" at http://127\.0\.0\.1:\d+/ in a browser", line)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


def test_the_hints_name_the_program_as_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv/bin/chandelier")])
    assert executable() == ".venv/bin/chandelier"
    monkeypatch.setattr(sys, "argv", ["/elsewhere/bin/chandelier"])
    assert executable() == "chandelier"
    assert '  chandelier say "/ping" --as alice' in what_to_try("http://127.0.0.1:8081/", "")
    assert '  chandelier say "/ping" --as alice --port 9' in what_to_try("http://127.0.0.1:9/", " --port 9")
    first = next(line for line in what_to_try("http://127.0.0.1:9/", "") if line)
    assert first.endswith("in a browser: http://127.0.0.1:9/")


def test_both_commands_explain_themselves() -> None:
    from chandelier_sandbox.terminal import cli

    for name in ("sandbox", "say"):
        assert CliRunner().invoke(getattr(cli, name), ["--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("/custom add name:hello content:Hello there!", {"name": "hello", "content": "Hello there!"}),
        ("/custom add content:a name: b name:hello", {"content": "a", "name": "b name:hello"}),
        ("/custom add hello Hello there!", {"name": "hello", "content": "Hello there!"}),
        ("/custom add name:hello content:see http://x.example", {"name": "hello", "content": "see http://x.example"}),
        ("custom  add", {}),
    ],
)
def test_a_line_becomes_values(line: str, values: dict[str, Any]) -> None:
    text = {"type": 3, "description": "x", "required": True}
    options = [text | {"name": "name"}, text | {"name": "content"}]
    add = {"type": 1, "name": "add", "description": "x", "options": options}
    command = {"type": 1, "name": "custom", "description": "x", "options": [add]}
    choice, read = read_line(line, [command])
    assert (choice.name, read) == ("custom add", values)
