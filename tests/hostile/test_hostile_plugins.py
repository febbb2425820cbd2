"""Every hostile plugin of the table: its owner sees what it did, and /ping still answers."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from chandelier_sandbox import Sandbox

from ..conftest import Process, Shelf, own_database, start
from .table import ALL, RUNNING, STARTING, Hostile, table

DOCS = Path(__file__).parents[2] / "docs" / "hostile-plugins.md"
MARK = "<!-- from here on written by the tests -->\n"


@dataclass(slots=True)
class House:
    """A bot that runs with hostile plugins, and the Discord it is in."""

    process: Process
    discord: Sandbox
    api: str
    token: str

    async def ping_answers(self) -> None:
        assert (await self.discord.member("bystander").slash("ping")).text.startswith("Pong!")

    async def sees(self, pattern: str, plugin: str) -> None:
        """Wait for a line of the log, written as event, plugin, part, error and the rest, that fits."""
        async with asyncio.timeout(20), self.process.news:
            while not any(re.search(pattern, told, re.DOTALL) for told in self._told(plugin)):
                assert self.process.process.returncode is None, "the bot has ended"
                await self.process.news.wait()

    def _told(self, plugin: str) -> list[str]:
        records = [json.loads(line) for line in self.process.lines if line.startswith("{")]
        mine = [record for record in records if plugin in str(record)]
        first = ("event", "plugin", "part", "error", "why", "finding")
        return [" ".join([*(str(record.get(key, "")) for key in first), json.dumps(record)]) for record in mine]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def houses(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, House]]:
    """Run one bot with everything that is hostile at its start, and one with everything that is so later."""
    async with (
        open_house(STARTING, chandelier_database, tmp_path_factory.mktemp("starting")) as starting,
        open_house(RUNNING, chandelier_database, tmp_path_factory.mktemp("running")) as running,
    ):
        yield {one.name: starting for one in STARTING} | {one.name: running for one in RUNNING}


@asynccontextmanager
async def open_house(plugins: list[Hostile], server: str, folder: Path) -> AsyncIterator[House]:
    """Start a bot with ping and these plugins; end it in order."""
    shelf = Shelf(folder / "shelf")
    shelf.folder.mkdir()
    listed = "[plugins.ping]\n"
    for one in plugins:
        shelf.add(one.name, one.source)
        listed += f"[plugins.{one.name}]\n{one.table}\n"
    (folder / "plugins.toml").write_text(listed)
    async with own_database(server) as database, Sandbox(rate_limits=False) as discord:
        wired = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "CHANDELIER_BIND": "127.0.0.1:0",
            "CHANDELIER_PLUGINS": str(folder / "plugins.toml"), "CHANDELIER_DATA": str(folder / "data"),
            "PYTHONPATH": str(shelf.folder), "DATABASE_URL": database,
        }  # fmt: skip
        async with start("run", cwd=folder, **wired) as process:
            await process.logged("ready", limit_s=60)
            api = await process.logged("service_started")
            yield House(process, discord, str(api["url"]), discord.token)


@pytest.mark.parametrize("hostile", STARTING, ids=lambda one: one.name)
async def test_what_is_hostile_at_the_start_is_named_and_the_bot_runs(
    houses: dict[str, House], hostile: Hostile
) -> None:
    house = houses[hostile.name]
    await house.sees(hostile.seen, hostile.name)
    await house.ping_answers()


@pytest.mark.parametrize("hostile", RUNNING, ids=lambda one: one.name)
async def test_what_is_hostile_later_is_seen_and_the_bot_runs_on(houses: dict[str, House], hostile: Hostile) -> None:
    house = houses[hostile.name]
    said = ""
    for _ in range(hostile.times):
        said = await _use(house, hostile)
    if hostile.seen.startswith("say:"):
        assert re.search(hostile.seen.removeprefix("say:"), said), said
    elif not hostile.seen.startswith("nothing:"):
        await house.sees(hostile.seen, hostile.name)
    await house.ping_answers()


async def test_a_bot_full_of_hostile_plugins_ends_in_order_and_has_told_no_secret(houses: dict[str, House]) -> None:
    for house in {id(house): house for house in houses.values()}.values():
        assert await house.process.end() == 0
        assert house.token not in "".join(house.process.lines)
    said = "".join(houses["leaking"].process.lines)
    assert "tasks_left" in said or "linger" in said


def test_the_table_in_the_documentation_is_this_one() -> None:
    text = DOCS.read_text("utf-8")
    wanted = text.partition(MARK)[0] + MARK + "\n" + table()
    if "CHANDELIER_RENEW_DOCS" in os.environ:
        DOCS.write_text(wanted, "utf-8")
    assert len(ALL) >= 25
    assert text == wanted, "run this test with CHANDELIER_RENEW_DOCS=1, and read what it wrote"


async def _use(house: House, hostile: Hostile) -> str:
    """Bring it about; give what was answered."""
    mallory = house.discord.member("mallory")
    if hostile.use == "!":
        mallory.post("anything")
        return ""
    if hostile.use.startswith("~"):
        assert await mallory.autocomplete(hostile.use[1:], "what", "x") == []
        return ""
    if hostile.use.startswith("GET "):
        async with aiohttp.ClientSession() as session, session.get(house.api + hostile.use[4:]) as answer:
            return (await answer.json())["detail"]
    if hostile.use.startswith("&"):
        with pytest.raises(TimeoutError):
            await mallory.slash(hostile.use[1:], timeout_s=2.5)
        return ""
    return (await mallory.slash(hostile.use)).text if hostile.use else ""
