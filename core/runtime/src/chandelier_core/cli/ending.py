"""How a command ends that cannot go on: sentences on stderr, and an exit code."""

from __future__ import annotations

from typing import NoReturn

import click

#: Exit codes: 1 for what failed while running, 2 for what was told wrongly (as click does).
FAILED, MISTOLD = 1, 2


def say(sentences: list[str], code: int) -> int:
    """Say what stands in the way; give the code back."""
    for sentence in sentences:
        click.echo(f"chandelier: {sentence}", err=True)
    return code


def give_up(sentences: list[str], code: int) -> NoReturn:
    """Say what stands in the way, and end."""
    raise SystemExit(say(sentences, code))
