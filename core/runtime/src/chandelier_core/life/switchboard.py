"""What is out of use: switched by people, parked by circuits, kept in the database, and the same in every process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from chandelier import State, UserError
from chandelier_core.host import PartView
from chandelier_core.life.circuits import Circuits, Key, sentence_of, trouble_of
from chandelier_core.life.naming import find_part, find_plugin, parts_of
from chandelier_core.store.switches import OutOfUse, SwitchRows

if TYPE_CHECKING:
    from chandelier_core.life.lifecycle import Lifecycle
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.store.changes import Changes

TOPIC = "switches"
#: Asks every process to start now what could not start.
TRY_AGAIN = "switches.try_again"

_log = structlog.get_logger("chandelier.switches")


@dataclass(slots=True)
class Switchboard:
    """Takes plugins and parts out of use and brings them back, here at once and in every other process within a second."""

    registry: Registry
    lifecycle: Lifecycle
    circuits: Circuits
    rows: SwitchRows
    changes: Changes
    #: What this process has changed and not written yet.
    _unwritten: dict[Key, OutOfUse | None] = field(default_factory=dict)
    _writing: set[asyncio.Task[None]] = field(default_factory=set)
    _following: asyncio.Task[None] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _off: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """Read what is out of use, before any plugin starts; from now on what circuits park is kept."""
        self.circuits.replace(await self.rows.all())
        self.circuits.changed = self._changed
        for entry in self.registry.validated:
            if (out := self.circuits.out.get((entry.name, ""))) is not None:
                self._off.add(entry.name)
                await self.lifecycle.move(entry, State.STOPPED, _off_sentence(out))
            self._say_parts(entry)
        self.changes.watch(TOPIC, self.reread)
        self.changes.heed(TRY_AGAIN, self._hurry)

    async def reread(self) -> None:
        """Take over what another process has changed; plugins start and stop in the background."""
        before = dict(self.circuits.out)
        for key, out in dict(self._unwritten).items():
            await self._write(key, out)
        rows = {one.key: one for one in await self.rows.all()}
        for key, out in self._unwritten.items():
            rows.pop(key, None)
            if out is not None:
                rows[key] = out
        self.circuits.replace(rows.values())
        for key in before.keys() ^ rows.keys():
            self._log_part(key, rows.get(key))
        if before != self.circuits.out and (self._following is None or self._following.done()):
            self._following = asyncio.create_task(self._follow(), name="switches")

    async def off(self, name: str, by: str) -> Entry:
        """Switch a plugin off, everywhere and until somebody switches it on."""
        entry = find_plugin(self.registry, name)
        if name == "host":
            raise UserError("host_stays", "The host's own commands cannot be switched off.")
        if entry.state in (State.DISCOVERED, State.REJECTED):
            raise UserError("not_running", f"{name.capitalize()} does not run anyway: {entry.sentence}")
        if (name, "") not in self.circuits.out:
            why = f"switched off by {by}"
            self.circuits.put(OutOfUse(name, "", why, by, self.lifecycle.running.now()))
        await self._settled()
        return entry

    async def on(self, name: str, by: str) -> Entry:
        """Switch a plugin on, and start it if it does not run: one that failed is tried again now."""
        entry = find_plugin(self.registry, name)
        if entry.state in (State.DISCOVERED, State.REJECTED):
            raise UserError("not_startable", f"{name.capitalize()} cannot be started live: {entry.sentence}")
        was_off = (name, "") in self.circuits.out
        if was_off:
            _log.info("plugin_switched_on", plugin=name, by=by)
            self.circuits.resume((name, ""))
        await self._settled()
        if not was_off and not entry.state.running:
            await self._start(entry)
        return entry

    async def park(self, name: str, part: str, by: str) -> Entry:
        """Take one part out of use until somebody resumes it."""
        entry = find_plugin(self.registry, name)
        part = find_part(name, (one.name for one in self.parts(entry)), part)
        self.circuits.put(OutOfUse(name, part, f"taken out of use by {by}", by, self.lifecycle.running.now()))
        await self._settled()
        return entry

    async def resume(self, name: str, part: str | None, by: str) -> Entry:
        """Bring one part back, or every part of a plugin, with nothing counted against it."""
        entry = find_plugin(self.registry, name)
        out = [one.part for one in self.circuits.of(name)]
        parts = out if part is None else [find_part(name, (one.name for one in self.parts(entry)), part)]
        for one in parts:
            self.circuits.resume((name, one))
        await self._settled()
        return entry

    def parts(self, entry: Entry) -> tuple[PartView, ...]:
        """Give the parts of a plugin, each with its state."""
        outs = {out.part: out for out in self.circuits.of(entry.name)}
        known = parts_of(entry.declaration) if entry.declaration is not None else []
        return tuple(_view(part, outs.get(part)) for part in dict.fromkeys([*known, *outs]))

    async def end(self) -> None:
        """Finish what is being written."""
        if self._following is not None:
            self._following.cancel()
        if self._writing:
            await asyncio.wait(self._writing, timeout=1.0)

    def _changed(self, key: Key, out: OutOfUse | None) -> None:
        self._log_part(key, out)
        self._unwritten[key] = out
        writing = asyncio.create_task(self._keep(key, out), name=f"switch {key[0]} {key[1]}")
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def _log_part(self, key: Key, out: OutOfUse | None) -> None:
        plugin, part = key
        if part and out is not None:
            _log.warning("part_parked", plugin=plugin, part=part, why=sentence_of(out), reference=out.reference)
        elif part:
            _log.info("part_resumed", plugin=plugin, part=part)

    async def _keep(self, key: Key, out: OutOfUse | None) -> None:
        await self._write(key, out)
        await self._follow()

    async def _write(self, key: Key, out: OutOfUse | None) -> None:
        """Write one change and tell the other processes; one that cannot be written is written later."""
        try:
            await (self.rows.remove(*key) if out is None else self.rows.put(out))
            if self._unwritten.get(key) == out:
                self._unwritten.pop(key, None)
            await self.changes.tell(TOPIC)
        except Exception as error:
            _log.warning("switch_not_stored", plugin=key[0], part=key[1], error=type(error).__name__)

    async def _settled(self) -> None:
        """Wait until what was changed here is written, and true of the plugins here."""
        if self._writing:
            await asyncio.wait(set(self._writing))

    async def _follow(self) -> None:
        """Make the plugins of this process be what the switches say."""
        async with self._lock:
            for entry in self.registry.validated:
                out = self.circuits.out.get((entry.name, ""))
                if out is not None and entry.name not in self._off:
                    self._off.add(entry.name)
                    await self.lifecycle.stop(entry, _off_sentence(out))
                elif out is None and entry.name in self._off:
                    self._off.discard(entry.name)
                    await self._start(entry)
                self._say_parts(entry)
                await self.lifecycle.settle(entry)

    async def _hurry(self) -> None:
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._start_failed(), name="switches")

    async def _start_failed(self) -> None:
        for entry in self.registry.validated:
            if entry.state is State.FAILED:
                await self._start(entry)

    async def _start(self, entry: Entry) -> None:
        if not await self.lifecycle.start(entry) and entry.prepared:
            self.lifecycle.try_again(entry)

    def _say_parts(self, entry: Entry) -> None:
        entry.trouble("parts", trouble_of(self.circuits.of(entry.name)))


def _off_sentence(out: OutOfUse) -> str:
    return f"It was switched off by {out.set_by} on {out.since:%Y-%m-%d at %H:%M} UTC; switch it on to use it."


def _view(part: str, out: OutOfUse | None) -> PartView:
    if out is None:
        return PartView(part, "in_use", "It is in use.")
    state = "quarantined" if out.probe_at is None else "parked"
    return PartView(part, state, sentence_of(out), out.since, out.probe_at, out.reference)
