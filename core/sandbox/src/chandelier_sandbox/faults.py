"""Faults that tests inject: answers that fail, come late, get lost or never come; a gateway that drops or lies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from types import NoneType

from chandelier_sandbox.events import JsonObject

HANG_MOST_S = 30.0


class FaultKind(Enum):
    """What happens to a request that a fault hits."""

    STATUS = "it is answered with a status, 502 unless another is named"
    LIMIT = "it is answered with a 429"
    SLOW = "it is answered as always, but late"
    HANG = "it is answered when the fault is released, or when its time is up"
    LOST = "the work is done, and the connection closes without an answer"
    RESET = "nothing is done, and the connection is reset"
    GARBLED = "the work is done, and the body of the answer is broken JSON"


@dataclass(slots=True, eq=False)
class Fault:
    """One fault and how many requests it still hits; hits counts those it has hit.

    route: a template such as /channels/{channel_id}/messages; empty hits every route. times None: without end.
    """

    kind: FaultKind
    method: str = "*"
    path_contains: str = ""
    route: str = ""
    times: int | None = 1
    probability: float = 1.0
    status: int = 502
    after_work: bool = False
    delay_s: float = 0.0
    retry_after_s: float = 1.0
    scope: str = "user"
    hits: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def fits(self, method: str, path: str, template: str) -> bool:
        """Tell whether a request is one of those it is meant for."""
        return (
            self.method in (method, "*")
            and (not self.route or self.route == template)
            and self.path_contains in path
            and (self.times is None or self.hits < self.times)
        )

    def json(self) -> JsonObject:
        """Describe it."""
        answer: JsonObject = {"kind": self.kind.name.lower(), "method": self.method, "route": self.route}
        return answer | {"path_contains": self.path_contains, "times": self.times, "hits": self.hits}

    def release(self) -> None:
        """Let the requests that hang go on."""
        self.released.set()


def read_fault(given: JsonObject) -> Fault:
    """Make a fault from JSON; ValueError says what does not fit."""
    kinds = {kind.name.lower(): kind for kind in FaultKind}
    shapes: dict[str, type | tuple[type, ...]] = dict.fromkeys(("method", "path_contains", "route", "scope"), str)
    shapes |= dict.fromkeys(("probability", "delay_s", "retry_after_s"), (int, float))
    shapes |= {"times": (int, NoneType), "status": int, "after_work": bool}
    if given.get("kind") not in kinds:
        raise ValueError(f"kind is one of {', '.join(kinds)}, not {given.get('kind')!r}.")
    for name, value in given.items():
        if name != "kind" and (name not in shapes or not isinstance(value, shapes[name])):
            raise ValueError(f"{name} {value!r} is nothing that a fault has; it has {', '.join(shapes)}.")
    if not 100 <= given.get("status", 502) <= 599 or given.get("delay_s", 0) < 0:
        raise ValueError("A status is from 100 to 599, and a delay is not negative.")
    fault = Fault(kinds[given["kind"]], **{name: value for name, value in given.items() if name != "kind"})
    fault.method = fault.method.upper()
    if fault.kind is FaultKind.HANG:
        fault.delay_s = fault.delay_s or HANG_MOST_S
    return fault


@dataclass(slots=True)
class GatewayFaults:
    """What the gateway does wrong, until it is told otherwise."""

    delay_events_s: float = 0.0
    swallowed_acks: int = 0
    refused_resumes: int = 0
    drop_code: int = 4000
    drop_after_events: int | None = None

    def counts_down_to_drop(self) -> bool:
        """Count an event; tell whether connections drop now."""
        if self.drop_after_events is None:
            return False
        self.drop_after_events -= 1
        if self.drop_after_events > 0:
            return False
        self.drop_after_events = None
        return True

    def swallows_ack(self) -> bool:
        """Tell whether this heartbeat is left unanswered."""
        self.swallowed_acks, swallowed = max(0, self.swallowed_acks - 1), self.swallowed_acks > 0
        return swallowed

    def refuses_resume(self) -> bool:
        """Tell whether this session is declared invalid when it resumes."""
        self.refused_resumes, refused = max(0, self.refused_resumes - 1), self.refused_resumes > 0
        return refused


class Faults:
    """Hold the faults that wait for their request. seed: for those that hit by chance, the same at every start."""

    def __init__(self, seed: int = 1) -> None:
        self.gateway = GatewayFaults()
        self._pending: list[Fault] = []
        self._chance = Random(seed)  # noqa: S311  # chance that can be repeated, not secrets

    def fail(
        self,
        *,
        method: str = "POST",
        path_contains: str = "",
        route: str = "",
        status: int | None = 502,
        times: int | None = 1,
        after_work: bool = False,
        delay_s: float = 0.0,
        probability: float = 1.0,
    ) -> Fault:
        """Let the next matching requests fail.

        status None only delays. after_work=True does what was asked and then answers with the failure.
        """
        kind = FaultKind.SLOW if status is None else FaultKind.STATUS
        fault = Fault(kind, method.upper(), path_contains, route, times, probability, status or 200, after_work)
        fault.delay_s = delay_s
        return self.add(fault)

    def limit(
        self,
        *,
        method: str = "*",
        path_contains: str = "",
        route: str = "",
        retry_after_s: float = 1.0,
        scope: str = "user",
        times: int | None = 1,
    ) -> Fault:
        """Answer the next matching requests with a 429; scope: user, global or shared."""
        fault = Fault(FaultKind.LIMIT, method.upper(), path_contains, route, times, scope=scope)
        fault.retry_after_s = retry_after_s
        return self.add(fault)

    def slow(
        self, delay_s: float, *, method: str = "*", path_contains: str = "", route: str = "", times: int | None = None
    ) -> Fault:
        """Answer matching requests late."""
        return self.add(Fault(FaultKind.SLOW, method.upper(), path_contains, route, times, delay_s=delay_s))

    def hang(
        self,
        *,
        method: str = "*",
        path_contains: str = "",
        route: str = "",
        times: int | None = 1,
        most_s: float = HANG_MOST_S,
    ) -> Fault:
        """Hold the next matching requests until ``fault.release()``, at most so many seconds."""
        return self.add(Fault(FaultKind.HANG, method.upper(), path_contains, route, times, delay_s=most_s))

    def lose_answer(
        self, *, method: str = "*", path_contains: str = "", route: str = "", times: int | None = 1
    ) -> Fault:
        """Do the work of the next matching requests, and close the connection without an answer."""
        return self.add(Fault(FaultKind.LOST, method.upper(), path_contains, route, times))

    def reset_connection(
        self, *, method: str = "*", path_contains: str = "", route: str = "", times: int | None = 1
    ) -> Fault:
        """Reset the connection of the next matching requests before anything is done."""
        return self.add(Fault(FaultKind.RESET, method.upper(), path_contains, route, times))

    def garble(self, *, method: str = "*", path_contains: str = "", route: str = "", times: int | None = 1) -> Fault:
        """Break the JSON of the next matching answers."""
        return self.add(Fault(FaultKind.GARBLED, method.upper(), path_contains, route, times))

    def add(self, fault: Fault) -> Fault:
        """Let a fault wait for its requests."""
        if not 0 <= fault.probability <= 1:
            raise ValueError(f"A fault's probability is from 0 to 1, not {fault.probability!r}.")
        self._pending.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Let a fault hit nobody any more; what hangs on it goes on."""
        fault.release()
        if fault in self._pending:
            self._pending.remove(fault)

    @contextmanager
    def during(self, fault: Fault) -> Iterator[Fault]:
        """Keep a fault for as long as the block lasts: ``with faults.during(faults.fail(times=None)) as fault:``."""
        try:
            yield fault
        finally:
            self.remove(fault)

    @property
    def pending(self) -> list[Fault]:
        """Return the faults that may still hit."""
        return [fault for fault in self._pending if fault.times is None or fault.hits < fault.times]

    def clear(self) -> None:
        """Forget every fault, those of the gateway too."""
        for fault in tuple(self._pending):
            self.remove(fault)
        self.gateway = GatewayFaults()

    def take(self, method: str, path: str, template: str = "") -> Fault | None:
        """Return the fault that hits this request, counted."""
        for fault in self._pending if self._pending else ():
            if fault.fits(method, path, template) and self._chance.random() < fault.probability:
                fault.hits += 1
                if fault.times is not None and fault.hits >= fault.times:
                    self._pending.remove(fault)
                return fault
        return None

    # The gateway

    def drop_gateway(self, code: int = 4000, *, after_events: int = 1) -> None:
        """Close the gateway connections with a code once so many more events have been sent."""
        self.gateway.drop_code, self.gateway.drop_after_events = code, max(1, after_events)

    def delay_events(self, seconds: float) -> None:
        """Send what goes over the gateway this much later; 0 ends it."""
        self.gateway.delay_events_s = seconds

    def swallow_acks(self, times: int = 1) -> None:
        """Leave the next heartbeats unanswered."""
        self.gateway.swallowed_acks = times

    def refuse_resumes(self, times: int = 1) -> None:
        """Declare the next sessions that resume invalid."""
        self.gateway.refused_resumes = times
