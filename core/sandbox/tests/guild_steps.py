"""What tests of a server's administration do again and again."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox import Guild, Permission, Role, Sandbox
from chandelier_sandbox.events import Event
from chandelier_sandbox.judge import Judge
from chandelier_sandbox.permissions import OF_THE_BOT


class Desk:
    """Ask for things under one guild's path, listen to the feed, and bend what the bot may do."""

    def __init__(self, rest: Any, sandbox: Sandbox) -> None:
        self.rest = rest
        self.sandbox = sandbox
        self.path = f"/guilds/{sandbox.guild.id}"
        self.events: list[Event] = []
        self._heard: list[Event] = []
        sandbox._discord.feed.subscribe(self.events.append)
        sandbox._discord.feed.subscribe(self._heard.append)

    def findings(self, judge: Judge) -> list[str]:
        """Judge every answer and every event so far by Discord's own descriptions."""
        answers = [one for one in self.sandbox.transcript.exchanges if one.status < 500]
        found = [
            text for one in answers for text in judge.answer_findings(one.method, one.path, one.status, one.answer)
        ]
        public = [one for one in self._heard if one.private_to is None]
        found = [text for text in found if not text.endswith("(16)")]  # Discord describes no media channels
        return found + [text for one in public for text in judge.event_findings(one.name, one.payload)]

    @property
    def guild(self) -> Guild:
        return self.sandbox.guild

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Return the answer's body; a refusal fails the test. A path without a slash at its start is the guild's."""
        status, answer, _ = await self.rest(method, self._whole(path), body, **more)
        assert status < 300, (status, answer)
        return answer

    async def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, int]:
        """Return status and code of a refusal."""
        status, answer, _ = await self.rest(method, self._whole(path), body, **more)
        assert status >= 400, (status, answer)
        return status, answer["code"]

    async def status(self, method: str, path: str, body: Any = None, **more: Any) -> int:
        status, _, _ = await self.rest(method, self._whole(path), body, **more)
        return int(status)

    async def form_error(self, path: str, body: Any, *fields: str, method: str = "POST") -> str:
        """Return the code of the first error at a place of the body; anything but 50035 fails the test."""
        status, answer, _ = await self.rest(method, self._whole(path), body)
        assert (status, answer["code"]) == (400, 50035), answer
        node = answer["errors"]
        for name in fields:
            node = node[name]
        return str(node["_errors"][0]["code"])

    def _whole(self, path: str) -> str:
        if path.startswith(("/", "?")):
            return path if path.startswith("/") else self.path + path
        return f"{self.path}/{path}".rstrip("/")

    @property
    def own_role(self) -> Role:
        return next(role for role in self.guild.roles.values() if role.bot_id == self.sandbox.bot_id)

    def without(self, *permissions: Permission) -> None:
        """Let the bot hold everything but these."""
        kept = int(OF_THE_BOT)
        for permission in permissions:
            kept &= ~permission
        self.sandbox.world.change_role(self.guild, self.own_role, kept)
        everyone = self.guild.roles[self.guild.id]
        for permission in permissions:
            everyone.permissions &= ~int(permission)

    def names(self) -> list[str]:
        """Return the names of what happened since the last call, the audit log aside."""
        names = [event.name for event in self.events if event.name != "GUILD_AUDIT_LOG_ENTRY_CREATE"]
        self.events.clear()
        return names

    def last(self, name: str) -> Any:
        """Return the payload of the last event of this name."""
        return [event.payload for event in self.events if event.name == name][-1]

    async def last_entry(self) -> Any:
        """Return the newest entry of the audit log."""
        return (await self.ask("GET", "audit-logs?limit=1"))["audit_log_entries"][0]


def changes(entry: Any) -> dict[str, tuple[Any, Any]]:
    """Return the changes of an entry as old and new by key."""
    return {change["key"]: (change.get("old_value"), change.get("new_value")) for change in entry["changes"]}


FAIR = {
    "name": "Fair",
    "privacy_level": 2,
    "entity_type": 3,
    "scheduled_start_time": "2099-01-01T00:00:00+00:00",
    "scheduled_end_time": "2099-01-02T00:00:00+00:00",
    "entity_metadata": {"location": "Market"},
}
