"""``/bot``: what the owner of the application may do about plugins, from inside Discord."""
# No deferred annotations here: those of the commands name the suggestions that are made beside them.

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from chandelier import Context, Group, NotAllowed, Plugin, Suggest, Surface
from chandelier.types import Suggester

if TYPE_CHECKING:
    from chandelier_core.discord import Discord
    from chandelier_core.life.switchboard import Switchboard

IN_DISCORD = frozenset({Surface.SLASH, Surface.TEXT})
MOST_SUGGESTED = 25


class Desk:
    """What operators act on, and who they are: the application's owner, or the members of its team."""

    def __init__(self, discord: "Discord", switchboard: "Switchboard") -> None:
        self.board = switchboard
        self._discord = discord
        self._operators: frozenset[int] = frozenset()

    async def admit(self, ctx: Context) -> str:
        """Refuse whoever is no operator; give the name of who is."""
        if not await self.is_operator(ctx.user_id):
            raise NotAllowed("Only the owner of this bot's application, or a member of its team, may do this.")
        return f"{ctx.actor.name} in Discord"

    async def is_operator(self, user_id: int) -> bool:
        """Say whether a Discord user owns the application. Discord is asked once."""
        if not self._operators:
            application = await self._discord.rest.fetch_application()
            team = application.team.members if application.team is not None else ()
            self._operators = frozenset({int(application.owner.id), *(int(member) for member in team)})
        return user_id in self._operators


DeskInUse = Callable[[], Desk]


def add_operators(plugin: Plugin, desk_in_use: DeskInUse) -> None:
    """Add the group ``/bot``. What it acts on is asked for when a command runs, not before."""
    bot = plugin.group("bot", "For the owner of this bot: plugins and their parts")
    _add_for_plugins(bot, desk_in_use)
    _add_for_parts(bot, desk_in_use)


def _add_for_plugins(bot: Group, desk_in_use: DeskInUse) -> None:
    names = Suggest(_suggest_plugins(desk_in_use))

    @bot.command(surfaces=IN_DISCORD, ephemeral=True)
    async def plugins(ctx: Context) -> str:
        """Show every plugin, with its state and the parts that are out of use."""
        await desk_in_use().admit(ctx)
        lines = []
        for entry in desk_in_use().board.registry:
            lines.append(f"**{entry.name}** {entry.candidate.version}: {entry.state.value}. {entry.sentence}")
        return "\n".join(lines)

    @bot.command(surfaces=IN_DISCORD, ephemeral=True)
    async def off(ctx: Context, name: Annotated[str, names]) -> str:
        """Switch a plugin off, everywhere, until it is switched on again.

        Args:
            name: The plugin's name.
        """
        by = await desk_in_use().admit(ctx)
        entry = await desk_in_use().board.off(name, by)
        return f"{entry.name.capitalize()} is off. `/bot on` brings it back."

    @bot.command(surfaces=IN_DISCORD, ephemeral=True)
    async def on(ctx: Context, name: Annotated[str, names]) -> str:
        """Switch a plugin on, or try again to start one that failed.

        Args:
            name: The plugin's name.
        """
        by = await desk_in_use().admit(ctx)
        entry = await desk_in_use().board.on(name, by)
        return f"{entry.name.capitalize()}: {entry.state.value}. {entry.sentence}"


def _add_for_parts(bot: Group, desk_in_use: DeskInUse) -> None:
    names, parts = Suggest(_suggest_plugins(desk_in_use)), Suggest(_suggest_parts(desk_in_use))

    @bot.command(surfaces=IN_DISCORD, ephemeral=True)
    async def park(ctx: Context, name: Annotated[str, names], part: Annotated[str, parts]) -> str:
        """Take one part of a plugin out of use; the rest of it works on.

        Args:
            name: The plugin's name.
            part: The part, such as "command remind me" or "listener greet".
        """
        by = await desk_in_use().admit(ctx)
        entry = await desk_in_use().board.park(name, part, by)
        return f"{entry.name.capitalize()}: {entry.state.value}. {entry.sentence}"

    @bot.command(surfaces=IN_DISCORD, ephemeral=True)
    async def resume(ctx: Context, name: Annotated[str, names], part: Annotated[str, parts] | None = None) -> str:
        """Bring a part of a plugin back into use, or all of them.

        Args:
            name: The plugin's name.
            part: The part; every part that is out of use where it is left out.
        """
        by = await desk_in_use().admit(ctx)
        entry = await desk_in_use().board.resume(name, part, by)
        return f"{entry.name.capitalize()}: {entry.state.value}. {entry.sentence}"


def _suggest_plugins(desk_in_use: DeskInUse) -> Suggester:
    async def names(ctx: Context, typed: str) -> list[str]:
        found = [entry.name for entry in desk_in_use().board.registry if entry.name != "host"]
        return [name for name in found if typed.lower() in name][:MOST_SUGGESTED]

    return names


def _suggest_parts(desk_in_use: DeskInUse) -> Suggester:
    async def parts(ctx: Context, typed: str) -> list[str]:
        board = desk_in_use().board
        found = sorted({part.name for entry in board.registry if entry.name != "host" for part in board.parts(entry)})
        return [part for part in found if typed.lower() in part][:MOST_SUGGESTED]

    return parts
