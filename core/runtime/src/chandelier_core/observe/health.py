"""Health: the database, the gateway, and every plugin, each with a sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chandelier import State
from chandelier_core.host import Check

if TYPE_CHECKING:
    from chandelier_core.life.watchdog import Watchdog
    from chandelier_core.parts.hooks import HookCaller
    from chandelier_core.registry import Registry
    from chandelier_core.running import Running

LIMIT_S = 2.5
ASKED_EVERY_S = 10.0


class Health:
    """Checks everything at once; takes at most 3 s. Plugins are asked at most every 10 s, and what they said is kept."""

    def __init__(
        self, running: Running, registry: Registry, hooks: HookCaller, watchdog: Watchdog, *, gateway_here: bool
    ) -> None:
        self._watchdog = watchdog
        self._running = running
        self._registry = registry
        self._hooks = hooks
        self._gateway_here = gateway_here
        self._complaints: dict[str, str] = {}
        self._asked_at = float("-inf")

    async def check(self) -> tuple[Check, ...]:
        """Give one line for each thing that was checked."""
        database, _ = await asyncio.gather(check_database(self._running), self._ask_plugins())
        checks = [database, *check_redis(self._running)]
        if self._gateway_here:
            checks.append(check_gateway(self._running))
        blocked = {entry.name: self._watchdog.complaint(entry.name) for entry in self._registry}
        checks += check_plugins(
            self._registry, {name: said for name, said in blocked.items() if said} | self._complaints
        )
        return tuple(checks)

    async def _ask_plugins(self) -> None:
        if time.monotonic() - self._asked_at >= ASKED_EVERY_S:
            self._asked_at = time.monotonic()
            said = await self._hooks.fan_out("health")
            self._complaints = {name: str(sentence) for name, sentence in said.items() if sentence}


async def check_database(running: Running) -> Check:
    """Ask the database for an answer."""
    try:
        async with asyncio.timeout(LIMIT_S):
            await running.store.check()
    except TimeoutError:
        return Check("database", ok=False, sentence=f"The database did not answer within {LIMIT_S:g} s.")
    except Exception as error:
        return Check("database", ok=False, sentence=str(error) or type(error).__name__)
    return Check("database", ok=True, sentence="The database answers.")


def check_redis(running: Running) -> Iterator[Check]:
    """Tell how Redis answered last, where there is one; everything goes on without it."""
    if (shared := running.keeper.shared) is not None:
        sentence = shared.complaint or "Redis answers."
        yield Check("redis", ok=shared.complaint is None, sentence=sentence, required=False)


def check_gateway(running: Running) -> Check:
    """Look at the shards."""
    if not running.discord.connected:
        return Check("gateway", ok=False, sentence="The bot is not connected to Discord; it keeps trying.")
    return Check("gateway", ok=True, sentence=f"Connected to Discord, {running.discord.latency_ms:.0f} ms away.")


def check_plugins(registry: Registry, complaints: dict[str, str]) -> Iterator[Check]:
    """Look at every plugin that plugins.toml lists; none of them decides about readiness."""
    for entry in registry:
        if entry.state is not State.DISCOVERED:
            complaint = complaints.get(entry.name)
            ok = entry.state is State.STARTED and complaint is None
            yield Check(f"plugin {entry.name}", ok=ok, sentence=complaint or entry.sentence, required=False)
