"""Counts things, server by server."""

import hikari

from chandelier import Need, Page, Plugin, on
from chandelier_tally.api import Tallies
from chandelier_tally.commands import tally
from chandelier_tally.counting import guild_left, open_tallies, seen_mark, user_erased
from chandelier_tally.later import say_later
from chandelier_tally.native import blueprint, loader
from chandelier_tally.settings import Config, GuildConfig

plugin = Plugin(
    "tally",
    summary="Counts things, server by server.",
    commands=[tally],
    jobs=[say_later],
    listeners=[on(hikari.GuildReactionAddEvent, seen_mark)],
    pages=[Page("Tallies", rows="GET /", columns=("name", "count"))],
    config=Config,
    guild_config=GuildConfig,
    models="chandelier_tally.models",
    provides={Tallies: open_tallies},
    needs=[Need.SEND_MESSAGES, Need.MANAGE_MESSAGES],
    native=[loader],
    blueprint=blueprint,
)
plugin.hook(guild_left)
plugin.hook(user_erased)
