"""What a request of the chat page asks for, read with one sentence for everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import BodyPartReader, web

from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.people import Member, Upload
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Guild, Message, User

WHO = re.compile(r"[a-z0-9_.]{2,32}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's fields, of its query or its body, and its files by the name of their part."""

    discord: Discord
    fields: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise CannotSend(f"{name} is a text, not {_shown(value)}.")
        return value

    def number(self, name: str) -> int:
        """Return an id or another whole number, given as text or number."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not str(value).isdecimal() or len(str(value)) > 20:
            raise CannotSend(f"{name} is an id, not {_shown(value)}.")
        return int(str(value))

    def seconds(self, name: str) -> float:
        """Return a number of seconds from 0 to a year."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 366 * 86_400:
            raise CannotSend(f"{name} is a number of seconds from 0 to a year, not {_shown(value)}.")
        return float(value)

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object, empty where it is absent; files[n] in it stands for the file of that part."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise CannotSend(f"{name} is an object, not {_shown(value)}.")
        return {key: self.files.get(one, one) if isinstance(one, str) else one for key, one in value.items()}

    def list(self, name: str) -> list[Any]:
        """Return a list."""
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise CannotSend(f"{name} is a list, not {_shown(value)}.")
        return value

    def user(self) -> User:
        """Return who looks at the page: a person that the sandbox knows."""
        name = self.text("as")
        for user in self.discord.world.users.values():
            if user.name == name and not user.bot and not user.webhook:
                return user
        raise CannotSend(f"Nobody here is called {name[:40]!r}.")

    def channel(self, user: User) -> Channel:
        """Return the channel that is asked for, if the person sees it."""
        channel = self.discord.world.channels.get(self.number("channel"))
        if channel is None or not self.discord.world.permissions_in(channel, user) & Permission.VIEW_CHANNEL:
            raise CannotSend(f"{user.name} sees no such channel.")
        return channel

    def guild(self, channel: Channel) -> Guild | None:
        """Return the server of a channel."""
        return None if channel.guild_id is None else self.discord.world.guild(channel.guild_id)

    def member(self) -> Member:
        """Return the person, in the channel that is asked for."""
        user = self.user()
        channel = self.channel(user)
        return Member(self.discord, user, self.guild(channel), channel)

    def message(self, channel: Channel) -> Message:
        """Return the message that is asked for."""
        found = self.discord.world.messages.get(channel.id, {}).get(self.number("message"))
        if found is None:
            raise CannotSend("There is no such message (any more).")
        return found


async def read(discord: Discord, request: web.Request) -> Asked:
    """Read the query of a GET, else a JSON body or a form with payload_json and files."""
    if request.method == "GET":
        return Asked(discord, dict(request.query))
    if request.content_type == "multipart/form-data":
        return await _read_form(discord, request)
    return Asked(discord, _decoded(await request.read()))


async def _read_form(discord: Discord, request: web.Request) -> Asked:
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            content = bytes(await part.read())
            if part.name == "payload_json":
                fields = _decoded(content)
            else:
                kind = part.headers.get("Content-Type")
                files[part.name] = Upload(part.filename or "unnamed", content, kind)
    except (ValueError, AssertionError):
        raise CannotSend("The form is malformed.") from None
    return Asked(discord, fields, files)


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise CannotSend("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise CannotSend("The body is no JSON object.")
    return body


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:60]
