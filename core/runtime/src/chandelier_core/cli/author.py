"""``chandelier plugins new|check``: for whoever writes a plugin."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import entry_points
from pathlib import Path

import click

from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.conformance.checking import check as examine
from chandelier_core.conformance.verdicts import RULES, Verdict, grade_of
from chandelier_core.loading.discovery import GROUP
from chandelier_core.loading.plugins_file import nearest
from chandelier_core.scaffold.writing import CannotWrite, write_plugin


@click.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where; here if left out."
)
def new(name: str, folder: Path) -> None:
    """Write the folder of a new plugin: package, entry point, tests, README, CI."""
    try:
        made = write_plugin(name, folder)
    except CannotWrite as error:
        give_up([str(error)], MISTOLD)
    click.echo(f"Written: {made}")
    click.echo(f"Try it:  cd {made} && pip install -e . --group dev && python -m pytest")
    click.echo(f"Use it:  chandelier plugins add {made} && chandelier plugins enable {name}")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Write the verdicts as JSON.")
def check(names: tuple[str, ...], *, as_json: bool) -> None:
    """Hold installed plugins to the rules for good ones, and grade them; all of them where none is named."""
    known = sorted({point.name for point in entry_points(group=GROUP)})
    for name in names:
        if name not in known:
            give_up([f"No plugin {name} is installed. {nearest(name, known)}"], MISTOLD)
    verdicts = {name: examine(name) for name in names or known}
    if as_json:
        found = {
            name: {"grade": grade_of(one), "rules": [asdict(each) for each in one]} for name, one in verdicts.items()
        }
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo("\n\n".join(_shown(name, one) for name, one in verdicts.items()))
    if any(verdict.fails for one in verdicts.values() for verdict in one):
        raise SystemExit(FAILED)


def _shown(name: str, verdicts: list[Verdict]) -> str:
    lines = [f"{name}: {grade_of(verdicts)}"]
    for verdict in verdicts:
        word = "passed" if verdict.passed else "exempt" if verdict.exempt else "FAILED"
        lines.append(f"  {word}  {verdict.rule:26} {verdict.exempt or RULES.get(verdict.rule, '')}")
        lines += [f"            {sentence}" for sentence in verdict.why]
    return "\n".join(lines)


commands = [new, check]
