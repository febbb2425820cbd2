"""What a request of the chat page asks for, read with one sentence for everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from chandelier_sandbox.chat.visitor import Visitor
from chandelier_sandbox.discord import Discord
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.people import Upload
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message, User
from chandelier_sandbox.rest.bodies import read_body

WHO = re.compile(r"[a-z0-9_.]{2,32}")
_NUMBER = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's fields, of its query or its body, and its files by the name of their part."""

    discord: Discord
    fields: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether a field is there and not null."""
        return self.fields.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise CannotSend(f"{name} is a text, not {_shown(value)}.")
        return value

    def number(self, name: str) -> int:
        """Return an id or another whole number, given as text or number."""
        return _whole(f"{name} is an id", self.fields.get(name))

    def numbers(self, name: str) -> list[int]:
        """Return a list of whole numbers."""
        return [_whole(f"{name} is a list of numbers", one) for one in self.list(name)]

    def seconds(self, name: str) -> float:
        """Return a number of seconds from 0 to a year."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 366 * 86_400:
            raise CannotSend(f"{name} is a number of seconds from 0 to a year, not {_shown(value)}.")
        return float(value)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise CannotSend(f"{name} is true or false, not {_shown(value)}.")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object, empty where it is absent; files[n] in it stands for the file of that part."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise CannotSend(f"{name} is an object, not {_shown(value)}.")
        return {key: self._with_files(one) for key, one in value.items()}

    def _with_files(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._with_files(one) for one in value]
        return self.files.get(value, value) if isinstance(value, str) else value

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

    def member(self) -> Visitor:
        """Return the person, in the channel that is asked for."""
        user = self.user()
        channel = self.channel(user)
        guild = None if channel.guild_id is None else self.discord.world.guild(channel.guild_id)
        return Visitor(self.discord, user, guild, channel)

    def message(self, member: Visitor) -> Message:
        """Return the message that is asked for, if the person sees it."""
        found = self.discord.world.messages.get(member.channel.id, {}).get(self.number("message"))
        if found is None or found.private_to not in (None, member.id):
            raise CannotSend(f"{member.name} sees no such message (any more).")
        return found


async def read(discord: Discord, request: web.Request) -> Asked:
    """Read the path and query of a GET, else a JSON body or a form with payload_json and files."""
    if request.method == "GET":
        return Asked(discord, {**request.query, **request.match_info})
    body = await read_body(request, discord.snowflakes)
    fields = {} if body.decoded is None else body.decoded
    if not isinstance(fields, dict):
        raise CannotSend("The body is no JSON object.")
    files = {f"files[{one.part}]": Upload(one.filename, one.content, one.content_type) for one in body.files}
    return Asked(discord, fields, files)


def _whole(claim: str, value: object) -> int:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and _NUMBER.fullmatch(str(value)) is not None:
        return int(value)
    raise CannotSend(f"{claim}, not {_shown(value)}.")


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:60]
