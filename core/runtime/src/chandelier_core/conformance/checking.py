"""Checking plugins, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from chandelier_core.conformance.verdicts import Verdict

LIMIT_S = 180.0


def check(name: str) -> list[Verdict]:
    """Hold an installed plugin to every rule. Takes at most 3 minutes, and never raises for what the plugin does."""
    with tempfile.TemporaryDirectory() as place:
        result = Path(place, "verdicts.json")
        words = [sys.executable, "-m", "chandelier_core.conformance.examining", name, str(result)]
        try:
            done = subprocess.run(
                words, capture_output=True, text=True, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            return [Verdict("clean-stop", passed=False, why=(f"examining it did not end within {LIMIT_S:.0f} s.",))]
        if not result.is_file():
            last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it says nothing")
            return [
                Verdict("clean-stop", passed=False, why=(f"examining it ended the process that did: {last[:300]}",))
            ]
        content = json.loads(result.read_text("utf-8"))
    return [Verdict(one["rule"], one["passed"], tuple(one["why"]), one["exempt"]) for one in content]
