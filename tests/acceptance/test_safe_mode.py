"""``--safe`` starts what came with the bot, and nothing else, without importing it."""

from __future__ import annotations

import pytest

STRANGER = """
print("the stranger was imported")
from chandelier import Context, Plugin
plugin = Plugin("stranger", summary="From elsewhere.")

@plugin.command()
async def strange(ctx: Context) -> str:
    'Answer.'
    return "strange"
"""


@pytest.mark.parametrize("word", ["run", "api"])
async def test_safe_mode_starts_no_plugin_that_did_not_come_with_the_bot(
    word, shelf, started, wiring, fresh_database, discord
):
    shelf.add("stranger", STRANGER)
    shelf.add("ending", "import os; os._exit(9)")
    wired = wiring(discord, fresh_database, "ping", "stranger", "ending")
    async with started(word, "--safe", **wired) as process:
        assert (await process.logged("ready"))["plugins"] == ["host", "ping"]
        skipped = await process.logged("plugin_skipped", plugin="stranger")
        assert skipped["why"] == (
            "Safe mode: it did not come with the bot, so it was not started. Run without --safe to use it."
        )
        await process.logged("plugin_skipped", plugin="ending")
        if word == "run":
            assert (await discord.member("alice").slash("ping")).text.startswith("Pong!")
            listed = (await discord.member("alice").slash("bot plugins")).text
            assert "**stranger** 1.0: discovered. Safe mode: it did not come with the bot" in listed
