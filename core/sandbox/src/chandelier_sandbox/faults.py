"""Faults that tests inject into the REST API: an error, a delay, before or after the work is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """One fault and how many requests it still hits."""

    method: str
    path_contains: str
    status: int | None
    times: int
    after_work: bool
    delay_s: float


class Faults:
    """Hold the faults that wait for their request."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def fail(
        self,
        *,
        method: str = "POST",
        path_contains: str = "",
        status: int | None = 502,
        times: int = 1,
        after_work: bool = False,
        delay_s: float = 0.0,
    ) -> Fault:
        """Let the next matching requests fail.

        status None only delays. after_work=True does what was asked and then loses the answer, as a broken
        connection would.
        """
        fault = Fault(method.upper(), path_contains, status, times, after_work, delay_s)
        self._pending.append(fault)
        return fault

    def clear(self) -> None:
        """Forget every fault."""
        self._pending.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, counted down."""
        for fault in self._pending:
            if fault.method in (method, "*") and fault.path_contains in path:
                fault.times -= 1
                if fault.times <= 0:
                    self._pending.remove(fault)
                return fault
        return None
