"""``/prefix``: what text commands begin with in a server."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from chandelier import BadOption, Context, Plugin, Surface
from chandelier_core.guilds.settings import Guilds

IN_DISCORD = frozenset({Surface.SLASH, Surface.TEXT})


class Prefix(BaseModel):
    """What text commands begin with."""

    text_prefix: str

    def __str__(self) -> str:
        return f"Text commands begin with `{self.text_prefix}` here, as in `{self.text_prefix}ping`."


def add_prefix(plugin: Plugin, guilds_in_use: Callable[[], Guilds]) -> None:
    """Add ``/prefix``. The settings are asked for when it runs, not before."""

    @plugin.command(surfaces=IN_DISCORD, where="guild", allow="manage_guild")
    async def prefix(ctx: Context, new: str | None = None) -> Prefix:
        """Show or change what text commands begin with in this server.

        Args:
            new: The new prefix, such as ? or !!; the word "default" for the bot's own.
        """
        guilds = guilds_in_use()
        if new is not None:
            await guilds.set_text_prefix(ctx.here, None if new.casefold() == "default" else new)
        shown = guilds.text_prefix(ctx.guild_id)
        if not shown:
            raise BadOption("Text commands are switched off on this bot.")
        return Prefix(text_prefix=shown)
