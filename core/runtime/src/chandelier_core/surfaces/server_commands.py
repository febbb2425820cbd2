"""Slash commands that servers have for themselves: what plugins give for each is what Discord shows there, before long.

Only what differs is sent. Discord takes 200 new commands a day for each server (documentation: Application Commands): the
attempts are counted in the database before they are made, so that a crash between the two costs one, and never too many.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import hikari
import orjson
import structlog

from chandelier import ServerCommand, ServerOption
from chandelier_core.doors import GUILD_COMMANDS
from chandelier_core.store.errors import StoreBusy
from chandelier_core.surfaces.definitions import OPTION_TYPES

if TYPE_CHECKING:
    from chandelier_core.discord import Discord
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.running import Running
    from chandelier_core.store.records import Records

TOPIC = GUILD_COMMANDS
MOST = 100
CREATES_A_DAY = 200
#: Changes that come together are sent together; what could not be sent is tried again.
GATHER_S = 0.5
AGAIN_S = 600.0

_log = structlog.get_logger("chandelier.commands")
Shown = Mapping[str, tuple[str, ServerCommand]]


class ServerCommands:
    """Keeps each server's commands at Discord as the plugins give them. A command that this host did not make is left alone."""

    def __init__(self, discord: Discord, running: Running, hooks: HookCaller, records: Records) -> None:
        self._discord = discord
        self._running = running
        self._hooks = hooks
        self._records = records
        self._due: dict[int, None] = {}
        self._wake = asyncio.Event()
        self._shown: dict[int, Shown] = {}

    def changed(self, topic: str) -> None:
        """Take a notice: ``guild_commands 7``."""
        self.mark(int(topic.removeprefix(TOPIC)))

    def mark(self, *guild_ids: int) -> None:
        """Have these servers looked at."""
        for guild_id in guild_ids:
            self._shown.pop(guild_id, None)
            self._due[guild_id] = None
        self._wake.set()

    async def mark_all(self) -> None:
        """Have every server looked at: at the start, and when notices may have been lost."""
        self.mark(*(guild.id for guild in await self._discord.guilds()))

    async def run(self) -> None:
        """Send what differs, server by server, until it is cancelled."""
        left: dict[int, None] = {}
        while True:
            try:
                async with asyncio.timeout(AGAIN_S if left else None):
                    await self._wake.wait()
            except TimeoutError:
                self.mark(*left)
            self._wake.clear()
            await asyncio.sleep(GATHER_S)
            due, self._due, left = self._due, {}, {}
            for guild_id in due:
                if not await self._sync_guarded(guild_id):
                    left[guild_id] = None

    async def find(self, guild_id: int, name: str) -> tuple[str, ServerCommand] | None:
        """Give the plugin and the command that a server shows by this name."""
        if guild_id not in self._shown:
            self._shown[guild_id] = await self._wanted(guild_id)
        return self._shown[guild_id].get(name)

    async def _wanted(self, guild_id: int) -> Shown:
        answers = await self._hooks.fan_out("server_commands", guild_id=guild_id)
        found: dict[str, tuple[str, ServerCommand]] = {}
        for plugin, given in answers.items():
            for command in given if isinstance(given, Sequence) else ():
                if isinstance(command, ServerCommand) and len(found) < MOST:
                    found.setdefault(command.name, (plugin, command))
        return found

    async def _sync_guarded(self, guild_id: int) -> bool:
        """Sync one server; say whether it stands as it should."""
        try:
            async with self._running.store.advisory_lock(
                f"chandelier:commands:{self._discord.application_id}:{guild_id}"
            ):
                return await self._sync(guild_id)
        except (hikari.HikariError, StoreBusy) as error:
            _log.warning("server_commands_not_sent", guild_id=guild_id, error=str(error)[:200])
            return False
        except Exception as error:
            await self._running.failures.record(error, plugin="host", part="server commands")
            return False

    async def _sync(self, guild_id: int) -> bool:
        application, scope = self._discord.application_id, f"guild:{guild_id}"
        self._shown[guild_id] = wanted = await self._wanted(guild_id)
        sent = dict((await self._records.sent_commands(application, scope)).commands)
        if not wanted and not sent:
            return True
        rest = self._discord.rest
        there = {command.name: command for command in await rest.fetch_application_commands(application, guild_id)}
        for name in [name for name in sent if name not in wanted]:
            if name in there:
                await rest.delete_application_command(application, there.pop(name).id, guild_id)
            sent.pop(name)
            await self._records.save_sent_commands(application, scope, "", sent)
        left_over = []
        for name, (_, command) in wanted.items():
            print_ = fingerprint_of(command)
            if name in there and sent.get(name) == print_:
                continue
            if name not in there and not await self._records.spend_create(guild_id, self._running.now(), CREATES_A_DAY):
                left_over.append(name)
                continue
            await self._send(application, guild_id, command, there.get(name))
            sent[name] = print_
            await self._records.save_sent_commands(application, scope, "", sent)
        if left_over:
            _log.warning("server_commands_wait", guild_id=guild_id, waiting=len(left_over), why="200 were made today")
        return not left_over

    async def _send(
        self, application: int, guild_id: int, command: ServerCommand, there: hikari.PartialCommand | None
    ) -> None:
        rest, options = self._discord.rest, [option_of(option) for option in command.options]
        if there is None:
            await rest.create_slash_command(
                application, command.name, command.description, guild=guild_id, options=options
            )
        else:
            await rest.edit_application_command(
                application, there.id, guild_id, description=command.description, options=options
            )


def option_of(option: ServerOption) -> hikari.CommandOption:
    """Give an option as Discord takes it."""
    choices = [hikari.CommandChoice(name=choice, value=choice) for choice in option.choices]
    return hikari.CommandOption(
        type=OPTION_TYPES[option.kind], name=option.name, description=option.description, is_required=option.required,
        choices=choices or None,
    )  # fmt: skip


def fingerprint_of(command: ServerCommand) -> str:
    """Give the SHA-256 of what Discord would show."""
    options = [(one.name, one.description, one.kind.value, one.required, one.choices) for one in command.options]
    return hashlib.sha256(orjson.dumps([command.name, command.description, options])).hexdigest()
