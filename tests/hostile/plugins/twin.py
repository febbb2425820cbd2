r"""It takes a command name that ping has.

When: start
Seen: made-up-twin 1\.0 wants the command ping, which chandelier-ping
"""

from chandelier import Context, Plugin

plugin = Plugin("twin", summary="Hostile.")


@plugin.command()
async def ping(ctx: Context) -> str:
    """Do it."""
    return "mine"
