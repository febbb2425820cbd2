"""The host's own rows: servers' settings, sent commands, failures and jobs. Every query of the core stands here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chandelier_core.store.models import CommandSync, Failure, Guild, GuildPlugin, Job
from chandelier_core.store.store import Store


@dataclass(frozen=True, slots=True)
class SentCommands:
    """What was sent to Discord last: the fingerprint, and a stamp (id and version) for each command."""

    fingerprint: str
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A run that was claimed."""

    id: int
    plugin: str
    name: str
    arguments: dict[str, object]
    attempts: int
    guild_id: int | None = None


CLAIM = """
UPDATE core.job SET state = 'running', attempts = attempts + 1, lease_until = $3
WHERE id IN (
  SELECT id FROM core.job
  WHERE ((state = 'pending' AND due_at <= $2) OR (state = 'running' AND lease_until <= $2))
    AND (plugin || ':' || name) = ANY($1::text[])
  ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING id, plugin, name, arguments, attempts, guild_id
"""
SPEND_CREATE = """
INSERT INTO core.command_budget AS spent (guild_id, day, created) VALUES ($1, $2, 1)
ON CONFLICT (guild_id) DO UPDATE
SET day = excluded.day, created = CASE WHEN spent.day = excluded.day THEN spent.created + 1 ELSE 1 END
WHERE spent.day <> excluded.day OR spent.created < $3
RETURNING created
"""
ADD = """
INSERT INTO core.job (plugin, name, arguments, due_at, state, attempts, unique_key, guild_id, created_at)
VALUES ($1, $2, $3::jsonb, $4, 'pending', 0, $5, $6, now())
ON CONFLICT (plugin, name, unique_key) WHERE state IN ('pending', 'running') DO UPDATE
SET due_at = EXCLUDED.due_at, arguments = EXCLUDED.arguments, guild_id = EXCLUDED.guild_id
RETURNING id
"""
PUT_BACK = (
    "UPDATE core.job SET state = 'pending', due_at = $2, lease_until = NULL, attempts = attempts - 1 WHERE id = $1"
)
ENSURE = """
INSERT INTO core.job (plugin, name, arguments, due_at, state, attempts, unique_key, created_at)
VALUES ($1, $2, '{}'::jsonb, $3, 'pending', 0, $4, now())
ON CONFLICT (plugin, name, unique_key) WHERE state IN ('pending', 'running') DO NOTHING
"""


class Records:
    """Reads and writes the tables of the schema ``core``. Needs an open store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def prefixes(self) -> dict[int, str]:
        """Give the prefix of every server that has one of its own."""
        rows = await Guild.exclude(text_prefix=None).values_list("guild_id", "text_prefix")
        return {int(guild_id): str(prefix) for guild_id, prefix in rows}

    async def set_prefix(self, guild_id: int, prefix: str | None) -> None:
        """Keep a server's prefix; None for the host's own."""
        await Guild.update_or_create(defaults={"text_prefix": prefix}, guild_id=guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Delete what the host holds about a server."""
        await Guild.filter(guild_id=guild_id).delete()
        await GuildPlugin.filter(guild_id=guild_id).delete()

    async def sent_commands(self, application_id: int, scope: str) -> SentCommands:
        """Give what was sent last; empty before the first time."""
        row = await CommandSync.get_or_none(application_id=application_id, scope=scope)
        return SentCommands(row.fingerprint, dict(row.commands)) if row is not None else SentCommands("", {})

    async def save_sent_commands(
        self, application_id: int, scope: str, fingerprint: str, commands: Mapping[str, str]
    ) -> None:
        """Keep what was sent."""
        values = {"fingerprint": fingerprint, "commands": dict(commands), "synced_at": datetime.now(UTC)}
        await CommandSync.update_or_create(defaults=values, application_id=application_id, scope=scope)

    async def spend_create(self, guild_id: int, now: datetime, most: int) -> bool:
        """Count one slash command that is made in a server today (UTC); say whether there was still one to make."""
        rows = await self._store.rows(SPEND_CREATE, guild_id, now.date(), most)
        return bool(rows)

    async def add_job(
        self, plugin: str, name: str, arguments: Mapping[str, object], due_at: datetime, key: str | None,
        guild_id: int | None = None,
    ) -> int:  # fmt: skip
        """Store a run, in the open transaction if there is one; a waiting run with the same key is moved."""
        rows = await self._store.rows(ADD, plugin, name, json.dumps(arguments), due_at, key, guild_id)
        return int(rows[0]["id"])

    async def ensure_job(self, plugin: str, name: str, due_at: datetime, key: str) -> None:
        """Store a run unless one with this key waits."""
        await self._store.rows(ENSURE, plugin, name, due_at, key)

    async def cancel_job(self, plugin: str, name: str, key: str) -> bool:
        """Cancel the waiting run with this key; say whether there was one."""
        waiting = Job.filter(plugin=plugin, name=name, unique_key=key, state="pending")
        return bool(await waiting.update(state="cancelled", finished_at=datetime.now(UTC)))

    async def claim_jobs(
        self, names: Sequence[tuple[str, str]], now: datetime, lease: timedelta, most: int
    ) -> list[JobRow]:
        """Claim due runs of these jobs, and those whose worker was lost; no two workers get the same."""
        spelled = [f"{plugin}:{name}" for plugin, name in names]
        rows = await self._store.rows(CLAIM, spelled, now, now + lease, most)
        return [
            JobRow(
                row["id"], row["plugin"], row["name"], _read_json(row["arguments"]), row["attempts"], row["guild_id"]
            )
            for row in rows
        ]

    async def put_back_job(self, run_id: int, due_at: datetime) -> None:
        """Let a run that was claimed and not begun wait again, as if it had not been claimed."""
        await self._store.rows(PUT_BACK, run_id, due_at)

    async def drop_job(self, run_id: int, why: str) -> None:
        """End a run that nobody wants any more."""
        now = datetime.now(UTC)
        await Job.filter(id=run_id).update(state="cancelled", finished_at=now, lease_until=None, last_error=why)

    async def finish_job(self, run_id: int) -> None:
        """Mark a run as done."""
        await Job.filter(id=run_id).update(
            state="done", finished_at=datetime.now(UTC), lease_until=None, last_error=None
        )

    async def repeat_job(self, run_id: int, due_at: datetime) -> None:
        """Let a repeating run wait for its next time."""
        await Job.filter(id=run_id).update(
            state="pending", due_at=due_at, lease_until=None, attempts=0, last_error=None
        )

    async def retry_job(self, run_id: int, due_at: datetime, error: str) -> None:
        """Let a failed run wait for its next attempt."""
        await Job.filter(id=run_id).update(state="pending", due_at=due_at, lease_until=None, last_error=error)

    async def bury_job(self, run_id: int, error: str) -> None:
        """Mark a run as dead after its last attempt."""
        now = datetime.now(UTC)
        await Job.filter(id=run_id).update(state="dead", finished_at=now, lease_until=None, last_error=error)

    async def save_failure(
        self, reference: str, plugin: str, part: str, surface: str, error_type: str, trace: str
    ) -> None:
        """Keep a bug's traceback under its reference."""
        await Failure.create(
            reference=reference, plugin=plugin, part=part, surface=surface, error_type=error_type, traceback=trace
        )


def _read_json(value: object) -> dict[str, object]:
    read = json.loads(value) if isinstance(value, str | bytes) else value
    return dict(read) if isinstance(read, dict) else {}
