"""docs/security.md: every test that its tables name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
SHORT = {"S": "test_security.py", "I": "test_identity.py", "C": "test_conventions.py"}
ROWS = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`([^`\s]+)::(test_\w+)`", PAGE)


def test_the_table_has_all_fifty_two_and_each_is_shown_or_says_what_it_waits_for():
    assert [int(number) for number, _ in ROWS] == list(range(1, 53))
    assert all("::test_" in shown or shown.startswith("waits for ") for _, shown in ROWS)


@pytest.mark.parametrize(("place", "name"), NAMED)
def test_a_test_that_is_named_exists(place: str, name: str):
    file = ROOT / (f"tests/acceptance/{SHORT[place]}" if place in SHORT else place)
    assert re.search(rf"^(?:async )?def {name}\(", file.read_text(), re.MULTILINE), f"{file} has no {name}"
