"""Custom commands: answers that a server makes for itself."""

import hikari

from chandelier import Need, Page, Plugin, on
from chandelier_custom.commands import custom
from chandelier_custom.config import Config
from chandelier_custom.lookup import commands, indexes
from chandelier_custom.triggers import heard
from chandelier_custom.upkeep import guild_left, resolve_command, sweep, user_erased, user_exported

plugin = Plugin(
    "custom",
    summary="Answers that a server makes for itself.",
    commands=[custom],
    config=Config,
    jobs=[sweep],
    listeners=[on(hikari.GuildMessageCreateEvent, heard)],
    models="chandelier_custom.models",
    caches=[indexes, commands],
    needs=[Need.SEND_MESSAGES],
    pages=[Page("Custom commands", rows="GET /", columns=("name", "content", "uses", "last_used_at"))],
)
plugin.hook(resolve_command)  # !hello, where no plugin declares hello
plugin.hook(guild_left)
plugin.hook(user_exported)
plugin.hook(user_erased)
