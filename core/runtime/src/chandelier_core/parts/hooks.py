"""Calling plugins' hooks, each implementation under its own guard and time limit.

pluggy checks names and arguments when a plugin registers; it is not asked to call async hooks, because its caller ends at
the first exception.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

import pluggy
import structlog

from chandelier import Call, Resolution, UserError
from chandelier.hooks import PROJECT, Hooks
from chandelier_core.life.circuits import Parked
from chandelier_core.registry import Entry, Registry

if TYPE_CHECKING:
    from chandelier_core.life.failures import Failures
    from chandelier_core.running import Running

LIMITS_S = {"resolve_command": 2.0, "server_commands": 5.0, "before_command": 2.0, "command_finished": 5.0, "plugin_changed": 5.0,
            "guild_left": 60.0, "user_exported": 60.0, "user_erased": 60.0, "health": 2.0}  # fmt: skip

_log = structlog.get_logger("chandelier.hooks")


class HookFailed(Exception):
    """An implementation of a hook raised or took too long."""


class HookCaller:
    """Asks the plugins that run; a plugin that is stopped or parked is not asked."""

    def __init__(self, registry: Registry, running: Running, failures: Failures) -> None:
        self._registry = registry
        self._running = running
        self._failures = failures
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)

    def register(self, entry: Entry) -> None:
        """Let a validated plugin take part; harmless the second time. Raises what pluggy, or the plugin, does."""
        if not self._manager.has_plugin(entry.name):
            self._manager.register(entry.candidate.plugin, name=entry.name)

    async def fan_out(self, hook: str, **arguments: object) -> dict[str, object]:
        """Ask everybody at once; give what each answered. Who fails is logged, and left out of the answers."""
        call, guild_id = arguments.get("call"), None
        if isinstance(call, Call):
            guild_id = call.guild_id
        elif hook == "server_commands":  # a plugin that is off in a server shows nothing there
            guild_id = int(str(arguments["guild_id"]))
        asked = self._implementations(hook, guild_id)
        answers = await asyncio.gather(*(self._ask(hook, one, arguments) for one in asked), return_exceptions=True)
        found: dict[str, object] = {}
        for implementation, answer in zip(asked, answers, strict=True):
            if isinstance(answer, asyncio.CancelledError):
                raise answer
            if not isinstance(answer, BaseException):
                found[str(implementation.plugin_name)] = answer
        return found

    async def first_answer(self, guild_id: int | None, name: str, rest: str) -> tuple[Entry, Resolution] | None:
        """Ask one after the other, in the order of plugins.toml, who answers for a command name."""
        for implementation in self._implementations("resolve_command", guild_id):
            try:
                answer = await self._ask(
                    "resolve_command", implementation, {"guild_id": guild_id, "name": name, "rest": rest}
                )
            except (HookFailed, Parked):
                continue
            if isinstance(answer, Resolution):
                entry = self._registry[str(implementation.plugin_name)]
                return entry, Resolution(entry.renamed(answer.command), answer.arguments)
        return None

    async def refusal(self, call: Call) -> UserError | None:
        """Ask one after the other whether anybody refuses the call. An implementation that fails refuses."""
        for implementation in self._implementations("before_command", call.guild_id):
            try:
                answer = await self._ask("before_command", implementation, {"call": call})
            except Parked:
                continue  # it has been tried too often to hold everybody up; the log says so, and the plugin's state
            except HookFailed:
                return UserError(
                    "check_failed", "A check before this command failed. The operator has been told.", status=503
                )
            if isinstance(answer, UserError):
                return answer
        return None

    def _implementations(self, hook: str, guild_id: int | None = None) -> list[pluggy.HookImpl]:
        """Give who is asked: who runs, and is on in that server. That a bot has left a server is told to everybody."""
        by_name = {impl.plugin_name: impl for impl in getattr(self._manager.hook, hook).get_hookimpls()}
        if not by_name:
            return []
        uses = self._running.guild_plugins.uses
        return [by_name[e.name] for e in self._registry.running if e.name in by_name and uses(e.name, guild_id)]

    async def _ask(self, hook: str, implementation: pluggy.HookImpl, arguments: dict[str, object]) -> object:
        plugin = str(implementation.plugin_name)

        async def work() -> object:
            answer = implementation.function(*(arguments[name] for name in implementation.argnames))
            return await answer if inspect.isawaitable(answer) else answer

        call, guild_id = arguments.get("call"), arguments.get("guild_id")
        here = call.guild_id if isinstance(call, Call) else guild_id if isinstance(guild_id, int) else None
        try:
            return await self._running.run(plugin, f"hook {hook}", work, limit_s=LIMITS_S[hook], guild_id=here)
        except Parked:
            raise
        except Exception as error:
            await self._failures.record(error, plugin=plugin, part=f"hook {hook}")
            raise HookFailed(hook) from error
