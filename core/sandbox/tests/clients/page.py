"""docs/sandbox-clients.md: the libraries and what of them was seen to work, from the outcomes of a test run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from inspect import signature
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import PASSED
from .programs import PROGRAMS, Program

PAGE = Path(__file__).resolve().parents[4] / "docs" / "sandbox-clients.md"
RENEW = "CHANDELIER_RENEW_DOCS"
VERSION = "Version"
INTRODUCTION = """\
# Which clients work with the sandbox

In the tests, a bot written with each of these libraries runs as a process of its own against the sandbox, and the
members of the sandbox talk to it. All bots do the same things, and to every one of them the same tests are put.
Beside these, Chandelier itself is such a client, with hikari and hikari-lightbulb.

This page is made by `core/sandbox/tests/clients/test_clients.py`, which fails when a run gives something else and
tells how to renew the page. A row is a test: `core/sandbox/tests/clients/bots` shows what a bot does for it, and how
its library is pointed at the sandbox. A rate limit that a client meets once and then keeps to is no refusal: discord.js
learns of a shared limit by meeting it.
"""
Cells = dict[tuple[str, str], str]  # by feature and client


def renews() -> bool:
    """Tell whether the page is to be written anew."""
    return os.environ.get(RENEW) == "1"


def page_of_run(items: Iterable[pytest.Item], tests: ModuleType, written: str) -> str:
    """Return the page after a run of tests of a module; what was not run, or was skipped, stands as it is written."""
    cells = read_cells(written)
    for item in items:
        if not isinstance(item, pytest.Function) or item.module is not tests:
            continue
        program = _program(item)
        if program is not None and PASSED in item.stash:
            cells[sentence(item.originalname), program.name] = "yes" if item.stash[PASSED] else "no"
            cells[VERSION, program.name] = program.version
    return render(
        cells, [sentence(name) for name in vars(tests) if name.startswith("test_") and _has_client(tests, name)]
    )


def render(cells: Mapping[tuple[str, str], str], features: Iterable[str]) -> str:
    """Write the page."""
    clients = [program.name for program in PROGRAMS]
    lines = [f"| | {' | '.join(clients)} |", "| --- |" + " --- |" * len(clients)]
    lines += [
        f"| {feature} | {' | '.join(cells.get((feature, client), 'not run') for client in clients)} |"
        for feature in (VERSION, *features)
    ]
    return "\n".join([INTRODUCTION, *lines, ""])


def read_cells(page: str) -> Cells:
    """Read the table of a page."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    if len(rows) < 2:
        return {}
    _, *clients = rows[0]
    return {(feature, name): cell for feature, *values in rows[2:] for name, cell in zip(clients, values, strict=True)}


def sentence(test: str) -> str:
    """Return what the name of a test says."""
    return test.removeprefix("test_").replace("_", " ").capitalize()


def _has_client(tests: ModuleType, name: str) -> bool:
    return "client" in signature(getattr(tests, name)).parameters


def _program(item: pytest.Function) -> Program | None:
    program = item.callspec.params.get("client") if hasattr(item, "callspec") else None
    return program if isinstance(program, Program) else None
