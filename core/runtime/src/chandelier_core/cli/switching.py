"""``chandelier plugins off|on|park|resume``: written to the database; the bot that runs follows within a second."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from chandelier import ChandelierError, State, UserError
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.life.circuits import sentence_of
from chandelier_core.life.naming import find_part, find_plugin, parts_of
from chandelier_core.life.switchboard import TOPIC, TRY_AGAIN
from chandelier_core.observe.log import Redactor, configure_logs
from chandelier_core.registry import Entry, Registry
from chandelier_core.settings import Settings, SettingsError, settings_without_token
from chandelier_core.store.switches import OutOfUse, SwitchRows

NAME = click.argument("name")
FOLLOWS = "A bot that runs follows within a second."


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works on: the plugins as plugins.toml lists them, and what is out of use."""

    registry: Registry
    rows: SwitchRows
    by: str

    def running(self, name: str) -> Entry:
        """Find a plugin that would run. Raises UserError for one that would not."""
        entry = find_plugin(self.registry, name)
        if entry.state is not State.VALIDATED:
            raise UserError("not_running", f"{name.capitalize()} does not run anyway: {entry.sentence}")
        return entry

    async def parts(self, entry: Entry) -> list[str]:
        """Name the parts of a plugin, and those that are out of use."""
        out = [one.part for one in await self.rows.all() if one.plugin == entry.name and one.part]
        return list(dict.fromkeys([*parts_of(entry.declared), *out]))


@click.command()
@NAME
def off(name: str) -> None:
    """Switch a plugin off, live and until it is switched on."""

    async def work(desk: Desk) -> str:
        entry = desk.running(name)
        if name == "host":
            raise UserError("host_stays", "The host's own commands cannot be switched off.")
        await desk.rows.put(OutOfUse(entry.name, "", f"switched off by {desk.by}", desk.by, datetime.now(UTC)))
        return f"{name.capitalize()} is switched off. {FOLLOWS}"

    _at_desk(work)


@click.command()
@NAME
def on(name: str) -> None:
    """Switch a plugin on that was switched off, and try again to start those that failed."""

    async def work(desk: Desk) -> str:
        entry = desk.running(name)
        await desk.rows.remove(entry.name, "")
        return f"{name.capitalize()} is switched on. {FOLLOWS}"

    _at_desk(work, again=True)


@click.command()
@NAME
@click.argument("part", nargs=-1, required=True)
def park(name: str, part: tuple[str, ...]) -> None:
    """Take one part of a plugin out of use: a command, a listener, a job or a hook."""

    async def work(desk: Desk) -> str:
        entry = desk.running(name)
        found = find_part(name, await desk.parts(entry), " ".join(part))
        out = OutOfUse(entry.name, found, f"taken out of use by {desk.by}", desk.by, datetime.now(UTC))
        await desk.rows.put(out)
        return f"{sentence_of(out)} {FOLLOWS}"

    _at_desk(work)


@click.command()
@NAME
@click.argument("part", nargs=-1)
def resume(name: str, part: tuple[str, ...]) -> None:
    """Bring a part of a plugin back into use, or every part of it."""

    async def work(desk: Desk) -> str:
        entry = desk.running(name)
        out = [one.part for one in await desk.rows.all() if one.plugin == entry.name and one.part]
        wanted = [find_part(name, await desk.parts(entry), " ".join(part))] if part else out
        back = [one for one in wanted if one in out]
        for one in back:
            await desk.rows.remove(entry.name, one)
        if not back:
            return f"Nothing of {name.capitalize()} was out of use." if not part else f"{wanted[0]} was not out of use."
        return f"In use again: {', '.join(back)}. {FOLLOWS}"

    _at_desk(work)


commands: list[click.Command] = [off, on, park, resume]


def _at_desk(work: Callable[[Desk], Awaitable[str]], *, again: bool = False) -> None:
    """Open the database, do the work, tell every process, and say what was done."""
    from chandelier_core.program import load_quietly
    from chandelier_core.store.changes import Changes
    from chandelier_core.store.opening import open_store

    async def run(settings: Settings, registry: Registry) -> str:
        async with open_store(settings.database_url, settings.data_folder) as store:
            said = await work(Desk(registry, SwitchRows(store), f"{_user()} on the command line"))
            changes = Changes(store)
            await changes.tell(TOPIC)
            if again:
                await changes.tell(TRY_AGAIN)
            return said

    try:
        settings = settings_without_token()
        configure_logs("console", "error", Redactor(settings.secrets))
        registry = load_quietly(settings).registry
        click.echo(asyncio.run(run(settings, registry)))
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    except UserError as error:
        give_up([error.sentence], MISTOLD)
    except ChandelierError as error:
        give_up([str(error)], FAILED)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "somebody"
