"""The process in which one plugin is examined: what it does there, it does to nobody else.

python -m chandelier_core.conformance.examining NAME RESULT
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from chandelier import Need
from chandelier_core.conformance.living import CannotJudge, clean_stop, erases, living, migrations_are_current
from chandelier_core.conformance.reading import READ
from chandelier_core.conformance.subject import Subject, subject_of
from chandelier_core.conformance.verdicts import RULES, Verdict
from chandelier_core.installing.overlay import Overlay
from chandelier_core.loading.plugins_file import PluginTable, read_plugins_file
from chandelier_core.loading.validation import providers_of
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.program import load_quietly
from chandelier_core.registry import Entry
from chandelier_core.settings import settings_without_token
from chandelier_core.store.errors import StoreError
from chandelier_core.store.throwaway import database_beside, own_postgres


async def examine(name: str) -> list[Verdict]:
    """Hold one plugin to every rule."""
    entries = _load(name)
    entry = next(one for one in entries if one.name == name)
    if entry.declaration is None:
        return [Verdict("names-are-valid", passed=False, why=(entry.sentence,))]
    subject = subject_of(entry)
    verdicts = {rule: _verdict(rule, check(subject)) for rule, check in READ.items()}
    verdicts |= await _let_live(subject, entries)
    exempt = subject.exemptions()
    for rule, reason in exempt.items():
        verdicts[rule] = _exempt(rule, reason, verdicts.get(rule))
    return [verdicts[rule] for rule in (*RULES, *(exempt.keys() - RULES.keys())) if rule in verdicts]


def _load(name: str) -> list[Entry]:
    """Load the plugin beside all others that fit, for it may use their services; every need is granted."""
    settings = settings_without_token()
    Overlay(settings.data_folder).activate()
    file = read_plugins_file(settings.plugins_file)
    table = file.tables.get(name) or PluginTable()
    granted = table.model_copy(update={"grants": [need for need in Need if need.privileged], "rename": {}})
    others = {one: table for one, table in file.tables.items() if one != name}
    return list(load_quietly(settings, replace(file, tables={name: granted, **others}, findings=())).registry)


async def _let_live(subject: Subject, entries: list[Entry]) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    fit = [one for one in entries if one.declaration is not None]
    providers = [one for one in fit if one.name in providers_of(subject.entry, fit)]
    given = os.environ.get("CHANDELIER_TEST_DATABASE_URL")
    async with database_beside(given) if given else own_postgres() as url:
        verdicts["migrations-are-current"] = await _judged(
            "migrations-are-current", migrations_are_current(subject, url)
        )
        async with living(subject, providers, url) as program:
            verdicts["erases"] = await _judged("erases", erases(program, subject))
            verdicts["clean-stop"] = await _judged("clean-stop", clean_stop(program, subject))
    return verdicts


async def _judged(rule: str, work: object) -> Verdict:
    try:
        return _verdict(rule, await work)  # type: ignore[misc]  # a coroutine of one of the rules
    except CannotJudge as error:
        return Verdict(rule, passed=False, why=(f"it could not be judged: {error}",))
    except StoreError as error:
        return Verdict(rule, passed=False, why=(str(error),))


def _verdict(rule: str, why: Iterable[str]) -> Verdict:
    found = tuple(dict.fromkeys(why))
    return Verdict(rule, passed=not found, why=found)


def _exempt(rule: str, reason: str, verdict: Verdict | None) -> Verdict:
    if verdict is None:
        return Verdict(rule, passed=False, why=(f"there is no rule {rule}; take it out of chandelier-check.toml.",))
    if verdict.passed:
        return Verdict(
            rule, passed=False, why=("its exemption is no longer needed; take it out of chandelier-check.toml.",)
        )
    return replace(verdict, exempt=reason or "no reason given")


def main() -> None:
    """Examine, and write the verdicts."""
    configure_logs("json", "critical", Redactor())
    name, result = sys.argv[1], Path(sys.argv[2])
    verdicts = asyncio.run(examine(name))
    result.write_text(json.dumps([asdict(one) for one in verdicts]), "utf-8")
    os._exit(0)  # an import that hangs is still there in its thread


if __name__ == "__main__":
    main()
