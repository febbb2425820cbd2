"""Custom commands: answers that a server makes for itself."""

from chandelier import Page, Plugin
from chandelier_custom.commands import custom
from chandelier_custom.config import Config
from chandelier_custom.lookup import known
from chandelier_custom.upkeep import guild_left, resolve_command, user_erased, user_exported

plugin = Plugin(
    "custom",
    summary="Answers that a server makes for itself.",
    commands=[custom],
    config=Config,
    models="chandelier_custom.models",
    caches=[known],
    pages=[Page("Custom commands", rows="GET /", columns=("name", "content", "uses", "last_used_at"))],
)
plugin.hook(resolve_command)  # !hello, where no plugin declares hello
plugin.hook(guild_left)
plugin.hook(user_exported)
plugin.hook(user_erased)
