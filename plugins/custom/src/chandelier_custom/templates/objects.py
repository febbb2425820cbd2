"""What a template sees: plain data about who asked, where, with what, and what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

Value = str | int | float | bool
#: Every name, with what it is; the documentation's table is made from this.
DOCUMENTED: Mapping[str, str] = {
    "user.id": "the id of whoever asked, as text",
    "user.name": "their user name",
    "user.display_name": "their name in this server",
    "user.mention": "their mention; it pings nobody unless the command may ping members",
    "user.avatar_url": "the address of their picture",
    "user.joined_at": "when they joined the server; write it with `date` or `discord_time`",
    "user.roles": "the names of their roles, a list",
    "server.id": "the server's id, as text",
    "server.name": "its name",
    "server.member_count": "how many members it has",
    "server.icon_url": "the address of its icon",
    "channel.id": "the channel's id, as text",
    "channel.name": "its name",
    "channel.mention": "its mention",
    "args": "the words after the command, a list",
    "text": "all that was written after the command",
    "options": "the typed options, by name: `options.colour`",
    "uses": "how often the command was used, this time included",
    "now": "the time",
    "vars": "what `save` has remembered: `vars.user.points`, `vars.server.record`, `vars.channel.topic`",
    "matches": "what a regular expression has caught: the whole, then its groups",
}
ROOTS = frozenset(name.partition(".")[0] for name in DOCUMENTED)


@dataclass(frozen=True, slots=True)
class User:
    """Whoever asked."""

    id: str
    name: str
    display_name: str
    avatar_url: str = ""
    joined_at: datetime | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """Where it was asked."""

    id: str
    name: str
    member_count: int = 0
    icon_url: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where in the server."""

    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one rendering sees."""

    user: User
    server: Server
    channel: Channel
    now: datetime
    text: str = ""
    options: Mapping[str, Value | Mapping[str, Value]] = field(default_factory=dict)
    uses: int = 1
    matches: tuple[str, ...] = ()
    #: By owner (user, server, channel) and name.
    remembered: Mapping[tuple[str, str], Value] = field(default_factory=dict)

    def as_context(self) -> dict[str, object]:
        """Give it as plain data: nothing else enters a template."""
        user, server, channel = self.user, self.server, self.channel
        kept: dict[str, dict[str, Value]] = {"user": {}, "server": {}, "channel": {}}
        for (owner, name), value in self.remembered.items():
            kept[owner][name] = value
        return {
            "user": {
                "id": user.id, "name": user.name, "display_name": user.display_name, "mention": f"<@{user.id}>",
                "avatar_url": user.avatar_url, "joined_at": user.joined_at, "roles": list(user.roles),
            },
            "server": {
                "id": server.id, "name": server.name, "member_count": server.member_count, "icon_url": server.icon_url,
            },
            "channel": {"id": channel.id, "name": channel.name, "mention": f"<#{channel.id}>" if channel.id else ""},
            "args": self.text.split(), "text": self.text, "options": dict(self.options), "uses": self.uses,
            "now": self.now, "vars": kept, "matches": list(self.matches),
        }  # fmt: skip


def sample(text: str = "", now: datetime | None = None) -> Scene:
    """Give an invented scene, for previews and examples."""
    return Scene(
        user=User("175928847299117063", "ada", "Ada", "https://cdn.discordapp.com/embed/avatars/1.png",
                  datetime(2024, 2, 29, 12, 0, tzinfo=UTC), ("Member",)),
        server=Server("41771983423143937", "Lovelace Society", 128),
        channel=Channel("81384788765712384", "general"),
        now=now or datetime(2026, 6, 10, 12, 0, tzinfo=UTC),
        text=text,
    )  # fmt: skip
