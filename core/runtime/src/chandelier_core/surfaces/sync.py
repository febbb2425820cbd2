"""Keeps Discord's global commands as the plugins declare them: one GET at a start, at most one PUT, nobody else's deleted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import hikari
import orjson
import structlog

if TYPE_CHECKING:
    from chandelier_core.discord import Discord
    from chandelier_core.store.records import Records
    from chandelier_core.store.store import Store

SCOPE = "global"
Builders = Sequence[hikari.api.CommandBuilder]

_log = structlog.get_logger("chandelier.commands")


class CommandSync:
    """Sends the definitions when they, or what Discord has of them, differ from what was sent last.

    Guarantees: within a process by a lock and between processes by an advisory lock, no two syncs overlap. A command that this
    host did not make is never changed nor deleted.
    """

    def __init__(self, discord: Discord, store: Store, records: Records) -> None:
        self._discord = discord
        self._store = store
        self._records = records
        self._lock = asyncio.Lock()

    async def sync(self, builders: Builders) -> bool:
        """Make Discord's commands what the builders say; tell whether anything was sent."""
        application = self._discord.application_id
        fingerprint = fingerprint_of(builders, self._discord)
        async with self._lock, self._store.advisory_lock(f"chandelier:commands:{application}"):
            existing = await self._existing(application)
            sent = await self._records.sent_commands(application, SCOPE)
            wanted = {key_of(builder) for builder in builders}
            if sent.fingerprint == fingerprint and self._stands(wanted, existing, sent.commands):
                _log.info("commands_current", commands=len(wanted))
                return False
            made: Sequence[hikari.PartialCommand]
            others = existing.keys() - wanted - sent.commands.keys()
            if others:
                made = await self._send_one_by_one(application, builders, existing, sent.commands)
            else:
                made = await self._discord.rest.set_application_commands(application, builders)
            stamps = {f"{command.type.value}:{command.name}": stamp_of(command) for command in made}
            await self._records.save_sent_commands(application, SCOPE, fingerprint, stamps)
            _log.info("commands_sent", commands=len(wanted), left_alone=len(others))
            return True

    async def _existing(self, application: int) -> dict[str, hikari.PartialCommand]:
        found = await self._discord.rest.fetch_application_commands(application)
        return {f"{command.type.value}:{command.name}": command for command in found}

    def _stands(self, wanted: set[str], existing: Mapping[str, hikari.PartialCommand], sent: Mapping[str, str]) -> bool:
        same = all(key in existing and sent.get(key) == stamp_of(existing[key]) for key in wanted)
        return same and not (sent.keys() - wanted) & existing.keys()

    async def _send_one_by_one(
        self,
        application: int,
        builders: Builders,
        existing: Mapping[str, hikari.PartialCommand],
        sent: Mapping[str, str],
    ) -> Sequence[hikari.PartialCommand]:
        """Leave strangers' commands alone: create (which overwrites by name), and delete only what was ours."""
        wanted = {key_of(builder) for builder in builders}
        for key in (sent.keys() - wanted) & existing.keys():
            await self._discord.rest.delete_application_command(application, existing[key].id)
        return [await builder.create(self._discord.rest, application) for builder in builders]


def key_of(builder: hikari.api.CommandBuilder) -> str:
    """Name a command as Discord tells them apart: by type and name."""
    return f"{builder.type.value}:{builder.name}"


def stamp_of(command: hikari.PartialCommand) -> str:
    """Name one version of one command: Discord changes the version with every edit."""
    return f"{int(command.id)}/{int(command.version)}"


def fingerprint_of(builders: Builders, discord: Discord) -> str:
    """Give the SHA-256 of what would be sent."""
    factory = hikari.impl.EntityFactoryImpl(discord)  # type: ignore[arg-type]  # building needs no application
    bodies = [builder.build(factory) for builder in sorted(builders, key=key_of)]
    return hashlib.sha256(orjson.dumps(bodies, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
