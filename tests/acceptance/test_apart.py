"""The API in a process of its own, over the same database as the bot."""

from __future__ import annotations

import aiohttp


async def url_of(process):
    listening = await process.logged("service_started", service="api")
    return str(listening["url"])


async def test_bot_and_api_apart_see_the_same_things(started, wiring, fresh_database, discord):
    wired = wiring(discord, fresh_database)
    async with (
        started("run", "--without", "api", **wired) as bot,
        started("api", **wired) as api,
        aiohttp.ClientSession() as http,
    ):
        assert (await bot.logged("ready"))["services"] == []
        await api.logged("ready")
        url = await url_of(api)
        alice = discord.member("alice")
        made = await http.post(f"{url}/commands", json={"name": "rules", "content": "Be kind."})
        assert made.status == 201, await made.text()
        assert (await alice.say("!rules")).text == "Be kind."
        body = {"after": "1s", "text": "from afar"}
        asked = await http.post(f"{url}/api/v1/reminders", json=body, headers={"X-Discord-User-Id": str(alice.id)})
        assert asked.status == 201, await asked.text()
        assert "from afar" in (await alice.next_message(timeout_s=10)).text
        ping = await http.get(f"{url}/api/v1/ping")
        assert ping.status == 503
        assert (await ping.json())["code"] == "no_gateway"
        assert (await http.get(f"{url}/health/ready")).status == 200
        assert await api.end() == 0
        assert await bot.end() == 0
