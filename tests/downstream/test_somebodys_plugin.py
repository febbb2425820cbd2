"""A plugin that nobody here imports, with every kind of part: installed, used, updated with a migration, and removed."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from ..conftest import Ended, Process, Shelf, environment
from ..forking import begin

HERE = Path(__file__).parent
ASKER = '''
from chandelier import Context, Plugin
from chandelier_tally.api import Tallies

plugin = Plugin("asker", summary="Asks another plugin.", uses=[Tallies])


@plugin.command(where="guild")
async def ask(ctx: Context, what: str) -> str:
    """Ask how often something was counted.

    Args:
        what: What was counted.
    """
    return f"{await ctx.use(Tallies).count(ctx.here, what)} {what}"
'''


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build both versions, each in a folder that the workspace does not know."""
    built = []
    for version, layers in (("1.0.0", ("tally",)), ("2.0.0", ("tally", "tally_2"))):
        folder = tmp_path_factory.mktemp(f"outside-{version}")
        for layer in layers:
            shutil.copytree(HERE / layer, folder, dirs_exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(folder)],
            check=True, capture_output=True,
        )  # fmt: skip
        built.append(next((folder / "dist").glob(f"somebodys_tally-{version}-*.whl")))
    return built[0], built[1]


class Owner:
    """Who runs the bot: the command line, the REST API, and people in a server."""

    def __init__(self, wired: dict[str, str], folder: Path, discord: Any) -> None:
        self.wired, self.folder, self.discord = wired, folder, discord

    async def plugins(self, *words: str | Path) -> Ended:
        process = await begin(["plugins", *map(str, words)], env=environment(self.wired), cwd=self.folder)
        out, err = await asyncio.wait_for(process.communicate(), 60)
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def rest(self, process: Process, method: str, path: str, body: object = None) -> tuple[int, Any]:
        url = str((await process.logged("service_started", service="api"))["url"]) + path
        async with aiohttp.ClientSession() as http, http.request(method, url, json=body) as answer:
            return answer.status, await answer.json()


async def test_somebody_s_plugin_is_installed_used_updated_and_removed(
    wheels: tuple[Path, Path], wiring, shelf: Shelf, started, fresh_database: str, discord, tmp_path: Path
):
    shelf.add("asker", ASKER)
    wired = wiring(discord, fresh_database, "ping") | {"CHANDELIER_CLOCK_URL": discord.clock_url}
    owner = Owner(wired, tmp_path, discord)
    first, second = wheels
    added = await owner.plugins("add", first, "--yes")
    assert added.code == 0, added.said
    assert "send_messages: to send messages" in added.out
    assert "tables   will be changed at the next start: 0001_initial" in added.out
    assert (await owner.plugins("enable", "tally")).code == 0
    assert (await owner.plugins("enable", "asker")).code == 0

    async with started("run", **wired) as process:
        await process.logged("ready", limit_s=40)
        await use_everything(owner, process)
        refused = await owner.plugins("update", second, "--yes")
        assert refused.code == 1
        assert "tally 2.0.0 asks for more than before: manage_messages" in refused.err
        updated = await owner.plugins("update", second, "--grant", "manage_messages", "--yes")
        assert updated.code == 0, updated.said
        assert "tables   will be changed at the next start: 0002_note" in updated.out
        assert (await discord.member("alice").slash("tally add", what="cups")).text == "cups: 3 cups."
        assert await process.end() == 0

    async with started("run", **wired) as process:
        await process.logged("ready", limit_s=40)
        await process.logged("migrated", plugin="tally", migrations=["0002_note"])
        alice = discord.member("alice")
        assert (
            await alice.slash("tally note", what="cups", words="the blue ones")
        ).text == "Noted beside cups: the blue ones"
        assert (await alice.slash("ask", what="cups")).text == "3 cups"
        assert await process.end() == 0

    still_needed = await owner.plugins("remove", "tally", "--purge-data", "--yes")
    assert still_needed.code == 1
    assert "asker" in still_needed.err
    assert (await owner.plugins("disable", "asker")).code == 0
    removed = await owner.plugins("remove", "tally", "--purge-data", "--yes")
    assert removed.code == 0, removed.said
    assert "What tally had stored is deleted." in removed.out
    connection = await asyncpg.connect(fresh_database)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'tally'") == 0
    finally:
        await connection.close()
    async with started("run", **wired) as process:
        assert "tally" not in (await process.logged("ready"))["plugins"]
        assert (await discord.member("alice").slash("ping")).text.startswith("Pong!")


async def use_everything(owner: Owner, process: Process) -> None:
    """Use every part: commands, text, REST, the listener, the job, settings, the service, lightbulb and Quart."""
    discord = owner.discord
    alice, guild = discord.member("alice"), discord.guild
    assert (await alice.slash("tally add", what="cups")).text == "cups: 1 times."
    assert (await alice.slash("plugin set", plugin="tally", setting="noun", value="cups")).text == (
        "`noun` of tally is `cups` in this server."
    )
    assert (await alice.say("!tally add cups")).text == "cups: 2 cups."
    marked = alice.post("look")
    alice.react(marked, "✅")
    path = f"/api/v1/guilds/{guild.id}/tally"
    async with asyncio.timeout(10):
        while len((await owner.rest(process, "GET", path))[1]["items"]) < 2:
            await asyncio.sleep(0.02)
    _, listed = await owner.rest(process, "GET", path)
    assert {one["name"]: one["count"] for one in listed["items"]} == {"cups": 2, "marks": 1}
    assert (await alice.slash("ask", what="cups")).text == "2 cups"
    assert (await alice.slash("abacus")).text == "🧮"
    assert (await owner.rest(process, "GET", "/api/v1/tally/abacus")) == (200, {"abacus": "🧮"})
    await alice.slash("tally later", what="cups", after="2h")
    discord.clock.advance(2 * 3600 + 5)
    async with asyncio.timeout(15):
        while not any(one.content == "By now: 2 cups." for one in discord.world.messages[alice.channel.id].values()):
            await asyncio.sleep(0.05)
