"""The text surface: ``!ping``, ``!custom add hello Hi there``, and whatever plugins answer for by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import hikari
import structlog

from chandelier import Call, Command, Group, Permission, Surface
from chandelier.parameters import Kind, Parameter
from chandelier_core.entities import actor_from
from chandelier_core.life.failures import new_reference
from chandelier_core.surfaces.rendering import cut, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chandelier_core.dispatch import Dispatch
    from chandelier_core.entities import Entities
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running

TYPING_AFTER_S = 2.0

_log = structlog.get_logger("chandelier.text")
_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks for."""

    entry: Entry
    command: Command
    arguments: Mapping[str, object]
    complaint: str | None = None


class TextSurface:
    """Reads messages that begin with the prefix, or with a mention of the bot. Others cost no query."""

    def __init__(
        self, registry: Registry, running: Running, dispatch: Dispatch, hooks: HookCaller, entities: Entities
    ) -> None:
        self._registry = registry
        self._running = running
        self._dispatch = dispatch
        self._hooks = hooks
        self._entities = entities

    async def receive(self, event: hikari.MessageCreateEvent) -> None:
        """Answer a message. Never raises."""
        message = event.message
        if not event.is_human or not message.content:
            return
        guild_id = int(event.guild_id) if isinstance(event, hikari.GuildMessageCreateEvent) else None
        try:
            line = await self._after_prefix(message.content, guild_id)
            asked = await self._read(line, guild_id, message) if line else None
            if asked is None:
                return
            call = await self._call(asked, message, guild_id)
            await self._answer(message, asked, call)
        except hikari.HikariError as error:
            _log.warning("answer_not_delivered", message_id=int(message.id), error=str(error)[:200])
        except Exception as error:
            await self._running.failures.record(error, plugin="host", part="text surface", surface=Surface.TEXT)

    async def _after_prefix(self, content: str, guild_id: int | None) -> str | None:
        mention = re.match(rf"<@!?{self._running.discord.user_id}>\s*", content)
        if mention:
            return content[mention.end() :].strip() or None
        prefix = self._running.guilds.text_prefix(guild_id)
        if not prefix or not content.startswith(prefix):
            return None
        line = content[len(prefix) :]
        return line.rstrip() if line and not line[0].isspace() else None

    async def _read(self, line: str, guild_id: int | None, message: hikari.Message) -> Asked | None:
        words = line.split(maxsplit=2)
        first = words[0].lower()
        group = self._registry.group(first)
        if group is not None and self._uses(group[0], guild_id):
            return self._read_group(*group, line, message)
        found = self._registry.find([first])
        if found is not None and Surface.TEXT in found[1].surfaces and self._uses(found[0], guild_id):
            return _read_arguments(*found, line[len(words[0]) :], message)
        answer = await self._hooks.first_answer(guild_id, first, line[len(words[0]) :].strip())
        if answer is None:
            return None
        entry, resolution = answer
        command = entry.declared.command(resolution.command)
        return Asked(entry, command, resolution.arguments) if command is not None else None

    def _uses(self, entry: Entry, guild_id: int | None) -> bool:
        """Say whether a plugin is on there; where it is off, others may have its commands, and it is silent."""
        return self._running.guild_plugins.uses(entry.name, guild_id)

    def _read_group(self, entry: Entry, group: Group, line: str, message: hikari.Message) -> Asked | None:
        rest = line.split(maxsplit=1)[1] if len(line.split(maxsplit=1)) > 1 else ""
        second, tail = (*rest.split(maxsplit=1), "", "")[:2]
        found = self._registry.find([group.name, second.lower()]) if second else None
        if found is not None and Surface.TEXT in found[1].surfaces:
            return _read_arguments(*found, tail, message)
        if second and group.default is not None:
            default = entry.declared.command(f"{group.name} {group.default}")
            return _read_arguments(entry, default, rest, message) if default is not None else None
        names = [command.name for command in group.commands if Surface.TEXT in command.surfaces]
        if not names:
            return None
        complaint = f"Write `{group.name}` and one of: {', '.join(names)}."
        return Asked(entry, entry.declared.command(f"{group.name} {names[0]}") or group.commands[0], {}, complaint)

    async def _call(self, asked: Asked, message: hikari.Message, guild_id: int | None) -> Call:
        permissions = Permission.NONE
        member = message.member
        if guild_id is not None and isinstance(member, hikari.Member):
            permissions = await self._entities.permissions(member, int(message.channel_id))
        speaker = member if isinstance(member, hikari.Member) else message.author
        return Call(
            reference=new_reference(),
            surface=Surface.TEXT,
            plugin=asked.entry.name,
            command=asked.command.path,
            actor=actor_from(speaker, permissions),
            arguments=asked.arguments,
            received_at=self._running.now(),
            guild_id=guild_id,
            channel_id=int(message.channel_id),
            message_id=int(message.id),
        )

    async def _answer(self, message: hikari.Message, asked: Asked, call: Call) -> None:
        if asked.complaint is not None:
            await self._send(message, asked.complaint)
            return
        work = asyncio.create_task(self._dispatch(call), name=f"call {call.reference}")
        done, _ = await asyncio.wait({work}, timeout=TYPING_AFTER_S)
        if not done:
            with contextlib.suppress(hikari.HikariError):
                await self._running.discord.rest.trigger_typing(message.channel_id)
        outcome = await work
        said = render(outcome)
        text = said.text
        if outcome.code == "bad_option":
            prefix = self._running.guilds.text_prefix(call.guild_id)
            text = cut(f"{text}\nWrite: `{usage_of(asked.command, prefix)}`")
        fields = said.fields() | {"content": text or hikari.UNDEFINED}
        await self._running.discord.rest.create_message(
            message.channel_id,
            reply=hikari.UNDEFINED if said.plain else message,
            reply_must_exist=False,
            mentions_reply=False,
            nonce=str(message.id),
            **fields,
        )
        for one in said.more:
            await self._running.discord.rest.create_message(message.channel_id, **one.fields())

    async def _send(self, message: hikari.Message, text: str) -> None:
        await self._running.discord.rest.create_message(
            message.channel_id, text, reply=message, reply_must_exist=False, mentions_reply=False, nonce=str(message.id)
        )


def usage_of(command: Command, prefix: str) -> str:
    """Show how a command is typed: ``!remind me <after> <text>``."""
    words = [f"<{p.name}>" if p.required else f"[{p.name}]" for p in command.parameters]
    return " ".join([f"{prefix}{command.path}", *words])


def _read_arguments(entry: Entry, command: Command, rest: str, message: hikari.Message) -> Asked:
    """Give each option a word; the last text option takes the rest of the line. Dispatch says what is missing."""
    arguments: dict[str, object] = {}
    attachments = list(message.attachments)
    typed = [parameter for parameter in command.parameters if parameter.kind is not Kind.ATTACHMENT]
    for parameter in command.parameters:
        if parameter.kind is Kind.ATTACHMENT and attachments:
            arguments[parameter.name] = attachments.pop(0)
    for position, parameter in enumerate(typed):
        if not rest.strip():
            break
        if position == len(typed) - 1 and _takes_rest(parameter):
            arguments[parameter.name], rest = _unquoted(rest.strip()), ""
        elif found := _WORD.match(rest):
            arguments[parameter.name] = found[2] if found[1] is None else re.sub(r"\\(.)", r"\1", found[1])
            rest = rest[found.end() :]
    if rest.strip():
        takes = f"takes {len(typed)} word{'s' if len(typed) != 1 else ''}" if typed else "takes nothing after it"
        return Asked(entry, command, arguments, f"`{command.path}` {takes}; I do not know what to do with the rest.")
    return Asked(entry, command, arguments)


def _takes_rest(parameter: Parameter) -> bool:
    return parameter.kind in (Kind.STRING, Kind.INSTANT, Kind.DURATION) and not parameter.choices


def _unquoted(text: str) -> str:
    found = _WORD.fullmatch(text)
    return re.sub(r"\\(.)", r"\1", found[1]) if found and found[1] is not None else text
