"""It has a hook with arguments that the hook does not have.

When: start
Seen: a hook does not fit: .*weather
"""

from chandelier import Plugin

plugin = Plugin("misfit", summary="Hostile.")


@plugin.hook
async def guild_left(guild_id, weather): ...
