"""A finding: one problem, with its place and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem found by validation. An error keeps the plugin from starting; a warning does not."""

    place: str
    sentence: str
    remedy: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" + (f" {self.remedy}" if self.remedy else "")
