"""The routes under /sandbox/ by which the command line talks to a running sandbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend, DiscordError
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.faults import read_fault
from chandelier_sandbox.people import Member

if TYPE_CHECKING:
    from chandelier_sandbox.world import World

SETTLE_S = 0.3
LISTEN_MOST_S = 3600.0
WHO = re.compile(r"^[a-z0-9_.]{2,32}$")


class Control:
    """Speak as a member, and listen as one."""

    def __init__(self, discord: Discord, find_member: Callable[..., Member]) -> None:
        self._discord = discord
        self._find_member = find_member

    def install(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/sandbox/state", self.state)
        app.router.add_post("/sandbox/say", self.say)
        app.router.add_post("/sandbox/listen", self.listen)
        app.router.add_post("/sandbox/advance", self.advance)
        app.router.add_get("/sandbox/faults", self.faults)
        app.router.add_post("/sandbox/faults", self.add_fault)
        app.router.add_delete("/sandbox/faults", self.clear_faults)

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Tell who and what is there."""
        guild = self._discord.guild
        return _json(
            {
                "guild": guild.name,
                "bot": self._discord.world.bot.name,
                "connected": self._discord.gateway.connected.is_set(),
                "channels": [channel.name for channel in guild.channels.values()],
                "members": [member.user.name for member in guild.members.values() if not member.user.bot],
                "commands": [command["name"] for command in self._discord.commands.all()],
            }
        )

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Say a line as a member; answer with what the bot said to it."""
        try:
            body = await _body(request)
            member, text = self._member(body), str(body.get("text", "")).strip()
            wait_s = _seconds(body, "wait_s", 10.0)
            if not self._discord.gateway.connected.is_set():
                return _json({"kind": "no_answer", "error": "No bot is connected to the sandbox."}, 504)
            if body.get("forget", True):
                member.unseen()
            if text.startswith("/"):
                first: Reply | None = await member.slash_line(text, timeout_s=wait_s)
            else:
                first = await member.say(text, timeout_s=wait_s, wait=wait_s > 0)
        except (CannotSend, DiscordError) as error:
            return _json({"kind": "cannot_send", "error": str(error)}, 422)
        except TimeoutError as error:
            return _json({"kind": "no_answer", "error": str(error)}, 504)
        if first is not None:
            await asyncio.sleep(SETTLE_S)  # a second message or a follow-up belongs to the answer
        replies = [] if first is None else [first, *member.unseen()]
        return _json({"replies": [self._shown(reply) for reply in replies]})

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Wait for what the bot says next to a member; an empty list when the time is up."""
        try:
            body = await _body(request)
            member, wait_s = self._member(body), _seconds(body, "wait_s", 20.0)
        except CannotSend as error:
            return _json({"kind": "cannot_send", "error": str(error)}, 422)
        if body.get("forget"):
            member.unseen()
        try:
            await member.wait_for_news(timeout_s=wait_s)
        except TimeoutError:
            return _json({"replies": []})
        if request.transport is None or request.transport.is_closing():
            return _json({"replies": []})  # who listened has left; the next one shall hear it
        return _json({"replies": [self._shown(reply) for reply in member.unseen()]})

    async def advance(self, request: web.Request) -> web.StreamResponse:
        """Move the sandbox's clock."""
        try:
            self._discord.clock.advance(_seconds(await _body(request), "seconds", 0.0))
        except (CannotSend, ValueError) as error:
            return _json({"kind": "cannot_send", "error": str(error)}, 422)
        return _json({"now": self._discord.clock.now().isoformat()})

    async def faults(self, request: web.Request) -> web.StreamResponse:
        """Tell which faults wait for their requests."""
        return _json({"faults": [fault.json() for fault in self._discord.faults.pending]})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """Add a fault: {"kind": "status", "route": ..., "times": 1} and the other fields that a fault has."""
        try:
            fault = self._discord.faults.add(read_fault(await _body(request)))
        except ValueError as error:
            return _json({"kind": "cannot_send", "error": str(error)}, 422)
        return _json(fault.json())

    async def clear_faults(self, request: web.Request) -> web.StreamResponse:
        """Forget every fault."""
        self._discord.faults.clear()
        return _json({"faults": []})

    def _member(self, body: JsonObject) -> Member:
        name, channel = str(body.get("as", "alice")), str(body.get("channel", "general"))
        if WHO.match(name) is None:
            raise CannotSend(f"{name!r} is no user name: 2 to 32 of a-z, 0-9, dot and underscore.")
        return self._find_member(name, channel=channel)

    def _is_direct(self, channel_id: int | None) -> bool:
        channel = self._discord.world.channels.get(channel_id or 0)
        return channel is not None and channel.guild_id is None

    def _shown(self, reply: Reply) -> JsonObject:
        return {
            "author": self._discord.world.bot.name,
            "text": readable(reply.text, self._discord.world),
            "ephemeral": reply.ephemeral,
            "embeds": reply.embeds,
            "attachments": reply.attachments,
            "modal": reply.modal is not None,
            "direct": self._is_direct(reply.channel_id),
        }


def readable(text: str, world: World) -> str:
    """Write mentions as names."""

    def named(match: re.Match[str]) -> str:
        sigil, number = match.group(1), int(match.group(2))
        if sigil == "#":
            found = [guild.channels[number].name for guild in world.guilds.values() if number in guild.channels]
            return f"#{found[0]}" if found else match.group(0)
        if sigil == "@&":
            roles = [guild.roles[number].name for guild in world.guilds.values() if number in guild.roles]
            return f"@{roles[0]}" if roles else match.group(0)
        return f"@{world.users[number].name}" if number in world.users else match.group(0)

    return re.sub(r"<(@&|@!?|#)(\d+)>", named, text)


async def _body(request: web.Request) -> JsonObject:
    try:
        body = orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError:
        raise CannotSend("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise CannotSend("The body is no JSON object.")
    return body


def _seconds(body: JsonObject, name: str, default: float) -> float:
    value = body.get(name, default)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 366 * 24 * 3600:
        raise CannotSend(f"{name} is a number of seconds, not {value!r}.")
    return float(value) if name == "seconds" else min(float(value), LISTEN_MOST_S)


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), headers={"Content-Type": "application/json"})
