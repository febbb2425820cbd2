"""schemathesis over a running API: how it is told what to try, and what it found."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: How many random requests each operation gets, beside those at the edges of its schema; `make gate` asks for more.
EXAMPLES = int(os.environ.get("CHANDELIER_GATE_EXAMPLES", "5"))
SEED = int(os.environ.get("CHANDELIER_GATE_SEED", "7"))
LIMIT_S = 60 + 10 * EXAMPLES
#: What takes the gate's own ground away; these are tried last, and alone.
LAST = r"^host\.(plugin\.(stop|park)|token\.revoke|guild_plugin\.switch)$"
#: Tried apart: what takes the gate's ground away, streams, which have no end, and the plugin with the mistakes.
APART = rf"{LAST}|^host\.events$|^ledger\."
#: Bodies with some eight hundred edges, as many as everything else together: their edges are tried once, apart.
WIDE = r"^custom\.custom\.(put|try)$"
#: Operations whose answer to a body or a query that fits the schema may still be a 422 or a 400, and why.
BEYOND_SCHEMAS = {
    r"\.list(\.short)?$": "a cursor is taken from the page before",
    r"\.short$": "a caller with several servers must say which one is meant",
    r"^custom\.": "a command's name has rules of its own",
    r"^logging\.": "a person is a mention or an id, and a cursor is taken from the page before",
    r"^reminders\.": "reminders are a person's: the operator has none",
    r"^host\.sessions": "sessions are a person's: the operator has none",
    r"^host\.login\.finish$": "only Discord knows what it sends",
    r"^host\.guild_plugin\.configure$": "the settings are the plugin's",
    r"^host\.settings\.change$": "a prefix has rules of its own",
    r"^host\.token\.create$": "a scope names a plugin that is here",
    r"^host\.webhook\.": "an address must be one that everybody may reach",
}
_ACCEPTED = ["2xx", "3xx", "400", "401", "403", "404", "409", "422", "429", "5xx"]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found: each finding with the operation that has it, and everything it said."""

    findings: frozenset[tuple[str, str]]
    cases: int
    operations: int
    said: str

    def about(self, operations: Iterable[str]) -> str:
        """Give what it said about some operations, at most 3,000 characters each."""
        parts = re.split(r"^_+ (.+?) _+$", self.said, flags=re.MULTILINE)
        told = dict(zip(parts[1::2], parts[2::2], strict=True))
        return "\n".join(f"{name}\n{told.get(name, self.said)[:3000]}" for name in sorted(operations))


class Gate:
    """Runs schemathesis, in a folder of its own, against an address."""

    def __init__(self, folder: Path, url: str, *, wide: bool = False) -> None:
        """Say where, and whether the edges of the widest bodies are tried."""
        self._folder, self._url, self._wide = folder, url, wide

    async def run(
        self,
        document: Mapping[str, Any],
        callers: Mapping[str, str],
        *,
        only: str = "",
        without: str = "",
        more: Sequence[str] = (),
    ) -> Report:
        """Try every operation as the first caller; where there are others, nobody may see what is the first one's.

        callers: tokens by name. more: words for schemathesis.
        """
        self._write(document, callers)
        words = [*(["--include-operation-id-regex", only] if only else []),
                 *(["--exclude-operation-id-regex", without] if without else [])]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "openapi.json", "--url", self._url,
            "--auth-wfc-user", next(iter(callers)), "--report", "json", "--report-json-path", "report.json", *words, *more,
            cwd=self._folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(LIMIT_S):
                said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _read(self._folder / "report.json", said.decode())

    def _write(self, document: Mapping[str, Any], callers: Mapping[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "report.json").unlink(missing_ok=True)
        (self._folder / "openapi.json").write_text(json.dumps(document))
        known = [{"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}
                 for name, token in callers.items()]  # fmt: skip
        (self._folder / "callers.json").write_text(json.dumps({"auth": known}))
        (self._folder / "schemathesis.toml").write_text("\n".join(_settings(list(callers), wide=self._wide)))


def _settings(callers: Sequence[str], *, wide: bool) -> Iterable[str]:
    yield f"seed = {SEED}\ncontinue-on-failure = true\nmax-redirects = 0\nrequest-timeout = 15.0"
    yield f'suppress-health-check = ["all"]\n[generation]\nmax-examples = {EXAMPLES}\ndatabase = "none"'
    yield f'[auth.wfc]\npath = "callers.json"\nuser = "{callers[0]}"'
    if len(callers) > 1:
        yield f"peers = {json.dumps(callers)}"
    yield "[phases.stateful]\nchecks.positive_data_acceptance.enabled = false"  # a link may carry null, as the word None (4.32)
    yield '[[operations]]\ninclude-operation-id = "host.interaction"'  # not set up here: a 404, whatever comes
    yield "checks.missing_required_header.expected-statuses = [400, 401, 403, 404, 422]"
    if not wide:
        yield f"[[operations]]\ninclude-operation-id-regex = {json.dumps(WIDE)}\nphases.coverage.enabled = false"
    for pattern in BEYOND_SCHEMAS:
        yield f"[[operations]]\ninclude-operation-id-regex = {json.dumps(pattern)}"
        yield f"checks.positive_data_acceptance.expected-statuses = {json.dumps(_ACCEPTED)}"


def _read(path: Path, said: str) -> Report:
    assert path.is_file(), said[-4000:]
    told = json.loads(path.read_text())
    findings = {(one["type"], operation) for one in told["failures"] for operation in one["operations"]}
    findings |= {("Error", str(one)[:300]) for one in told["errors"]}
    return Report(frozenset(findings), told["test_cases"]["generated"], told["operations"]["tested"], said)


def check_clean(report: Report, *, least: int) -> None:
    """Nothing may be found; and a gate that tries little would find little."""
    assert not report.findings, f"{sorted(report.findings)}\n\n{report.about({name for _, name in report.findings})}"
    assert report.cases > least, report.said[-2000:]


#: With these a request that fits may still be refused, rightly: they are tried apart.
_CONDITIONS = "If(None)?Match|IdempotencyKey"


def for_members(document: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the header with which only an operator may act, and conditions."""
    return _without(document, f"ActingUser|{_CONDITIONS}")


def for_operators(
    document: Mapping[str, Any], users: Sequence[str], guilds: Sequence[str], *, conditions: bool
) -> dict[str, Any]:
    """Name the people and servers there are, so that most requests are about one of them; with conditions or without."""
    changed = _without(document, "^$" if conditions else _CONDITIONS)
    parameters = changed["components"]["parameters"]
    parameters["ActingUser"]["schema"] = {"type": "string", "enum": list(users)}
    parameters["GuildId"]["schema"] = {"type": "string", "enum": list(guilds)}
    return changed


def _without(document: Mapping[str, Any], pattern: str) -> dict[str, Any]:
    changed = copy.deepcopy(dict(document))
    for item in changed["paths"].values():
        for holder in (item, *item.values()):
            if isinstance(holder, dict) and "parameters" in holder:
                given = holder["parameters"]
                holder["parameters"] = [one for one in given if not re.search(pattern, one.get("$ref", "inline"))]
    return changed
