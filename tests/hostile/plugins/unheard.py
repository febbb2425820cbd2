"""It takes part in a hook that does not exist.

When: start
Seen: hook guild_gone: there is no such hook. Did you mean
"""

from chandelier import Plugin

plugin = Plugin("unheard", summary="Hostile.")


@plugin.hook
async def guild_gone(guild_id): ...
