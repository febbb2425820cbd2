"""``chandelier openapi``: the OpenAPI document of what plugins.toml lists, without a database and without Discord."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from typing import NoReturn

import click
import orjson

from chandelier import ChandelierError, State
from chandelier_api.openapi import describe
from chandelier_api.routes import read_routes
from chandelier_core.host import PluginView, list_plugins

#: Exit codes, as everywhere in the command line: 1 for a plugin that does not fit, 2 for what was told wrongly.
_FAILED, _MISTOLD = 1, 2


@click.command()
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to this file."
)
@click.option("--plugin", "names", multiple=True, metavar="NAME", help="Describe this plugin alone; may be repeated.")
def openapi(output: Path | None, names: tuple[str, ...]) -> None:
    """Write the OpenAPI document of what plugins.toml lists.

    The same plugins give the same bytes. Needs no database and no Discord.
    """
    try:
        plugins = list_plugins(names)
    except ChandelierError as error:
        _give_up(str(error).splitlines(), _MISTOLD)
    if unfit := [f"{view.name}: {view.sentence}" for view in plugins if view.state is State.REJECTED]:
        _give_up(unfit, _FAILED)
    _write(_render(plugins), output)


def _render(plugins: Sequence[PluginView]) -> bytes:
    routes, _ = read_routes(plugins)
    document = describe(plugins, routes, version=version_of("chandelier-core"))
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _write(text: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        _give_up([f"{output} cannot be written: {error.strerror}. Name another file with --output."], _FAILED)


def _give_up(sentences: Sequence[str], code: int) -> NoReturn:
    for sentence in sentences:
        click.echo(f"chandelier: {sentence}", err=True)
    sys.stderr.flush()
    os._exit(code)  # an import of a plugin's that hangs is still there in its thread
