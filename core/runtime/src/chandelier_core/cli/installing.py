"""``chandelier plugins add|update|remove|rollback|history|enable|disable``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

import click
from packaging.utils import canonicalize_name

from chandelier import ChandelierError, Need
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.installing.change import Asked, Change, Done, read_asked
from chandelier_core.installing.errors import ChangeRefused, NeedsAnswer
from chandelier_core.installing.locked import read_lock
from chandelier_core.installing.overlay import Overlay
from chandelier_core.installing.plugins_toml import disable as take_out
from chandelier_core.installing.plugins_toml import enable as put_in
from chandelier_core.settings import Settings, SettingsError, settings_without_token

NEED = click.Choice([need.value for need in Need])
YES = click.option("--yes", "-y", is_flag=True, help="Do it without asking.")
DRY = click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
GRANT = click.option(
    "--grant", "grants", multiple=True, type=NEED, metavar="NEED", help="Agree to a need; may be repeated."
)
RESTART = "Restart the bot to use it."


@click.command()
@click.argument("what")
@GRANT
@DRY
@YES
def add(what: str, grants: tuple[str, ...], *, dry_run: bool, yes: bool) -> None:
    """Install a plugin: the name of a package, a wheel, or a folder with a project."""

    def work(settings: Settings) -> None:
        done = _change(settings, grants, dry_run=dry_run, yes=yes).add(read_asked(what))
        _keep_grants(settings, done, grants)
        for name, one in done.plugins.items():
            if one.staged and not one.enabled:
                click.echo(f"Installed. Switch it on with: chandelier plugins enable {name}")
        click.echo(RESTART)

    _run(work)


@click.command()
@click.argument("what", nargs=-1)
@GRANT
@DRY
@YES
def update(what: tuple[str, ...], grants: tuple[str, ...], *, dry_run: bool, yes: bool) -> None:
    """Install newer versions: of these (names, wheels or folders), or of everything that was added."""

    def work(settings: Settings) -> None:
        done = _change(settings, grants, dry_run=dry_run, yes=yes).update(dict(_named(settings, one) for one in what))
        _keep_grants(settings, done, grants)
        click.echo(f"Updated. {RESTART}")

    _run(work)


@click.command()
@click.argument("name")
@click.option("--keep-data/--purge-data", default=None, help="Keep what it has stored, or delete its tables.")
@DRY
@YES
def remove(name: str, *, keep_data: bool | None, dry_run: bool, yes: bool) -> None:
    """Take a plugin out that was added. Its table in plugins.toml goes too."""

    def work(settings: Settings) -> None:
        overlay = Overlay(settings.data_folder)
        distribution, plugins = _installed(settings, name)
        keep = _keep_or_purge(plugins, keep_data, dry_run=dry_run)
        if not keep and any(
            map(overlay.in_use, overlay.generations)
        ):  # it may run with an earlier one than the current
            raise ChangeRefused(
                f"A bot is running, perhaps with {name}. End it before data is deleted. Nothing was changed."
            )
        _change(settings, (), dry_run=dry_run, yes=yes).remove(distribution)
        for plugin in plugins:
            _forget(settings, plugin, keep=keep)
        click.echo(f"Removed. {RESTART.replace('use it', 'run without it')}")

    _run(work)


@click.command()
@DRY
@YES
def rollback(*, dry_run: bool, yes: bool) -> None:
    """Put back what was installed before the last change."""

    def work(settings: Settings) -> None:
        _change(settings, (), dry_run=dry_run, yes=yes).rollback()
        click.echo(f"Back. {RESTART.replace(' to use it', '')}")

    _run(work)


@click.command()
def history() -> None:
    """Show the generations that are kept, and what each changed."""

    def work(settings: Settings) -> None:
        overlay = Overlay(settings.data_folder)
        for one in overlay.generations:
            lock = read_lock(one)
            mark = "*" if one == overlay.current else " "
            held = ", ".join(f"{name} {lock.packages[name].version}" for name in lock.roots) or "nothing"
            click.echo(f"{mark} {one.name:>3}  {lock.made_at}  {lock.change}: {held}")

    _run(work)


@click.command()
@click.argument("name")
@GRANT
def enable(name: str, grants: tuple[str, ...]) -> None:
    """List a plugin in plugins.toml, so that it starts with the bot."""

    def work(settings: Settings) -> None:
        from importlib.metadata import entry_points

        if not entry_points(group="chandelier.plugins", name=name):
            raise ChangeRefused(
                f"No plugin {name} is installed; chandelier plugins add installs one. Nothing was changed."
            )
        put_in(settings.plugins_file, name, grants)
        click.echo(f"{settings.plugins_file} lists {name} now. {RESTART}")

    _run(work)


@click.command()
@click.argument("name")
def disable(name: str) -> None:
    """Take a plugin's table, with its settings, out of plugins.toml."""

    def work(settings: Settings) -> None:
        take_out(settings.plugins_file, name)
        click.echo(f"{settings.plugins_file} no longer lists {name}. {RESTART.replace('use it', 'run without it')}")

    _run(work)


commands = [add, update, remove, rollback, history, enable, disable]


def _run(work: Callable[[Settings], None]) -> None:
    try:
        work(settings_without_token())
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    except NeedsAnswer as error:
        give_up([str(error)], MISTOLD)
    except ChandelierError as error:
        give_up([str(error)], FAILED)


def _change(settings: Settings, grants: Sequence[str], *, dry_run: bool, yes: bool) -> Change:
    def agree(lines: list[str]) -> bool:
        click.echo("\n".join(lines))
        if dry_run:
            click.echo("Nothing was changed: this was a dry run.")
            raise SystemExit(0)
        if yes:
            return True
        if not sys.stdin.isatty():
            raise NeedsAnswer(
                "Nobody is there to ask: add --yes to do this, or --dry-run to see it. Nothing was changed."
            )
        return click.confirm("Do this?")

    return Change(Overlay(settings.data_folder), agree, grants)


def _named(settings: Settings, words: str) -> tuple[str, Asked | None]:
    """Give the distribution that is meant, and what it is to become where that was said."""
    asked = read_asked(words)
    if asked.distribution is None:
        raise ChangeRefused(
            f"Name a wheel or a package to update to; {words} is a folder. Build its wheel first. Nothing was changed."
        )
    if asked.is_file or canonicalize_name(words) != asked.distribution:
        return asked.distribution, asked
    return _installed(settings, words)[0], None


def _installed(settings: Settings, name: str) -> tuple[str, list[str]]:
    """Give the distribution with this name or with this plugin, and the plugins of it."""
    from importlib.metadata import entry_points

    found: dict[str, list[str]] = {}
    for point in entry_points(group="chandelier.plugins"):
        if point.dist is not None:
            found.setdefault(canonicalize_name(point.dist.name), []).append(point.name)
    wanted = canonicalize_name(name)
    for distribution, plugins in found.items():
        if wanted == distribution or name in plugins:
            return distribution, plugins
    return wanted, []


def _keep_grants(settings: Settings, done: Done, grants: Sequence[str]) -> None:
    for name, one in done.plugins.items():
        if grants and one.staged and one.enabled and set(grants) & set(one.needs):
            put_in(settings.plugins_file, name, [need for need in grants if need in one.needs])


def _keep_or_purge(plugins: Sequence[str], keep: bool | None, *, dry_run: bool) -> bool:
    if keep is not None or dry_run:
        return keep is not False
    if not sys.stdin.isatty():
        raise NeedsAnswer("Say what becomes of its data: --keep-data or --purge-data. Nothing was changed.")
    return not click.confirm(f"Delete what {' and '.join(plugins)} has stored?", default=False)


def _forget(settings: Settings, plugin: str, *, keep: bool) -> None:
    with suppress(ChangeRefused):  # it was not listed
        take_out(settings.plugins_file, plugin)
    if keep:
        click.echo(f"What {plugin} has stored is kept; it is there again when {plugin} is.")
        return
    asyncio.run(_purge(settings, plugin))
    click.echo(f"What {plugin} had stored is deleted.")


async def _purge(settings: Settings, plugin: str) -> None:
    from chandelier_core.installing.trying import database
    from chandelier_core.store.store import Store

    async with database(settings) as url:
        if url is not None:
            await Store(url).purge(plugin)
