"""The judge of fidelity: whether what crosses the wire is as Discord's own descriptions have it."""

from __future__ import annotations

from chandelier_sandbox.judge.descriptions import find_descriptions
from chandelier_sandbox.judge.deviations import DEVIATIONS, UNDESCRIBED, Deviation
from chandelier_sandbox.judge.judging import Judge
from chandelier_sandbox.judge.operations import Operation

__all__ = ["DEVIATIONS", "UNDESCRIBED", "Deviation", "Judge", "Operation", "find_descriptions"]
