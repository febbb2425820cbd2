"""A client that does nothing but answer: a raw WebSocket, a raw POST for each interaction."""

from __future__ import annotations

import asyncio
import os

import aiohttp
import orjson


async def main() -> None:
    """Register /ping, identify, and answer until the connection ends."""
    api, token = os.environ["DISCORD_API_URL"], os.environ["DISCORD_TOKEN"]
    headers = {"Authorization": f"Bot {token}"}
    answer = orjson.dumps({"type": 4, "data": {"content": "Pong!"}})
    running: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=64)) as session:
        async with session.get(f"{api}/gateway/bot") as response:
            gateway = (await response.json())["url"]
        async with session.get(f"{api}/oauth2/applications/@me") as response:
            application = (await response.json())["id"]
        command = [{"name": "ping", "description": "Answer"}]
        async with session.put(f"{api}/applications/{application}/commands", json=command) as response:
            response.raise_for_status()

        async def reply(interaction: dict[str, str]) -> None:
            url = f"{api}/interactions/{interaction['id']}/{interaction['token']}/callback"
            async with session.post(url, data=answer, headers={"Content-Type": "application/json"}) as response:
                await response.read()

        async with session.ws_connect(f"{gateway}?v=10&encoding=json", max_msg_size=0) as socket:
            await socket.send_json({"op": 2, "d": {"token": token, "intents": 0, "properties": {}}})
            async for frame in socket:
                payload = orjson.loads(frame.data)
                if payload.get("t") == "INTERACTION_CREATE":
                    task = asyncio.create_task(reply(payload["d"]))
                    running.add(task)
                    task.add_done_callback(running.discard)


if __name__ == "__main__":
    asyncio.run(main())
