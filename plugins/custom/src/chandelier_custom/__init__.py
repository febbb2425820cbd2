"""Custom commands: answers that a server makes for itself."""

import hikari

from chandelier import Need, Page, Plugin, on
from chandelier_custom import commands, files, history, previews, whole  # noqa: F401 each adds its commands to the group
from chandelier_custom.config import Config
from chandelier_custom.group import custom
from chandelier_custom.lookup import commands as kept_commands
from chandelier_custom.lookup import indexes
from chandelier_custom.schedules import tick
from chandelier_custom.serving import server_commands
from chandelier_custom.triggers import heard, joined, left, pressed, reacted
from chandelier_custom.upkeep import guild_left, resolve_command, sweep, user_erased, user_exported

plugin = Plugin(
    "custom",
    summary="Answers that a server makes for itself.",
    commands=[custom, commands.c],
    config=Config,
    jobs=[sweep, tick],
    listeners=[
        on(hikari.GuildMessageCreateEvent, heard),
        on(hikari.GuildReactionAddEvent, reacted),
        on(hikari.InteractionCreateEvent, pressed),
        on(hikari.MemberCreateEvent, joined),
        on(hikari.MemberDeleteEvent, left),
    ],
    models="chandelier_custom.models",
    caches=[indexes, kept_commands],
    needs=[Need.SEND_MESSAGES, Need.ADD_REACTIONS],
    wants=[Need.MEMBERS, Need.MENTION_EVERYONE],  # joins and leaves; commands that ping roles and everybody
    pages=[Page("Custom commands", rows="GET /", columns=("name", "content", "uses", "last_used_at"))],
)
plugin.hook(resolve_command)  # !hello, where no plugin declares hello
plugin.hook(server_commands)  # /hello, where a command has opted in
plugin.hook(guild_left)
plugin.hook(user_exported)
plugin.hook(user_erased)
