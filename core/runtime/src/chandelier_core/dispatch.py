"""The one function from a call to its outcome; the only place where a command's handler is called."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from chandelier import (
    Answer,
    BadOption,
    Call,
    Command,
    Context,
    Need,
    NotAllowed,
    NotFound,
    Outcome,
    Reply,
    ServiceUnavailable,
    State,
    Status,
    Surface,
    TooSoon,
    Unavailable,
    UserError,
)
from chandelier_core.doors import needs_in_use
from chandelier_core.host import PartTooSlow
from chandelier_core.loading.plugins_file import nearest
from chandelier_core.store.outage import is_database_away

if TYPE_CHECKING:
    from chandelier_core.cooldowns import Cooldowns
    from chandelier_core.entities import Entities
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running

#: Discord lets an interaction be answered for 15 minutes (documentation: Receiving and Responding); a minute is kept back.
COMMAND_LIMIT_S = 14 * 60.0
#: Whoever waits for an answer over HTTP does not wait for minutes.
ROUTE_LIMIT_S = 30.0
#: When whoever met an outage of the database may try again.
AGAIN_S = 5.0

_log = structlog.get_logger("chandelier.calls")
Finished = Callable[[Call, Outcome], Awaitable[None]]


class Dispatch:
    """Runs calls. One call gives one outcome and one log line; it never raises, but for cancellation."""

    def __init__(
        self, registry: Registry, running: Running, hooks: HookCaller, entities: Entities, cooldowns: Cooldowns
    ) -> None:
        self._registry = registry
        self._running = running
        self._hooks = hooks
        self._entities = entities
        self._cooldowns = cooldowns
        self._observers: set[asyncio.Task[object]] = set()
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.stopping = False
        self.counts: Counter[str] = Counter()

    async def __call__(self, call: Call) -> Outcome:
        """Run a call to its outcome."""
        began = time.perf_counter()
        self._open += 1
        self._idle.clear()
        command: Command | None = None
        try:
            entry, command = self._find(call)
            value = await self._run(entry, command, call)
            outcome = Outcome(status=Status.ANSWERED, value=value, ephemeral=_is_ephemeral(command, value))
        except UserError as refusal:
            outcome = _refused(refusal)
        except TimeoutError as error:
            await self._record(call, error)
            sentence = f"This took longer than {limit_of(call):.0f} s and was ended. Try again, or ask for less."
            outcome = Outcome(
                status=Status.TIMED_OUT, code="timed_out", sentence=sentence, http_status=504, ephemeral=True
            )
        except Exception as error:
            outcome = _away() if is_database_away(error) else await self._failed(call, error)
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()
        return self._finish(call, outcome, (time.perf_counter() - began) * 1000)

    async def drain(self, limit_s: float) -> None:
        """Take no more calls; wait for those that run, and for their observers."""
        self.stopping = True
        try:
            async with asyncio.timeout(limit_s):
                await self._idle.wait()
                if self._observers:
                    await asyncio.wait(self._observers)
        except TimeoutError:
            _log.warning("calls_left_behind", calls=self._open)

    def _find(self, call: Call) -> tuple[Entry, Command]:
        if self.stopping:
            raise Unavailable("The bot is shutting down. Try again in a minute.", code="stopping")
        entry = self._registry.get(call.plugin)
        if entry is None or entry.declaration is None or entry.state in (State.DISCOVERED, State.REJECTED):
            raise NotFound(f"There is no plugin {call.plugin} here.")
        command = entry.declaration.command(call.command)
        if command is None:
            raise NotFound(f"There is no command {call.command} here.")
        if not entry.state.running:
            raise Unavailable(_why_not(entry))
        if not self._running.guild_plugins.uses(entry.name, call.guild_id):
            raise NotFound(f"{entry.name.capitalize()} is switched off in this server.", code="off_here")
        if (parked := self._running.circuits.refusal(entry.name, f"command {command.path}")) is not None:
            raise parked
        return entry, command

    async def _run(self, entry: Entry, command: Command, call: Call) -> object:
        self._check_place(command, call)
        if not call.actor.may(command.allow):
            raise NotAllowed(f"You need the permission {command.allow.words} for this.")
        if (refusal := await self._hooks.refusal(call)) is not None:
            raise refusal
        if (wait_s := self._cooldowns.spend(command, call)) > 0:
            raise TooSoon(f"Not so fast: try again in {max(1, round(wait_s))} s.", retry_after_s=wait_s)
        arguments = await self._read_arguments(command, call)
        guild_config = self._running.guild_plugins.config(entry, call.guild_id)
        context = Context(self._running.doors(entry), entry.config, guild_config, call)

        async def work() -> object:
            needs_in_use.set((entry.name, command.needs))  # seen by the handler's own task alone
            value = await command.handler(context, **arguments)
            # A result that cannot be said is a failure of the command, on every surface.
            str(value.reply() if isinstance(value, Answer) else value)
            return _within(value, {*entry.needs, *command.needs}, entry.name)

        with structlog.contextvars.bound_contextvars(call=call.reference, plugin=entry.name):
            try:
                return await self._running.run(
                    entry.name, f"command {command.path}", work, limit_s=limit_of(call), guild_id=call.guild_id
                )
            except PartTooSlow:
                raise
            except TimeoutError as error:
                raise RuntimeError("a time limit inside the handler passed") from error
            except ServiceUnavailable as error:
                raise Unavailable(str(error)) from error

    def _check_place(self, command: Command, call: Call) -> None:
        own = (
            call.surface is Surface.SLASH and Surface.EVENT in command.surfaces
        )  # a server's own command stands for it
        if call.surface not in command.surfaces and not own:
            raise NotFound(f"The command {command.path} is not to be had here.")
        if command.where == "guild" and call.guild_id is None:
            raise UserError("guild_needed", f"The command {command.path} works in a server only.", status=422)
        if command.where == "dm" and call.guild_id is not None:
            raise UserError("dm_needed", f"The command {command.path} works in a direct message only.", status=422)

    async def _read_arguments(self, command: Command, call: Call) -> dict[str, object]:
        known = {parameter.name: parameter for parameter in command.parameters}
        for name in call.arguments:
            if name not in known:
                raise BadOption(f"There is no option `{name}`. {nearest(name, known)}", option=name)
        missing = [p.name for p in command.parameters if p.required and p.name not in call.arguments]
        if missing:
            words = ", ".join(f"`{name}`" for name in missing)
            raise BadOption(f"{words} {'is' if len(missing) == 1 else 'are'} missing.", option=missing[0])
        values: dict[str, object] = {}
        for parameter in command.parameters:
            if parameter.name not in call.arguments:
                values[parameter.python_name] = parameter.default
            elif parameter.kind.entity:
                values[parameter.python_name] = await self._entities.resolve(
                    parameter, call.arguments[parameter.name], call
                )
            else:
                values[parameter.python_name] = parameter.convert(call.arguments[parameter.name])
        return values

    async def _record(self, call: Call, error: Exception) -> None:
        part = f"command {call.command}"
        await self._running.failures.record(
            error, plugin=call.plugin, part=part, surface=call.surface, reference=call.reference
        )

    async def _failed(self, call: Call, error: Exception) -> Outcome:
        await self._record(call, error)
        sentence = f"Something broke; it is recorded as {call.reference}."
        return Outcome(status=Status.FAILED, code="failed", sentence=sentence, http_status=500, ephemeral=True)

    def _finish(self, call: Call, outcome: Outcome, duration_ms: float) -> Outcome:
        outcome = replace(outcome, duration_ms=duration_ms)
        self.counts[outcome.status.value] += 1
        _log.info(
            "call",
            reference=call.reference, surface=call.surface.value, plugin=call.plugin, command=call.command,
            outcome=outcome.status.value, code=outcome.code, duration_ms=round(duration_ms, 2),
            user_id=call.actor.id, guild_id=call.guild_id, channel_id=call.channel_id,
        )  # fmt: skip
        observing = asyncio.create_task(self._hooks.fan_out("command_finished", call=call, outcome=outcome))
        self._observers.add(observing)
        observing.add_done_callback(self._observers.discard)
        return outcome


def limit_of(call: Call) -> float:
    """Give the seconds that a call may take."""
    return ROUTE_LIMIT_S if call.surface is Surface.REST else COMMAND_LIMIT_S


def _refused(refusal: UserError) -> Outcome:
    details: dict[str, object] = {}
    if isinstance(refusal, TooSoon):
        details["retry_after_s"] = refusal.retry_after_s
    if isinstance(refusal, BadOption) and refusal.option is not None:
        details["option"] = refusal.option
    return Outcome(
        status=Status.REFUSED, code=refusal.code, sentence=refusal.sentence, http_status=refusal.status, ephemeral=True,
        details=details,
    )  # fmt: skip


def _away() -> Outcome:
    sentence = "The database does not answer at the moment. Try again in a few seconds."
    return Outcome(
        status=Status.REFUSED, code="database_away", sentence=sentence, http_status=503, ephemeral=True,
        details={"retry_after_s": AGAIN_S},
    )  # fmt: skip


def _within(value: object, held: Collection[Need], plugin: str) -> object:
    """Let a reply ping roles and everybody only where the plugin may."""
    if not isinstance(value, Reply) or Need.MENTION_EVERYONE in held:
        return value
    if not any(one.role_mentions or one.mention_everyone for one in (value, *value.more)):
        return value
    _log.warning("mentions_left_out", plugin=plugin, why="it lacks Need.MENTION_EVERYONE")
    more = [replace(one, role_mentions=(), mention_everyone=False) for one in value.more]
    return replace(value, role_mentions=(), mention_everyone=False, more=more)


def _is_ephemeral(command: Command, value: object) -> bool:
    if isinstance(value, Reply) and value.ephemeral is not None:
        return value.ephemeral
    return command.ephemeral


def _why_not(entry: Entry) -> str:
    if entry.state is State.STOPPED:
        return f"{entry.name.capitalize()} is switched off."
    if entry.state is State.FAILED:
        return f"{entry.name.capitalize()} could not start. The operator has been told."
    return f"{entry.name.capitalize()} is starting. Try again in a moment."
