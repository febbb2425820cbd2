"""The recipes for typed clients, run as they stand on the page: from the document to an answer of a running bot."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ..house import OPERATOR, PLUGINS, House, open_house

PAGE = (Path(__file__).parents[2] / "docs" / "clients.md").read_text("utf-8")
LIMIT_S = 240
pytestmark = pytest.mark.timeout(LIMIT_S + 60)


def block(words: str) -> str:
    """Give the one block of code on the page that is marked so."""
    (found,) = re.findall(rf"^```{words}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return found


async def sh(script: str, folder: Path, **more: str) -> tuple[int, str]:
    """Run commands, up to the first that fails; give the code and what they said."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        "sh", "-e", "-c", script, cwd=folder, env={**os.environ, "PATH": path, **more},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(LIMIT_S):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def need(command: str, folder: Path) -> None:
    """Skip, in one line, where a tool cannot be had; where CI is set that is a failure."""
    tool, _, _ = command.partition(" ")
    here = shutil.which(tool) is not None or (Path(sys.executable).parent / tool).is_file()
    code, _ = await sh(f"{command} >/dev/null 2>&1", folder) if here else (1, "")
    if code:
        assert not os.environ.get("CI"), f"`{command}` does not work here"
        pytest.skip(f"`{command}` does not work here")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(chandelier_database, tmp_path_factory.mktemp("clients")) as opened:
        yield opened


@pytest.fixture
def wired(house: House, tmp_path: Path) -> dict[str, str]:
    """Give what the recipes' programs read from their environment."""
    (tmp_path / "plugins.toml").write_text(PLUGINS)
    return {"BOT_URL": house.url, "BOT_TOKEN": OPERATOR, "GUILD_ID": str(house.one.id)}


async def test_a_python_client_is_generated_and_calls_the_bot(wired, tmp_path):
    await need("uv tool run openapi-python-client@0.29.1 --version", tmp_path)
    (tmp_path / "hello.py").write_text(block("python client"))
    code, said = await sh(block("sh python"), tmp_path, **wired)
    assert code == 0, said[-3000:]
    assert "Warning(s) encountered" not in said, said[:3000]
    assert said.endswith("commands: hello\n"), said[-500:]


async def test_types_are_generated_for_typescript_and_a_program_with_them_calls_the_bot(wired, tmp_path):
    await need("npm view typescript@5.9.3 version", tmp_path)
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    (tmp_path / "hello.mts").write_text(block("ts"))
    code, said = await sh(block("sh typescript"), tmp_path, **wired)
    assert code == 0, said[-3000:]
    assert re.search(r"^made hei at 20\d\d-\S+Z$", said, re.MULTILINE), said[-500:]

    (tmp_path / "hello.mts").write_text(block("ts").replace('name: "hei", ', ""))
    (checked,) = re.findall(r"^npx tsc .*$", PAGE, re.MULTILINE)
    code, said = await sh(checked, tmp_path)
    assert code != 0, "the types must refuse what the API would refuse"
    assert "Property 'name' is missing" in said, said[-2000:]
