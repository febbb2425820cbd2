"""The same program connects to whatever DISCORD_API_URL names: here a server of 100 lines that has nothing of the sandbox."""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest_asyncio
from aiohttp import WSMsgType, web

BOT, APP, GUILD, CHANNEL, OWNER = "1001", "1001", "2001", "2002", "3001"
USER = {"discriminator": "0", "global_name": None, "avatar": None, "mfa_enabled": False, "flags": 0, "public_flags": 0}
ME = {**USER, "id": BOT, "username": "elsewhere", "bot": True}
ANNA = {**USER, "id": OWNER, "username": "anna"}
MEMBER = {"user": ANNA, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
EVERYONE = {"id": GUILD, "name": "@everyone", "color": 0, "colors": {"primary_color": 0, "secondary_color": None,
            "tertiary_color": None}, "hoist": False, "position": 0, "permissions": "0", "managed": False, "mentionable": False,
            "flags": 0}  # fmt: skip
GUILD_CREATE = {
    "id": GUILD, "name": "Elsewhere", "icon": None, "features": [], "splash": None, "discovery_splash": None, "owner_id": OWNER,
    "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 0,
    "explicit_content_filter": 0, "mfa_level": 0, "application_id": None, "system_channel_id": None, "system_channel_flags": 0,
    "rules_channel_id": None, "public_updates_channel_id": None, "vanity_url_code": None, "description": None, "banner": None,
    "premium_tier": 0, "preferred_locale": "en-US", "nsfw_level": 0, "roles": [EVERYONE], "emojis": [], "stickers": [],
    "members": [], "presences": [], "threads": [], "voice_states": [], "unavailable": False, "joined_at": MEMBER["joined_at"],
    "large": False, "member_count": 2, "premium_progress_bar_enabled": False,
    "channels": [{"id": CHANNEL, "type": 0, "position": 0, "permission_overwrites": [], "topic": None, "name": "talk"}],
}  # fmt: skip
APPLICATION = {"id": APP, "name": "elsewhere", "description": "", "bot_public": True, "bot_require_code_grant": False,
               "verify_key": "00", "flags": 0, "owner": ANNA, "approximate_guild_count": 1,
               "approximate_user_install_count": 0, "icon": None}  # fmt: skip


@dataclass
class Elsewhere:
    """Just enough of Discord's API for a bot to log in and answer once."""

    url: str = ""
    answers: asyncio.Queue = field(default_factory=asyncio.Queue)
    commands: list = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    deflate: object = field(default_factory=zlib.compressobj)
    identified: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, opcode: int, content: object, event: str | None = None) -> None:
        text = json.dumps({"op": opcode, "d": content, "s": 1 if event else None, "t": event}).encode()
        await self.socket.send_bytes(self.deflate.compress(text) + self.deflate.flush(zlib.Z_SYNC_FLUSH))

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        self.socket, self.deflate = web.WebSocketResponse(), zlib.compressobj()
        await self.socket.prepare(request)
        await self.send(10, {"heartbeat_interval": 40000})
        async for frame in self.socket:
            asked = json.loads(frame.data) if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY) else {}
            if asked.get("op") == 1:
                await self.send(11, None)
            elif asked.get("op") == 2:
                ready = {"v": 10, "session_id": "s", "resume_gateway_url": self.url.replace("http", "ws"), "user": ME,
                         "guilds": [{"id": GUILD, "unavailable": True}], "application": {"id": APP, "flags": 0}}  # fmt: skip
                await self.send(0, ready, "READY")
                await self.send(0, GUILD_CREATE, "GUILD_CREATE")
                self.identified.set()
        return self.socket

    async def gateway_bot(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return web.json_response(
            {"url": self.url.replace("http", "ws") + "/gateway", "shards": 1, "session_start_limit": limit}
        )

    async def application(self, request: web.Request) -> web.Response:
        return web.json_response(APPLICATION)

    async def get_commands(self, request: web.Request) -> web.Response:
        return web.json_response(self.commands)

    async def put_commands(self, request: web.Request) -> web.Response:
        empty = {"default_member_permissions": None, "application_id": APP, "version": "1"}
        self.commands = [{**empty, **body, "id": str(4000 + n)} for n, body in enumerate(await request.json())]
        return web.json_response(self.commands)

    async def callback(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.answers.put_nowait(body)
        return web.json_response({"interaction": {"id": request.match_info["id"], "type": 2}})

    async def use_ping(self) -> dict:
        command = next(one for one in self.commands if one["name"] == "ping")
        await self.send(0, {
            "id": "5001", "application_id": APP, "type": 2, "token": "t" * 40, "version": 1, "guild_id": GUILD,
            "data": {"id": command["id"], "name": "ping", "type": 1}, "channel": {"id": CHANNEL, "type": 0, "name": "talk"},
            "channel_id": CHANNEL, "locale": "en-US", "app_permissions": "0", "authorizing_integration_owners": {"0": GUILD},
            "context": 0, "attachment_size_limit": 1, "member": {**MEMBER, "permissions": "0"}, "entitlements": [],
        }, "INTERACTION_CREATE")  # fmt: skip
        async with asyncio.timeout(5):
            return await self.answers.get()


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere():
    server = Elsewhere()
    app = web.Application()
    app.add_routes([
        web.get("/other/v10/gateway/bot", server.gateway_bot), web.get("/other/v10/gateway", server.gateway),
        web.get("/other/v10/oauth2/applications/@me", server.application),
        web.get("/other/v10/applications/@me", server.application),
        web.get("/other/v10/applications/{app}/commands", server.get_commands),
        web.put("/other/v10/applications/{app}/commands", server.put_commands),
        web.post("/other/v10/interactions/{id}/{token}/callback", server.callback),
    ])  # fmt: skip
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/other/v10"
    yield server
    await runner.cleanup()


async def test_the_same_program_connects_to_another_server(elsewhere, started, wiring, fresh_database):
    token = base64.b64encode(BOT.encode()).decode().rstrip("=") + ".else.where"
    wired = wiring(None, fresh_database, "ping") | {"DISCORD_TOKEN": token, "DISCORD_API_URL": elsewhere.url}
    async with started("run", **wired) as process:
        await process.logged("ready")
        assert sorted(command["name"] for command in elsewhere.commands) == ["bot", "ping", "plugin", "prefix", "token"]
        answer = await elsewhere.use_ping()
        assert answer["data"]["content"].startswith("Pong!")
        assert await process.end() == 0


def test_nothing_in_core_names_the_sandbox():
    import chandelier_core

    sources = Path(chandelier_core.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if "chandelier_sandbox" in path.read_text()] == []
