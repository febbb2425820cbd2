"""One circuit for each part: a part that keeps failing is taken out of use, and tried again after a while."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chandelier import Unavailable
from chandelier_core.store.switches import OutOfUse

MOST_FAILURES = 10
WINDOW = timedelta(seconds=60)
FIRST_PROBE = timedelta(seconds=60)
LONGEST_PROBE = timedelta(hours=1)
#: What has a circuit. What else is recorded as a failure (a start, a stop) has a state of its own.
KINDS = ("command", "listener", "job", "hook", "task", "route", "suggestions")
CIRCUITS = "the circuit"

Key = tuple[str, str]


class Parked(Unavailable):
    """A part is out of use; the sentence says since when and until when."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code="parked")


class Circuits:
    """Counts failures by the bot's clock, and knows what is out of use. Asking costs a look into a dictionary.

    ``changed`` is called, at once and synchronously, with what went out of use, or with None for what came back.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: dict[Key, deque[datetime]] = {}
        self._probing: set[Key] = set()
        self.out: dict[Key, OutOfUse] = {}
        self.changed: Callable[[Key, OutOfUse | None], None] = lambda _key, _out: None

    def enter(self, plugin: str, part: str) -> None:
        """Let a run of a part begin, or raise Parked. Of a part that is due to be tried again, one run at a time gets in."""
        if (out := self.out.get((plugin, part))) is None:
            return
        if not self.due(plugin, part):
            raise Parked(sentence_of(out))
        self._probing.add((plugin, part))

    def leave(self, plugin: str, part: str) -> None:
        """Say that a run has ended, however it did."""
        self._probing.discard((plugin, part))

    def is_open(self, plugin: str, part: str) -> bool:
        """Say whether a part is in use, without any doubt."""
        return (plugin, part) not in self.out

    def due(self, plugin: str, part: str) -> bool:
        """Say whether a part that is out of use may be tried once."""
        out = self.out.get((plugin, part))
        if out is None or out.probe_at is None or (plugin, part) in self._probing:
            return False
        return self._now() >= out.probe_at

    def refusal(self, plugin: str, part: str) -> Parked | None:
        """Give the refusal that a run would meet now."""
        out = self.out.get((plugin, part))
        return Parked(sentence_of(out)) if out is not None and not self.due(plugin, part) else None

    def worked(self, plugin: str, part: str) -> None:
        """Count a run that went well: a part that was tried is in use again."""
        key = (plugin, part)
        if key in self._probing:
            self.resume(key)

    def resume(self, key: Key) -> None:
        """Bring a part back, with nothing counted against it."""
        self._failures.pop(key, None)
        self._probing.discard(key)
        if self.out.pop(key, None) is not None:
            self.changed(key, None)

    def failed(self, plugin: str, part: str, reference: str) -> None:
        """Count a failure: the tenth in 60 s parks the part, and one while it is tried again doubles its wait."""
        key = (plugin, part)
        if plugin == "host" or part.partition(" ")[0] not in KINDS:
            return
        if (out := self.out.get(key)) is not None:
            if (
                out.probe_at is not None and self._now() >= out.probe_at
            ):  # it was tried; others began before it was parked
                self.put(replace(out, reference=reference, probes=out.probes + 1,
                                 probe_at=self._now() + wait_after(out.probes + 1)))  # fmt: skip
            return
        now = self._now()
        failures = self._failures.setdefault(key, deque(maxlen=MOST_FAILURES))
        failures.append(now)
        if len(failures) == MOST_FAILURES and now - failures[0] <= WINDOW:
            failures.clear()
            why = f"{MOST_FAILURES} failures"
            self.put(OutOfUse(plugin, part, why, CIRCUITS, now, reference, now + wait_after(0)))

    def put(self, out: OutOfUse) -> None:
        """Take something out of use."""
        self.out[out.key] = out
        self.changed(out.key, out)

    def replace(self, rows: Iterable[OutOfUse]) -> None:
        """Take over what is out of use as the database has it."""
        self.out = {one.key: one for one in rows}

    def of(self, plugin: str) -> list[OutOfUse]:
        """Give the parts of a plugin that are out of use, by name."""
        return [out for (owner, part), out in sorted(self.out.items()) if owner == plugin and part]


def wait_after(probes: int) -> timedelta:
    """Give how long a part waits after so many tries that failed: 60 s, doubled each time, 1 h at the most."""
    times: int = 2 ** min(probes, 10)
    return min(FIRST_PROBE * times, LONGEST_PROBE)


def sentence_of(out: OutOfUse) -> str:
    """Say for a person that a part is out of use, and until when."""
    kind, _, name = out.part.partition(" ")
    words = f"`{name}`" if kind == "command" else out.part[:1].upper() + out.part[1:]
    return f"{words} of {out.plugin.capitalize()} is out of use {_until(out)}."


def trouble_of(outs: Iterable[OutOfUse]) -> str | None:
    """Say for the operator which parts are out of use; None where none is."""
    said = [f"{out.part} is out of use {_until(out)}." for out in outs]
    return " ".join(one[:1].upper() + one[1:] for one in said) or None


def _until(out: OutOfUse) -> str:
    if out.probe_at is None:
        return f"since {out.since:%Y-%m-%d %H:%M} UTC: {out.reason.rstrip('.')}"
    reference = f"; reference {out.reference}" if out.reference else ""
    return f"after {out.reason}; it is tried again at {out.probe_at:%H:%M:%S} UTC{reference}"
