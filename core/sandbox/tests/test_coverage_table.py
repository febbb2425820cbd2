"""docs/sandbox-coverage.md: every operation of Discord's REST API and how the sandbox stands to it, from the code itself."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from chandelier_sandbox.judge import Judge, Operation
from chandelier_sandbox.rest import ROUTES
from chandelier_sandbox.rest.routing import Route

from .requests_table import REQUESTS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sandbox-coverage.md"
RENEW = "CHANDELIER_RENEW_DOCS"
REFUSED = "refused"
_WEBHOOK_MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages"
# Operations that have a template of their own in the description and share a route here.
SHARED: Mapping[str, str] = {f"{_WEBHOOK_MESSAGE}/@original": f"{_WEBHOOK_MESSAGE}/{{message_id}}"}

INTRODUCTION = """\
# What the sandbox has of Discord's REST API

{total} operations are in Discord's own description of its API. {counts}
The tests send a valid request to {judged} of them and judge both the request and the answer by that description.

- **real**: the state, the permissions, the errors and the events are Discord's.
- **tolerated**: it takes what Discord takes and gives a valid answer, with little behind it.
- **refused**: it answers 404 (405 where only the method is strange), naming method and path in the header
  `X-Sandbox-Unknown` and on standard error.

Judged: a test of the sandbox has asked for it and was answered with success, without a finding. This page is made by
`core/sandbox/tests/test_coverage_table.py`, which fails when the page is behind and tells how to renew it.
"""


def test_the_page_is_what_the_code_says(judge: Judge) -> None:
    page = coverage_page(judge)
    if os.environ.get(RENEW) == "1":
        PAGE.write_text(page, "utf-8")
    there = PAGE.read_text("utf-8") if PAGE.exists() else ""
    assert there == page, (
        f"docs/sandbox-coverage.md is behind the code; renew it with "
        f"{RENEW}=1 python -m pytest core/sandbox/tests/test_coverage_table.py"
    )


def test_routes_have_the_templates_of_the_description(judge: Judge) -> None:
    wrong = []
    for route in ROUTES:
        operation = judge.operation(route.method, route.template)
        if operation is not None and operation.template != route.template:
            wrong.append(f"{route.method} {route.template} is {operation.template} in the description")
    assert not wrong, "\n".join(wrong)


def coverage_page(judge: Judge) -> str:
    """Return the page: counts, a table for each subject, and the routes that the description does not have."""
    standings = {str(one): standing(one) for one in judge.operations}
    judged = {str(judge.operation(row.method, row.path)) for row in REQUESTS if row.status < 300}
    judged = {name for name in judged if standings.get(name, REFUSED) != REFUSED}
    counts = Counter(standings.values())
    parts = [
        INTRODUCTION.format(
            total=len(judge.operations),
            counts=", ".join(f"{counts[name]} are {name}" for name in ("real", "tolerated", REFUSED)) + ".",
            judged=len(judged),
        )
    ]
    subjects = sorted({subject(one) for one in judge.operations})
    for name in subjects:
        operations = [one for one in judge.operations if subject(one) == name]
        rows = [(str(one), one.about, standings[str(one)], "yes" if str(one) in judged else "") for one in operations]
        parts.append(f"## {name}\n\n" + table(("operation", "what it is", "standing", "judged"), rows))
    described = {(one.method, one.template) for one in judge.operations}
    own = sorted((one for one in ROUTES if (one.method, one.template) not in described), key=lambda one: one.template)
    if own:
        more = [(f"{one.method} {one.template}", about(one), one.standing.value) for one in own]
        parts.append("## Not in the description\n\n" + table(("route", "what it is", "standing"), more))
    return "\n".join(parts)


def standing(operation: Operation) -> str:
    template = SHARED.get(operation.template, operation.template)
    routes = {(route.method, route.template): route.standing.value for route in ROUTES}
    return routes.get((operation.method, template), REFUSED)


def subject(operation: Operation) -> str:
    return operation.template.split("/")[1]


def about(route: Route) -> str:
    return (route.handler.__doc__ or "").partition("\n")[0].rstrip(".")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; the first column is code."""
    head = list(head)
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for first, *others in rows:
        lines.append(f"| `{first}` | {' | '.join(others)} |")
    return "\n".join(lines) + "\n"
